import { isJsonObject, type JsonObject } from "../json-object.ts";
import type {
  BlockCounts,
  NodeActual,
  NodeCondition,
  NodeEstimate,
  OperatorKind,
  PlanRelation,
  SortReport,
  WorkerReport,
} from "../plan/plan.ts";
import { readAmount, readText, readTexts } from "./json-fields.ts";

export function readEstimate(raw: JsonObject): NodeEstimate | undefined {
  const totalCost = readAmount(raw, "Total Cost");
  if (totalCost === undefined) return undefined;
  return {
    startupCost: readAmount(raw, "Startup Cost") ?? 0,
    totalCost,
    rowsPerLoop: readAmount(raw, "Plan Rows") ?? 0,
    widthBytes: readAmount(raw, "Plan Width") ?? 0,
  };
}

export function readActual(raw: JsonObject): NodeActual | undefined {
  const loops = readAmount(raw, "Actual Loops");
  if (loops === undefined) return undefined;
  return {
    startupMsPerLoop: readAmount(raw, "Actual Startup Time"),
    totalMsPerLoop: readAmount(raw, "Actual Total Time"),
    rowsPerLoop: readAmount(raw, "Actual Rows") ?? 0,
    loops,
  };
}

export function readBlocks(raw: JsonObject): BlockCounts | undefined {
  if (readAmount(raw, "Shared Hit Blocks") === undefined) return undefined;
  const blocks = (name: string): number =>
    readAmount(raw, `${name} Blocks`) ?? 0;
  return {
    sharedHit: blocks("Shared Hit"),
    sharedRead: blocks("Shared Read"),
    sharedDirtied: blocks("Shared Dirtied"),
    sharedWritten: blocks("Shared Written"),
    localHit: blocks("Local Hit"),
    localRead: blocks("Local Read"),
    tempRead: blocks("Temp Read"),
    tempWritten: blocks("Temp Written"),
  };
}

const conditionLabels: readonly (readonly [string, string | undefined])[] = [
  ["Index Cond", "Rows Removed by Index Recheck"],
  ["Recheck Cond", "Rows Removed by Index Recheck"],
  ["TID Cond", undefined],
  ["Order By", undefined],
  ["Hash Cond", undefined],
  ["Merge Cond", undefined],
  ["Join Filter", "Rows Removed by Join Filter"],
  ["One-Time Filter", undefined],
  ["Run Condition", undefined],
  ["Filter", "Rows Removed by Filter"],
  ["Conflict Filter", "Rows Removed by Conflict Filter"],
];

export function readConditions(raw: JsonObject): readonly NodeCondition[] {
  return conditionLabels.flatMap(([label, removedKey]) => {
    const expression = readText(raw, label);
    if (expression === undefined) return [];
    const rowsRemovedPerLoop =
      removedKey === undefined ? undefined : readAmount(raw, removedKey);
    return [{ label, expression, rowsRemovedPerLoop }];
  });
}

export function readRelation(raw: JsonObject): PlanRelation | undefined {
  const name = readText(raw, "Relation Name");
  if (name === undefined) return undefined;
  const alias = readText(raw, "Alias");
  return {
    schema: readText(raw, "Schema"),
    name,
    alias: alias === name ? undefined : alias,
  };
}

/** What a scan without a table reads: a CTE, a function, a subquery's alias. */
export function readTarget(
  raw: JsonObject,
  kind: OperatorKind,
): string | undefined {
  const named =
    readText(raw, "CTE Name") ??
    readText(raw, "Function Name") ??
    readText(raw, "Table Function Name") ??
    readText(raw, "Tuplestore Name");
  if (named !== undefined) return named;
  return kind === "subqueryScan" ||
    kind === "valuesScan" ||
    kind === "functionScan"
    ? readText(raw, "Alias")
    : undefined;
}

const readWorkers = (raw: JsonObject): readonly JsonObject[] => {
  const workers = raw["Workers"];
  return Array.isArray(workers) ? workers.filter(isJsonObject) : [];
};

export function readWorkerReports(raw: JsonObject): readonly WorkerReport[] {
  return readWorkers(raw).map((worker, at) => ({
    number: readAmount(worker, "Worker Number") ?? at,
    totalMsPerLoop: readAmount(worker, "Actual Total Time"),
    rowsPerLoop: readAmount(worker, "Actual Rows"),
    loops: readAmount(worker, "Actual Loops"),
  }));
}

function readPlainSort(raw: JsonObject): SortReport | undefined {
  const method = readText(raw, "Sort Method");
  if (method === undefined) return undefined;
  return {
    method,
    spaceKilobytes: readAmount(raw, "Sort Space Used") ?? 0,
    onDisk: readText(raw, "Sort Space Type") === "Disk",
  };
}

function readIncrementalSort(raw: JsonObject): SortReport | undefined {
  const groups = [raw["Full-sort Groups"], raw["Pre-sorted Groups"]].filter(
    isJsonObject,
  );
  if (groups.length === 0) return undefined;
  const methods = new Set(
    groups.flatMap((group) => readTexts(group, "Sort Methods Used")),
  );
  const peaks = (key: string): number[] =>
    groups.map((group) => {
      const space = group[key];
      return isJsonObject(space)
        ? (readAmount(space, "Peak Sort Space Used") ?? 0)
        : 0;
    });
  const disk = Math.max(...peaks("Sort Space Disk"));
  return {
    method: [...methods].join(", "),
    spaceKilobytes: disk > 0 ? disk : Math.max(...peaks("Sort Space Memory")),
    onDisk: disk > 0,
  };
}

/** The leader's sort; when only workers sorted, the largest of theirs. */
export function readSort(raw: JsonObject): SortReport | undefined {
  const own = readPlainSort(raw) ?? readIncrementalSort(raw);
  if (own !== undefined) return own;
  return readWorkers(raw)
    .map((worker) => readPlainSort(worker) ?? readIncrementalSort(worker))
    .filter((sort) => sort !== undefined)
    .sort((a, b) => b.spaceKilobytes - a.spaceKilobytes)[0];
}
