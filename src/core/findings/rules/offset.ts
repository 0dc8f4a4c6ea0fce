import { formatCount } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { inputsOf } from "../../plan/plan-index.ts";
import { toOriginalSpan } from "../../plan/references.ts";
import type { Construct } from "../../sql/statement.ts";
import {
  type Examination,
  matters,
  metricsOf,
  type Rule,
  severityOf,
} from "../examination.ts";
import type { Finding } from "../finding.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { fewRows } from "../thresholds.ts";

/** The part of the input's run that comes before the first row is returned, times its rows (create_limit_path, pathnode.c). */
function expectedSkip(limit: PlanNode, input: PlanNode): number {
  const { estimate: of } = limit;
  const { estimate: from } = input;
  if (of === undefined || from === undefined) return 0;
  const run = from.totalCost - from.startupCost;
  return run > 0
    ? ((of.startupCost - from.startupCost) / run) * from.rowsPerLoop
    : 0;
}

function skippedRows(limit: PlanNode, input: PlanNode): number {
  if (limit.actual === undefined || input.actual === undefined)
    return expectedSkip(limit, input);
  const counted = input.actual.rowsPerLoop - limit.actual.rowsPerLoop;
  // Workers run ahead of a LIMIT: only what was also planned is skipped on purpose.
  return Math.min(counted, Math.max(expectedSkip(limit, input), 0) * 2);
}

type OffsetConstruct = Extract<Construct, { readonly kind: "offset" }>;

const findConstruct = (examined: Examination): OffsetConstruct | undefined =>
  examined.statement?.facts.constructs.find(
    (construct): construct is OffsetConstruct => construct.kind === "offset",
  );

/** What was counted; else the number written, which the planner's share only approximates. */
function skippedBy(
  examined: Examination,
  node: PlanNode,
  input: PlanNode,
): number {
  const planned = skippedRows(node, input);
  return node.actual === undefined && planned > 0
    ? (findConstruct(examined)?.rows ?? planned)
    : planned;
}

function spanOfOffset(examined: Examination): Finding["span"] {
  const { statement } = examined;
  const construct = findConstruct(examined);
  return construct === undefined || statement === undefined
    ? undefined
    : toOriginalSpan(statement, construct.span);
}

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const input = inputsOf(node)[0];
  const skipped = input === undefined ? 0 : skippedBy(examined, node, input);
  if (skipped < fewRows) return undefined;
  const kept = node.actual?.rowsPerLoop ?? node.estimate?.rowsPerLoop ?? 0;
  const { totalShare } = metricsOf(examined, node);
  const share = totalShare * (skipped / (skipped + kept));
  if (!matters(examined, node, share)) return undefined;
  return {
    rule: "offset",
    severity: severityOf(share),
    sentence: sentence(
      "OFFSET reads {0} rows and throws them away to return {1}: the later the page, the slower.",
      strong(formatCount(skipped)),
      plain(formatCount(kept)),
    ),
    nodeId: node.id,
    share,
    span: spanOfOffset(examined),
  };
}

/** OFFSET that skips many rows. */
export const offset: Rule = {
  id: "offset",
  title: "OFFSET that skips many rows",
  find: (examined) =>
    examined.index.nodes
      .filter(({ kind }) => kind === "limit")
      .flatMap((node) => findOne(examined, node) ?? []),
};
