import type { Candidate } from "../candidates.ts";
import type { IndexDefinition } from "../suggestion.ts";

/** Physical order this close to value order lets block ranges be told apart. */
const minimumCorrelation = 0.9;
/** Below this many pages there are too few ranges of 128 pages to skip. */
const minimumPages = 1024;

/** The block range index in place of a B-tree, where the table lies in the column's order. */
export function blockRangesOf({
  index,
  table,
}: Pick<Candidate, "index" | "table">): readonly IndexDefinition[] {
  if (index.method !== "btree" || table.pages < minimumPages) return [];
  const ordered = index.keys.find((key) => {
    const column = table.columns.find(({ name }) => name === key.text);
    const correlation = Math.abs(column?.correlation ?? 0);
    return !key.isExpression && correlation >= minimumCorrelation;
  });
  if (ordered === undefined) return [];
  const key = {
    ...ordered,
    descending: false,
    nulls: undefined,
    operatorClass: undefined,
  };
  const { predicate } = index;
  return [{ ...index, method: "brin", keys: [key], included: [], predicate }];
}
