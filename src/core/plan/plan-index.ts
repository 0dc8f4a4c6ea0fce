import type { Plan, PlanNode } from "./plan.ts";
import { visit } from "./walk.ts";

/** A plan as arrays, position = node id, so that nothing has to recurse. */
export interface PlanIndex {
  readonly nodes: readonly PlanNode[];
  /** Id of the parent; −1 at the root. */
  readonly parent: readonly number[];
  readonly depth: readonly number[];
}

export function indexPlan(plan: Plan): PlanIndex {
  const nodes: PlanNode[] = [];
  const parent: number[] = [];
  const depth: number[] = [];
  for (const step of visit(plan)) {
    nodes.push(step.node);
    parent.push(step.parent?.id ?? -1);
    depth.push(step.depth);
  }
  return { nodes, parent, depth };
}

/** CTE bodies and uncorrelated subqueries: listed where they are declared, executed where they are first needed. */
export const isInitPlan = (node: PlanNode): boolean =>
  node.relationship === "InitPlan";

export const isSubPlan = (node: PlanNode): boolean =>
  node.relationship === "SubPlan";

/** Children that hand rows to their parent. */
export const inputsOf = (node: PlanNode): readonly PlanNode[] =>
  node.children.filter((child) => !isInitPlan(child) && !isSubPlan(child));

/** `c` of `CTE c`. */
export const cteNameOf = (node: PlanNode): string | undefined =>
  node.subplanName?.startsWith("CTE ") === true
    ? node.subplanName.slice("CTE ".length)
    : undefined;

/** A lookup of an array that is known to hold it. */
export const at = (numbers: readonly number[], position: number): number =>
  numbers[position] ?? 0;
