import { escapePattern } from "../../escape-pattern.ts";
import { isJsonObject, type JsonObject } from "../../json-object.ts";
import type { CatalogTable, CatalogWrites } from "../../catalog.ts";
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

/** A table with what is written to it. */
export interface WrittenTable {
  readonly table: CatalogTable;
  readonly writes: readonly TableWrites[];
  /** Rows that were written, by the server's own counters, where the workload holds no writes of this table but counts calls. */
  readonly counted: CatalogWrites | undefined;
  readonly serverVersion: number | undefined;
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

/** Whether an expression, a predicate or a column's own text names the column: as a whole word, so that `id` is not found in `paid`. */
const namesColumn = (text: string, column: string): boolean =>
  text === column ||
  new RegExp(String.raw`(?<![\w$])${escapePattern(column)}(?![\w$])`, "u").test(
    text,
  );

/** A change of one of these columns makes a new index entry. */
const mentions = (index: IndexDefinition, column: string): boolean =>
  index.included.includes(column) ||
  index.keys.some(({ isExpression, text }) =>
    isExpression ? namesColumn(text, column) : text === column,
  ) ||
  (index.predicate !== undefined && namesColumn(index.predicate, column));

/** From 16 on, block range indexes leave updates heap-only (release notes of PostgreSQL 16). */
const keepsHeapOnly = (
  method: string,
  serverVersion: number | undefined,
): boolean => method === "brin" && (serverVersion ?? 0) >= 160_000;

/** Whether some index of today already ends heap-only updates of this column. */
const isIndexedAlready = (
  { table, serverVersion }: WrittenTable,
  column: string,
): boolean =>
  table.indexes.some(
    ({ method, keys, included, predicate }) =>
      !keepsHeapOnly(method, serverVersion) &&
      [...keys, ...included, predicate ?? ""].some((text) =>
        namesColumn(text, column),
      ),
  );

/** Share of updates that stay heap-only where no indexed column is set, as far as the server has counted any; a full page ends it too. */
function heapOnlyShare({ table }: WrittenTable): number {
  const { updated = 0, hotUpdated = 0 } = table.writes ?? {};
  // Counters of a twin, and those without a heap-only update, say nothing about it.
  return hotUpdated > 0 ? Math.min(1, hotUpdated / updated) : 1;
}

/** Index entries that one UPDATE has to add because of the new index: its own, and those of all others when the update was heap-only before. */
function entriesPerUpdate(
  index: IndexDefinition,
  written: WrittenTable,
  assigned: readonly string[],
): number {
  const isTouched = assigned.some((column) => mentions(index, column));
  const keeps = keepsHeapOnly(index.method, written.serverVersion);
  const wasHeapOnly = assigned.some((column) =>
    isIndexedAlready(written, column),
  )
    ? 0
    : heapOnlyShare(written);
  if (isTouched && !keeps)
    return 1 + wasHeapOnly * written.table.indexes.length;
  return isTouched ? 1 : 1 - wasHeapOnly;
}

function entriesOf(
  index: IndexDefinition,
  written: WrittenTable,
  { kind, assigned }: TableWrites,
): number {
  // Deletes leave entries to VACUUM.
  if (kind === "delete") return 0;
  return kind === "insert" ? 1 : entriesPerUpdate(index, written, assigned);
}

/**
 * Which columns the counted updates set is not told: those that were heap-only are taken to stay so.
 * The rows that are there now were loaded some time, which says nothing of how often rows are added:
 * only inserts beyond them count.
 */
function entriesCounted({ counted, table }: WrittenTable): number {
  if (counted === undefined) return 0;
  const { inserted, updated, hotUpdated } = counted;
  const added = Math.max(0, inserted - (table.estimatedRows ?? inserted));
  return added + Math.max(0, updated - hotUpdated);
}

/** What the writes pay for an index, in the planner's cost units. */
export function upkeepOf(
  index: IndexDefinition,
  written: WrittenTable,
): number {
  const entries = written.writes.reduce(
    (sum, one) => sum + one.rows * entriesOf(index, written, one),
    entriesCounted(written),
  );
  return entries * entryCost(written.table.estimatedRows ?? 0);
}

/** Of a ModifyTable node's children, those that bring the rows: not the subqueries that are told beside them. */
const bringsRows = (child: unknown): child is JsonObject =>
  isJsonObject(child) &&
  child["Parent Relationship"] !== "InitPlan" &&
  child["Parent Relationship"] !== "SubPlan";

/**
 * Rows that a planned INSERT, UPDATE or DELETE is estimated to write: those that reach its
 * ModifyTable node, which before 14 has one child for each partition.
 */
export function estimateWrittenRows(answer: unknown): number {
  const first: unknown = Array.isArray(answer) ? answer[0] : undefined;
  const root = isJsonObject(first) ? first["Plan"] : undefined;
  const children = isJsonObject(root) ? root["Plans"] : undefined;
  const rows = (Array.isArray(children) ? children : [])
    .filter(bringsRows)
    .flatMap((child) => {
      const planned = child["Plan Rows"];
      return typeof planned === "number" ? [planned] : [];
    });
  return rows.length === 0 ? 1 : rows.reduce((sum, one) => sum + one, 0);
}

/** A row that MERGE writes is taken for a new one: the most that it can cost an index. */
const kinds = {
  insert: "insert",
  update: "update",
  delete: "delete",
  merge: "insert",
} as const;

const isWriting = (verb: string): verb is keyof typeof kinds =>
  Object.hasOwn(kinds, verb);

/** What a statement writes when it is called `calls` times, `rows` rows each. */
export function writesOf(
  statement: ParsedStatement,
  table: string,
  calls: number,
  rows: number,
): TableWrites | undefined {
  const { verb, facts } = statement;
  if (!isWriting(verb)) return undefined;
  const assigned = facts.columns
    .filter((use) => use.role === "assigned")
    .map((use) => use.column);
  return { table, kind: kinds[verb], rows: calls * rows, assigned };
}
