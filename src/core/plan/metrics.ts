import type { Attribution } from "./attribution.ts";
import { attributeMeasured, elapsedMs } from "./elapsed.ts";
import { attributeCost, expectedLoops } from "./expected-cost.ts";
import { findParallelism, type Parallelism } from "./parallel.ts";
import type { Plan, PlanNode } from "./plan.ts";
import { at, indexPlan, type PlanIndex } from "./plan-index.ts";
import {
  actualRuns,
  estimatedRows,
  findRowErrors,
  type RowError,
} from "./row-error.ts";

/** What one operator took, over all its loops and processes. */
export interface NodeMetrics {
  readonly id: number;
  /** Wall time of the operator itself, ≥ 0; undefined when the plan was not timed. A CTE or uncorrelated subquery counts at its own nodes only. */
  readonly ownMs: number | undefined;
  /** Wall time with everything below it, as the server measured it. */
  readonly totalMs: number | undefined;
  /** Part of the root's cost this operator is expected to take itself over all runs. */
  readonly ownCost: number;
  /** With everything below. Over all runs; the cost of one run is `estimate.totalCost`. */
  readonly totalCost: number;
  /** Rows over all loops; undefined when the plan did not run. */
  readonly rowsTotal: number | undefined;
  /** What the planner expected over as many runs; without ANALYZE over the runs it expected. */
  readonly estimatedRowsTotal: number | undefined;
  readonly offBy: RowError | undefined;
  /** Own share of the whole, 0 to 1: of time when measured, else of cost. */
  readonly share: number;
  /** With everything below, 0 to 1. */
  readonly totalShare: number;
  /** Shared, local and temporary blocks touched by the operator itself, when counted. */
  readonly ownBlocks: number | undefined;
  /** Runs: measured, else expected. */
  readonly loops: number;
  readonly neverExecuted: boolean;
}

export interface PlanMetrics {
  /** What `share` is a share of. */
  readonly basis: "time" | "cost";
  /** Sum of all own times in milliseconds; more than the root's when a writing CTE ran after it. */
  readonly totalMs: number | undefined;
  readonly totalCost: number;
  /** Position = node id. */
  readonly nodes: readonly NodeMetrics[];
  /** The operator with the largest own share. */
  readonly hottestId: number;
  /** From the root to the hottest operator, both included. */
  readonly hotPath: readonly number[];
}

const share = (part: number, whole: number): number =>
  whole > 0 ? Math.min(1, part / whole) : 0;

const blocksOf = (node: PlanNode): number => {
  const { blocks } = node;
  if (blocks === undefined) return 0;
  const { sharedHit, sharedRead, localHit, localRead, tempRead, tempWritten } =
    blocks;
  return sharedHit + sharedRead + localHit + localRead + tempRead + tempWritten;
};

function pathTo(index: PlanIndex, id: number): readonly number[] {
  const path: number[] = [];
  for (let up = id; up >= 0; up = at(index.parent, up)) path.unshift(up);
  return path;
}

function measureRows(
  index: PlanIndex,
  parallelism: Parallelism,
): readonly Pick<
  NodeMetrics,
  "rowsTotal" | "estimatedRowsTotal" | "offBy" | "loops" | "neverExecuted"
>[] {
  const expected = expectedLoops(index);
  const errors = findRowErrors(index, parallelism);
  return index.nodes.map((node) => ({
    rowsTotal:
      node.actual === undefined
        ? undefined
        : node.actual.rowsPerLoop * node.actual.loops,
    estimatedRowsTotal: estimatedRows(
      node,
      node.actual === undefined
        ? at(expected, node.id)
        : actualRuns(node, parallelism),
      parallelism,
    ),
    offBy: errors[node.id],
    loops: node.actual?.loops ?? at(expected, node.id),
    neverExecuted: node.neverExecuted,
  }));
}

function hottest(shares: readonly number[]): number {
  let best = 0;
  for (let id = 1; id < shares.length; id += 1)
    if (at(shares, id) > at(shares, best)) best = id;
  return best;
}

/** Splits time, cost and blocks at once. */
function measureAmounts(
  index: PlanIndex,
  times: readonly (number | undefined)[],
): {
  readonly time: Attribution | undefined;
  readonly cost: Attribution;
  readonly blocks: Attribution | undefined;
} {
  const root = index.nodes[0];
  return {
    time:
      times[0] === undefined
        ? undefined
        : attributeMeasured(index, (node) => times[node.id] ?? 0),
    cost: attributeCost(index),
    blocks:
      root?.blocks === undefined
        ? undefined
        : attributeMeasured(index, blocksOf),
  };
}

/** Totals over loops, own parts and shares of every operator; never throws. */
export function measurePlan(plan: Plan): PlanMetrics {
  const index = indexPlan(plan);
  const parallelism = findParallelism(plan, index);
  const times = index.nodes.map((node) => elapsedMs(node, parallelism));
  const { time, cost, blocks } = measureAmounts(index, times);
  const isTimed = time !== undefined && time.total > 0;
  const chosen = isTimed ? time : cost;
  const shares = chosen.own.map((own) => share(own, chosen.total));
  const nodes = measureRows(index, parallelism).map((row, id) => ({
    id,
    ownMs: time?.own[id],
    totalMs: times[id],
    ownCost: at(cost.own, id),
    totalCost: at(cost.inclusive, id),
    share: at(shares, id),
    totalShare: share(at(chosen.inclusive, id), chosen.total),
    ownBlocks: blocks?.own[id],
    ...row,
  }));
  const hottestId = hottest(shares);
  return {
    basis: isTimed ? "time" : "cost",
    totalMs: time?.total,
    totalCost: cost.total,
    nodes,
    hottestId,
    hotPath: pathTo(index, hottestId),
  };
}
