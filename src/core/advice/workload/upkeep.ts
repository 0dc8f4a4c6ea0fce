import type { CatalogTable } from "../../catalog.ts";
import type { ParsedStatement } from "../../sql/statement.ts";
import type { IndexDefinition } from "../suggestion.ts";

/** What one statement of the workload writes to one table. */
export interface TableWrites {
  readonly table: string;
  readonly kind: "insert" | "update" | "delete";
  /** Rows written in all, calls times rows per call. */
  readonly rows: number;
  /** Columns that an UPDATE sets. */
  readonly assigned: readonly string[];
}

/**
 * What the planner would charge for adding one entry, had it a price for it: finding the leaf takes
 * one operator call per doubling of the rows (cpu_operator_cost 0.0025, as btcostestimate charges a
 * descent), the tuple cpu_index_tuple_cost 0.005, and the dirtied page is written once,
 * seq_page_cost 1.
 */
export function entryCost(rows: number): number {
  return 0.0025 * Math.log2(Math.max(2, rows)) + 0.005 + 1;
}

/** Columns whose change makes a new index entry. */
function columnsOf(index: IndexDefinition): ReadonlySet<string> {
  return new Set([...index.keys.map((key) => key.text), ...index.included]);
}

const mentions = (index: IndexDefinition, column: string): boolean =>
  columnsOf(index).has(column) ||
  index.keys.some((key) => key.isExpression && key.text.includes(column)) ||
  index.predicate?.includes(column) === true;

/** Whether some index of today already ends heap-only updates of this column. */
const isIndexedAlready = (table: CatalogTable, column: string): boolean =>
  table.indexes.some(({ keys, included, predicate }) =>
    [...keys, ...included, predicate ?? ""].some((text) =>
      text.includes(column),
    ),
  );

/** Indexes that one UPDATE has to add an entry to because of the new index: itself, and all others when the update was heap-only before. */
function entriesPerUpdate(
  index: IndexDefinition,
  table: CatalogTable,
  assigned: readonly string[],
): number {
  const losesHot =
    index.method !== "brin" &&
    assigned.some((column) => mentions(index, column)) &&
    !assigned.some((column) => isIndexedAlready(table, column));
  if (losesHot) return 1 + table.indexes.length;
  const wasHot = !assigned.some((column) => isIndexedAlready(table, column));
  const isTouched = assigned.some((column) => mentions(index, column));
  return wasHot && !isTouched ? 0 : 1;
}

/** What the workload's writes pay for an index, in the planner's cost units. Deletes leave entries to VACUUM. */
export function upkeepOf(
  index: IndexDefinition,
  table: CatalogTable,
  writes: readonly TableWrites[],
): number {
  const each = entryCost(table.estimatedRows ?? 0);
  return writes.reduce((sum, { kind, rows, assigned }) => {
    if (kind === "delete") return sum;
    const entries =
      kind === "insert" ? 1 : entriesPerUpdate(index, table, assigned);
    return sum + rows * entries * each;
  }, 0);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** Rows that a planned INSERT, UPDATE or DELETE is estimated to write: those that reach its ModifyTable node. */
export function estimateWrittenRows(answer: unknown): number {
  const first: unknown = Array.isArray(answer) ? answer[0] : undefined;
  const root = isObject(first) ? first["Plan"] : undefined;
  const children = isObject(root) ? root["Plans"] : undefined;
  const child: unknown = Array.isArray(children) ? children[0] : undefined;
  const rows = isObject(child) ? child["Plan Rows"] : undefined;
  return typeof rows === "number" ? rows : 1;
}

const kinds = { insert: "insert", update: "update", delete: "delete" } as const;

/** What a statement writes when it is called `calls` times, `rows` rows each. */
export function writesOf(
  statement: ParsedStatement,
  table: string,
  calls: number,
  rows: number,
): TableWrites | undefined {
  const { verb, facts } = statement;
  if (verb !== "insert" && verb !== "update" && verb !== "delete")
    return undefined;
  const assigned = facts.columns
    .filter((use) => use.role === "assigned")
    .map((use) => use.column);
  return { table, kind: kinds[verb], rows: calls * rows, assigned };
}
