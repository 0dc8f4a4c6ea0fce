import type { PlanNode } from "../plan/plan.ts";
import { walk } from "../plan/walk.ts";
import { type Examination, metricsOf, rowsOf } from "./examination.ts";
import { rowsRead } from "./scans.ts";
import {
  costlyRunCost,
  fewRows,
  manyComparisons,
  repeatedRuns,
} from "./thresholds.ts";

const scans: ReadonlySet<string> = new Set([
  "seqScan",
  "indexScan",
  "indexOnlyScan",
  "bitmapHeapScan",
  "cteScan",
  "functionScan",
  "subqueryScan",
]);

/** The scan that takes most of a repeated part of the plan, for its name and place. */
export function heaviestScan(
  examined: Examination,
  top: PlanNode,
): PlanNode | undefined {
  let best: PlanNode | undefined;
  for (const node of walk(top)) {
    if (!scans.has(node.kind)) continue;
    const heavier =
      best === undefined ||
      metricsOf(examined, node).totalShare >
        metricsOf(examined, best).totalShare;
    if (heavier) best = node;
  }
  return best;
}

/** Rows one run hands through: of a materialized input what is read again, else what its scan looks at. */
function rowsPerRun(examined: Examination, top: PlanNode): number {
  const { loops } = metricsOf(examined, top);
  if (top.kind === "materialize") return rowsOf(examined, top) / loops;
  const scan = heaviestScan(examined, top);
  if (scan === undefined) return 0;
  const scanLoops = Math.max(1, metricsOf(examined, scan).loops);
  return (rowsRead(examined, scan) ?? rowsOf(examined, scan)) / scanLoops;
}

/** A kept result is cheap to begin again, but each of its rows is compared with each row of the other side. */
const isCostlyToReread = (
  examined: Examination,
  top: PlanNode,
  loops: number,
): boolean => rowsPerRun(examined, top) * loops >= manyComparisons;

/** True when a part of the plan is run again and again and each run is more than a look-up. */
export function isCostlyRepetition(
  examined: Examination,
  top: PlanNode,
): boolean {
  const { loops, neverExecuted } = metricsOf(examined, top);
  if (neverExecuted || loops < repeatedRuns) return false;
  if (top.kind === "materialize") return isCostlyToReread(examined, top, loops);
  return (
    (top.estimate?.totalCost ?? 0) >= costlyRunCost ||
    rowsPerRun(examined, top) >= fewRows
  );
}
