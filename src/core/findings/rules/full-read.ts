import { formatCount, formatShare } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import {
  type Examination,
  metricsOf,
  type Rule,
  rowsOf,
  severityOf,
  tableOf,
} from "../examination.ts";
import type { Finding, Sentence } from "../finding.ts";
import {
  columnsIn,
  filterOf,
  indexesOn,
  isSmall,
  rowsRead,
  spanOf,
} from "../scans.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { listed, phrase, type Text } from "../../words.ts";
import { fewRows, keptShareAtMost, worthShare } from "../thresholds.ts";

const describeKept = (kept: number, read: number): Text => {
  const rows = Math.round(kept);
  if (kept / read >= 0.01) return formatShare(kept / read);
  if (rows === 0) return phrase("none");
  return rows === 1 ? phrase("1 row") : phrase("{0} rows", formatCount(rows));
};

function describe(
  examined: Examination,
  node: PlanNode,
  read: number,
  columns: readonly string[],
): Sentence {
  const values = [
    strong(node.relation?.name ?? ""),
    plain(formatCount(read)),
    strong(describeKept(rowsOf(examined, node), read)),
  ];
  const index = indexesOn(tableOf(examined, node), columns)[0];
  if (index !== undefined)
    return sentence(
      "Reading all of {0} ({1} rows) to keep {2}: the planner expects index {3} to cost more.",
      ...values,
      plain(index.name),
    );
  return columns.length === 0
    ? sentence(
        "Reading all of {0} ({1} rows) to keep {2}: no index serves the condition.",
        ...values,
      )
    : sentence(
        "Reading all of {0} ({1} rows) to keep {2}: no index begins with {3}.",
        ...values,
        plain(listed(columns)),
      );
}

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const filter = filterOf(node);
  const read = rowsRead(examined, node);
  if (filter === undefined || read === undefined || isSmall(examined, node))
    return undefined;
  const { share, neverExecuted } = metricsOf(examined, node);
  if (neverExecuted || share < worthShare || read < fewRows) return undefined;
  if (rowsOf(examined, node) > read * keptShareAtMost) return undefined;
  const columns = columnsIn(examined, node, filter).map(({ name }) => name);
  return {
    rule: "full-read",
    severity: severityOf(share),
    sentence: describe(examined, node, read, columns),
    nodeId: node.id,
    share,
    span: spanOf(examined, node, columns),
  };
}

/** A sequential scan that reads far more than it returns. */
export const fullRead: Rule = {
  id: "full-read",
  title: "Full read of a large table",
  find: (examined) =>
    examined.index.nodes
      .filter(({ kind }) => kind === "seqScan")
      .flatMap((node) => findOne(examined, node) ?? []),
};
