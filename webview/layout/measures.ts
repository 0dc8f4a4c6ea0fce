import type { NodeMetrics, PlanMetrics } from "../../src/core/plan/metrics.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { walk } from "../../src/core/plan/walk.ts";

/** What the bars can show. Blocks are of 8 KiB. */
export type BarKind = "time" | "cost" | "rows" | "blocks";

export interface OffBy {
  /** At least 1. */
  readonly times: number;
  /** More rows than expected. */
  readonly more: boolean;
  readonly inherited: boolean;
}

export interface RowNumbers {
  readonly rows: number | undefined;
  readonly estimatedRows: number | undefined;
}

export interface Measures {
  readonly metrics: PlanMetrics;
  /** What this plan has numbers for, the most telling first. */
  readonly bars: readonly BarKind[];
  /** In the unit of the kind; 0 when unknown. */
  readonly own: (kind: BarKind, nodeId: number) => number;
  readonly total: (kind: BarKind, nodeId: number) => number;
  /** What a full bar stands for; above 0. */
  readonly whole: (kind: BarKind) => number;
  readonly numbers: (nodeId: number) => RowNumbers;
  readonly offBy: (nodeId: number) => OffBy | undefined;
  readonly hottest: (kind: BarKind) => number;
}

export function measureBars(plan: Plan, metrics: PlanMetrics): Measures {
  const blocksTotal = sumUp(plan, (id) => metrics.nodes[id]?.ownBlocks ?? 0);
  const own = (kind: BarKind, id: number): number =>
    ownOf(kind, metrics.nodes[id]);
  const total = (kind: BarKind, id: number): number =>
    kind === "blocks"
      ? (blocksTotal[id] ?? 0)
      : totalOf(kind, metrics.nodes[id]);
  const wholes: Partial<Record<BarKind, number>> = {};
  const whole = (kind: BarKind): number =>
    (wholes[kind] ??= wholeOf(kind, metrics, blocksTotal));
  return {
    metrics,
    bars: barsOf(plan, metrics),
    own,
    total,
    whole,
    numbers: (id) => ({
      rows: metrics.nodes[id]?.rowsTotal,
      estimatedRows: metrics.nodes[id]?.estimatedRowsTotal,
    }),
    offBy: (id) => {
      const error = metrics.nodes[id]?.offBy;
      if (error === undefined) return undefined;
      const { factor, direction, inherited } = error;
      return { times: factor, more: direction === "more", inherited };
    },
    hottest: (kind) =>
      indexOfMost(metrics.nodes.map((node) => ownOf(kind, node))),
  };
}

function barsOf(plan: Plan, metrics: PlanMetrics): readonly BarKind[] {
  const bars: BarKind[] =
    metrics.basis === "time" ? ["time", "cost"] : ["cost"];
  if (plan.analyzed) bars.push("rows");
  if (plan.root.blocks !== undefined) bars.push("blocks");
  return bars;
}

function ownOf(kind: BarKind, node: NodeMetrics | undefined): number {
  if (node === undefined) return 0;
  switch (kind) {
    case "time":
      return node.ownMs ?? 0;
    case "cost":
      return node.ownCost;
    case "rows":
      return node.rowsTotal ?? 0;
    case "blocks":
      return node.ownBlocks ?? 0;
  }
}

function totalOf(kind: BarKind, node: NodeMetrics | undefined): number {
  if (kind === "time") return node?.totalMs ?? 0;
  if (kind === "cost") return node?.totalCost ?? 0;
  return ownOf(kind, node);
}

function wholeOf(
  kind: BarKind,
  metrics: PlanMetrics,
  blocksTotal: readonly number[],
): number {
  const whole = {
    time: metrics.totalMs ?? 0,
    cost: metrics.totalCost,
    rows: Math.max(
      0,
      ...tops(metrics.nodes.map((node) => node.rowsTotal ?? 0)),
    ),
    blocks: blocksTotal[0] ?? 0,
  }[kind];
  return whole > 0 ? whole : 1;
}

/** The largest alone: spreading 10,000 numbers into a call is slow and may overflow. */
function tops(values: readonly number[]): readonly number[] {
  return [values[indexOfMost(values)] ?? 0];
}

function indexOfMost(values: readonly number[]): number {
  let most = 0;
  values.forEach((value, at) => {
    if (value > (values[most] ?? 0)) most = at;
  });
  return most;
}

/** Own values with everything below, by node id. */
function sumUp(plan: Plan, own: (id: number) => number): readonly number[] {
  const nodes = [...walk(plan)];
  const totals = nodes.map((node) => own(node.id));
  for (const node of nodes.reverse()) {
    totals[node.id] = node.children.reduce(
      (sum, child) => sum + (totals[child.id] ?? 0),
      own(node.id),
    );
  }
  return totals;
}

// The bounds of the design: from a tenth a step is warm, from two fifths hot.
const warmFrom = 0.1;
const hotFrom = 0.4;

export type Heat = "" | "warm" | "hot";

export function heatOf(share: number): Heat {
  if (share >= hotFrom) return "hot";
  return share >= warmFrom ? "warm" : "";
}
