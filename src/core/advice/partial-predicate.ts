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

/** A value that the statistics do not list is rarer than those listed, when there are others at all. */
function isRare(column: CatalogColumn, constant: string): boolean {
  const { commonValues = [], distinctValues = 0 } = column;
  const text = constant.slice(1, -1).replaceAll("''", "'");
  const known = commonValues.find((value) => value.text === text);
  const frequency =
    known?.frequency ??
    (distinctValues > commonValues.length
      ? commonValues.at(-1)?.frequency
      : undefined);
  return frequency !== undefined && frequency < rareShare;
}

function statusPredicate(
  column: CatalogColumn,
  constant: string,
): string | undefined {
  const values = column.distinctValues ?? Infinity;
  const isStatusLike =
    values <= statusLikeValues && /^'(?:[^']|'')*'$/.test(constant);
  return isStatusLike && isRare(column, constant)
    ? `${quotedColumn(column)} = ${constant}`
    : undefined;
}

/** The texts of `'a'` or of `('a', 'b')`; undefined for anything else. */
function readTexts(constant: string): readonly string[] | undefined {
  const inner = /^\((.*)\)$/s.exec(constant)?.[1] ?? constant;
  const isList = /^'(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*$/.test(inner);
  if (!isList) return undefined;
  return [...inner.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) =>
    text.replaceAll("''", "'"),
  );
}

/** `state <> 'done'`, `state NOT IN ('done', 'failed')`, where that leaves few rows. */
function othersPredicate(
  column: CatalogColumn,
  constant: string,
): string | undefined {
  const { commonValues = [], distinctValues = Infinity } = column;
  const texts = readTexts(constant);
  if (texts === undefined || distinctValues > statusLikeValues)
    return undefined;
  const usual = commonValues
    .filter(({ text }) => text !== undefined && texts.includes(text))
    .reduce((sum, { frequency }) => sum + frequency, 0);
  if (1 - usual - (column.nullFraction ?? 0) > remainingShare) return undefined;
  const name = quotedColumn(column);
  return texts.length === 1
    ? `${name} <> ${texts.map(quoteLiteral).join()}`
    : `${name} NOT IN (${texts.map(quoteLiteral).join(", ")})`;
}

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
    ? constantPredicate(use.role, column, use.against.text.trim())
    : undefined;
}

function constantPredicate(
  role: ColumnUse["role"],
  column: CatalogColumn,
  constant: string,
): string | undefined {
  if (role === "inequality") return othersPredicate(column, constant);
  if (role !== "equality") return undefined;
  return column.type === "boolean"
    ? booleanPredicate(column, constant)
    : statusPredicate(column, constant);
}
