import type { JsonObject } from "../json-object.ts";
import type { OperatorKind } from "../plan/plan.ts";
import { readFlag, readText } from "./json-fields.ts";

/** `Node Type` of PostgreSQL 13 to 18 (explain.c, ExplainNode). */
const kinds: Readonly<Record<string, OperatorKind>> = {
  "Seq Scan": "seqScan",
  "Sample Scan": "sampleScan",
  "Index Scan": "indexScan",
  "Index Only Scan": "indexOnlyScan",
  "Bitmap Index Scan": "bitmapIndexScan",
  "Bitmap Heap Scan": "bitmapHeapScan",
  BitmapAnd: "bitmapAnd",
  BitmapOr: "bitmapOr",
  "Tid Scan": "tidScan",
  "Tid Range Scan": "tidScan",
  "Subquery Scan": "subqueryScan",
  "Function Scan": "functionScan",
  "Table Function Scan": "tableFunctionScan",
  "Values Scan": "valuesScan",
  "CTE Scan": "cteScan",
  "WorkTable Scan": "workTableScan",
  "Named Tuplestore Scan": "namedTuplestoreScan",
  "Foreign Scan": "foreignScan",
  "Custom Scan": "customScan",
  "Nested Loop": "nestedLoop",
  "Hash Join": "hashJoin",
  "Merge Join": "mergeJoin",
  Hash: "hash",
  Sort: "sort",
  "Incremental Sort": "incrementalSort",
  Aggregate: "aggregate",
  Group: "group",
  WindowAgg: "windowAgg",
  Unique: "unique",
  SetOp: "setOp",
  Limit: "limit",
  LockRows: "lockRows",
  Materialize: "materialize",
  Memoize: "memoize",
  Append: "append",
  "Merge Append": "mergeAppend",
  "Recursive Union": "recursiveUnion",
  Gather: "gather",
  "Gather Merge": "gatherMerge",
  Result: "result",
  ProjectSet: "projectSet",
  ModifyTable: "modifyTable",
};

export function operatorKind(nodeType: string): OperatorKind {
  return Object.hasOwn(kinds, nodeType)
    ? (kinds[nodeType] ?? "other")
    : "other";
}

const aggregateNames: Readonly<Record<string, string>> = {
  Plain: "Aggregate",
  Sorted: "GroupAggregate",
  Hashed: "HashAggregate",
  Mixed: "MixedAggregate",
};

function aggregateName(raw: JsonObject): string {
  const name = aggregateNames[readText(raw, "Strategy") ?? ""] ?? "Aggregate";
  const mode = readText(raw, "Partial Mode");
  return mode === "Partial" || mode === "Finalize" ? `${mode} ${name}` : name;
}

function joinName(raw: JsonObject, nodeType: string): string {
  const type = readText(raw, "Join Type");
  if (type === undefined || type === "Inner") return nodeType;
  return nodeType === "Nested Loop"
    ? `Nested Loop ${type} Join`
    : nodeType.replace(/ Join$/u, ` ${type} Join`);
}

function setOpName(raw: JsonObject): string {
  const name = readText(raw, "Strategy") === "Hashed" ? "HashSetOp" : "SetOp";
  const command = readText(raw, "Command");
  return command === undefined ? name : `${name} ${command}`;
}

function customName(raw: JsonObject): string {
  const provider = readText(raw, "Custom Plan Provider");
  return provider === undefined ? "Custom Scan" : `Custom Scan (${provider})`;
}

const indexScanName = (raw: JsonObject, nodeType: string): string =>
  readText(raw, "Scan Direction") === "Backward"
    ? `${nodeType} Backward`
    : nodeType;

function foreignName(raw: JsonObject, nodeType: string): string {
  const operation = readText(raw, "Operation");
  return operation === undefined || operation === "Select"
    ? nodeType
    : `Foreign ${operation}`;
}

type Naming = (raw: JsonObject, nodeType: string) => string;

/** Operators whose text name differs from their `Node Type`. */
const namings: ReadonlyMap<string, Naming> = new Map<string, Naming>([
  ["Aggregate", aggregateName],
  ["Nested Loop", joinName],
  ["Hash Join", joinName],
  ["Merge Join", joinName],
  ["SetOp", setOpName],
  ["Custom Scan", customName],
  ["ModifyTable", (raw, nodeType) => readText(raw, "Operation") ?? nodeType],
  ["Foreign Scan", foreignName],
  ["Index Scan", indexScanName],
  ["Index Only Scan", indexScanName],
]);

/** The operator as the text format prints it, prefixes included, target left out. */
export function operatorName(raw: JsonObject, nodeType: string): string {
  const parallel = readFlag(raw, "Parallel Aware") ? "Parallel " : "";
  const async = readFlag(raw, "Async Capable") ? "Async " : "";
  const name = namings.get(nodeType)?.(raw, nodeType) ?? nodeType;
  return `${parallel}${async}${name}`;
}
