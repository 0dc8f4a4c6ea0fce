import { columnLayout } from "./column-layout.ts";
import type { SizeColumn, SizeTable } from "./size-input.ts";

/** Columns this close to the table's order have the rows of a value side by side. */
const liesTogether = 0.98;
/** Rows that ANALYZE reads at the default statistics target. */
const sampledRows = 30_000;
/** Fewer rows than this part of all are several for each value. */
const severalRows = 0.9;

/**
 * Whether a column's values come in clumps of the rows of one group: the most common one is then seen
 * more often than the luckiest of as many values would be, had each row taken one at random.
 */
function isClumped(column: SizeColumn, groups: number, rows: number): boolean {
  const { distinctValues = 0, nullFraction = 0, frequencies = [] } = column;
  const sampled = Math.min(sampledRows, rows);
  const mean = (sampled * (1 - nullFraction)) / distinctValues;
  const inGroup = sampled / groups;
  const luck = Math.sqrt(2 * Math.log(distinctValues));
  const most = mean + luck * Math.sqrt(mean * (1 + inGroup / 2));
  return (frequencies[0] ?? 0) * sampled >= most;
}

/**
 * Columns that likely repeat what the head of a list says: of a table whose unique key is a list and a place
 * in it (order and article), those outside of the key whose values come in clumps. There are about as many
 * combinations of them as lists then, but nothing in the catalog makes sure of it.
 */
export function headerColumns(
  table: SizeTable,
  uniqueKeys: readonly (readonly string[])[],
): readonly { readonly columns: readonly string[]; readonly groups: number }[] {
  const rows = table.estimatedRows ?? 0;
  const isInKey = (name: string): boolean =>
    uniqueKeys.some((columns) => columns.includes(name));
  return table.columns
    .filter(
      ({ name, correlation = 0, distinctValues = rows }) =>
        Math.abs(correlation) >= liesTogether &&
        distinctValues < severalRows * rows &&
        uniqueKeys.some(
          (columns) => columns.length > 1 && columns.includes(name),
        ),
    )
    .map(({ distinctValues = 1 }) => ({
      groups: distinctValues,
      columns: table.columns
        .filter(
          (column) =>
            !isInKey(column.name) &&
            Math.abs(column.correlation ?? 0) < liesTogether &&
            (column.distinctValues ?? rows) <= 1.1 * distinctValues &&
            columnLayout(column.type, column.averageBytes).mergesEqual &&
            isClumped(column, distinctValues, rows),
        )
        .map(({ name }) => name),
    }));
}
