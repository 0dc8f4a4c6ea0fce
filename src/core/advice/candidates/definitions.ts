import type { IndexDefinition, IndexKey } from "../suggestion.ts";
import type { TableNeeds } from "../table-needs.ts";

/** Keeps the first of equal columns, so that `a = 1 ORDER BY a` has one key. */
function withoutRepeats(keys: readonly IndexKey[]): readonly IndexKey[] {
  const seen = new Set<string>();
  return keys.filter(({ text, collation = "" }) => {
    const identity = `${text} ${collation}`;
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

/** An index of that method on the needs' table; nothing when there are no keys. */
export function definitionOf(
  { table }: Pick<TableNeeds, "table">,
  method: IndexDefinition["method"],
  keys: readonly IndexKey[],
): IndexDefinition[] {
  const distinct = withoutRepeats(keys);
  if (distinct.length === 0) return [];
  const { schema, name } = table;
  const base = { schema, table: name, included: [], predicate: undefined };
  return [{ ...base, method, keys: distinct }];
}
