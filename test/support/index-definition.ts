import type { IndexDefinition } from "../../src/core/advice/suggestion.ts";

/** A B-tree index on one column that is compared for equality. */
export const indexOn = (
  table: string,
  column: string,
  more: Partial<IndexDefinition> = {},
): IndexDefinition => ({
  schema: "public",
  table,
  method: "btree",
  keys: [
    {
      text: column,
      isExpression: false,
      descending: false,
      nulls: undefined,
      operatorClass: undefined,
      role: "equality",
    },
  ],
  included: [],
  predicate: undefined,
  ...more,
});
