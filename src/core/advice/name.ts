import type { IndexDefinition } from "./suggestion.ts";

/** NAMEDATALEN − 1: PostgreSQL cuts longer names silently (src/include/pg_config_manual.h). */
const maximumNameBytes = 63;

function utf8BytesOf(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** Length of a text in UTF-8 bytes. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += utf8BytesOf(character);
  return bytes;
}

function cutToBytes(text: string, maximum: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += utf8BytesOf(character);
    if (bytes > maximum) break;
    kept += character;
  }
  return kept;
}

/** Words of an expression, literals included: `lower(email)` → `lower_email`. */
function slug(text: string): string {
  const words =
    text.replaceAll(/::\s*[a-z_ ]+/gi, " ").match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.join("_").toLowerCase();
}

function stem(index: IndexDefinition): string {
  const keys = index.keys.map((key) =>
    key.isExpression ? slug(key.text) : key.text,
  );
  const partial = index.predicate === undefined ? [] : ["partial"];
  return [index.table, ...keys, ...partial]
    .filter((part) => part !== "")
    .join("_");
}

/**
 * A name in PostgreSQL's own manner, `table_columns_idx`, at most 63 bytes of UTF-8,
 * that is not in `taken` (names of relations in the same schema, unquoted).
 */
export function chooseIndexName(
  index: IndexDefinition,
  taken: ReadonlySet<string>,
): string {
  const base = stem(index);
  for (let attempt = 0; ; attempt += 1) {
    const suffix = attempt === 0 ? "_idx" : `_idx${String(attempt)}`;
    const name =
      cutToBytes(base, maximumNameBytes - utf8Length(suffix)) + suffix;
    if (!taken.has(name)) return name;
  }
}
