import { formatCount } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { isSubPlan } from "../../plan/plan-index.ts";
import { findReference, toOriginalSpan } from "../../plan/references.ts";
import { walk } from "../../plan/walk.ts";
import type { Construct } from "../../sql/statement.ts";
import {
  type Examination,
  metricsOf,
  parentOf,
  type Rule,
  severityOf,
} from "../examination.ts";
import type { Finding } from "../finding.ts";
import { heaviestScan, isCostlyRepetition } from "../repeated-work.ts";
import { rowsRead } from "../scans.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { fewRows, worthShare } from "../thresholds.ts";

const isHashed = (parent: PlanNode | undefined, node: PlanNode): boolean =>
  parent?.conditions.some(({ expression }) =>
    expression.includes(`hashed ${node.subplanName ?? ""}`),
  ) === true;

const subqueries: ReadonlySet<Construct["kind"]> = new Set([
  "correlatedSubquery",
  "notInSubquery",
]);

/** The subquery in the statement that names a table this part of the plan reads; the innermost one. */
function spanOfSubquery(
  examined: Examination,
  node: PlanNode,
): Finding["span"] {
  const { statement } = examined;
  if (statement === undefined) return undefined;
  const tables = [...walk(node)].flatMap(
    (inside) => findReference(inside, statement)?.span ?? [],
  );
  const around = statement.facts.constructs
    .filter(({ kind }) => subqueries.has(kind))
    .filter(({ span }) =>
      tables.some(({ start, end }) => span.start <= start && end <= span.end),
    )
    .toSorted(
      (a, b) => a.span.end - a.span.start - (b.span.end - b.span.start),
    );
  const span = around[0]?.span ?? tables[0];
  return span === undefined ? undefined : toOriginalSpan(statement, span);
}

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
  if (isHashed(parentOf(examined, node), node)) return undefined;
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
