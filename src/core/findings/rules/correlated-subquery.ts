import { formatCount } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { isSubPlan } from "../../plan/plan-index.ts";
import {
  type Examination,
  metricsOf,
  type Rule,
  severityOf,
} from "../examination.ts";
import type { Finding } from "../finding.ts";
import { findMention, isKeptList, refersOutside } from "../kept-list.ts";
import { heaviestScan, isCostlyRepetition } from "../repeated-work.ts";
import { rowsRead } from "../scans.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { findSubquery, spanOfSubquery } from "../subquery-span.ts";
import { fewRows, worthShare } from "../thresholds.ts";

/** A plan that did not run counts a subquery in the output once per row, and does not say that it is hashed. */
const isHashedUnsaid = (examined: Examination, node: PlanNode): boolean =>
  !examined.plan.analyzed &&
  examined.statement !== undefined &&
  findMention(examined, node) === undefined &&
  !refersOutside(examined, node) &&
  findSubquery(examined, node)?.kind !== "correlatedSubquery";

const runsOnce = (examined: Examination, node: PlanNode): boolean =>
  findMention(examined, node)?.isHashed === true ||
  isHashedUnsaid(examined, node) ||
  isKeptList(examined, node);

function describe(examined: Examination, node: PlanNode): Finding["sentence"] {
  const { loops } = metricsOf(examined, node);
  const runs = strong(formatCount(loops));
  const scan = heaviestScan(examined, node);
  const name = scan?.relation?.name;
  if (scan === undefined || name === undefined)
    return sentence("The subquery runs {0} times, once for each row.", runs);
  const read = rowsRead(examined, scan);
  const rows =
    read === undefined
      ? undefined
      : read / Math.max(1, metricsOf(examined, scan).loops);
  return rows === undefined || rows < fewRows
    ? sentence(
        "The subquery on {1} runs {0} times, once for each row: a join would read it once.",
        runs,
        strong(name),
      )
    : sentence(
        "The subquery runs {0} times, once for each row, and reads {2} rows of {1} each time.",
        runs,
        strong(name),
        plain(formatCount(rows)),
      );
}

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const { totalShare, loops, neverExecuted } = metricsOf(examined, node);
  if (neverExecuted || totalShare < worthShare) return undefined;
  if (runsOnce(examined, node)) return undefined;
  // Cheap runs matter too once there are very many of them.
  if (loops < fewRows && !isCostlyRepetition(examined, node)) return undefined;
  return {
    rule: "correlated-subquery",
    severity: severityOf(totalShare),
    sentence: describe(examined, node),
    nodeId: node.id,
    share: totalShare,
    span: spanOfSubquery(examined, node),
  };
}

/** A subquery that is run again for every row of the query around it. */
export const correlatedSubquery: Rule = {
  id: "correlated-subquery",
  title: "Subquery that runs once per row",
  find: (examined) =>
    examined.index.nodes
      .filter(isSubPlan)
      .flatMap((node) => findOne(examined, node) ?? []),
};
