import type { ValueClass } from "./value-tail.ts";

/** What the number of equal keys depends on. */
export interface GroupedColumn {
  readonly nullFraction: number;
  /** Physical order against value order, −1 to 1. */
  readonly correlation: number;
  /** Shares of the most common values. */
  readonly frequencies: readonly number[];
  /** The other values. */
  readonly tail: readonly ValueClass[];
}

/** Keys of about the same number of rows. */
export interface KeyClass {
  /** Keys that occur, or possible ones of which some have no row. */
  readonly keys: number;
  /** Part of the rows that has one of them. */
  readonly share: number;
  /** Bit n is set where column n is NULL. */
  readonly nulls: number;
  /** Each of the keys occurs. */
  readonly isCounted: boolean;
}

/** What is known of columns together; columns are named by their place among the keys. */
export interface Dependence {
  /** Columns that others of the key determine: they make no more keys. */
  readonly determined: readonly number[];
  /** Columns that have so many combinations together at most, in sets of their own. */
  readonly joint: readonly {
    readonly columns: readonly number[];
    readonly keys: number;
  }[];
}

export const independent: Dependence = { determined: [], joint: [] };

/** A column this close to the table's order changes with it, and so do two of them together. */
const followsTable = 0.98;

/** Classes whose keys have numbers of rows within a factor of √2 are taken together. */
function merged(classes: readonly KeyClass[]): readonly KeyClass[] {
  const found = new Map<string, KeyClass>();
  for (const one of classes) {
    if (one.share <= 0) continue;
    const size = Math.round(2 * Math.log2(one.share / one.keys));
    const name = `${one.nulls} ${size}`;
    const before = found.get(name);
    found.set(name, {
      keys: (before?.keys ?? 0) + one.keys,
      share: (before?.share ?? 0) + one.share,
      nulls: one.nulls,
      isCounted: one.isCounted,
    });
  }
  return [...found.values()];
}

function classesOf({ column, at }: Placed): readonly KeyClass[] {
  const { frequencies, nullFraction, tail } = column;
  const isCounted = true;
  return [
    { keys: 1, share: nullFraction, nulls: 2 ** at, isCounted },
    ...frequencies.map((share) => ({ keys: 1, share, nulls: 0, isCounted })),
    ...tail.map((values) => ({ ...values, nulls: 0, isCounted })),
  ].filter(({ share }) => share > 0);
}

const distinctOf = ({ frequencies, tail }: GroupedColumn): number =>
  tail.reduce((sum, { keys }) => sum + keys, frequencies.length);

/** Values of one row each are as many as there can be: beside another column none of them occurs twice. */
const endless = 1e9;

/** Keys that occur, as possible ones of which each row takes one at random. */
function possible(one: KeyClass, rows: number): KeyClass {
  if (!one.isCounted || one.keys <= 1) return { ...one, isCounted: false };
  const mean = (rows * one.share) / one.keys;
  const keys =
    mean <= alwaysOne
      ? one.keys * endless
      : (rows * one.share) / meanWithEmpty(mean);
  return { ...one, keys, isCounted: false };
}

const crossed = (
  left: readonly KeyClass[],
  right: readonly KeyClass[],
  rows: number,
): readonly KeyClass[] =>
  merged(
    left.flatMap((one) =>
      right.map((other) => ({
        keys: possible(one, rows).keys * possible(other, rows).keys,
        share: one.share * other.share,
        nulls: one.nulls + other.nulls,
        isCounted: false,
      })),
    ),
  );

/** A column and its place among the keys. */
interface Placed {
  readonly column: GroupedColumn;
  readonly at: number;
}

/** Keys that change one after the other along the table: as many as there are changes, not as there are pairs. */
function alongTable(columns: readonly Placed[]): readonly KeyClass[] {
  const finest = columns.toSorted(
    (a, b) => distinctOf(b.column) - distinctOf(a.column),
  )[0];
  if (finest === undefined) return [];
  const changes = columns.reduce(
    (sum, { column }) => sum + distinctOf(column) - 1,
    1,
  );
  const growth = changes / distinctOf(finest.column);
  return merged(
    classesOf(finest).map((one) =>
      one.nulls === 0 && one.keys > 1
        ? { ...one, keys: one.keys * growth }
        : one,
    ),
  );
}

