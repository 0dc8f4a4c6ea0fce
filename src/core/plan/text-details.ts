import { isJsonObject, type JsonObject } from "../json-object.ts";
import type { PlanNode } from "./plan.ts";

const number = (fields: JsonObject, key: string): number | undefined => {
  const value = fields[key];
  return typeof value === "number" ? value : undefined;
};

const whole = (value: number): string => value.toFixed(0);

const list = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(", ") : String(value);

/** `Key: value`, when the server sent it. */
const plain = (node: PlanNode, ...keys: readonly string[]): string[] =>
  keys.flatMap((key) => {
    const value = node.fields[key];
    return value === undefined ||
      (typeof value === "object" && !Array.isArray(value))
      ? []
      : [`${key}: ${list(value)}`];
  });

function conditions(node: PlanNode): string[] {
  return node.conditions.flatMap(
    ({ label, expression, rowsRemovedPerLoop }) => {
      const lines = [`${label}: ${expression}`];
      const removed =
        label === "Filter" ||
        label === "Join Filter" ||
        label === "Conflict Filter"
          ? `Rows Removed by ${label}`
          : "Rows Removed by Index Recheck";
      if (rowsRemovedPerLoop !== undefined && rowsRemovedPerLoop > 0)
        lines.push(`${removed}: ${whole(rowsRemovedPerLoop)}`);
      return lines;
    },
  );
}

const sortLine = (fields: JsonObject): string | undefined => {
  const method = fields["Sort Method"];
  return typeof method === "string"
    ? `Sort Method: ${method}  ${String(fields["Sort Space Type"])}: ${String(fields["Sort Space Used"])}kB`
    : undefined;
};

function groupLine(node: PlanNode, key: string): string[] {
  const group = node.fields[key];
  if (!isJsonObject(group)) return [];
  const spaces = ["Memory", "Disk"].flatMap((kind) => {
    const space = group[`Sort Space ${kind}`];
    return isJsonObject(space)
      ? [
          `  Average ${kind}: ${String(space["Average Sort Space Used"])}kB  Peak ${kind}: ${String(space["Peak Sort Space Used"])}kB`,
        ]
      : [];
  });
  const methods = group["Sort Methods Used"];
  const word =
    Array.isArray(methods) && methods.length > 1 ? "Methods" : "Method";
  return [
    `${key}: ${String(group["Group Count"])}  Sort ${word}: ${list(methods)}${spaces.join("")}`,
  ];
}

function sorting(node: PlanNode): string[] {
  const workers = node.fields["Workers"];
  const ofWorkers = (Array.isArray(workers) ? workers : [])
    .filter(isJsonObject)
    .flatMap((worker) => {
      const line = sortLine(worker);
      return line === undefined
        ? []
        : [`Worker ${String(worker["Worker Number"])}:  ${line}`];
    });
  return [
    ...plain(node, "Sort Key", "Presorted Key"),
    ...[sortLine(node.fields)].filter((line) => line !== undefined),
    ...groupLine(node, "Full-sort Groups"),
    ...groupLine(node, "Pre-sorted Groups"),
    ...ofWorkers,
  ];
}

function grouping(node: PlanNode): string[] {
  const sets = node.fields["Grouping Sets"];
  if (!Array.isArray(sets)) return plain(node, "Group Key");
  return sets.filter(isJsonObject).flatMap((set) => {
    const keys = set["Group Keys"] ?? set["Hash Keys"];
    const word = set["Hash Keys"] === undefined ? "Group Key" : "Hash Key";
    const lines = (Array.isArray(keys) ? keys : []).map(
      (key) =>
        `${word}: ${Array.isArray(key) && key.length === 0 ? "()" : list(key)}`,
    );
    const sort = set["Sort Key"];
    return sort === undefined
      ? lines
      : [`Sort Key: ${list(sort)}`, ...lines.map((line) => `  ${line}`)];
  });
}

function joined(
  fields: JsonObject,
  names: readonly (readonly [string, string, string])[],
): string[] {
  const found = names.flatMap(([key, label, unit]) => {
    const value = number(fields, key);
    return value === undefined ? [] : [`${label}: ${whole(value)}${unit}`];
  });
  return found.length === 0 ? [] : [found.join("  ")];
}

const withoutZeros = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== 0));

function memory(node: PlanNode): string[] {
  const { kind, fields } = node;
  if (kind === "hash") {
    const grown = (key: string): string => {
      const original = number(fields, `Original ${key}`);
      const now = number(fields, key);
      return original === undefined || original === now
        ? String(now)
        : `${String(now)} (originally ${String(original)})`;
    };
    return number(fields, "Hash Buckets") === undefined
      ? []
      : [
          `Buckets: ${grown("Hash Buckets")}  Batches: ${grown("Hash Batches")}  Memory Usage: ${String(fields["Peak Memory Usage"])}kB`,
        ];
  }
  if (kind === "aggregate")
    return joined(withoutZeros(fields), [
      ["Planned Partitions", "Planned Partitions", ""],
      ["HashAgg Batches", "Batches", ""],
      ["Peak Memory Usage", "Memory Usage", "kB"],
      ["Disk Usage", "Disk Usage", "kB"],
    ]);
  if (kind === "memoize")
    return joined(fields, [
      ["Cache Hits", "Hits", ""],
      ["Cache Misses", "Misses", ""],
      ["Cache Evictions", "Evictions", ""],
      ["Cache Overflows", "Overflows", ""],
      ["Peak Memory Usage", "Memory Usage", "kB"],
    ]);
  return [];
}

