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

/** Chances below this do not move the sum. */
const negligible = 1e-6;

/** A key with this many rows fills pages of its own; smaller ones mix. */
const heavyRows = rowsPerPage / 8;

/** Standard normal distribution, the logistic approximation (off by less than 0.01). */
const normalShare = (deviation: number): number =>
  1 / (1 + Math.exp(-1.702 * deviation));

/** Rows in a bucket: the mean and variance of the light keys, and the heavy ones by their mean number. */
interface Load {
  readonly mean: number;
  readonly variance: number;
  readonly heavy: readonly KeyRows[];
}

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

/** Mean overflow pages of a bucket with heavy keys, none to several of them (Poisson). */
function loadedPages({ mean, variance, heavy }: Load): number {
  const light = overflowPages(mean, variance);
  let pages = light;
  for (const { rows, keys } of heavy) {
    let probability = Math.exp(-keys);
    for (let count = 1; count < 3 * keys + 10; count += 1) {
      probability *= keys / count;
      if (count > keys && probability < negligible) break;
      const more = overflowPages(mean + count * rows, variance) - light;
      pages += probability * more;
    }
  }
  return pages;
}

/** Rows by key as one bucket in so many sees them. */
function loadOf(groups: readonly KeyRows[], share: number): Load {
  const isHeavy = ({ rows }: KeyRows): boolean => rows >= heavyRows;
  const light = groups.filter((group) => !isHeavy(group));
  const sum = (of: (group: KeyRows) => number): number =>
    light.reduce((total, group) => total + of(group), 0) * share;
  return {
    mean: sum(({ rows, keys }) => rows * keys),
    variance: sum(({ rows, keys }) => rows * rows * keys),
    heavy: groups
      .filter(isHeavy)
      .map(({ rows, keys }) => ({ rows, keys: keys * share })),
  };
}

/** Groups of about the same number of rows as one, for the heavy keys of a class vary little. */
function classGroup(one: KeyClass, rows: number): readonly KeyRows[] {
  const each = (rows * one.share) / one.keys;
  return each >= heavyRows
    ? [{ rows: each, keys: one.keys }]
    : groupSizes(one, rows, true);
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
  const groups = keyClasses([column])
    .filter(({ nulls }) => nulls === 0)
    .flatMap((one) => classGroup(one, rows));
  const overflow =
    whole * loadedPages(loadOf(groups, 2 / next)) +
    (buckets - whole) * loadedPages(loadOf(groups, 1 / next));
  return Math.ceil(2 + buckets + overflow);
}
