import type { ParsedStatement } from "../sql/statement.ts";
import { collectNeeds } from "./table-needs.ts";
import type { Candidate } from "./candidates.ts";

/** Caps of the design notes: beyond six columns or 64 bytes the index nears the table's own size. */
const maximumIncludedColumns = 6;
const maximumIncludedBytes = 64;
/** Width assumed for a column without statistics: a short text. */
const unknownBytes = 32;

/**
 * Columns to carry along so that the statement could be answered from the index alone;
 * empty when it reads all columns, none are missing, or they are too many or too wide.
 */
export function includedColumns(
  statement: ParsedStatement,
  candidate: Candidate,
): readonly string[] {
  const { index, table } = candidate;
  if (index.method !== "btree" || statement.verb !== "select") return [];
  if (index.keys.some((key) => key.isExpression)) return [];
  const mentions = collectNeeds(statement, { tables: [table] });
  const keyed = new Set(index.keys.map((key) => key.text));
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
    columns.length <= maximumIncludedColumns && bytes <= maximumIncludedBytes;
  return fits ? columns.map((column) => column.name) : [];
}
