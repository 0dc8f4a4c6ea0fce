import { isJsonObject } from "../../json-object.ts";

/** What the search needs of a plan: its total cost and the names of the indexes that it reads. */
export interface TrialPlan {
  readonly cost: number;
  readonly indexNames: ReadonlySet<string>;
}

function collectNames(node: unknown, names: Set<string>): void {
  const open: unknown[] = [node];
  while (open.length > 0) {
    const next = open.pop();
    if (!isJsonObject(next)) continue;
    if (typeof next["Index Name"] === "string") names.add(next["Index Name"]);
    const children = next["Plans"];
    if (Array.isArray(children)) for (const child of children) open.push(child);
  }
}

/**
 * Reads `EXPLAIN (FORMAT JSON)` output without building the whole plan model, since a search
 * reads thousands of plans. Undefined when it is not a plan with a cost.
 */
export function readTrialPlan(answer: unknown): TrialPlan | undefined {
  const first: unknown = Array.isArray(answer) ? answer[0] : undefined;
  const root = isJsonObject(first) ? first["Plan"] : undefined;
  const cost = isJsonObject(root) ? root["Total Cost"] : undefined;
  if (typeof cost !== "number") return undefined;
  const indexNames = new Set<string>();
  collectNames(root, indexNames);
  return { cost, indexNames };
}
