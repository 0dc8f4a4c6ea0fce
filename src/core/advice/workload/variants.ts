import type { IndexDefinition, IndexKey } from "../suggestion.ts";

const isPlainKey = (key: IndexKey): boolean => !key.isExpression;

/** Narrower forms of an index: fewer keys from the end, nothing carried along, one column carried less. */
export function narrowerForms(index: IndexDefinition): IndexDefinition[] {
  const shorter =
    index.keys.length > 1 ? [{ ...index, keys: index.keys.slice(0, -1) }] : [];
  if (index.included.length === 0) return shorter;
  const bare = { ...index, included: [] };
  const lighter = index.included.map((column) => ({
    ...index,
    included: index.included.filter((other) => other !== column),
  }));
  return [bare, ...lighter, ...shorter];
}

/**
 * One index that can do what both do: the keys of the first, then those keys of the second that
 * are new, and all carried columns. Undefined when predicates or methods differ or nothing is shared.
 */
export function merge(
  first: IndexDefinition,
  second: IndexDefinition,
  maximumColumns: number,
): IndexDefinition | undefined {
  const isAlike =
    first.method === "btree" &&
    second.method === "btree" &&
    first.predicate === second.predicate;
  if (!isAlike) return undefined;
  const held = new Set(first.keys.map((key) => key.text));
  const added = second.keys.filter((key) => !held.has(key.text));
  const keys = [...first.keys, ...added];
  const fits = keys.length <= maximumColumns;
  const kept = fits ? keys : first.keys;
  const carried = fits ? [] : added.filter(isPlainKey).map((key) => key.text);
  const keyed = new Set(kept.map((key) => key.text));
  const included = [
    ...new Set([...first.included, ...second.included, ...carried]),
  ].filter((column) => !keyed.has(column));
  return { ...first, keys: kept, included };
}
