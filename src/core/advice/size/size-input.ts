import type { CatalogColumn, CatalogTable } from "../../catalog.ts";
import type { IndexDefinition, IndexKey } from "../suggestion.ts";
import type { ElementStatistics } from "./gin-entries.ts";

/** What the model reads of a column: pg_stats, as CatalogColumn holds it, and for arrays and tsvector its elements. */
export interface SizeColumn extends Omit<CatalogColumn, "notNull"> {
  /** pg_stats.most_common_elem_freqs without its bounds, and the last of elem_count_histogram. */
  readonly elements?: ElementStatistics | undefined;
}

/** What the model reads of a table. */
export interface SizeTable extends Pick<
  CatalogTable,
  "estimatedRows" | "pages"
> {
  readonly columns: readonly SizeColumn[];
  /** Column lists of which the table holds each combination once, from its unique indexes. */
  readonly uniqueKeys?: readonly (readonly string[])[];
}

export interface SizeInput {
  readonly method: IndexDefinition["method"] | "spgist";
  readonly keys: readonly Pick<
    IndexKey,
    "text" | "isExpression" | "operatorClass"
  >[];
  readonly included: readonly string[];
  /** SQL text of a partial predicate. */
  readonly predicate: string | undefined;
  readonly unique: boolean;
  readonly table: SizeTable;
  /** Part of the rows that the predicate keeps, where something better than its text tells it. */
  readonly predicateShare?: number | undefined;
  /** server_version_num, e.g. 150020; matters to `char(n)` alone. */
  readonly serverVersion?: number | undefined;
  /** Storage parameter of a B-tree, per cent; 90 when absent. */
  readonly fillFactor?: number | undefined;
}
