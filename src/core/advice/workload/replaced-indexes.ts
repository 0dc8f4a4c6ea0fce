import type { CatalogIndex, CatalogTable } from "../../catalog.ts";
import type { IndexDefinition } from "../suggestion.ts";

/** Of an index as pg_get_indexdef prints it, no more than plain columns in their default order. */
const isPlain = (index: CatalogIndex): boolean =>
  index.method === "btree" &&
  index.valid &&
  index.predicate === undefined &&
  !/\b(?:DESC|NULLS|COLLATE)\b|_ops\b/.test(index.definition);

const unquoted = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;

/**
 * Existing indexes that do nothing which the new one would not do as well: their columns are its
 * first. Never one that enforces something: unique indexes and keys stay.
 */
export function findReplaced(
  index: IndexDefinition,
  table: CatalogTable,
): readonly CatalogIndex[] {
  const isWhole =
    index.method === "btree" &&
    index.predicate === undefined &&
    index.keys.every(
      (key) =>
        !key.isExpression &&
        !key.descending &&
        key.nulls === undefined &&
        key.operatorClass === undefined,
    );
  if (!isWhole) return [];
  const keys = index.keys.map((key) => key.text);
  const held = new Set([...keys, ...index.included]);
  return table.indexes.filter(
    (existing) =>
      isPlain(existing) &&
      !existing.unique &&
      !existing.primary &&
      existing.keys.every((text, at) => unquoted(text) === keys[at]) &&
      existing.included.every((column) => held.has(unquoted(column))),
  );
}
