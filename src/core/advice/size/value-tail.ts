/** What ANALYZE tells of a column's values, and of the table they were taken from. */
export interface CountedValues {
  /** Distinct values without NULL, as reported. */
  readonly distinctValues: number;
  readonly nullFraction: number;
  /** Shares of the most common values, the largest first. */
  readonly frequencies: readonly number[];
  readonly correlation: number;
  readonly rows: number;
  readonly pages: number;
}

/** Values that occur about equally often. */
export interface ValueClass {
  readonly keys: number;
  /** Part of the rows that has one of them. */
  readonly share: number;
}

/** Rows that ANALYZE reads at the default statistics target, and pages it takes them from (300 × 100). */
const sampledRows = 30_000;
/** A list of most common values this long is full, so the values behind it are less common, not equally rare. */
const fullList = 100;
/** So is a shorter one, cut where it was read, when its first value is this many times as common as its last. */
const longList = 25;
const clearSkew = 3;
/** Values this close to the table's order lie together on its pages. */
const liesTogether = 0.9;
/** So few are all seen. */
const fewValues = 50;
/** Reported this near to one value per row, none was seen twice. */
const allDifferent = 0.995;

/** The sample as values of the column meet it. */
interface Sample {
  readonly present: number;
  readonly read: number;
  /** Part of the rows within reach that is read: of the whole table, or of the pages that are read. */
  readonly rate: number;
  /** Part of the values that are within reach. */
  readonly reach: number;
}

/**
 * From few pages of a large table ANALYZE meets equal neighbours more often than chance would have it,
 * where the rows of a value lie on one page.
 */
function sampleOf(values: CountedValues): Sample {
  const { rows, pages, nullFraction, correlation } = values;
  const isClustered =
    Math.abs(correlation) >= liesTogether && values.distinctValues > pages;
  const reach = isClustered ? Math.min(1, sampledRows / pages) : 1;
  const rate = Math.min(1, sampledRows / (rows * reach));
  const present = rows * (1 - nullFraction);
  return { present, read: present * reach * rate, rate, reach };
}

/** What ANALYZE reports of values that are scattered at random (Haas and Stokes' estimator in compute_scalar_stats). */
function reported(
  listed: number,
  tail: readonly ValueClass[],
  rows: number,
  { present, read, rate, reach }: Sample,
): number {
  let seen = listed;
  let once = 0;
  for (const { keys, share } of tail) {
    const expected = ((rows * share) / keys) * rate;
    seen += keys * reach * -Math.expm1(-expected);
    once += keys * reach * expected * Math.exp(-expected);
  }
  return (read * seen) / (read - once + (once * read) / present);
}

/** Where a growing function reaches a value. */
function solve(
  of: (at: number) => number,
  wanted: number,
  range: readonly [number, number],
): number {
  let [low, high] = range;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (of(middle) < wanted) low = middle;
    else high = middle;
  }
  return low;
}

/** Values behind the last listed one, each less common than the one before as a power of its rank. */
function powerLaw(
  share: number,
  listed: number,
  least: number,
  power: number,
): readonly ValueClass[] {
  const reach = share / (least * listed);
  const inverse = 1 - power;
  const integral = (x: number): number =>
    Math.abs(inverse) < 1e-6 ? Math.log(x) : (x ** inverse - 1) / inverse;
  const end =
    Math.abs(inverse) < 1e-6
      ? Math.exp(reach)
      : Math.max(1e-12, 1 + inverse * reach) ** (1 / inverse);
  const last = Math.min(end, 1e7);
  const classes: ValueClass[] = [];
  for (let from = 1; from < last; from *= 2) {
    const to = Math.min(last, from * 2);
    classes.push({
      keys: (to - from) * listed,
      share: (integral(to) - integral(from)) * least * listed,
    });
  }
  return classes;
}

function isSkewed(frequencies: readonly number[]): boolean {
  const [first = 0] = frequencies;
  const last = frequencies.at(-1) ?? 0;
  return (
    frequencies.length >= fullList ||
    (frequencies.length >= longList && first > clearSkew * last)
  );
}

/** Possible values reduced to those that have a row. */
const occurring = (
  tail: readonly ValueClass[],
  rows: number,
): readonly ValueClass[] =>
  tail.map(({ keys, share }) => ({
    keys: keys * -Math.expm1((-rows * share) / keys),
    share,
  }));

/**
 * The values that are not listed as most common. ANALYZE's count of distinct values is too low where
 * numbers of rows per value vary, where values are skewed, and where equal values lie together in a
 * large table; this finds values that would make it report what it did.
 */
export function valueTail(values: CountedValues): readonly ValueClass[] {
  const { distinctValues, frequencies, rows, nullFraction } = values;
  const listed = frequencies.length;
  const common = frequencies.reduce((sum, share) => sum + share, 0);
  const share = 1 - nullFraction - common;
  const counted = Math.max(1, distinctValues - listed);
  // A remainder without values of its own is the rounding of the shares.
  if (share <= 0 || (listed > 0 && distinctValues - listed < 0.5)) return [];
  const asCounted = [{ keys: Math.min(counted, rows * share), share }];
  const sample = sampleOf(values);
  if (
    rows <= sampledRows ||
    distinctValues >= allDifferent * sample.present ||
    counted < fewValues
  )
    return asCounted;
  const report = (tail: readonly ValueClass[]): number =>
    reported(listed, tail, rows, sample);
  const least = frequencies.at(-1) ?? 0;
  const skewed = (power: number): readonly ValueClass[] =>
    powerLaw(share, listed, least, power);
  if (isSkewed(frequencies) && report(skewed(0)) < distinctValues) {
    const steepest = 1 + (least * listed) / share;
    const power = solve((at) => report(skewed(at)), distinctValues, [
      0,
      steepest - 1e-6,
    ]);
    return occurring(skewed(power), rows);
  }
  const even = (logarithm: number): readonly ValueClass[] => [
    { keys: Math.exp(logarithm), share },
  ];
  const logarithm = solve((at) => report(even(at)), distinctValues, [
    Math.log(counted / 2),
    Math.log(rows * 1e3),
  ]);
  return occurring(even(logarithm), rows);
}
