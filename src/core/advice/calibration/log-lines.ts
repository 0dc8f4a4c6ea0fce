import { isJsonObject, type JsonObject } from "../../json-object.ts";
import type { CalibrationEntry, OutcomeEntry, PromiseEntry } from "./entry.ts";

/** One JSON object per line. A file of another release may hold more fields; they are passed over. */
const formatVersion = 1;

export const renderLine = (entry: CalibrationEntry): string =>
  `${JSON.stringify({ version: formatVersion, ...entry })}\n`;

const textIn = (fields: JsonObject, name: string): string | undefined => {
  const value = fields[name];
  return typeof value === "string" ? value : undefined;
};

const numberIn = (fields: JsonObject, name: string): number | undefined => {
  const value = fields[name];
  return typeof value === "number" && Number.isFinite(value) && value >= 0
    ? value
    : undefined;
};

const shapeIn = ({ shape }: JsonObject): readonly string[] =>
  Array.isArray(shape)
    ? shape.filter((part): part is string => typeof part === "string")
    : [];

const proofLevels = ["measured", "planner", "twin", "heuristic"] as const;

const promiseTexts = [
  "id",
  "at",
  "connection",
  "server",
  "fingerprint",
  "statement",
  "schema",
  "table",
  "ddl",
  "name",
  "parameters",
] as const;

/** The texts named; undefined when one is missing. */
function textsIn<Name extends string>(
  fields: JsonObject,
  names: readonly Name[],
): Record<Name, string> | undefined {
  const texts = names.map((name) => [name, textIn(fields, name)] as const);
  return texts.some(([, text]) => text === undefined)
    ? undefined
    : (Object.fromEntries(texts) as Record<Name, string>);
}

function readPromise(fields: JsonObject): PromiseEntry | undefined {
  const texts = textsIn(fields, promiseTexts);
  const proof = proofLevels.find((level) => level === fields["proof"]);
  if (texts === undefined || proof === undefined) return undefined;
  return {
    kind: "promise",
    ...texts,
    proof,
    costBefore: numberIn(fields, "costBefore"),
    costAfter: numberIn(fields, "costAfter"),
    sizeBytes: numberIn(fields, "sizeBytes"),
    shape: shapeIn(fields),
    tableRows: numberIn(fields, "tableRows"),
  };
}

function readOutcome(fields: JsonObject): OutcomeEntry | undefined {
  const texts = textsIn(fields, ["id", "at", "server", "name"]);
  if (texts === undefined) return undefined;
  return {
    kind: "outcome",
    ...texts,
    cost: numberIn(fields, "cost"),
    sizeBytes: numberIn(fields, "sizeBytes"),
    isUsed: fields["isUsed"] === true,
    shape: shapeIn(fields),
    tableRows: numberIn(fields, "tableRows"),
  };
}

function parseObject(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readLine(line: string): CalibrationEntry | undefined {
  const fields = parseObject(line);
  if (fields?.["version"] !== formatVersion) return undefined;
  switch (fields["kind"]) {
    case "promise":
      return readPromise(fields);
    case "outcome":
      return readOutcome(fields);
    default:
      return undefined;
  }
}

const linesOf = (text: string): readonly string[] =>
  text.split("\n").filter((line) => line.trim() !== "");

/** What can be read; a damaged or unknown line costs only itself. */
export const readLines = (text: string): readonly CalibrationEntry[] =>
  linesOf(text).flatMap((line) => readLine(line) ?? []);

/** Lines that are passed over. */
export const countUnreadable = (text: string): number =>
  linesOf(text).filter((line) => readLine(line) === undefined).length;