/** Classes of columns that do not depend on each other. */
const product = (
  parts: readonly (readonly KeyClass[])[],
  rows: number,
): readonly KeyClass[] =>
  parts
    .filter((classes) => classes.length > 0)
    .reduce<readonly KeyClass[] | undefined>(
      (left, right) =>
        left === undefined ? right : crossed(left, right, rows),
      undefined,
    ) ?? [{ keys: 1, share: 1, nulls: 0, isCounted: true }];

/** No more keys than so many that occur, each with more rows. */
function limited(
  classes: readonly KeyClass[],
  most: number,
  rows: number,
): readonly KeyClass[] {
  const mean = rows / most;
  if (mean <= alwaysOne) return classes;
  const keys = rows / meanWithEmpty(mean);
  const all = classes.reduce((sum, one) => sum + one.keys, 0);
  if (all <= keys) return classes;
  return merged(
    classes.map((one) => ({
      ...one,
      keys: Math.max(Math.min(1, one.keys), (one.keys * keys) / all),
    })),
  );
}

/**
 * Keys over these columns by their number of rows. Columns that follow the table's physical
 * order are taken as dependent on each other, all others as independent but for what is known.
 */
export function keyClasses(
  columns: readonly GroupedColumn[],
  rows: number,
  known: Dependence = independent,
): readonly KeyClass[] {
  const placed = columns
    .map((column, at) => ({ column, at }))
    .filter(({ at }) => !known.determined.includes(at));
  const joint = known.joint.map(({ columns: members, keys }) =>
    limited(
      product(
        placed
          .filter(({ at }) => members.includes(at))
          .map((one) => merged(classesOf(one))),
        rows,
      ),
      keys,
      rows,
    ),
  );
  const single = placed.filter(
    ({ at }) => !known.joint.some((one) => one.columns.includes(at)),
  );
  const isAlong = ({ column }: Placed): boolean =>
    Math.abs(column.correlation) >= followsTable && column.nullFraction === 0;
  const others = single
    .filter((one) => !isAlong(one))
    .map((one) => merged(classesOf(one)));
  return product(
    [alongTable(single.filter(isAlong)), ...others, ...joint],
    rows,
  );
}

/** Rows of one key, and how many keys have so many. */
export interface GroupSize {
  readonly rows: number;
  readonly keys: number;
}

/** Beyond this mean the Poisson distribution is cut into slices of equal weight of the normal one. */
const smallMean = 40;
const normalSlices = [
  -1.64, -1.04, -0.67, -0.39, -0.13, 0.13, 0.39, 0.67, 1.04, 1.64,
];

/** How `keys` keys share rows when each gets `mean` at random (Poisson); those without any are left out. */
function scattered(mean: number, keys: number): readonly GroupSize[] {
  if (mean > smallMean)
    return normalSlices.map((deviation) => ({
      rows: mean + deviation * Math.sqrt(mean),
      keys: keys / normalSlices.length,
    }));
  const sizes: GroupSize[] = [];
  const negligible = 1e-7 * Math.min(1, mean);
  let probability = Math.exp(-mean) * mean;
  for (let rows = 1; rows < mean || probability > negligible; rows += 1) {
    if (probability > negligible)
      sizes.push({ rows, keys: keys * probability });
    probability *= mean / (rows + 1);
  }
  return sizes;
}

/** The Poisson mean that leaves `mean` rows to each key that has any: solves m / (1 − e⁻ᵐ) = mean. */
function meanWithEmpty(mean: number): number {
  let low = 0;
  let high = mean;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (middle / -Math.expm1(-middle) < mean) low = middle;
    else high = middle;
  }
  return low;
}

/** This few rows a key are one row each. */
const alwaysOne = 1.0001;

/** How many rows the keys of a class have, of `rows` in all. */
export function groupSizes(
  { keys, share, isCounted }: KeyClass,
  rows: number,
): readonly GroupSize[] {
  const held = rows * share;
  if (keys <= 1) return [{ rows: Math.max(1, held), keys: 1 }];
  const mean = held / keys;
  if (!isCounted) return scattered(mean, keys);
  if (mean <= alwaysOne) return [{ rows: 1, keys: held }];
  const withEmpty = meanWithEmpty(mean);
  return scattered(withEmpty, held / withEmpty);
}
