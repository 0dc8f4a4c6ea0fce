import type { CatalogTable } from "../catalog.ts";
import { isJsonObject } from "../json-object.ts";
import { quoteAlways } from "../sql/quote-identifier.ts";
import { phrase, type Text } from "../words.ts";
import { isTiny, isUnsized } from "./tiny-table.ts";

/** Neither VACUUM nor ANALYZE has counted it: the catalog knows nothing of its size, the planner looks at its files. */
export const isUncounted = (table: CatalogTable): boolean =>
  table.kind !== "view" && table.kind !== "foreign" && isUnsized(table);

/** A statement whose plan tells how large the planner supposes the table to be: whole rows, so that no index can answer it. */
export function sizeQuestion({ schema, name, kind }: CatalogTable): string {
  const only = kind === "partitioned" ? "" : "ONLY ";
  return `SELECT t FROM ${only}${quoteAlways(schema)}.${quoteAlways(name)} t`;
}

/** Of a page, what is left for rows and their line pointers (BLCKSZ − SizeOfPageHeaderData). */
const usableBytes = 8168;
const linePointerBytes = 4;

/**
 * A policy of row security leaves few rows, and the cost of reading all: seq_page_cost 1 a page, cpu_tuple_cost 0.01
 * and for its condition about one cpu_operator_cost 0.0025 a row.
 */
const rowsOfCost = (cost: number, perPage: number): number =>
  Math.round(cost / (1 / perPage + 0.01 + 0.0025));

/**
 * The table with the rows that the planner supposes, and the pages it supposed them from: it divides
 * what is usable of a page by the width of a row with its header and line pointer
 * (table_block_relation_estimate_size); a plan's width of a whole row has the header in it.
 * @param answer `EXPLAIN (FORMAT JSON)` of `sizeQuestion`
 */
export function withSupposedSize(
  table: CatalogTable,
  answer: unknown,
): CatalogTable {
  const first: unknown = Array.isArray(answer) ? answer[0] : undefined;
  const root = isJsonObject(first) ? first["Plan"] : undefined;
  if (!isJsonObject(root)) return table;
  const { "Plan Rows": told, "Plan Width": width, "Total Cost": cost } = root;
  if (typeof told !== "number" || typeof width !== "number") return table;
  const perPage = Math.max(
    1,
    Math.floor(usableBytes / (width + linePointerBytes)),
  );
  const rows =
    "Filter" in root && typeof cost === "number"
      ? rowsOfCost(cost, perPage)
      : told;
  return { ...table, estimatedRows: rows, pages: Math.ceil(rows / perPage) };
}

const mostNamed = 5;

/** Counted or not (CREATE INDEX counts too), nothing is known of its columns. Of a parent its partitions may tell. */
const isUnanalyzed = (table: CatalogTable): boolean =>
  (table.kind === "table" || table.kind === "materializedView") &&
  table.hiddenStatistics === undefined &&
  table.columns.every(({ nullFraction }) => nullFraction === undefined);

/** What advice on tables that were never analyzed rests on; nothing where they are tiny. */
export function noteUnanalyzed(
  tables: Iterable<CatalogTable>,
): readonly Text[] {
  const found = [...tables].filter(
    (table) => isUnanalyzed(table) && !isTiny(table),
  );
  const names = [...new Set(found.map(({ name }) => name))];
  const [first] = names;
  if (first === undefined) return [];
  if (names.length === 1)
    return [
      phrase(
        "{0} was never analyzed, so the planner guesses how many of its rows match. Run ANALYZE and ask again.",
        first,
      ),
    ];
  const more = names.length > mostNamed ? ", …" : "";
  return [
    phrase(
      "These tables were never analyzed, so the planner guesses how many of their rows match: {0}. Run ANALYZE and ask again.",
      `${names.slice(0, mostNamed).join(", ")}${more}`,
    ),
  ];
}
