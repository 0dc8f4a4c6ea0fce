import type { Catalog, CatalogTable } from "../catalog.ts";
import { fewRows, smallTablePages } from "../findings/thresholds.ts";
import type { ParsedStatement } from "../sql/statement.ts";
import { renderCreateIndex } from "./render-ddl.ts";
import type { IndexDefinition, IndexKey } from "./suggestion.ts";
import { collectNeeds, type TableNeeds } from "./table-needs.ts";

export interface Candidate {
  readonly index: IndexDefinition;
  readonly table: CatalogTable;
  /** Where it stands in the order of promise within its table, 0 first. */
  readonly rank: number;
}

/** Wider keys cost more to write than a last column brings; the planner sees three equalities as one. */
const maximumEqualityKeys = 4;
const maximumPerTable = 40;

/** Too small for an index to pay. */
function isTiny(table: CatalogTable): boolean {
  const isUnknown = table.estimatedRows === undefined && table.pages === 0;
  if (table.kind === "partitioned" || isUnknown) return false;
  return (
    table.pages < smallTablePages || (table.estimatedRows ?? Infinity) < fewRows
  );
}

/** Keeps the first of equal columns, so that `a = 1 ORDER BY a` has one key. */
function withoutRepeats(keys: readonly IndexKey[]): readonly IndexKey[] {
  const seen = new Set<string>();
  return keys.filter((key) => {
    if (seen.has(key.text)) return false;
    seen.add(key.text);
    return true;
  });
}

type KeyList = readonly IndexKey[];

/** `[...head, key]` for each key, so that an empty list adds nothing. */
const endingIn = (head: KeyList, keys: KeyList): readonly KeyList[] =>
  keys.map((key) => [...head, key]);

/** `[...head, ...keys]`, or nothing when there are no keys. */
const followedBy = (head: KeyList, keys: KeyList): readonly KeyList[] =>
  keys.length === 0 ? [] : [[...head, ...keys]];

function joinLists(needs: TableNeeds, equality: KeyList): readonly KeyList[] {
  const bounds = [...needs.range, ...needs.prefix];
  const lists = needs.join.flatMap((column) => [
    [...equality, column],
    [column, ...equality],
    [column],
    ...followedBy([column], needs.sort),
    ...endingIn([column], bounds),
    ...endingIn([column, ...equality], bounds),
  ]);
  return needs.join.length > 1 ? [...lists, needs.join] : lists;
}

function singleLists(needs: TableNeeds, equality: KeyList): readonly KeyList[] {
  const bounds = [...needs.range, ...needs.prefix];
  return [
    ...followedBy([], needs.sort),
    ...bounds.flatMap((bound) => [
      [bound],
      [bound, ...equality],
      [...needs.sort, bound],
    ]),
    ...equality.flatMap((column) => [
      [column],
      ...followedBy([column], needs.sort),
      ...endingIn([column], bounds),
    ]),
    ...needs.alternatives.map((key) => [key]),
  ];
}

/** Key lists in order of promise: equality, then sort, then range; each shorter form after. */
function orderedKeyLists(needs: TableNeeds): readonly KeyList[] {
  const equality = needs.equality.slice(0, maximumEqualityKeys);
  const bounds = [...needs.range, ...needs.prefix];
  return [
    ...followedBy(equality, needs.sort),
    ...endingIn(equality, bounds),
    equality,
    ...joinLists(needs, equality),
    ...singleLists(needs, equality),
    ...followedBy(equality, needs.group),
    needs.group,
  ];
}

function btree(needs: TableNeeds, keys: KeyList): IndexDefinition[] {
  const distinct = withoutRepeats(keys);
  if (distinct.length === 0) return [];
  const { schema, name } = needs.table;
  const base = {
    schema,
    table: name,
    method: "btree",
    included: [],
    predicate: undefined,
  } as const;
  return [{ ...base, keys: distinct }];
}

function gin(needs: TableNeeds, key: IndexKey): IndexDefinition {
  const { schema, name } = needs.table;
  return {
    schema,
    table: name,
    method: "gin",
    keys: [key],
    included: [],
    predicate: undefined,
  };
}

/** The same need narrowed to the rows that a property of the data names, its column dropped from the keys. */
function partials(needs: TableNeeds): readonly IndexDefinition[] {
  return needs.predicates.flatMap(({ text, column }) => {
    const rest = needs.equality.filter((key) => key.text !== column);
    const lists = [
      [...rest, ...needs.sort],
      [...rest, ...needs.range],
      needs.join.slice(0, 1),
      rest,
    ];
    return lists
      .flatMap((keys) =>
        btree(
          needs,
          keys.filter((key) => key.text !== column),
        ),
      )
      .map((index) => ({ ...index, predicate: text }));
  });
}

/** Foreign keys held by others that a DELETE on this table has to look up, one by one. */
export function foreignKeyCandidates(
  statement: ParsedStatement,
  catalog: Catalog,
): readonly IndexDefinition[] {
  if (statement.verb !== "delete") return [];
  return collectNeeds(statement, catalog)
    .filter(({ reference }) => reference.isTarget)
    .flatMap(({ table }) => table.referencedBy)
    .filter(
      (key) => !key.hasIndex && (key.estimatedRows ?? Infinity) >= fewRows,
    )
    .map((key) => ({
      schema: key.schema,
      table: key.table,
      method: "btree" as const,
      keys: key.columns.map((column) => ({
        text: column,
        isExpression: false,
        descending: false,
        nulls: undefined,
        operatorClass: undefined,
        role: "join" as const,
      })),
      included: [],
      predicate: undefined,
    }));
}

/** A text that is equal for equal indexes. */
export const identityOf = (index: IndexDefinition): string =>
  renderCreateIndex(index, "x", { concurrently: false });

/**
 * Index candidates for one statement, per table in order of promise. Tiny tables give
 * none. What exists already is still among them; see findCoverage.
 */
export function proposeCandidates(
  statement: ParsedStatement,
  catalog: Catalog,
): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const needs of collectNeeds(statement, catalog)) {
    if (isTiny(needs.table)) continue;
    const indexes = [
      ...orderedKeyLists(needs)
        .slice(0, maximumPerTable)
        .flatMap((keys) => btree(needs, keys)),
      ...[...needs.containment, ...needs.textSearch].map((key) =>
        gin(needs, key),
      ),
      ...partials(needs),
    ];
    indexes.forEach((index, rank) => {
      const identity = identityOf(index);
      if (!found.has(identity))
        found.set(identity, { index, table: needs.table, rank });
    });
  }
  return [...found.values()];
}
