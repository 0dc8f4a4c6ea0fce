import { formatCount } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { inputsOf } from "../../plan/plan-index.ts";
import {
  type Examination,
  metricsOf,
  type Rule,
  severityOf,
} from "../examination.ts";
import type { Finding } from "../finding.ts";
import { heaviestScan, isCostlyRepetition } from "../repeated-work.ts";
import { conditionUses, rowsRead, spanOf } from "../scans.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { worthShare } from "../thresholds.ts";

const innerOf = (join: PlanNode): PlanNode | undefined =>
  inputsOf(join).find(({ relationship }) => relationship === "Inner");

function describe(
  examined: Examination,
  inner: PlanNode,
  scan: PlanNode | undefined,
): Finding["sentence"] {
  const { loops } = metricsOf(examined, inner);
  const name = scan?.relation?.name ?? scan?.target ?? inner.operator;
  const scanned = scan === undefined ? undefined : rowsRead(examined, scan);
  const scanLoops =
    scan === undefined ? 1 : Math.max(1, metricsOf(examined, scan).loops);
  return scanned === undefined || inner.kind === "materialize"
    ? sentence(
        "The nested loop goes through {0} {1} times, once for each row of its other side.",
        strong(name),
        strong(formatCount(loops)),
      )
    : sentence(
        "The nested loop reads {0} {1} times, {2} rows each time.",
        strong(name),
        strong(formatCount(loops)),
        plain(formatCount(scanned / scanLoops)),
      );
}

function findOne(examined: Examination, join: PlanNode): Finding | undefined {
  const inner = innerOf(join);
  if (inner === undefined || !isCostlyRepetition(examined, inner))
    return undefined;
  // Comparing the rows is the join's own work and comes from the same cause.
  const share = Math.min(
    1,
    metricsOf(examined, inner).totalShare + metricsOf(examined, join).share,
  );
  if (share < worthShare) return undefined;
  const scan = heaviestScan(examined, inner);
  const joinColumns =
    scan === undefined
      ? []
      : conditionUses(examined, scan)
          .filter(({ role }) => role === "join")
          .map(({ column }) => column);
  return {
    rule: "costly-inner-side",
    severity: severityOf(share),
    sentence: describe(examined, inner, scan),
    nodeId: inner.id,
    share,
    span: scan === undefined ? undefined : spanOf(examined, scan, joinColumns),
  };
}

/** A nested loop whose inner side is more than a look-up. */
export const costlyInnerSide: Rule = {
  id: "costly-inner-side",
  title: "Nested loop with a costly inner side",
  find: (examined) =>
    examined.index.nodes
      .filter(({ kind }) => kind === "nestedLoop")
      .flatMap((node) => findOne(examined, node) ?? []),
};
