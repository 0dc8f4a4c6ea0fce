import { isJsonObject, type JsonObject } from "../json-object.ts";
import type { Plan, TriggerReport } from "../plan/plan.ts";
import { failed, type Result, succeeded } from "../result.ts";
import { readAmount, readText } from "./json-fields.ts";
import { phrase, type Phrase } from "../words.ts";
import { knownTopKeys } from "./known-keys.ts";
import { parseNodes } from "./parse-nodes.ts";

/** The JSON is no plan of PostgreSQL; `detail` says what was found instead. */
export interface NotAPlan {
  readonly kind: "notAPlan";
  readonly detail: Phrase;
}

const notAPlan = (detail: Phrase): Result<never, NotAPlan> =>
  failed({ kind: "notAPlan", detail });

function parseText(text: string): Result<unknown, NotAPlan> {
  try {
    return succeeded(JSON.parse(text) as unknown);
  } catch {
    return notAPlan(phrase("The text is not JSON."));
  }
}

/** Peels what drivers and logs put around the object that has `Plan`: arrays of one, a `QUERY PLAN` row, JSON in a string. */
function unwrap(json: unknown): Result<JsonObject, NotAPlan> {
  let value = json;
  // Each layer is peeled at most a few times; more is not something a server sends.
  for (let layer = 0; layer < 6; layer += 1) {
    if (typeof value === "string") {
      const parsed = parseText(value);
      if (!parsed.ok) return parsed;
      value = parsed.value;
    } else if (Array.isArray(value)) {
      if (value.length === 0)
        return notAPlan(phrase("The list of plans is empty."));
      value = value[0];
    } else if (!isJsonObject(value)) {
      return notAPlan(
        phrase(
          "Expected an object, found {0}.",
          value === null ? "null" : typeof value,
        ),
      );
    } else if (isJsonObject(value["Plan"])) {
      return succeeded(value);
    } else if ("QUERY PLAN" in value) {
      value = value["QUERY PLAN"];
    } else {
      return notAPlan(phrase("There is no Plan object in the JSON."));
    }
  }
  return notAPlan(phrase("The plan is wrapped too many times."));
}

function readTriggers(top: JsonObject): readonly TriggerReport[] {
  const triggers = top["Triggers"];
  if (!Array.isArray(triggers)) return [];
  return triggers.filter(isJsonObject).map((trigger) => ({
    name:
      readText(trigger, "Constraint Name") ??
      readText(trigger, "Trigger Name") ??
      "trigger",
    relation: readText(trigger, "Relation"),
    totalMs: readAmount(trigger, "Time"),
    calls: readAmount(trigger, "Calls") ?? 0,
  }));
}

function readSettings(top: JsonObject): Readonly<Record<string, string>> {
  const settings = top["Settings"];
  if (!isJsonObject(settings)) return {};
  return Object.fromEntries(
    Object.entries(settings).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}

function readIdentifier(top: JsonObject): string | undefined {
  const identifier = top["Query Identifier"];
  return typeof identifier === "number" || typeof identifier === "string"
    ? String(identifier)
    : undefined;
}

function topNotes(top: JsonObject): readonly Phrase[] {
  return Object.keys(top)
    .filter((key) => !knownTopKeys.has(key))
    .map((key) =>
      phrase('"{0}" is not known to this version; see the raw JSON.', key),
    );
}

/**
 * Reads what EXPLAIN (FORMAT JSON) or auto_explain wrote, PostgreSQL 13 to 18.
 * Never throws: what is not understood is kept in `fields` and said in `notes`.
 */
export function parseExplain(json: unknown): Result<Plan, NotAPlan> {
  const unwrapped = unwrap(json);
  if (!unwrapped.ok) return unwrapped;
  const top = unwrapped.value;
  const rawRoot = top["Plan"];
  if (!isJsonObject(rawRoot))
    return notAPlan(phrase("There is no Plan object in the JSON."));
  const { root, notes } = parseNodes(rawRoot);
  return succeeded({
    engine: "postgres",
    root,
    analyzed: root.actual !== undefined,
    planningMs: readAmount(top, "Planning Time"),
    executionMs:
      readAmount(top, "Execution Time") ?? readAmount(top, "Total Runtime"),
    settings: readSettings(top),
    triggers: readTriggers(top),
    queryIdentifier: readIdentifier(top),
    notes: [...topNotes(top), ...notes],
    source: json,
  });
}
