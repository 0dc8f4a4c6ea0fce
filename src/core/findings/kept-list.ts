import { escapePattern } from "../escape-pattern.ts";
import { withoutLiterals } from "../plan/expression-columns.ts";
import type { PlanNode } from "../plan/plan.ts";
import { inputsOf, isSubPlan } from "../plan/plan-index.ts";
import { planAliasOf } from "../plan/references.ts";
import { walk } from "../plan/walk.ts";
import { type Examination, parentOf } from "./examination.ts";

/** How the operator above a subquery's plan names it in a condition. */
interface Mention {
  /** Without its literals. */
  readonly expression: string;
  /** It is probed as a hash table. */
  readonly isHashed: boolean;
  /** Where its name begins in the expression. */
  readonly at: number;
}

/** Where a condition of the operator above names the subquery; undefined where only its output does. */
export function findMention(
  examined: Examination,
  node: PlanNode,
): Mention | undefined {
  const name = node.subplanName;
  if (name === undefined) return undefined;
  const named = new RegExp(
    `(hashed )?(?<!\\w)${escapePattern(name)}(?!\\w)`,
    "u",
  );
  for (const condition of parentOf(examined, node)?.conditions ?? []) {
    const expression = withoutLiterals(condition.expression);
    const found = named.exec(expression);
    if (found !== null)
      return { expression, isHashed: found[1] !== undefined, at: found.index };
  }
  return undefined;
}

/** `NOT (SubPlan 1)`, since PostgreSQL 17 `NOT (ANY (id = (SubPlan 1).col1))`: compared with every value. */
const quantified = /(?:NOT \(|\b(?:ANY|ALL) \(.*\()$/u;

/** True when a condition below refers to a table that is read outside: what it returns differs from row to row. */
export function refersOutside(examined: Examination, node: PlanNode): boolean {
  const inside = [...walk(node)];
  const aliases = new Set(inside.map(planAliasOf));
  const expressions = inside.flatMap(({ conditions }) =>
    conditions.map(({ expression }) => withoutLiterals(expression)),
  );
  return examined.index.nodes
    .map(planAliasOf)
    .filter((alias) => alias !== undefined && !aliases.has(alias))
    .some((alias = "") => {
      const name = escapePattern(alias);
      const qualified = new RegExp(`(?<![\\w$".])"?${name}"?\\.`, "u");
      return expressions.some((expression) => qualified.test(expression));
    });
}

/** Operators that keep what they return, so that the server puts no Materialize above them (ExecMaterializesOutput, execAmi.c). */
const keeps: ReadonlySet<string> = new Set(["cteScan", "sort"]);

/**
 * True for a subquery that runs once and whose rows are then gone through for every row of the query around it:
 * the planner puts a Materialize above an uncorrelated one that it does not hash (build_subplan, subselect.c).
 */
export function isKeptList(examined: Examination, node: PlanNode): boolean {
  if (!isSubPlan(node)) return false;
  const mention = findMention(examined, node);
  if (mention?.isHashed === true) return false;
  if (node.kind === "materialize") return inputsOf(node).length > 0;
  return (
    keeps.has(node.kind) &&
    mention !== undefined &&
    quantified.test(mention.expression.slice(0, mention.at)) &&
    !refersOutside(examined, node)
  );
}
