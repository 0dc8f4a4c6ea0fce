import type { IndexDefinition, IndexKey } from "../suggestion.ts";
import type { TableNeeds } from "../table-needs.ts";
import { definitionOf } from "./definitions.ts";

/** What a partial index is narrowed to, and the columns that this settles. */
interface Narrowing {
  readonly text: string;
  readonly columns: readonly string[];
}

/** All properties of the data together, and each alone. */
function narrowingsOf({ predicates }: TableNeeds): readonly Narrowing[] {
  const alone = predicates.map(({ text, column }) => ({
    text,
    columns: [column],
  }));
  const distinct = alone.filter(
    ({ columns }, at) =>
      predicates.findIndex(({ column }) => columns.includes(column)) === at,
  );
  if (distinct.length < 2) return alone;
  const together: Narrowing = {
    text: distinct.map(({ text }) => text).join(" AND "),
    columns: distinct.flatMap(({ columns }) => columns),
  };
  return [together, ...alone];
}

/** Where the predicate alone names the rows any key does: the primary one, else the predicate's own column. */
function anyKey(
  { table }: TableNeeds,
  { columns }: Narrowing,
): readonly IndexKey[] {
  const primary = table.indexes.find((index) => index.primary);
  const name = primary?.keys.length === 1 ? primary.keys[0] : undefined;
  return (name === undefined ? columns.slice(0, 1) : [name]).map((text) => ({
    text,
    isExpression: false,
    descending: false,
    nulls: undefined,
    operatorClass: undefined,
    role: "any",
  }));
}

function narrowed(
  needs: TableNeeds,
  narrowing: Narrowing,
): readonly IndexDefinition[] {
  const isOpen = (key: IndexKey): boolean =>
    !narrowing.columns.includes(key.text);
  const rest = needs.equality.filter(isOpen);
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
  ].map((keys) => keys.filter(isOpen));
  const isBare = !others.some(isOpen);
  return [...lists, ...(isBare ? [anyKey(needs, narrowing)] : [])]
    .flatMap((keys) => definitionOf(needs, "btree", keys))
    .map((index) => ({ ...index, predicate: narrowing.text }));
}

/** The same need narrowed to the rows that properties of the data name, their columns dropped from the keys. */
export const partialsOf = (needs: TableNeeds): readonly IndexDefinition[] =>
  narrowingsOf(needs).flatMap((narrowing) => narrowed(needs, narrowing));
