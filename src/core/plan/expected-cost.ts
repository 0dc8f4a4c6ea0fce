import { type Attribution, attribute, type Part } from "./attribution.ts";
import type { PlanNode } from "./plan.ts";
import {
  at,
  inputsOf,
  isInitPlan,
  isSubPlan,
  type PlanIndex,
} from "./plan-index.ts";

/** cpu_operator_cost's default: what re-reading one materialized row costs (cost_rescan, costsize.c). */
const rereadCostPerRow = 0.0025;

/** cost_recursive_union, costsize.c: "arbitrarily assume that about 10 recursive iterations will be needed". */
const assumedIterations = 10;

const costOf = (node: PlanNode): number => node.estimate?.totalCost ?? 0;

const isInner = (node: PlanNode): boolean => node.relationship === "Inner";

/** How often the planner expects an input to be run again for each run of its parent. */
function inputRuns(parent: PlanNode, input: PlanNode): number {
  if (parent.kind === "nestedLoop" && isInner(input)) {
    const outer = inputsOf(parent).find((child) => !isInner(child));
    return Math.max(1, outer?.estimate?.rowsPerLoop ?? 1);
  }
  if (parent.kind === "recursiveUnion" && isInner(input))
    return assumedIterations;
  return 1;
}

function inputCost(parent: PlanNode, input: PlanNode): number {
  const runs = inputRuns(parent, input);
  if (input.kind !== "materialize") return costOf(input) * runs;
  const rows = input.estimate?.rowsPerLoop ?? 0;
  return costOf(input) + (runs - 1) * rows * rereadCostPerRow;
}

/** True when the subquery is read once into a hash table and probed. */
const isHashed = (parent: PlanNode, subPlan: PlanNode): boolean =>
  subPlan.subplanName !== undefined &&
  parent.conditions.some(({ expression }) =>
    expression.includes(`hashed ${subPlan.subplanName ?? ""}`),
  );

const isInCondition = (parent: PlanNode, subPlan: PlanNode): boolean =>
  subPlan.subplanName !== undefined &&
  parent.conditions.some(({ expression }) =>
    expression.includes(subPlan.subplanName ?? ""),
  );

/**
 * A correlated subquery in the output runs once per row; in a condition once
 * per row tested, which a plan does not say: then what is left of the cost is
 * its, because reading a row costs far less than running a plan for it.
 */
function subPlanCost(
  parent: PlanNode,
  subPlan: PlanNode,
  rest: number,
): number {
  const once = costOf(subPlan);
  if (isHashed(parent, subPlan)) return once;
  if (isInCondition(parent, subPlan)) return Math.max(once, rest);
  return once * Math.max(1, parent.estimate?.rowsPerLoop ?? 1);
}

function partsOf(node: PlanNode): readonly Part[] {
  const parts: Part[] = [];
  let rest = costOf(node);
  const add = (child: PlanNode, amount: number): void => {
    rest = Math.max(0, rest - amount);
    const startup = child.estimate?.startupCost ?? 0;
    const fixed = isInitPlan(child) ? amount : isSubPlan(child) ? 0 : startup;
    if (amount > 0) parts.push({ id: child.id, amount, fixed });
  };
  // The planner charges CTEs and uncorrelated subqueries where they are declared.
  for (const child of node.children)
    if (!isSubPlan(child)) add(child, inputCost(node, child));
  for (const child of node.children)
    if (isSubPlan(child)) add(child, subPlanCost(node, child, rest));
  return parts;
}

/** Splits the root's cost into what each node contributes over all the runs the planner expects. */
export function attributeCost(index: PlanIndex): Attribution {
  return attribute({
    amounts: index.nodes.map(costOf),
    parts: index.nodes.map(partsOf),
    outside: index.nodes
      .slice(0, 1)
      .map((root) => ({ id: root.id, amount: costOf(root) })),
  });
}

/** Runs of each node over the whole statement as the planner expects them, by id. */
export function expectedLoops(index: PlanIndex): readonly number[] {
  const loops: number[] = [];
  for (const node of index.nodes) {
    const parent = index.nodes[at(index.parent, node.id)];
    if (parent === undefined || node.id === 0) {
      loops.push(1);
      continue;
    }
    const runs =
      isSubPlan(node) && !isHashed(parent, node)
        ? Math.max(1, parent.estimate?.rowsPerLoop ?? 1)
        : inputRuns(parent, node);
    const repeated = parent.kind === "materialize" ? 1 : at(loops, parent.id);
    loops.push(repeated * runs);
  }
  return loops;
}
