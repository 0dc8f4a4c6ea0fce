import type { CatalogColumn } from "../catalog.ts";
import type { ColumnUse } from "../sql/statement.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import { quoteLiteral } from "../sql/quote-literal.ts";

/**
 * A status-like column has few values; beyond ten (cities, categories), one value is no longer
 * a property of the data but of the call (design notes on overfitted partial indexes).
 */
const statusLikeValues = 10;

/** IS NOT NULL narrows an index to a half or less. */
const mostlyNull = 0.5;

/** An index on the rows of one value pays while they are few (design notes: MCV frequency under 5 %). */
const rareShare = 0.05;

const quotedColumn = (column: CatalogColumn): string =>
  quoteIdentifier(column.name);

function booleanPredicate(
  column: CatalogColumn,
  constant: string,
): string | undefined {
  if (/^(?:true|'t'|'true')$/i.test(constant)) return quotedColumn(column);
  return /^(?:false|'f'|'false')$/i.test(constant)
    ? `NOT ${quotedColumn(column)}`
    : undefined;
}

/** What is left when the usual states are left out: no whole index serves that, so it may be more than one rare state. */
const remainingShare = 0.2;

/** How much of the table has the value; one that the statistics do not list is rarer than those listed, when there are others at all. */
function shareOf(column: CatalogColumn, text: string): number | undefined {
  const { commonValues = [], distinctValues = 0 } = column;
  const known = commonValues.find((value) => value.text === text);
  if (known !== undefined) return known.frequency;
  return distinctValues > commonValues.length
    ? commonValues.at(-1)?.frequency
    : undefined;
}

/** The texts of `'a'`, of `('a', 'b')` or of `ARRAY['a', 'b']`; undefined for anything else. */
function readTexts(constant: string): readonly string[] | undefined {
  const inner =
    /^(?:\((.*)\)|ARRAY\s*\[(.*)\])$/is.exec(constant)?.slice(1).join("") ??
    constant;
  const isList = /^'(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*$/.test(inner);
  if (!isList) return undefined;
  return [...inner.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) =>
    text.replaceAll("''", "'"),
  );
}

const isStatusLike = ({ distinctValues = Infinity }: CatalogColumn): boolean =>
  distinctValues <= statusLikeValues;

const listOf = (texts: readonly string[]): string =>
  `(${texts.map(quoteLiteral).join(", ")})`;

/** `state = 'failed'`, `state IN ('held', 'lost')`, where few rows have one of them. */
function statusPredicate(
  column: CatalogColumn,
  constant: string,
): string | undefined {
  const texts = readTexts(constant);
  if (texts === undefined || !isStatusLike(column)) return undefined;
  const share = texts
    .map((text) => shareOf(column, text) ?? 1)
    .reduce((sum, part) => sum + part, 0);
  if (share >= rareShare) return undefined;
  const name = quotedColumn(column);
  return texts.length === 1
    ? `${name} = ${texts.map(quoteLiteral).join()}`
    : `${name} IN ${listOf(texts)}`;
}

/** `state <> 'done'`, `state IS DISTINCT FROM 'done'`, `state NOT IN ('done', 'failed')`, where that leaves few rows. */
function othersPredicate(
  column: CatalogColumn,
  constant: string,
  operator: string | undefined,
): string | undefined {
  const texts = readTexts(constant);
  if (texts === undefined || !isStatusLike(column)) return undefined;
  const { commonValues = [], nullFraction = 0 } = column;
  const usual = commonValues
    .filter(({ text }) => text !== undefined && texts.includes(text))
    .reduce((sum, { frequency }) => sum + frequency, 0);
  const without = operator === undefined ? nullFraction : 0;
  if (1 - usual - without > remainingShare) return undefined;
  const name = quotedColumn(column);
  return texts.length === 1
    ? `${name} ${operator ?? "<>"} ${texts.map(quoteLiteral).join()}`
    : `${name} NOT IN ${listOf(texts)}`;
}

/** `signed IS NOT TRUE` holds for unknown ones too, which `NOT signed` leaves out. */
const otherBooleans = (column: CatalogColumn, constant: string): string =>
  `${quotedColumn(column)} IS NOT ${constant.toUpperCase()}`;

function nullPredicate(
  role: "isNull" | "isNotNull",
  column: CatalogColumn,
): string | undefined {
  if (role === "isNull") return `${quotedColumn(column)} IS NULL`;
  return (column.nullFraction ?? 0) >= mostlyNull
    ? `${quotedColumn(column)} IS NOT NULL`
    : undefined;
}

/**
 * What a partial index may be narrowed to, as SQL. Only what is a property of the
 * data: never a key-like or measured value, never a parameter.
 */
export function predicateOf(
  use: ColumnUse,
  column: CatalogColumn | undefined,
): string | undefined {
  if (column === undefined || use.underOr || use.wrappedIn !== undefined)
    return undefined;
  if (use.role === "isNull" || use.role === "isNotNull")
    return nullPredicate(use.role, column);
  return use.against?.kind === "constant"
    ? constantPredicate(use, column, use.against.text.trim())
    : undefined;
}

function constantPredicate(
  { role, operator }: ColumnUse,
  column: CatalogColumn,
  constant: string,
): string | undefined {
  if (role === "inequality")
    return operator === "IS NOT"
      ? otherBooleans(column, constant)
      : othersPredicate(column, constant, operator);
  if (role !== "equality") return undefined;
  return column.type === "boolean"
    ? booleanPredicate(column, constant)
    : statusPredicate(column, constant);
}
