import { formatBytes, formatCount } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { phrase } from "../../words.ts";
import {
  type Examination,
  metricsOf,
  parentOf,
  type Rule,
  severityOf,
} from "../examination.ts";
import type { Finding, Sentence } from "../finding.ts";
import { findMention, isKeptList } from "../kept-list.ts";
import { isCostlyRepetition } from "../repeated-work.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { findSubquery, spanOfSubquery } from "../subquery-span.ts";
import { worthShare } from "../thresholds.ts";
import { hashMemoryBytes } from "../work-memory.ts";

/** A heap tuple's header, aligned, which each entry of a hash table has besides its value (subplan_is_hashable, subselect.c). */
const entryHeaderBytes = 24;
const alignment = 8;

/** What the planner expects the list to take as a hash table. */
function hashedBytes({ estimate }: PlanNode): number {
  const width = Math.ceil((estimate?.widthBytes ?? 0) / alignment) * alignment;
  return (estimate?.rowsPerLoop ?? 0) * (width + entryHeaderBytes);
}

/** How each row is compared with the list: `in` and `notIn` by `=`, which a hash table could answer. */
type Membership = "notIn" | "in" | "other";

/** As the plan writes it since PostgreSQL 17: `(NOT (ANY (id = (SubPlan 1).col1)))`. */
function membershipBefore(before: string): Membership | undefined {
  const any = before.lastIndexOf("(ANY (");
  if (any < 0 || !/ = \($/u.test(before)) return undefined;
  return before.slice(0, any).endsWith("(NOT ") ? "notIn" : "in";
}

function membershipOf(examined: Examination, node: PlanNode): Membership {
  const { expression = "", at = 0 } = findMention(examined, node) ?? {};
  const before = expression.slice(0, at);
  const isNotIn =
    before.endsWith("(NOT (") &&
    findSubquery(examined, node)?.kind === "notInSubquery";
  const membership = membershipBefore(before) ?? (isNotIn ? "notIn" : "other");
  // Under OR no anti join can take its place.
  return membership === "notIn" && / OR /u.test(expression) ? "in" : membership;
}

function describeNotIn(examined: Examination, node: PlanNode): Sentence {
  const bytes = hashedBytes(node);
  return bytes > hashMemoryBytes(examined)
    ? sentence(
        "NOT IN goes through {0} values for each row, one by one: as a hash table they would take {1}, more than work_mem × hash_mem_multiplier. NOT EXISTS can become an anti join and finds the same rows where neither side can be NULL; or raise work_mem.",
        valuesOf(node),
        strong(formatBytes(bytes)),
      )
    : sentence(
        "NOT IN goes through {0} values for each row, one by one. NOT EXISTS can become an anti join and finds the same rows where neither side can be NULL.",
        valuesOf(node),
      );
}

/** Counted, how many a row is compared with in the mean; else all that there are. */
const valuesOf = (node: PlanNode): ReturnType<typeof strong> =>
  strong(
    node.actual === undefined
      ? phrase("up to {0}", formatCount(node.estimate?.rowsPerLoop))
      : formatCount(node.actual.rowsPerLoop),
  );

function describe(examined: Examination, node: PlanNode): Sentence {
  const membership = membershipOf(examined, node);
  if (membership === "notIn") return describeNotIn(examined, node);
  const bytes = hashedBytes(node);
  return membership === "in" && bytes > hashMemoryBytes(examined)
    ? sentence(
        "For each row, {0} values of a subquery are compared one by one: as a hash table they would take {1}, more than work_mem × hash_mem_multiplier.",
        valuesOf(node),
        plain(formatBytes(bytes)),
      )
    : sentence(
        "For each row, {0} values of a subquery are compared one by one.",
        valuesOf(node),
      );
}

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const { totalShare } = metricsOf(examined, node);
  const parent = parentOf(examined, node);
  if (totalShare < worthShare || parent === undefined) return undefined;
  if (!isCostlyRepetition(examined, node)) return undefined;
  // Comparing is the work of the operator above and comes from the same cause.
  const share = Math.min(1, totalShare + metricsOf(examined, parent).share);
  return {
    rule: "unhashed-list",
    severity: severityOf(share),
    sentence: describe(examined, node),
    nodeId: node.id,
    share,
    span: spanOfSubquery(examined, node),
  };
}

/** The rows of a subquery that are gone through one by one for every row of the query around it. */
export const unhashedList: Rule = {
  id: "unhashed-list",
  title: "List compared value by value",
  find: (examined) =>
    examined.index.nodes
      .filter((node) => isKeptList(examined, node))
      .flatMap((node) => findOne(examined, node) ?? []),
};
