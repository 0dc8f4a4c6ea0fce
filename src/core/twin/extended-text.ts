import type { ExtendedStatistics } from "./bundle.ts";

/** `stxkeys` of the object: attribute numbers of its columns; expressions are counted -1, -2, … by the server. */
type Keys = readonly number[];

const positionOf = (key: number, keys: Keys): number =>
  key < 0 ? keys.length - 1 - key : keys.indexOf(key);

const keysIn = (text: string, keys: Keys): readonly number[] =>
  text.split(/,|=>/).map((part) => positionOf(Number(part.trim()), keys));

function readEntries(
  text: string,
): readonly { readonly key: string; readonly value: number }[] {
  const parsed: unknown = JSON.parse(text);
  return Object.entries(parsed as Readonly<Record<string, number>>).map(
    ([key, value]) => ({ key, value }),
  );
}

/** pg_ndistinct's text, `{"1, 2": 500}`. */
export function parseDistinct(
  text: string,
  keys: Keys,
): ExtendedStatistics["distinctValues"] {
  return readEntries(text).map(({ key, value }) => ({
    keys: keysIn(key, keys),
    count: value,
  }));
}

/** ANALYZE samples 300 rows per unit of the statistics target, and no more than there are. */
const sampleRows = 30_000;

/**
 * pg_dependencies' text, `{"1 => 2": 0.333333}`. The text has six digits of what was a whole number of sampled
 * rows over their number: where exactly one such fraction fits, it is taken.
 */
export function parseDependencies(
  text: string,
  keys: Keys,
  tableRows: number,
): ExtendedStatistics["dependencies"] {
  const rows = Math.round(Math.min(sampleRows, Math.max(1, tableRows)));
  return readEntries(text).map(({ key, value }) => {
    const exact = Math.round(value * rows) / rows;
    const degree = Math.abs(exact - value) <= 0.000_000_5 ? exact : value;
    return { keys: keysIn(key, keys), degree };
  });
}
