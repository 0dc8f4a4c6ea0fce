import type { CatalogTable } from "../catalog.ts";
import { fewRows, smallTablePages } from "../findings/thresholds.ts";
import { isJsonObject } from "../json-object.ts";
import { quoteAlways } from "../sql/quote-identifier.ts";
import { phrase, type Text } from "../words.ts";

/** Neither VACUUM nor ANALYZE has counted it: the catalog knows nothing of its size, the planner looks at its files. */
export const isUncounted = ({
  kind,
  estimatedRows,
  pages,
}: CatalogTable): boolean =>
  kind !== "view" &&
  kind !== "foreign" &&
  estimatedRows === undefined &&
  pages === 0;

/** A statement whose plan tells how large the planner supposes the table to be: whole rows, so that no index can answer it. */
export function sizeQuestion({ schema, name, kind }: CatalogTable): string {
  const only = kind === "partitioned" ? "" : "ONLY ";
  return `SELECT t FROM ${only}${quoteAlways(schema)}.${quoteAlways(name)} t`;
}

/** Of a page, what is left for rows and their line pointers (BLCKSZ − SizeOfPageHeaderData). */
const usableBytes = 8168;
const linePointerBytes = 4;

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
  const { "Plan Rows": rows, "Plan Width": width } = root;
  if (typeof rows !== "number" || typeof width !== "number") return table;
  const perPage = Math.max(
    1,
    Math.floor(usableBytes / (width + linePointerBytes)),
  );
  return { ...table, estimatedRows: rows, pages: Math.ceil(rows / perPage) };
}

/** Too small for an index to pay. */
export const isTiny = (table: CatalogTable): boolean =>
  table.kind !== "partitioned" &&
  (table.pages < smallTablePages ||
    (table.estimatedRows ?? Infinity) < fewRows);

const mostNamed = 5;

/** What advice on tables of supposed sizes rests on; nothing where they are tiny. */
export function noteSupposed(tables: readonly CatalogTable[]): readonly Text[] {
  const names = tables
    .filter((table) => !isTiny(table))
    .map(({ name }) => name);
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
