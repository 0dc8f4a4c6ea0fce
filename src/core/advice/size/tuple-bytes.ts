import type { ColumnLayout } from "./column-layout.ts";

/** Rounded up to a multiple of eight, as every tuple and posting list is (MAXALIGN). */
export const alignEight = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** A line pointer on the page. */
export const pointerBytes = 4;

/** What a tuple's length depends on. */
export interface TupleColumn {
  readonly layout: ColumnLayout;
  /** Mean of the stored bytes without NULLs, cut to a whole number as pg_stats.avg_width is. */
  readonly averageBytes: number;
  readonly nullFraction: number;
}

/** Tuple lengths in bytes with their share of the rows. */
export type Lengths = ReadonlyMap<number, number>;

/** Longest value with a one-byte length header, which needs no alignment. */
const longestShort = 127;

/** Values beyond this are compressed before they go into an index (TOAST_INDEX_TARGET). */
const compressedFrom = 508;

/** How far lengths of texts lie around their mean, as a part of it; nothing in the catalog tells. */
const textSpread = 0.25;

function add(target: Map<number, number>, at: number, share: number): void {
  target.set(at, (target.get(at) ?? 0) + share);
}

/** One header byte, two of sign, weight and scale, and two for every four digits: always odd. */
function numericLengths(average: number): Lengths {
  const mean = average + (average % 2 === 0 ? 0.5 : 0.25);
  const low = Math.max(3, 2 * Math.floor((mean - 1) / 2) + 1);
  const share = Math.min(1, Math.max(0, (mean - low) / 2));
  return new Map([
    [low, 1 - share],
    [low + 2, share],
  ]);
}

/** Lengths evenly spread around the mean, which lies half a byte above its cut value. */
function textLengths(average: number): Lengths {
  const capped = Math.min(average, compressedFrom);
  const spread = Math.round((capped - 1) * textSpread);
  if (spread < 1) return new Map([[capped, 1]]);
  const lengths = new Map<number, number>();
  for (let at = -spread; at <= spread + 1; at += 1)
    add(lengths, capped + at, 1 / (2 * spread + 2));
  return lengths;
}

function valueLengths({ layout, averageBytes }: TupleColumn): Lengths {
  const average = Math.max(1, Math.floor(averageBytes));
  if (layout.fixedBytes !== undefined) return new Map([[layout.fixedBytes, 1]]);
  if (layout.lengths === "digits") return numericLengths(average);
  return layout.lengths === "fixed"
    ? new Map([[average, 1]])
    : textLengths(average);
}

function placedAt(
  offset: number,
  bytes: number,
  { fixedBytes, alignment }: ColumnLayout,
): number {
  const isPacked = fixedBytes === undefined && bytes <= longestShort;
  return (
    (isPacked ? offset : Math.ceil(offset / alignment) * alignment) + bytes
  );
}

/** Bytes of data so far, with a NULL among them or not. */
interface Prefix {
  readonly offset: number;
  readonly hasNull: boolean;
  readonly share: number;
}

const appended = (
  prefixes: readonly Prefix[],
  column: TupleColumn,
): readonly Prefix[] => {
  const { layout, nullFraction } = column;
  const next = new Map<number, Prefix>();
  const put = (offset: number, hasNull: boolean, share: number): void => {
    if (share <= 0) return;
    const key = offset * 2 + Number(hasNull);
    const before = next.get(key)?.share ?? 0;
    next.set(key, { offset, hasNull, share: before + share });
  };
  const lengths = valueLengths(column);
  for (const { offset, hasNull, share } of prefixes) {
    put(offset, true, share * nullFraction);
    for (const [bytes, part] of lengths)
      put(
        placedAt(offset, bytes, layout),
        hasNull,
        share * part * (1 - nullFraction),
      );
  }
  return [...next.values()];
};

/**
 * Lengths of index tuples over these columns, without line pointers (index_form_tuple in
 * src/backend/access/common/indextuple.c): a header of 8 bytes, 16 with a NULL among the
 * values, the values at their alignments, rounded up to eight.
 */
export function tupleLengths(columns: readonly TupleColumn[]): Lengths {
  let prefixes: readonly Prefix[] = [{ offset: 0, hasNull: false, share: 1 }];
  for (const column of columns) prefixes = appended(prefixes, column);
  const lengths = new Map<number, number>();
  for (const { offset, hasNull, share } of prefixes)
    add(lengths, (hasNull ? 16 : 8) + alignEight(offset), share);
  return lengths;
}

/** Mean of lengths. */
export function meanLength(lengths: Lengths): number {
  let sum = 0;
  for (const [bytes, share] of lengths) sum += bytes * share;
  return sum;
}
