// Reading JSON whose shape nobody promised: every reader gives undefined instead of a surprise.
import type { JsonObject } from "../json-object.ts";

function readNumber(from: JsonObject, key: string): number | undefined {
  const value = from[key];
  if (typeof value === "number")
    return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** For amounts that cannot be negative; a negative one is not believed. */
export function readAmount(from: JsonObject, key: string): number | undefined {
  const value = readNumber(from, key);
  return value !== undefined && value >= 0 ? value : undefined;
}

export function readText(from: JsonObject, key: string): string | undefined {
  const value = from[key];
  return typeof value === "string" ? value : undefined;
}

/** A list of texts; a lone text counts as a list of one. */
export function readTexts(from: JsonObject, key: string): readonly string[] {
  const value = from[key];
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === "string");
}

export const readFlag = (from: JsonObject, key: string): boolean =>
  from[key] === true || from[key] === "true";
