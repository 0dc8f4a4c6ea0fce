import type { SizeColumn, SizeTable } from "./size-input.ts";

/** Where nothing is known the planner takes 0.5 % for an equality and a third for a range (selfuncs.h). */
const unknownEquality = 0.005;
const unknownRange = 1 / 3;

/** A term that the text alone tells: column, then what is asked of it. */
const term =
  /^\(*\s*(not\s+)?"?([a-z_][\w$]*)"?\s*(?:(is\s+null|is\s+not\s+null|is\s+(?:not\s+)?(?:true|false)|is\s+distinct\s+from|not\s+in|=|<>|!=|<=|>=|<|>|in|~~|like)\s*(.*?))?\s*\)*$/is;

interface Term {
  readonly column: SizeColumn;
  readonly operator: string;
  readonly operand: string;
}

/** A flag on its own reads as a comparison with true. */
const flagOperands: Readonly<Record<string, string>> = {
  "": "true",
  "is true": "true",
  not: "false",
  "is false": "false",
};

function readTerm(text: string, table: SizeTable): Term | undefined {
  const [, not = "", name, operator = "", operand = ""] = term.exec(text) ?? [];
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined) return undefined;
  const asked = `${not}${operator}`
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, " ");
  const flag = flagOperands[asked];
  return flag === undefined
    ? { column, operator: asked, operand }
    : { column, operator: "=", operand: flag };
}

/** The constants of `'a'::text`, `5` and `('a', 'b')`, as pg_stats prints values. */
const constantsIn = (operand: string): readonly string[] =>
  [...operand.matchAll(/'((?:[^']|'')*)'|(?<![\w:])-?\w[\w.]*/g)].map(
    ([whole, quoted]) =>
      quoted?.replaceAll("''", "'") ??
      whole.replace(/^true$/i, "t").replace(/^false$/i, "f"),
  );

/** Share of one value: as listed, or that of the values behind the list, or the mean where the list is of shares only. */
function valueShare(column: SizeColumn, value: string): number {
  const { commonValues = [], distinctValues = 0, nullFraction = 0 } = column;
  const listed = commonValues.find(({ text }) => text === value);
  if (listed !== undefined) return listed.frequency;
  const hasTexts = commonValues.every(({ text }) => text !== undefined);
  const behind = hasTexts ? commonValues : [];
  const common = behind.reduce((sum, one) => sum + one.frequency, 0);
  const others = distinctValues - behind.length;
  return others >= 1
    ? Math.max(0, 1 - nullFraction - common) / others
    : unknownEquality;
}

function termShare(
  { column, operator, operand }: Term,
  table: SizeTable,
): number {
  const nulls = column.nullFraction ?? 0;
  const equal = constantsIn(operand).reduce(
    (sum, value) => sum + valueShare(column, value),
    0,
  );
  const shares: Readonly<Record<string, number>> = {
    "is null": nulls,
    "is not null": 1 - nulls,
    "=": equal,
    in: Math.min(1 - nulls, equal),
    "<>": Math.max(0, 1 - nulls - equal),
    "!=": Math.max(0, 1 - nulls - equal),
    "not in": Math.max(0, 1 - nulls - equal),
    "is distinct from": Math.max(0, 1 - equal),
    "is not true": 1 - valueShare(column, "t"),
    "is not false": 1 - valueShare(column, "f"),
  };
  const known = shares[operator];
  if (known !== undefined) return known;
  // Two columns of a row: statistics say nothing, and a budget must not be overrun.
  return namesColumn(operand, table) ? 1 : unknownRange;
}

const namesColumn = (operand: string, table: SizeTable): boolean =>
  table.columns.some(({ name }) => name === operand.replaceAll('"', "").trim());

/** Part of a table's rows that a partial index holds, from the text of its predicate and the statistics. */
export function predicateShare(
  predicate: string | undefined,
  table: SizeTable,
): number {
  if (predicate === undefined) return 1;
  return predicate
    .split(/\s+and\s+/i)
    .map((text) => readTerm(text, table))
    .reduce(
      (share, one) =>
        share * (one === undefined ? unknownRange : termShare(one, table)),
      1,
    );
}

/** Conditions that NULL meets. */
const takesNull = /^is\s+(?:null|distinct\s+from|not\s+(?:true|false))$/i;

/** Columns that a predicate says are never NULL: `IS NOT NULL` and every comparison. */
export function columnsWithoutNull(
  predicate: string | undefined,
): ReadonlySet<string> {
  const names = (predicate ?? "").split(/\s+and\s+/i).flatMap((text) => {
    const [, , name, operator] = term.exec(text) ?? [];
    return name !== undefined && !takesNull.test(operator ?? "") ? [name] : [];
  });
  return new Set(names);
}
