import { isJsonObject } from "../../core/json-object.ts";

/** One execution to replay. */
export interface Call {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** A workload that names what does not exist; a fault of the assets, never of the person. */
export class WorkloadError extends Error {}

/** Numbers that look random and are the same every time (multiplier and increment of Knuth's MMIX). */
export function createDraws(seed: number): (below: number) => number {
  let state = BigInt(seed);
  return (below) => {
    state =
      (state * 6364136223846793005n + 1442695040888963407n) &
      0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(below));
  };
}

function drawValue(
  rule: unknown,
  draw: (below: number) => number,
): string | number {
  if (!isJsonObject(rule)) throw new WorkloadError("A value has no rule.");
  const { from, to, text, pick } = rule;
  if (Array.isArray(pick)) return String(pick[draw(pick.length)]);
  if (typeof from !== "number" || typeof to !== "number")
    throw new WorkloadError("A value has no range.");
  const drawn = from + draw(to - from + 1);
  return typeof text === "string" ? text.replace("{}", String(drawn)) : drawn;
}

function sqlOf(queries: ReadonlyMap<string, string>, name: unknown): string {
  const sql = queries.get(String(name));
  if (sql === undefined)
    throw new WorkloadError(`No query is named ${String(name)}.`);
  return sql;
}

function callsOf(
  entry: unknown,
  queries: ReadonlyMap<string, string>,
  draw: (below: number) => number,
): Call[] {
  if (!isJsonObject(entry) || typeof entry["times"] !== "number")
    throw new WorkloadError("An entry has no times.");
  const rules = Array.isArray(entry["values"]) ? entry["values"] : [];
  const sql = sqlOf(queries, entry["query"]);
  return Array.from({ length: entry["times"] }, () => ({
    sql,
    values: rules.map((rule) => drawValue(rule, draw)),
  }));
}

/** `short`: a tenth of the calls and none of the heavy ones, for a person who waits. */
export type WorkloadLength = "full" | "short";

/** The calls of workload.json in order. Throws WorkloadError. */
export function planWorkload(
  workload: unknown,
  queries: ReadonlyMap<string, string>,
  length: WorkloadLength,
): readonly Call[] {
  if (!isJsonObject(workload))
    throw new WorkloadError("The workload is no object.");
  const { replay, once, heavy } = workload;
  if (!Array.isArray(replay) || !Array.isArray(once) || !Array.isArray(heavy)) {
    throw new WorkloadError("The workload has no lists.");
  }
  const draw = createDraws(1);
  const many = replay.flatMap((entry) => {
    const calls = callsOf(entry, queries, draw);
    return length === "full"
      ? calls
      : calls.slice(0, Math.ceil(calls.length / 10));
  });
  const single: readonly unknown[] =
    length === "full" ? once.concat(heavy) : once;
  return [
    ...many,
    ...single.map((name) => ({ sql: sqlOf(queries, name), values: [] })),
  ];
}
