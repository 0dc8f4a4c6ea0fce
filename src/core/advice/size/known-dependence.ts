import type { CatalogForeignKey } from "../../catalog.ts";
import { headerColumns } from "./header-columns.ts";
import type { Dependence } from "./key-groups.ts";
import type { SizeColumn, SizeTable } from "./size-input.ts";

/** Names without the quotes that pg_get_indexdef puts around some. */
const bareName = (key: string): string =>
  /^".*"$/.test(key) ? key.slice(1, -1).replaceAll('""', '"') : key;

/** Column lists of which the table holds each combination once. */
export const uniqueKeysOf = ({
  indexes = [],
}: SizeTable): readonly (readonly string[])[] =>
  indexes
    .filter(({ unique, valid, predicate }) => unique && valid && !predicate)
    .map(({ keys }) => keys.map(bareName));

/** So many of the sample's most common values or more do not agree by chance. */
const tellingValues = 3;
/** Nor does a count of so many distinct values that is not one for each row. */
const tellingCount = 1000;

/**
 * ANALYZE takes all columns from the same rows. Two columns of which each value of one goes with one value
 * of the other then have the same counts to the last digit.
 */
function goTogether(a: SizeColumn, b: SizeColumn, rows: number): boolean {
  const first = a.frequencies ?? [];
  const second = b.frequencies ?? [];
  const distinct = a.distinctValues ?? 0;
  return (
    a.distinctValues === b.distinctValues &&
    a.nullFraction === b.nullFraction &&
    distinct < 0.9 * rows &&
    first.length === second.length &&
    first.every((share, at) => share === second[at]) &&
    (first.length >= tellingValues || distinct >= tellingCount)
  );
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, at) => name === b[at]);

/** The referenced row carries the other key's columns too: a project's customer is that of its tasks. */
const carries = (key: CatalogForeignKey, other: CatalogForeignKey): boolean =>
  (key.carriedKeys ?? []).some(
    (carried) =>
      carried.schema === other.referencedSchema &&
      carried.table === other.referencedTable &&
      sameNames(carried.columns, other.columns),
  );

type Determines = (from: string, to: string) => boolean;

function determinesIn(table: SizeTable): Determines {
  const columnNamed = (name: string): SizeColumn | undefined =>
    table.columns.find((one) => one.name === name);
  return (from, to) => {
    const [one, other] = [columnNamed(from), columnNamed(to)];
    return (
      one !== undefined &&
      other !== undefined &&
      goTogether(one, other, table.estimatedRows ?? 0)
    );
  };
}

/** Of columns that determine each other one stays. */
function determinedAmong(
  names: readonly string[],
  determines: Determines,
): readonly number[] {
  const gone = new Set<number>();
  names.forEach((to, at) => {
    const isDetermined = names.some(
      (from, other) => other !== at && !gone.has(other) && determines(from, to),
    );
    if (isDetermined) gone.add(at);
  });
  return [...gone];
}

interface Counted {
  readonly columns: readonly string[];
  readonly most: number;
}

/** How likely the smaller guess is; too small an estimate breaks a budget. */
const sureOfHeads = 0.6;
const sureOfCarried = 0.4;

const between = (few: number, many: number, sure: number): number =>
  few ** sure * many ** (1 - sure);

/**
 * Columns of which one likely determines the other have a number of combinations between what either
 * guess would have: nothing in the catalog makes sure that the two rows agree.
 */
function likelyCounts(table: SizeTable): readonly Counted[] {
  const rows = table.estimatedRows ?? 0;
  const keys = table.foreignKeys ?? [];
  const distinct = (names: readonly string[]): number =>
    table.columns.find(({ name }) => sameNames(names, [name]))
      ?.distinctValues ?? rows;
  const heads = headerColumns(table, uniqueKeysOf(table)).map(
    ({ columns, groups }) => ({
      columns,
      most: between(groups, rows, sureOfHeads),
    }),
  );
  const carried = keys.flatMap((key) =>
    keys
      .filter((other) => carries(key, other))
      .map((other) => {
        const [from, to] = [distinct(key.columns), distinct(other.columns)];
        return {
          columns: [...key.columns, ...other.columns],
          most: between(from, Math.min(rows, from * to), sureOfCarried),
        };
      }),
  );
  return [...heads, ...carried];
}

/** Combinations of columns cannot be more than those counted by extended statistics, or those in the table they refer to. */
const countsOf = (table: SizeTable): readonly Counted[] => [
  ...(table.combinations ?? []).map(({ columns, distinctValues }) => ({
    columns,
    most: distinctValues,
  })),
  ...(table.foreignKeys ?? []).flatMap(({ columns, referencedRows }) =>
    referencedRows === undefined ? [] : [{ columns, most: referencedRows }],
  ),
  ...likelyCounts(table),
];

const distinctIn = (table: SizeTable, name: string | undefined): number =>
  table.columns.find((one) => one.name === name)?.distinctValues ?? 1;

/**
 * Sets of columns in which the tightest counts hold, each column in one set. A count is older than the
 * columns' own statistics where it is less than the values of one of them.
 */
function jointAmong(
  names: readonly string[],
  determined: readonly number[],
  table: SizeTable,
): Dependence["joint"] {
  const free = new Set(
    names.map((_, at) => at).filter((at) => !determined.includes(at)),
  );
  const found = countsOf(table)
    .map(({ columns, most }) => {
      const held = [...free].filter((at) => columns.includes(names[at] ?? ""));
      const values = held.map((at) => distinctIn(table, names[at]));
      return { columns: held, keys: Math.max(most, ...values) };
    })
    .filter(({ columns }) => columns.length > 1)
    .toSorted((a, b) => b.columns.length - a.columns.length || a.keys - b.keys);
  const taken: Dependence["joint"][number][] = [];
  for (const one of found) {
    if (!one.columns.every((at) => free.has(at))) continue;
    for (const at of one.columns) free.delete(at);
    taken.push(one);
  }
  return taken;
}

/**
 * What the catalog tells of key columns together.
 * @param names columns of the key in order; an expression is none of them
 */
export function knownDependence(
  names: readonly string[],
  table: SizeTable,
): Dependence {
  const determined = determinedAmong(names, determinesIn(table));
  return {
    determined,
    joint: jointAmong(names, determined, table),
  };
}

/** Values that a column has at least and at most, whatever ANALYZE counted. */
export function distinctBounds(
  name: string,
  table: SizeTable,
): { readonly least: number; readonly most: number } {
  const rows = table.estimatedRows ?? 0;
  const distinct = (other: string): number =>
    table.columns.find((one) => one.name === other)?.distinctValues ?? rows;
  const least = uniqueKeysOf(table)
    .filter((columns) => columns.includes(name))
    .map((columns) =>
      columns
        .filter((other) => other !== name)
        .reduce((left, other) => left / Math.max(1, distinct(other)), rows),
    );
  const most = (table.foreignKeys ?? []).flatMap(
    ({ columns, referencedRows }) =>
      sameNames(columns, [name]) && referencedRows !== undefined
        ? [Math.max(referencedRows, distinct(name))]
        : [],
  );
  return { least: Math.max(1, ...least), most: Math.min(Infinity, ...most) };
}
