import type { CatalogChild, CatalogTable } from "../catalog.ts";
import {
  type NodeMetrics,
  type PlanMetrics,
  measurePlan,
} from "../plan/metrics.ts";
import type { PlanNode } from "../plan/plan.ts";
import { indexPlan, type PlanIndex } from "../plan/plan-index.ts";
import type { Finding, RuleId, RuleInput, Severity } from "./finding.ts";
import { problemShare, warningShare, worthShare } from "./thresholds.ts";

/** A statement's plan, measured once for all rules. */
export interface Examination extends RuleInput {
  readonly index: PlanIndex;
  readonly metrics: PlanMetrics;
}

export interface Rule {
  readonly id: RuleId;
  /** Short noun phrase for lists: "Full read of a large table". */
  readonly title: string;
  readonly find: (examined: Examination) => readonly Finding[];
}

export function examine(input: RuleInput): Examination {
  return {
    ...input,
    index: indexPlan(input.plan),
    metrics: measurePlan(input.plan),
  };
}

const nothing: NodeMetrics = {
  id: -1,
  ownMs: undefined,
  totalMs: undefined,
  ownCost: 0,
  totalCost: 0,
  rowsTotal: undefined,
  estimatedRowsTotal: undefined,
  offBy: undefined,
  share: 0,
  totalShare: 0,
  ownBlocks: undefined,
  loops: 0,
  neverExecuted: true,
};

export const metricsOf = (examined: Examination, node: PlanNode): NodeMetrics =>
  examined.metrics.nodes[node.id] ?? nothing;

export const parentOf = (
  examined: Examination,
  node: PlanNode,
): PlanNode | undefined =>
  examined.index.nodes[examined.index.parent[node.id] ?? -1];

export function* ancestorsOf(
  examined: Examination,
  node: PlanNode,
): Generator<PlanNode> {
  for (
    let up = parentOf(examined, node);
    up !== undefined;
    up = parentOf(examined, up)
  )
    yield up;
}

/** The table with children that a node reads for its own rows or for those of one child. */
export function familyOf(
  examined: Examination,
  node: PlanNode,
): CatalogTable | undefined {
  const { tables } = examined.catalog;
  return (
    tables.find((table) => table.children && isNamed(node, table)) ??
    tables.find((table) => childOf(table, node))
  );
}

const isNamed = (
  { relation }: PlanNode,
  table: { readonly schema: string; readonly name: string },
): boolean =>
  table.name === relation?.name &&
  (relation.schema === undefined || relation.schema === table.schema);

const childOf = (
  table: CatalogTable,
  node: PlanNode,
): CatalogChild | undefined =>
  table.children?.find((child) => isNamed(node, child));

/** The catalog's entry for the table a node reads; a child has its parent's columns and its own rows and indexes. */
export function tableOf(
  examined: Examination,
  node: PlanNode,
): CatalogTable | undefined {
  const own = examined.catalog.tables.find((table) => isNamed(node, table));
  if (own !== undefined) return own;
  const parent = familyOf(examined, node);
  const child = parent && childOf(parent, node);
  return parent && child && { ...parent, ...child, kind: "table" };
}

/** Rows over all loops: counted, else expected. */
export function rowsOf(examined: Examination, node: PlanNode): number {
  const { rowsTotal, estimatedRowsTotal } = metricsOf(examined, node);
  return rowsTotal ?? estimatedRowsTotal ?? 0;
}

/** Rows a node's conditions of this label threw away, over all loops; undefined when the plan does not say. */
export function rowsRemoved(
  node: PlanNode,
  labels: readonly string[],
): number | undefined {
  if (node.actual === undefined) return undefined;
  const { loops } = node.actual;
  return node.conditions
    .filter(({ label }) => labels.includes(label))
    .reduce(
      (all, { rowsRemovedPerLoop }) => all + (rowsRemovedPerLoop ?? 0) * loops,
      0,
    );
}

/** By what the operator contributes: the colours of the bars. */
export function severityOf(share: number): Severity {
  if (share >= problemShare) return "problem";
  return share >= warningShare ? "warning" : "note";
}

/** True when an operator ran (or was only planned) and its part of the statement is worth a line. */
export const matters = (
  examined: Examination,
  node: PlanNode,
  share: number,
): boolean => !metricsOf(examined, node).neverExecuted && share >= worthShare;
