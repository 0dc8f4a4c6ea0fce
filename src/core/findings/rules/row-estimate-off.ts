import { formatCount, formatFactor } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { renderOperator } from "../../plan/render-text.ts";
import {
  ancestorsOf,
  type Examination,
  metricsOf,
  type Rule,
  severityOf,
} from "../examination.ts";
import type { Finding } from "../finding.ts";
import { columnsIn, listed, spanOf } from "../scans.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { fewRows, worthShare, wrongEstimateFactor } from "../thresholds.ts";

/** Operators that were planned for the wrong number of rows: this one and those above it. */
function affectedShare(examined: Examination, node: PlanNode): number {
  const above = [...ancestorsOf(examined, node)].map(
    (ancestor) => metricsOf(examined, ancestor).share,
  );
  return Math.max(metricsOf(examined, node).share, ...above);
}

function estimatedColumns(
  examined: Examination,
  node: PlanNode,
): readonly string[] {
  const names = node.conditions.flatMap(({ expression }) =>
    columnsIn(examined, node, expression).map(({ name }) => name),
  );
  return [...new Set(names)];
}

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const {
    offBy,
    rowsTotal = 0,
    estimatedRowsTotal = 0,
  } = metricsOf(examined, node);
  if (
    offBy === undefined ||
    offBy.inherited ||
    offBy.factor < wrongEstimateFactor
  )
    return undefined;
  if (Math.max(rowsTotal, estimatedRowsTotal) < fewRows) return undefined;
  const share = affectedShare(examined, node);
  if (share < worthShare) return undefined;
  const columns = estimatedColumns(examined, node);
  const words = offBy.direction === "more" ? "{3} more" : "{3} fewer";
  const together =
    columns.length > 1
      ? ": the planner takes {4} for independent of each other."
      : ": the error starts here.";
  return {
    rule: "row-estimate-off",
    severity: severityOf(share),
    sentence: sentence(
      `{0} returned {1} rows where {2} were expected, ${words}${together}`,
      strong(renderOperator(node)),
      strong(formatCount(rowsTotal)),
      plain(formatCount(estimatedRowsTotal)),
      strong(formatFactor(offBy.factor)),
      ...(columns.length > 1 ? [plain(listed(columns))] : []),
    ),
    nodeId: node.id,
    share,
    span: spanOf(examined, node, columns),
  };
}

/** A row estimate that is off by more than ten times, reported where the error begins. */
export const rowEstimateOff: Rule = {
  id: "row-estimate-off",
  title: "Row estimate far off",
  find: (examined) =>
    examined.plan.analyzed
      ? examined.index.nodes.flatMap((node) => findOne(examined, node) ?? [])
      : [],
};
