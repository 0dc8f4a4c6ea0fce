import type { DocumentKey } from "../../catalog.ts";

/** With so many of a sample's values met once they are too many to be reckoned from it. */
const manyOnce = 0.9;
/** Such values are taken as this part of the rows: between all different and two rows each. */
const manyShare = 0.85;

/**
 * Different values that a key of a document has over all rows, reckoned from a sample of about a hundred:
 * those met and, after Chao, as many more as values met once and twice let expect. Where nearly all
 * differ they are taken as nearly one for each row, or as many as whole numbers there are between the ends.
 */
export function keyValues(key: DocumentKey, rows: number): number {
  const present = Math.max(1, rows * key.share);
  const { distinct, once, twice, span = Infinity } = key;
  const isMany = once >= manyOnce * key.sampled && key.sampled > 2;
  const expected = isMany
    ? manyShare * present
    : distinct + once ** 2 / (2 * Math.max(1, twice));
  return Math.max(1, Math.min(expected, present, Math.max(span, distinct)));
}

/** Column and key of `column ->> 'key'`, as pg_get_expr prints it; undefined for everything longer. */
export function documentKeyIn(
  text: string,
): { readonly column: string; readonly key: string } | undefined {
  const [, column, key] =
    /^[(\s]*"?([a-z_][\w$]*)"?\s*->>\s*'((?:[^']|'')*)'/i.exec(text) ?? [];
  return column === undefined || key === undefined
    ? undefined
    : { column, key: key.replaceAll("''", "'") };
}
