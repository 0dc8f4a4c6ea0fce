import { formatCount, formatShare } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { inputsOf } from "../../plan/plan-index.ts";
import {
  type Examination,
  matters,
  metricsOf,
  type Rule,
  rowsOf,
  rowsRemoved,
  severityOf,
} from "../examination.ts";
import type { Finding, Sentence } from "../finding.ts";
import { columnsIn, filterOf, isSmall, spanOf } from "../scans.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { listed, phrase } from "../../words.ts";
import { fewRows, keptShareAtMost } from "../thresholds.ts";

const scans: ReadonlySet<string> = new Set([
  "indexScan",
  "indexOnlyScan",
  "bitmapHeapScan",
]);

/** Rows fetched by way of the index: counted, else what the bitmap below is expected to hold. */
function fetched(examined: Examination, node: PlanNode): number | undefined {
  const removed = rowsRemoved(node, ["Filter"]);
  if (removed !== undefined) return rowsOf(examined, node) + removed;
  const bitmap = inputsOf(node)[0];
  return bitmap?.kind === "bitmapIndexScan"
    ? rowsOf(examined, bitmap)
    : undefined;
}

const indexName = (node: PlanNode): string | undefined =>
  node.index ?? inputsOf(node).find(({ index }) => index !== undefined)?.index;

function describe(
  node: PlanNode,
  rows: number,
  kept: number,
  columns: readonly string[],
): Sentence {
  const name = indexName(node);
  return sentence(
    columns.length > 0
      ? "{0} finds {1} rows of {2}, the filter on {4} then drops {3} of them."
      : "{0} finds {1} rows of {2}, the filter then drops {3} of them.",
    plain(name === undefined ? phrase("The index") : phrase("Index {0}", name)),
    strong(formatCount(rows)),
    plain(node.relation?.name ?? phrase("the table")),
    strong(formatShare(1 - kept / rows)),
    strong(listed(columns)),
  );
}

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const filter = filterOf(node);
  const rows = fetched(examined, node) ?? 0;
  const kept = rowsOf(examined, node);
  const { totalShare } = metricsOf(examined, node);
  if (filter === undefined || !matters(examined, node, totalShare))
    return undefined;
  if (rows < fewRows || kept > rows * keptShareAtMost) return undefined;
  if (isSmall(examined, node)) return undefined;
  const columns = columnsIn(examined, node, filter).map(({ name }) => name);
  return {
    rule: "index-filters-most",
    severity: severityOf(totalShare),
    sentence: describe(node, rows, kept, columns),
    nodeId: node.id,
    share: totalShare,
    span: spanOf(examined, node, columns),
  };
}

/** An index scan that throws away most of what it fetched. */
export const indexFiltersMost: Rule = {
  id: "index-filters-most",
  title: "Index scan that filters most of what it reads",
  find: (examined) =>
    examined.index.nodes
      .filter(({ kind }) => scans.has(kind))
      .flatMap((node) => findOne(examined, node) ?? []),
};
