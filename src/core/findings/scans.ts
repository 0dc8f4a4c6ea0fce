import type { CatalogColumn, CatalogIndex, CatalogTable } from "../catalog.ts";
import { readMentions } from "../plan/expression-columns.ts";
import type { PlanNode } from "../plan/plan.ts";
import {
  findReference,
  planAliasOf,
  toOriginalSpan,
} from "../plan/references.ts";
import { conditionRoles } from "../sql/condition-roles.ts";
import type { ColumnUse } from "../sql/statement.ts";
import type { TextSpan } from "../text-span.ts";
import {
  type Examination,
  metricsOf,
  rowsOf,
  rowsRemoved,
  tableOf,
} from "./examination.ts";
import { fewRows, smallTablePages } from "./thresholds.ts";

const filterLabels = ["Filter", "Index Cond", "Recheck Cond"];

/** Rows a scan looked at over all loops: counted, else from the catalog for a whole table; undefined when nothing tells. */
export function rowsRead(
  examined: Examination,
  node: PlanNode,
): number | undefined {
  const removed = rowsRemoved(node, filterLabels);
  if (removed !== undefined) return rowsOf(examined, node) + removed;
  if (node.kind !== "seqScan") return undefined;
  const rows = tableOf(examined, node)?.estimatedRows;
  return rows === undefined
    ? undefined
    : Math.max(rows, rowsOf(examined, node) / metricsOf(examined, node).loops) *
        metricsOf(examined, node).loops;
}

/** A table too small to be worth a finding; an unknown one counts as small unless it was seen to be large. */
export function isSmall(examined: Examination, node: PlanNode): boolean {
  const table = tableOf(examined, node);
  if (table !== undefined && table.pages > 0)
    return table.pages < smallTablePages;
  const loops = Math.max(1, metricsOf(examined, node).loops);
  return (rowsRead(examined, node) ?? 0) / loops < fewRows;
}

export const filterOf = (node: PlanNode): string | undefined =>
  node.conditions.find(({ label }) => label === "Filter")?.expression;

/** Columns of the scanned table that occur in an expression. */
export function columnsIn(
  examined: Examination,
  node: PlanNode,
  expression: string,
): readonly CatalogColumn[] {
  const alias = planAliasOf(node);
  const mentions = readMentions(expression);
  return (tableOf(examined, node)?.columns ?? []).filter(({ name }) =>
    mentions(name, alias),
  );
}

const unquoted = (key: string): string =>
  key.startsWith('"') && key.endsWith('"')
    ? key.slice(1, -1).replaceAll('""', '"')
    : key;

const leadingColumn = (index: CatalogIndex): string =>
  unquoted(index.keys[0] ?? "");

/** Valid, not partial indexes of one table that begin with one of the columns. */
export function indexesOn(
  table: CatalogTable | undefined,
  columns: readonly string[],
): readonly CatalogIndex[] {
  return (table?.indexes ?? []).filter(
    (index) =>
      index.valid &&
      index.predicate === undefined &&
      columns.includes(leadingColumn(index)),
  );
}

/** Uses of the scanned table's columns in conditions of the statement, the selective roles first. */
export function conditionUses(
  examined: Examination,
  node: PlanNode,
): readonly ColumnUse[] {
  const { statement } = examined;
  if (statement === undefined) return [];
  const reference = findReference(node, statement);
  const columns = tableOf(examined, node)?.columns;
  return statement.facts.columns
    .filter(
      ({ table, role, column }) =>
        conditionRoles.includes(role) &&
        (table === undefined
          ? columns?.some(({ name }) => name === column) === true
          : table === reference?.id),
    )
    .toSorted(
      (a, b) => conditionRoles.indexOf(a.role) - conditionRoles.indexOf(b.role),
    );
}

/** The first use of one of these columns in a condition, else the table's name, in the original text. */
export function spanOf(
  examined: Examination,
  node: PlanNode,
  columns: readonly string[],
): TextSpan | undefined {
  const { statement } = examined;
  if (statement === undefined) return undefined;
  const use = conditionUses(examined, node).find(({ column }) =>
    columns.includes(column),
  );
  const span = use?.span ?? findReference(node, statement)?.span;
  return span === undefined ? undefined : toOriginalSpan(statement, span);
}
