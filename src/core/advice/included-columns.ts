import type { ParsedStatement } from "../sql/statement.ts";
import { collectNeeds } from "./table-needs.ts";
import type { Candidate } from "./candidates.ts";

/** Caps of the design notes: beyond six columns or 64 bytes the index nears the table's own size. */
const maximumIncludedColumns = 6;
const maximumIncludedBytes = 64;
/** Below this share of pages known to be visible to all, the table is visited often enough to spoil the gain. */
const minimumVisibleShare = 0.8;
/** Width assumed for a column without statistics: a short text. */
const unknownBytes = 32;

/** Values without bounds: one that is too long for an index entry could no longer be written to the table. */
const unbounded =
  /^(?:jsonb?|xml|bytea|hstore|tsvector|path|polygon|geometry.*|geography.*)$|\[\]$/;

/** PostgreSQL reads no expression out of an index, and visits the table where not all rows are visible to all. */
const mayAnswerAlone = ({ index, table }: Candidate): boolean =>
  index.method === "btree" &&
  !index.keys.some((key) => key.isExpression) &&
  (table.visibleShare ?? 1) >= minimumVisibleShare;

const tests = new Set(["equality", "inequality", "isNull", "isNotNull"]);

/** Columns that only the predicate's own condition reads: rows of the index meet it, so it is not checked again. */
function impliedByPredicate(
  { facts }: ParsedStatement,
  { index, table }: Candidate,
): readonly string[] {
  const { predicate } = index;
  if (predicate === undefined) return [];
  return table.columns
    .map(({ name }) => name)
    .filter(
      (name) =>
        predicate.includes(name) &&
        facts.columns
          .filter(({ column }) => column === name)
          .every(({ role }) => tests.has(role)),
    );
}

/** The candidate that carries along what is missing, where there is something. */
export function withIncluded(
  statement: ParsedStatement,
  candidate: Candidate,
): readonly Candidate[] {
  const included = includedColumns(statement, candidate);
  if (included.length === 0) return [];
  return [{ ...candidate, index: { ...candidate.index, included } }];
}

/**
 * Columns to carry along so that the statement could be answered from the index alone;
 * empty when it reads all columns, none are missing, or they are too many or too wide.
 */
export function includedColumns(
  statement: ParsedStatement,
  candidate: Candidate,
): readonly string[] {
  const { index, table } = candidate;
  if (statement.verb !== "select" || !mayAnswerAlone(candidate)) return [];
  const mentions = collectNeeds(statement, { tables: [table] });
  const keyed = new Set([
    ...index.keys.map((key) => key.text),
    ...impliedByPredicate(statement, candidate),
  ]);
  const missing = new Set<string>();
  for (const { needed } of mentions) {
    if (needed === undefined) return [];
    for (const column of needed) if (!keyed.has(column)) missing.add(column);
  }
  const columns = table.columns.filter((column) => missing.has(column.name));
  const bytes = columns.reduce(
    (sum, column) => sum + (column.averageBytes ?? unknownBytes),
    0,
  );
  const fits =
    columns.length <= maximumIncludedColumns &&
    bytes <= maximumIncludedBytes &&
    !columns.some(({ type }) => unbounded.test(type));
  return fits ? columns.map((column) => column.name) : [];
}
