import { formatCount } from "../../src/core/format.ts";
import type { OperatorKind, PlanNode } from "../../src/core/plan/plan.ts";
import { words } from "../../src/core/words.ts";
import { say, translate } from "../strings.ts";
import { targetName } from "./row-text.ts";

export interface OperationCounts {
  /** Over all loops; undefined when not measured. */
  readonly rows: number | undefined;
  readonly estimatedRows: number | undefined;
  readonly removed: number | undefined;
}

/** `{0}` is the table or other target, `{1}` the index. */
const sentences: Readonly<Record<OperatorKind, string>> = words({
  seqScan: "Reads the whole of {0}",
  sampleScan: "Reads a sample of {0}",
  indexScan:
    "Looks rows of {0} up through {1}, then fetches each from the table",
  indexOnlyScan:
    "Answers from {1} alone, without reading the table where it can",
  bitmapIndexScan: "Collects from {1} which pages hold matching rows",
  bitmapHeapScan:
    "Reads the pages of {0} that the bitmap below names, in their order on disk",
  bitmapAnd: "Keeps the pages that every bitmap below names",
  bitmapOr: "Joins the bitmaps below into one",
  tidScan: "Fetches rows of {0} by their place on disk",
  subqueryScan: "Passes on the rows of the subquery {0}",
  functionScan: "Calls {0} and reads the rows it returns",
  tableFunctionScan: "Reads the rows that {0} makes of a document",
  valuesScan: "Reads a list of rows written in the statement",
  cteScan: "Reads the rows of the WITH query {0}",
  workTableScan: "Reads the rows that the last round of {0} found",
  namedTuplestoreScan: "Reads the rows a trigger was handed",
  foreignScan: "Asks another server for the rows of {0}",
  customScan: "Reads rows through an extension",
  nestedLoop: "Runs its second input once for every row of the first",
  hashJoin:
    "Looks every row of its first input up in a hash table made of the second",
  mergeJoin: "Walks two inputs of one order side by side",
  hash: "Builds a hash table in memory for the join above",
  sort: "Sorts its whole input before the first row leaves",
  incrementalSort: "Sorts in short runs, because its input comes partly sorted",
  aggregate: "Counts or sums its input, one row per group",
  group: "Makes one row of each group",
  windowAgg: "Computes window functions over its input",
  unique: "Drops rows equal to the one before",
  setOp: "Compares two results row by row",
  limit: "Stops once enough rows have come",
  lockRows: "Locks every row it passes on",
  materialize: "Keeps its input in memory, to be read again",
  memoize:
    "Remembers the results of its input by key, so that repeats cost nothing",
  append: "Passes on one input after the other",
  mergeAppend: "Merges sorted inputs into one sorted output",
  recursiveUnion: "Repeats its second input until it finds no more rows",
  gather: "Collects the rows of parallel processes",
  gatherMerge:
    "Collects the sorted rows of parallel processes, keeping their order",
  result: "Computes a row without reading a table",
  projectSet: "Calls a function that returns several rows for each one",
  modifyTable: "Writes the rows of its input to {0}",
  other:
    "An operation this version of PlanLens does not know; its fields are below",
});

/** One sentence: what the operation does and what came of it. */
export function describeOperation(
  node: PlanNode,
  counts: OperationCounts,
): string {
  const what = translate(
    sentences[node.kind],
    targetName(node) ?? say("itsInput"),
    node.index ?? say("anIndex"),
  );
  return node.neverExecuted
    ? say("doesNever", what)
    : outcome(inProcesses(node, what), counts);
}

function inProcesses(node: PlanNode, what: string): string {
  const loops = node.actual?.loops ?? 1;
  const parallel = node.operator.startsWith("Parallel ") && loops > 1;
  return parallel ? say("doesParallel", what, formatCount(loops)) : what;
}

function outcome(
  what: string,
  { rows, estimatedRows, removed }: OperationCounts,
): string {
  if (rows === undefined) {
    if (estimatedRows === undefined) return say("does", what);
    return say(
      isOne(estimatedRows) ? "doesExpectedOne" : "doesExpected",
      what,
      formatCount(estimatedRows),
    );
  }
  if (removed === undefined || removed === 0)
    return say(isOne(rows) ? "doesRow" : "doesRows", what, formatCount(rows));
  return say("doesKeep", what, formatCount(rows), formatCount(rows + removed));
}

const isOne = (count: number): boolean => Math.round(count) === 1;
