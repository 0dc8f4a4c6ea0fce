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
  /** Possible keys. */
  readonly keys: number;
  /** Part of the rows that has one of them. */
  readonly share: number;
  /** Bit n is set where column n is NULL. */
  readonly nulls: number;
}

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
    });
  }
  return [...found.values()];
}

function classesOf(column: GroupedColumn, at: number): readonly KeyClass[] {
  const { frequencies, nullFraction, tail } = column;
  return [
    { keys: 1, share: nullFraction, nulls: 2 ** at },
    ...frequencies.map((share) => ({ keys: 1, share, nulls: 0 })),
    ...tail.map((values) => ({ ...values, nulls: 0 })),
  ].filter(({ share }) => share > 0);
}

const distinctOf = ({ frequencies, tail }: GroupedColumn): number =>
  tail.reduce((sum, { keys }) => sum + keys, frequencies.length);

const crossed = (
  left: readonly KeyClass[],
  right: readonly KeyClass[],
): readonly KeyClass[] =>
  merged(
    left.flatMap((one) =>
      right.map((other) => ({
        keys: one.keys * other.keys,
        share: one.share * other.share,
        nulls: one.nulls + other.nulls,
      })),
    ),
  );

/** Keys that change one after the other along the table: as many as there are changes, not as there are pairs. */
function alongTable(
  columns: readonly { readonly column: GroupedColumn; readonly at: number }[],
): readonly KeyClass[] {
  const finest = columns.toSorted(
    (a, b) => distinctOf(b.column) - distinctOf(a.column),
  )[0];
  if (finest === undefined) return [{ keys: 1, share: 1, nulls: 0 }];
  const changes = columns.reduce(
    (sum, { column }) => sum + distinctOf(column) - 1,
    1,
  );
  const growth = changes / distinctOf(finest.column);
  return classesOf(finest.column, finest.at).map((one) =>
    one.nulls === 0 && one.keys > 1 ? { ...one, keys: one.keys * growth } : one,
  );
}

/**
 * Keys over these columns by their number of rows. Columns that follow the table's physical
 * order are taken as dependent on each other, all others as independent.
 */
export function keyClasses(
  columns: readonly GroupedColumn[],
): readonly KeyClass[] {
  const placed = columns.map((column, at) => ({ column, at }));
  const isAlong = ({ column }: { readonly column: GroupedColumn }): boolean =>
    Math.abs(column.correlation) >= followsTable && column.nullFraction === 0;
  const along = placed.filter(isAlong);
  let classes = merged(alongTable(along));
  for (const one of placed)
    if (!along.includes(one))
      classes = crossed(classes, merged(classesOf(one.column, one.at)));
  return classes;
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

/**
 * How many rows the keys of a class have, of `rows` in all.
 * @param isCounted the keys are those that occur, as a column's distinct values are; otherwise
 *   they are possible combinations, of which some have no row.
 */
export function groupSizes(
  { keys, share }: KeyClass,
  rows: number,
  isCounted: boolean,
): readonly GroupSize[] {
  const held = rows * share;
  if (keys <= 1) return [{ rows: Math.max(1, held), keys: 1 }];
  const mean = held / keys;
  if (!isCounted) return scattered(mean, keys);
  if (mean <= 1.0001) return [{ rows: 1, keys: held }];
  const withEmpty = meanWithEmpty(mean);
  return scattered(withEmpty, held / withEmpty);
}
