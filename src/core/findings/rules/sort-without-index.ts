import { formatBytes, formatCount, shortened } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { inputsOf } from "../../plan/plan-index.ts";
import { toOriginalSpan } from "../../plan/references.ts";
import { readMentions } from "../../plan/expression-columns.ts";
import {
  type Examination,
  metricsOf,
  parentOf,
  type Rule,
  rowsOf,
  severityOf,
} from "../examination.ts";
import type { Finding, Sentence } from "../finding.ts";
import { listed } from "../../words.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { fewRows, worthShare } from "../thresholds.ts";
import { workMemoryBytes } from "../work-memory.ts";

/** Bytes the sort needs on disk: counted, else expected from width when it will not fit; undefined when in memory. */
function spilledBytes(
  examined: Examination,
  node: PlanNode,
  rows: number,
): number | undefined {
  if (node.actual !== undefined)
    return node.sort?.onDisk === true
      ? node.sort.spaceKilobytes * 1024
      : undefined;
  // A sort under LIMIT keeps only the first rows in memory.
  if (limitAbove(examined, node) !== undefined) return undefined;
  const bytes = rows * (node.estimate?.widthBytes ?? 0);
  return bytes > workMemoryBytes(examined) ? bytes : undefined;
}

const passing: ReadonlySet<string> = new Set([
  "gatherMerge",
  "gather",
  "result",
  "projectSet",
  "subqueryScan",
  "lockRows",
]);

/** The LIMIT this sort serves, through operators that hand rows on one by one. */
function limitAbove(
  examined: Examination,
  node: PlanNode,
): PlanNode | undefined {
  let up = parentOf(examined, node);
  while (up !== undefined && passing.has(up.kind)) up = parentOf(examined, up);
  return up?.kind === "limit" ? up : undefined;
}

const keyText = (key: string): string =>
  key.replace(/ (?:DESC|NULLS FIRST|NULLS LAST)/gu, "");

function spanOfOrder(examined: Examination, node: PlanNode): Finding["span"] {
  const { statement } = examined;
  if (statement === undefined) return undefined;
  const keys = node.sortKeys.map((key) => ({
    mentions: readMentions(key),
    qualifier: /^(\w+)\./u.exec(key)?.[1],
  }));
  const use = statement.facts.columns.find(
    ({ role, column, qualifier }) =>
      role === "sort" &&
      keys.some((key) => key.mentions(column, qualifier ?? key.qualifier)),
  );
  const order = statement.facts.constructs.find(
    ({ kind }) => kind === "orderBy",
  );
  const span = use?.span ?? order?.span;
  return span === undefined ? undefined : toOriginalSpan(statement, span);
}

function describe(
  examined: Examination,
  node: PlanNode,
  rows: number,
): Sentence | undefined {
  const keys = listed(node.sortKeys.map((key) => shortened(keyText(key))));
  const bytes = spilledBytes(examined, node, rows);
  if (bytes !== undefined)
    return sentence(
      node.actual === undefined
        ? "Sorting about {0} rows by {1} needs about {2}, more than work_mem: it will go through temporary files."
        : "Sorting {0} rows by {1} wrote {2} to temporary files: it did not fit into work_mem.",
      strong(formatCount(rows)),
      plain(keys),
      strong(formatBytes(bytes)),
    );
  const limit = limitAbove(examined, node);
  if (limit === undefined) return undefined;
  const kept = limit.actual?.rowsPerLoop ?? limit.estimate?.rowsPerLoop ?? 0;
  // Sorting what is returned anyway is no waste.
  if (kept * 2 > rows) return undefined;
  return sentence(
    "Reading and sorting {0} rows to return the first {1}: no index delivers them in the order of {2}.",
    strong(formatCount(rows)),
    plain(formatCount(kept)),
    strong(keys),
  );
}

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const input = inputsOf(node)[0];
  const rows = input === undefined ? 0 : rowsOf(examined, input);
  const { share, totalShare, neverExecuted } = metricsOf(examined, node);
  if (neverExecuted || rows < fewRows) return undefined;
  // For a LIMIT an index would save reading the input too.
  const saves = limitAbove(examined, node) === undefined ? share : totalShare;
  const said = saves < worthShare ? undefined : describe(examined, node, rows);
  return said === undefined
    ? undefined
    : {
        rule: "sort-without-index",
        severity: severityOf(saves),
        sentence: said,
        nodeId: node.id,
        share: saves,
        span: spanOfOrder(examined, node),
      };
}

/** A sort that spills, or that an index could replace under a LIMIT. */
export const sortWithoutIndex: Rule = {
  id: "sort-without-index",
  title: "Sort that an index could replace",
  find: (examined) =>
    examined.index.nodes
      .filter(({ kind }) => kind === "sort" || kind === "incrementalSort")
      .flatMap((node) => findOne(examined, node) ?? []),
};
