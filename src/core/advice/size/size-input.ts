import type {
  CatalogColumn,
  CatalogIndex,
  CatalogTable,
} from "../../catalog.ts";
import type { IndexDefinition, IndexKey } from "../suggestion.ts";

/** What the model reads of a column: pg_stats, as CatalogColumn holds it. */
export type SizeColumn = Omit<CatalogColumn, "notNull">;

/** What the model reads of a table; without keys and statistics objects columns count as independent. */
export interface SizeTable
  extends
    Pick<CatalogTable, "estimatedRows" | "pages" | "combinations">,
    Partial<Pick<CatalogTable, "foreignKeys">> {
  readonly columns: readonly SizeColumn[];
  readonly indexes?: readonly Pick<
    CatalogIndex,
    "keys" | "unique" | "valid" | "predicate"
  >[];
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
