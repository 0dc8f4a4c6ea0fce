import type { CatalogIndex } from "../catalog.ts";
import type { IndexDefinition, IndexKey } from "./suggestion.ts";

/** A key as both sides can be compared: existing ones are read from pg_get_indexdef. */
interface ComparableKey {
  readonly text: string;
  readonly isExpression: boolean;
  /** Without quotes and schema; undefined for the column's own. */
  readonly collation: string | undefined;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly operatorClass: string | undefined;
}

/** Casts that the server adds to texts and literals do not change which index it is. */
function normalise(text: string): string {
  return text
    .replaceAll(/::\s*(?:text|character varying|bpchar)(?:\[\])?/gi, "")
    .replaceAll(/[\s()"]/g, "")
    .toLowerCase();
}

/** Splits at commas outside parentheses and quotes. */
function splitList(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim());
}

/** The text between the first parenthesis after USING and its partner. */
function keyListOf(definition: string): string | undefined {
  const using = /\bUSING\s+\w+\s*\(/i.exec(definition);
  if (using === null) return undefined;
  const start = using.index + using[0].length;
  let depth = 1;
  let quote = "";
  for (let at = start; at < definition.length; at += 1) {
    const character = definition.charAt(at);
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    if (depth === 0) return definition.slice(start, at);
  }
  return undefined;
}

/** A column, quoted or not; everything else is computed. */
const plainColumn = /^(?:"(?:[^"]|"")*"|[\w$]+)$/;

const collationName = (text: string | undefined): string | undefined =>
  text?.split(".").at(-1)?.replaceAll('"', "");

/** The class for varchar is the one for text under another name. */
const familyOf = (operatorClass: string | undefined): string | undefined =>
  operatorClass === "varchar_pattern_ops" ? "text_pattern_ops" : operatorClass;

/** What stands before a match, and its first group. */
function cut(
  text: string,
  pattern: RegExp,
): { readonly rest: string; readonly found: string | undefined } {
  const match = pattern.exec(text);
  return match === null
    ? { rest: text, found: undefined }
    : { rest: text.slice(0, match.index), found: match[1] };
}

function readKey(text: string): ComparableKey {
  const nulls = cut(text, /\s+NULLS\s+(FIRST|LAST)$/i);
  const direction = cut(nulls.rest, /\s+(ASC|DESC)$/i);
  const descending = direction.found?.toUpperCase() === "DESC";
  const operatorClass = cut(
    direction.rest,
    /\s+(?:\w+\.)?(\w+_ops)(?:\s*\(.*\))?$/,
  );
  const collation = cut(operatorClass.rest, /\s+COLLATE\s+(\S+)$/i);
  return {
    text: normalise(collation.rest),
    isExpression: !plainColumn.test(collation.rest),
    collation: collationName(collation.found),
    descending,
    nullsFirst:
      nulls.found === undefined
        ? descending
        : nulls.found.toUpperCase() === "FIRST",
    operatorClass: familyOf(operatorClass.found),
  };
}

function existingKeys(index: CatalogIndex): readonly ComparableKey[] {
  const list = keyListOf(index.definition);
  if (list !== undefined) return splitList(list).map(readKey);
  return index.keys.map((text, at) => {
    const descending = index.descending[at] ?? false;
    return {
      text: normalise(text),
      isExpression: !plainColumn.test(text),
      collation: undefined,
      descending,
      nullsFirst: descending,
      operatorClass: undefined,
    };
  });
}

const nullsFirstOf = (key: IndexKey): boolean =>
  key.nulls === undefined ? key.descending : key.nulls === "first";

type Fit = "same" | "reversed" | "either" | "none";

/** Both order the same values the same way, direction aside. */
const isSameKey = (wanted: IndexKey, existing: ComparableKey): boolean =>
  existing.text === normalise(wanted.text) &&
  // `id::text` reads like `id` once the casts that the server adds are taken away.
  existing.isExpression === wanted.isExpression &&
  existing.collation === collationName(wanted.collation) &&
  existing.operatorClass === familyOf(wanted.operatorClass);

function fitOf(wanted: IndexKey, existing: ComparableKey | undefined): Fit {
  if (existing === undefined || !isSameKey(wanted, existing)) return "none";
  if (wanted.role !== "sort") return "either";
  const sameDirection = existing.descending === wanted.descending;
  const sameNulls = existing.nullsFirst === nullsFirstOf(wanted);
  if (sameDirection && sameNulls) return "same";
  return !sameDirection && !sameNulls ? "reversed" : "none";
}

/** True when every wanted key stands at the same place, in the asked order or wholly reversed. */
function keysFit(
  wanted: readonly IndexKey[],
  existing: readonly ComparableKey[],
): boolean {
  const fits = wanted.map((key, at) => fitOf(key, existing[at]));
  if (fits.includes("none")) return false;
  return !(fits.includes("same") && fits.includes("reversed"));
}

/** A whole index does not do what a partial one does: the rows left out are read and filtered. */
function predicateFits(
  wanted: string | undefined,
  existing: string | undefined,
): boolean {
  if (wanted === undefined || existing === undefined)
    return wanted === existing;
  return normalise(wanted) === normalise(existing);
}

function includesFit(wanted: IndexDefinition, existing: CatalogIndex): boolean {
  const held = new Set([...existing.keys, ...existing.included].map(normalise));
  return wanted.included.every((column) => held.has(normalise(column)));
}

export type Coverage =
  | { readonly kind: "exists"; readonly index: CatalogIndex }
  | { readonly kind: "covered"; readonly index: CatalogIndex };

function coverageBy(
  wanted: IndexDefinition,
  existing: CatalogIndex,
): Coverage | undefined {
  if (existing.method !== wanted.method) return undefined;
  const keys = existingKeys(existing);
  const fits =
    keysFit(wanted.keys, keys) &&
    predicateFits(wanted.predicate, existing.predicate) &&
    includesFit(wanted, existing);
  if (!fits) return undefined;
  const same = keys.length === wanted.keys.length;
  return { kind: same ? "exists" : "covered", index: existing };
}

/**
 * The valid index that already does what `wanted` would do: the same one, or a wider
 * one whose leading keys are the wanted ones. An INVALID index serves nothing and is passed over.
 */
export function findCoverage(
  wanted: IndexDefinition,
  existing: readonly CatalogIndex[],
): Coverage | undefined {
  const found = existing
    .filter((index) => index.valid)
    .flatMap((index) => coverageBy(wanted, index) ?? []);
  return found.find((coverage) => coverage.kind === "exists") ?? found[0];
}
