import type { IndexDefinition } from "../suggestion.ts";
import type { TableNeeds } from "../table-needs.ts";
import { definitionOf } from "./definitions.ts";

/** A hash index keeps 4 bytes of a key however long it is; below this a B-tree is about as small and does more. */
const longKeyBytes = 64;

/** Hash indexes where a long key is only ever compared for equality. */
export function hashesOf(needs: TableNeeds): readonly IndexDefinition[] {
  return needs.equality.flatMap((key) => {
    const column = needs.table.columns.find(({ name }) => name === key.text);
    const isLong = (column?.averageBytes ?? 0) >= longKeyBytes;
    return isLong && !key.isExpression
      ? definitionOf(needs, "hash", [key])
      : [];
  });
}
