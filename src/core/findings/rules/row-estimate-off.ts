import { formatCount, formatFactor } from "../../format.ts";
import { withoutLiterals } from "../../plan/expression-columns.ts";
import type { NodeMetrics } from "../../plan/metrics.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { renderOperator } from "../../plan/render-text.ts";
import {
  ancestorsOf,
  type Examination,
  matters,
  metricsOf,
  type Rule,
  severityOf,
} from "../examination.ts";
import type { Finding, Sentence } from "../finding.ts";
import { columnsIn, spanOf } from "../scans.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { listed, phrase } from "../../words.ts";
import { fewRows, wrongEstimateFactor } from "../thresholds.ts";

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

/** A call or an operator that computes: statistics are kept of columns, not of what is made of them. */
const hasComputation = (expression: string): boolean =>
  /(?<!ANY |ALL |ROW)\b(?!ANY|ALL|ROW)\w+\(| (?:[%+*/|-]|->>?|#>>?|\|\|) /u.test(
    withoutLiterals(expression),
  );

function describe(
  node: PlanNode,
  { offBy, rowsTotal, estimatedRowsTotal }: NodeMetrics,
  columns: readonly string[],
): Sentence {
  const values = [
    strong(renderOperator(node)),
    strong(formatCount(rowsTotal)),
    plain(formatCount(estimatedRowsTotal)),
    strong(
      phrase(
        offBy?.direction === "fewer" ? "{0} fewer" : "{0} more",
        formatFactor(offBy?.factor),
      ),
    ),
  ];
  if (node.conditions.some(({ expression }) => hasComputation(expression)))
    return sentence(
      "{0} returned {1} rows where {2} were expected, {3}: the planner has no statistics on an expression in its condition.",
      ...values,
    );
  return columns.length > 1
    ? sentence(
        "{0} returned {1} rows where {2} were expected, {3}: the planner takes {4} for independent of each other.",
        ...values,
        plain(listed(columns)),
      )
    : sentence(
        "{0} returned {1} rows where {2} were expected, {3}: the error starts here.",
        ...values,
      );
}

/** Off by enough, by enough rows, and not because an input was. */
function isCause({
  offBy,
  rowsTotal,
  estimatedRowsTotal,
}: NodeMetrics): boolean {
  if (offBy === undefined || offBy.inherited) return false;
  return (
    offBy.factor >= wrongEstimateFactor &&
    Math.max(rowsTotal ?? 0, estimatedRowsTotal ?? 0) >= fewRows
  );
}

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const metrics = metricsOf(examined, node);
  const share = affectedShare(examined, node);
  if (!isCause(metrics) || !matters(examined, node, share)) return undefined;
  const columns = estimatedColumns(examined, node);
  return {
    rule: "row-estimate-off",
    severity: severityOf(share),
    sentence: describe(node, metrics, columns),
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
