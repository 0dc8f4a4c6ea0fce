import type { IndexDefinition, IndexKey } from "../suggestion.ts";
import type { TableNeeds } from "../table-needs.ts";
import { definitionOf } from "./definitions.ts";

/** Where the predicate alone names the rows any key does: the primary one, else the predicate's own column. */
function anyKey(needs: TableNeeds, column: string): readonly IndexKey[] {
  const primary = needs.table.indexes.find((index) => index.primary);
  const name = primary?.keys.length === 1 ? primary.keys[0] : undefined;
  return [name ?? column].map((text) => ({
    text,
    isExpression: false,
    descending: false,
    nulls: undefined,
    operatorClass: undefined,
    role: "any",
  }));
}

/** The same need narrowed to the rows that a property of the data names, its column dropped from the keys. */
export function partialsOf(needs: TableNeeds): readonly IndexDefinition[] {
  return needs.predicates.flatMap(({ text, column }) => {
    const rest = needs.equality.filter((key) => key.text !== column);
    const others = [
      ...[...rest, ...needs.sort, ...needs.range, ...needs.join],
      ...needs.group,
    ];
    const lists = [
      [...rest, ...needs.sort],
      [...rest, ...needs.range],
      ...needs.orders.map((order) => [...rest, ...order]),
      needs.join.slice(0, 1),
      [...rest, ...needs.group],
      rest,
    ].map((keys) => keys.filter((key) => key.text !== column));
    const isBare = others.every((key) => key.text === column);
    return [...lists, ...(isBare ? [anyKey(needs, column)] : [])]
      .flatMap((keys) => definitionOf(needs, "btree", keys))
      .map((index) => ({ ...index, predicate: text }));
  });
}
