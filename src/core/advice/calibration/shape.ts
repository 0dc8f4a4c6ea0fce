import type { Plan, PlanNode } from "../../plan/plan.ts";
import { walk } from "../../plan/walk.ts";

/** Two plans of so many operators are alike or not by then. */
const mostOperators = 100;

const tellNode = ({ operator, relation }: PlanNode): string =>
  relation === undefined ? operator : `${operator} on ${relation.name}`;

/** Operators and tables in preorder. Names of indexes are left out: a hypothetical one has another than the one built. */
export const shapeOf = (plan: Plan): readonly string[] =>
  [...walk(plan)].slice(0, mostOperators).map(tellNode);