function heapBlocks(node: PlanNode): string[] {
  const parts = [
    ["exact", number(node.fields, "Exact Heap Blocks") ?? 0],
    ["lossy", number(node.fields, "Lossy Heap Blocks") ?? 0],
  ] as const;
  const shown = parts.filter(([, count]) => count > 0);
  return shown.length === 0
    ? []
    : [
        `Heap Blocks: ${shown.map(([name, count]) => `${name}=${whole(count)}`).join(" ")}`,
      ];
}

function sampling(node: PlanNode): string[] {
  const method = node.fields["Sampling Method"];
  if (typeof method !== "string") return [];
  const seed = node.fields["Repeatable Seed"];
  const repeatable = typeof seed === "string" ? ` REPEATABLE (${seed})` : "";
  return [
    `Sampling: ${method} (${list(node.fields["Sampling Parameters"])})${repeatable}`,
  ];
}

/** `shared hit=1 read=2, temp written=3` from block counters of an operator or of planning. */
export function bufferLine(fields: JsonObject): string[] {
  const groups = ["Shared", "Local", "Temp"].flatMap((place) => {
    const counts = ["Hit", "Read", "Dirtied", "Written"].flatMap((what) => {
      const count = number(fields, `${place} ${what} Blocks`) ?? 0;
      return count > 0 ? [`${what.toLowerCase()}=${whole(count)}`] : [];
    });
    return counts.length > 0
      ? [`${place.toLowerCase()} ${counts.join(" ")}`]
      : [];
  });
  return groups.length === 0 ? [] : [`Buffers: ${groups.join(", ")}`];
}

function wal(fields: JsonObject): string[] {
  const names = [
    ["WAL Records", "records"],
    ["WAL FPI", "fpi"],
    ["WAL Bytes", "bytes"],
  ] as const;
  const counts = names.flatMap(([key, name]) => {
    const count = number(fields, key) ?? 0;
    return count > 0 ? [`${name}=${whole(count)}`] : [];
  });
  return counts.length === 0 ? [] : [`WAL: ${counts.join(" ")}`];
}

const sorts: ReadonlySet<string> = new Set([
  "sort",
  "incrementalSort",
  "mergeAppend",
]);

/** Where a tuplestore held its rows (17 and later). */
const storage = ({ fields }: PlanNode): string[] =>
  typeof fields["Storage"] === "string"
    ? [
        `Storage: ${fields["Storage"]}  Maximum Storage: ${String(number(fields, "Maximum Storage"))}kB`,
      ]
    : [];

/** Row counts of INSERT … ON CONFLICT and MERGE. */
function written({ fields }: PlanNode): string[] {
  const counts = (
    [
      ["inserted", "Tuples Inserted"],
      ["updated", "Tuples Updated"],
      ["deleted", "Tuples Deleted"],
      ["skipped", "Tuples Skipped"],
    ] as const
  ).map(([name, key]) => [name, number(fields, key)] as const);
  const conflicting = number(fields, "Conflicting Tuples");
  if (conflicting !== undefined)
    return [
      `Tuples Inserted: ${String(counts[0]?.[1])}`,
      `Conflicting Tuples: ${String(conflicting)}`,
    ];
  const shown = counts.filter(([, count]) => (count ?? 0) > 0);
  return shown.length === 0
    ? []
    : [
        `Tuples: ${shown.map(([name, count]) => `${name}=${String(count)}`).join(" ")}`,
      ];
}

/** Units that only the text format writes. */
const addedUnits: Readonly<Record<string, string>> = {
  "Foreign File Size": " b",
};

const added = (node: PlanNode): string[] =>
  node.addedFields.flatMap((key) =>
    plain(node, key).map((line) => line + (addedUnits[key] ?? "")),
  );

/** Lines the text format prints under an operator, in its order, without indentation. */
export function detailLines(node: PlanNode): readonly string[] {
  return [
    ...plain(node, "Output"),
    ...sampling(node),
    ...(sorts.has(node.kind) ? sorting(node) : grouping(node)),
    ...plain(node, "Window", "Cache Key", "Cache Mode", "Conflict Resolution"),
    ...plain(
      node,
      "Conflict Arbiter Indexes",
      "Function Call",
      "Table Function Call",
    ),
    ...conditions(node),
    ...added(node),
    ...plain(node, "Workers Planned", "Params Evaluated", "Workers Launched"),
    ...(node.fields["Single Copy"] === true ? ["Single Copy: true"] : []),
    ...(number(node.fields, "Subplans Removed") === 0
      ? []
      : plain(node, "Subplans Removed")),
    ...plain(node, "Heap Fetches", "Index Searches"),
    ...heapBlocks(node),
    ...memory(node),
    ...storage(node),
    ...written(node),
    ...bufferLine(node.fields),
    ...wal(node.fields),
  ];
}
