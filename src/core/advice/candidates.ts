import type { Catalog, CatalogTable } from "../catalog.ts";
import { fewRows } from "../findings/thresholds.ts";
import type { ParsedStatement } from "../sql/statement.ts";
import { definitionOf } from "./candidates/definitions.ts";
import { hashesOf } from "./candidates/hash.ts";
import { orderedKeyLists } from "./candidates/key-lists.ts";
import { partialsOf } from "./candidates/partials.ts";
import { searchIndexesOf } from "./candidates/searches.ts";
import { renderCreateIndex } from "./render-ddl.ts";
import type { IndexDefinition } from "./suggestion.ts";
import { collectNeeds, type TableNeeds } from "./table-needs.ts";
import { isKnownTiny } from "./tiny-table.ts";

export interface Candidate {
  readonly index: IndexDefinition;
  readonly table: CatalogTable;
  /** Where it stands in the order of promise within its table, 0 first. */
  readonly rank: number;
}

/** Of inheriting tables the largest. */
const maximumChildren = 4;
const maximumPerTable = 40;

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

/** An index on a table does not reach those that inherit from it: each has one of its own. */
export function inheritingTables(table: CatalogTable): readonly CatalogTable[] {
  if (table.kind !== "table") return [];
  return (table.children ?? [])
    .slice(0, maximumChildren)
    .map(({ schema, name, estimatedRows, pages, indexes }) => ({
      ...{ ...table, children: [] },
      ...{ schema, name, estimatedRows, pages, indexes },
    }));
}

/** What is needed of a table is needed of those that inherit from it. */
export const withChildren = (needs: TableNeeds): readonly TableNeeds[] => [
  needs,
  ...inheritingTables(needs.table).map((table) => ({ ...needs, table })),
];

function indexesFor(needs: TableNeeds): readonly IndexDefinition[] {
  return [
    ...orderedKeyLists(needs)
      .slice(0, maximumPerTable)
      .flatMap((keys) => definitionOf(needs, "btree", keys)),
    ...searchIndexesOf(needs.table, needs.searches, needs.equality),
    ...partialsOf(needs),
    ...hashesOf(needs),
  ];
}

/**
 * Index candidates for one statement, per table in order of promise. Tiny tables give
 * none. What exists already is still among them; see findCoverage.
 */
export function proposeCandidates(
  statement: ParsedStatement,
  catalog: Catalog,
): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  const needed = collectNeeds(statement, catalog).flatMap(withChildren);
  for (const needs of needed) {
    if (isKnownTiny(needs.table)) continue;
    indexesFor(needs).forEach((index, rank) => {
      const identity = identityOf(index);
      if (!found.has(identity))
        found.set(identity, { index, table: needs.table, rank });
    });
  }
  return [...found.values()];
}
