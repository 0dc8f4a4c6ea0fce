import type { CatalogTable } from "../catalog.ts";
import { fewRows, smallTablePages } from "../findings/thresholds.ts";

/** The catalog has neither rows nor pages of it: never counted, or nothing that keeps rows. */
export const isUnsized = ({ estimatedRows, pages }: CatalogTable): boolean =>
  estimatedRows === undefined && pages === 0;

/** Too small for an index to pay, as far as is known: a table without a size counts as tiny. A parent has its rows in its partitions. */
export const isTiny = (table: CatalogTable): boolean =>
  table.kind !== "partitioned" &&
  (table.pages < smallTablePages ||
    (table.estimatedRows ?? Infinity) < fewRows);

/** The same where a plan of the statement tells later what a table without a size takes to read. */
export const isKnownTiny = (table: CatalogTable): boolean =>
  !isUnsized(table) && isTiny(table);
