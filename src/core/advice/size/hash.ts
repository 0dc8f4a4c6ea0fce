import {
  groupSizes,
  keyClasses,
  type GroupedColumn,
  type KeyClass,
} from "./key-groups.ts";

/** Rows for which one bucket is meant: 75 % of a page in tuples of 20 bytes (_hash_init in hashpage.c). */
const rowsPerBucket = Math.floor((8192 * 0.75) / 20);
/** Tuples of 16 bytes and a line pointer that fit a page. */
const rowsPerPage = Math.floor(8152 / 20);
/** Up to 2⁹ buckets their number doubles, beyond it grows by quarters (HASH_SPLITPOINT_GROUPS_WITH_ONE_PHASE). */
const doublingUpTo = 512;

/** Buckets that the build lays out for so many rows of the table (_hash_spareindex, _hash_get_totalbuckets). */
function bucketsFor(tableRows: number): number {
  const wanted = Math.floor(tableRows / rowsPerBucket);
  if (wanted <= 2) return 2;
  const next = 2 ** Math.ceil(Math.log2(wanted));
  if (next <= doublingUpTo) return next;
  const step = next / 8;
  return next / 2 + step * Math.ceil((wanted - next / 2) / step);
}

/** A key with this many rows is counted by itself; smaller ones mix. */
const heavyRows = rowsPerPage / 8;
/** A key beyond this fills pages of its own, whichever others share its bucket. */
const hugeRows = 2 * rowsPerPage;
/** Step in which rows of heavy keys are added up. */
const rowStep = rowsPerPage / 16;

/** Standard normal distribution, the logistic approximation (off by less than 0.01). */
const normalShare = (deviation: number): number =>
  1 / (1 + Math.exp(-1.702 * deviation));

/** How many keys have so many rows, in the index or in one bucket on average. */
interface KeyRows {
  readonly rows: number;
  readonly keys: number;
}

/** Mean overflow pages of a bucket whose rows are spread around `mean`. */
function overflowPages(mean: number, variance: number): number {
  const deviation = Math.sqrt(Math.max(variance, 1e-9));
  let pages = 0;
  for (let at = 1; at * rowsPerPage < mean + 6 * deviation; at += 1)
    pages += normalShare((mean - at * rowsPerPage) / deviation);
  return pages;
}

/**
 * Chances of a bucket to hold 0, 1, 2, … steps of rows, when each group's number of keys in it is random
 * (Poisson): Panjer's recursion for compound distributions.
 */
function stepChances(groups: readonly KeyRows[]): readonly number[] {
  const parts = groups.map(({ rows, keys }) => ({
    steps: Math.max(1, Math.round(rows / rowStep)),
    keys,
  }));
  const sum = (of: (steps: number) => number): number =>
    parts.reduce((total, { steps, keys }) => total + of(steps) * keys, 0);
  const mean = sum((steps) => steps);
  const most = Math.ceil(mean + 6 * Math.sqrt(sum((steps) => steps * steps)));
  const chances = [Math.exp(-sum(() => 1))];
  for (let at = 1; at <= most; at += 1) {
    const reached = parts.reduce(
      (total, { steps, keys }) =>
        total + steps * keys * (chances[at - steps] ?? 0),
      0,
    );
    chances.push(reached / at);
  }
  return chances;
}

/** Mean overflow pages of one bucket, of which each key is in it with the given chance. */
function loadedPages(groups: readonly KeyRows[], chance: number): number {
  const between = (from: number, to: number): readonly KeyRows[] =>
    groups
      .filter(({ rows }) => rows >= from && rows < to)
      .map(({ rows, keys }) => ({ rows, keys: keys * chance }));
  const light = between(0, heavyRows);
  const mean = light.reduce((sum, { rows, keys }) => sum + rows * keys, 0);
  const variance = light.reduce(
    (sum, { rows, keys }) => sum + rows * rows * keys,
    0,
  );
  const chances = stepChances(between(heavyRows, hugeRows));
  const pagesWith = (more: number): number =>
    chances.reduce(
      (sum, probability, steps) =>
        sum +
        probability * overflowPages(mean + steps * rowStep + more, variance),
      0,
    );
  const shared = pagesWith(0);
  return between(hugeRows, Infinity).reduce(
    (sum, { rows, keys }) => sum + keys * (pagesWith(rows) - shared),
    shared,
  );
}

/** Groups of about the same number of rows as one, for the heavy keys of a class vary little. */
function classGroup(one: KeyClass, rows: number): readonly KeyRows[] {
  const each = (rows * one.share) / one.keys;
  return each >= heavyRows
    ? [{ rows: each, keys: one.keys }]
    : groupSizes(one, rows);
}

/**
 * Pages of a hash index right after its build: a meta page, a bitmap page, a page for each bucket,
 * and overflow pages. NULLs are not stored, but buckets are laid out for all rows of the table, also
 * for a partial index. Between two powers of two only some buckets are split, the others get twice as much.
 * @param rows rows that the index covers, those with NULL included
 */
export function hashPages(
  tableRows: number,
  rows: number,
  column: GroupedColumn,
): number {
  const buckets = bucketsFor(tableRows);
  const next = 2 ** Math.ceil(Math.log2(buckets));
  const whole = next - buckets;
  const groups = keyClasses([column], rows)
    .filter(({ nulls }) => nulls === 0)
    .flatMap((one) => classGroup(one, rows));
  const overflow =
    whole * loadedPages(groups, 2 / next) +
    (buckets - whole) * loadedPages(groups, 1 / next);
  return Math.ceil(2 + buckets + overflow);
}
