import type { CatalogForeignKey, CatalogTable } from "../../catalog.ts";
import { formatCount } from "../../format.ts";
import { mentionsColumn } from "../../plan/expression-columns.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { planAliasOf } from "../../plan/references.ts";
import {
  ancestorsOf,
  type Examination,
  metricsOf,
  type Rule,
  rowsOf,
  severityOf,
  tableOf,
} from "../examination.ts";
import type { Finding } from "../finding.ts";
import { indexesOn, isSmall, rowsRead, spanOf } from "../scans.ts";
import { listed } from "../../words.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { fewRows, keptShareAtMost, worthShare } from "../thresholds.ts";

const joins: ReadonlySet<string> = new Set([
  "hashJoin",
  "mergeJoin",
  "nestedLoop",
]);

const hasIndex = (table: CatalogTable, key: CatalogForeignKey): boolean =>
  indexesOn(table, key.columns.slice(0, 1)).length > 0;

const joinsOn = (
  join: PlanNode,
  node: PlanNode,
  key: CatalogForeignKey,
): boolean =>
  join.conditions.some(({ expression }) =>
    key.columns.every((column) =>
      mentionsColumn(expression, column, planAliasOf(node)),
    ),
  );

/** A whole table read to find, by its foreign key, the few rows that belong to others. */
function findInJoin(
  examined: Examination,
  node: PlanNode,
): Finding | undefined {
  const table = tableOf(examined, node);
  const read = rowsRead(examined, node);
  const { share } = metricsOf(examined, node);
  if (table === undefined || read === undefined || read < fewRows)
    return undefined;
  if (share < worthShare || isSmall(examined, node)) return undefined;
  const join = [...ancestorsOf(examined, node)].find(({ kind }) =>
    joins.has(kind),
  );
  if (join === undefined || rowsOf(examined, join) > read * keptShareAtMost)
    return undefined;
  const key = table.foreignKeys.find(
    (candidate) =>
      !hasIndex(table, candidate) && joinsOn(join, node, candidate),
  );
  if (key === undefined) return undefined;
  return {
    rule: "foreign-key-without-index",
    severity: severityOf(share),
    sentence: sentence(
      "Joining {0} by its foreign key {1} reads all {2} rows for {3}: no index begins with {1}.",
      strong(table.name),
      strong(listed(key.columns)),
      plain(formatCount(read)),
      plain(formatCount(rowsOf(examined, join))),
    ),
    nodeId: node.id,
    share,
    span: spanOf(examined, node, key.columns),
  };
}

/** Part of the run that checking the key took, when the server timed its trigger; its cost is in no plan, so an unmeasured one ranks first. */
function triggerShare(examined: Examination, key: string): number {
  const { triggers, executionMs } = examined.plan;
  const spent = triggers.find(({ name }) => name.includes(key))?.totalMs;
  if (spent === undefined || executionMs === undefined || executionMs <= 0)
    return examined.plan.analyzed ? 0 : 1;
  return Math.min(1, spent / executionMs);
}

/** Keys that have to be looked up in other tables for each deleted row. */
function findInDelete(
  examined: Examination,
  node: PlanNode,
): readonly Finding[] {
  const table = tableOf(examined, node);
  if (table === undefined || node.fields["Operation"] !== "Delete") return [];
  return table.referencedBy
    .filter(
      (holder) => !holder.hasIndex && (holder.estimatedRows ?? 0) >= fewRows,
    )
    .map((holder) => ({ holder, share: triggerShare(examined, holder.key) }))
    .filter(({ share }) => share >= worthShare)
    .map(({ holder, share }) => ({
      rule: "foreign-key-without-index",
      severity: severityOf(share),
      sentence: sentence(
        "Each row deleted from {0} makes the server read all of {1} ({2} rows): its foreign key {3} has no index.",
        plain(table.name),
        strong(holder.table),
        plain(formatCount(holder.estimatedRows)),
        strong(listed(holder.columns)),
      ),
      nodeId: node.id,
      share,
      span: spanOf(examined, node, []),
    }));
}

/** A foreign key without an index, in a join or behind a DELETE. */
export const foreignKeyWithoutIndex: Rule = {
  id: "foreign-key-without-index",
  title: "Foreign key without index",
  find: (examined) =>
    examined.index.nodes.flatMap((node) => {
      if (node.kind === "modifyTable") return findInDelete(examined, node);
      return node.kind === "seqScan" ? (findInJoin(examined, node) ?? []) : [];
    }),
};
