import { formatCount } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { inputsOf } from "../../plan/plan-index.ts";
import { toOriginalSpan } from "../../plan/references.ts";
import {
  type Examination,
  metricsOf,
  type Rule,
  severityOf,
} from "../examination.ts";
import type { Finding } from "../finding.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { fewRows, worthShare } from "../thresholds.ts";

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

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const input = inputsOf(node)[0];
  const construct = examined.statement?.facts.constructs.find(
    ({ kind }) => kind === "offset",
  );
  if (input === undefined || node.neverExecuted) return undefined;
  const written = construct?.kind === "offset" ? construct.rows : undefined;
  const planned = skippedRows(node, input);
  const skipped =
    node.actual === undefined && planned > 0 ? (written ?? planned) : planned;
  if (skipped < fewRows) return undefined;
  const kept = node.actual?.rowsPerLoop ?? node.estimate?.rowsPerLoop ?? 0;
  const share =
    metricsOf(examined, node).totalShare * (skipped / (skipped + kept));
  if (share < worthShare) return undefined;
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
    span:
      construct === undefined || examined.statement === undefined
        ? undefined
        : toOriginalSpan(examined.statement, construct.span),
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
