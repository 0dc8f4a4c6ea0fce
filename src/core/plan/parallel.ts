import type { Plan, PlanNode } from "./plan.ts";
import { at, indexPlan, inputsOf, type PlanIndex } from "./plan-index.ts";

export interface Parallelism {
  /** Processes that ran this node side by side: times over loops are divided by it. 1 outside Gather and in plans that did not run. */
  readonly participants: readonly number[];
  /** What the planner divided row counts by; 1 where each process does the whole work itself. */
  readonly divisor: readonly number[];
}

/** get_parallel_divisor, costsize.c: the leader helps, less the more workers it serves (30 % of its time each). */
function parallelDivisor(workersPlanned: number, leaderHelps: boolean): number {
  const leader = leaderHelps ? Math.max(0, 1 - 0.3 * workersPlanned) : 0;
  return Math.max(1, workersPlanned + leader);
}

const isGather = (node: PlanNode): boolean =>
  node.kind === "gather" || node.kind === "gatherMerge";

function measuredParticipants(gather: PlanNode): number {
  const child = inputsOf(gather)[0];
  const loops = gather.actual?.loops ?? 0;
  const childLoops = child?.actual?.loops ?? 0;
  return loops > 0 ? Math.max(1, childLoops / loops) : 1;
}

/** Rows of a partial path are one process's share: it begins at a parallel-aware scan and goes up along outer inputs. */
function findPartial(index: PlanIndex): readonly boolean[] {
  const partial = index.nodes.map(() => false);
  for (let id = index.nodes.length - 1; id >= 0; id -= 1) {
    const node = index.nodes[id];
    if (node === undefined || isGather(node)) continue;
    const outer = inputsOf(node)[0];
    partial[id] =
      node.fields["Parallel Aware"] === true ||
      (outer !== undefined && partial[outer.id] === true);
  }
  return partial;
}

/** How many processes ran each node, from the loop counts the server reports. */
export function findParallelism(
  plan: Plan,
  index: PlanIndex = indexPlan(plan),
): Parallelism {
  const partial = findPartial(index);
  const leaderHelps = plan.settings["parallel_leader_participation"] !== "off";
  const participants: number[] = [];
  const planned: number[] = [];
  for (const { id } of index.nodes) {
    const parent = index.nodes[at(index.parent, id)];
    if (parent === undefined || id === 0) {
      participants.push(1);
      planned.push(1);
    } else if (isGather(parent) && inputsOf(parent)[0]?.id === id) {
      participants.push(measuredParticipants(parent));
      planned.push(parallelDivisor(parent.workersPlanned ?? 0, leaderHelps));
    } else {
      participants.push(at(participants, parent.id));
      planned.push(at(planned, parent.id));
    }
  }
  const divisor = planned.map((value, id) =>
    partial[id] === true ? value : 1,
  );
  return { participants, divisor };
}
