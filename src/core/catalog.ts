/** One of a column's most common values (pg_stats.most_common_vals). */
export interface CommonValue {
  /** As text; undefined when it is too long to be a state or a kind of something. */
  readonly text: string | undefined;
  /** Share of all rows, 0 to 1. */
  readonly frequency: number;
}

/** What the server's catalog says of the tables a statement reads. */
export interface CatalogColumn {
  readonly name: string;
  /** format_type, e.g. `bigint`, `character varying(20)`, `jsonb`. */
  readonly type: string;
  readonly notNull: boolean;
  /** pg_stats.n_distinct as a count of distinct values (negative fractions already multiplied); undefined without statistics. */
  readonly distinctValues: number | undefined;
  readonly nullFraction: number | undefined;
  readonly averageBytes: number | undefined;
  /** Physical order against value order, −1 to 1. */
  readonly correlation: number | undefined;
  /** Values whose share of the rows is known, most frequent first; absent without such statistics. */
  readonly commonValues?: readonly CommonValue[];
  /** Its collation is C or POSIX, so that an index in its order finds texts by their beginning. */
  readonly sortsByBytes?: boolean;
}

export interface CatalogIndex {
  readonly name: string;
  readonly method: string;
  /** Key columns or expressions in order, as pg_get_indexdef prints each. */
  readonly keys: readonly string[];
  readonly descending: readonly boolean[];
  readonly included: readonly string[];
  readonly predicate: string | undefined;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly valid: boolean;
  readonly definition: string;
}

export interface CatalogForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly referencedSchema: string;
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
}

/** What has been written since the counters were reset (pg_stat_user_tables). */
export interface CatalogWrites {
  readonly inserted: number;
  readonly updated: number;
  /** Of those updated, how many touched no index (heap-only tuples). */
  readonly hotUpdated: number;
  readonly deleted: number;
}

/** A partition or inheriting table, at any depth, that holds rows. */
export interface CatalogChild {
  readonly schema: string;
  readonly name: string;
  readonly estimatedRows: number | undefined;
  readonly pages: number;
  readonly indexes: readonly CatalogIndex[];
}

export interface CatalogTable {
  readonly schema: string;
  readonly name: string;
  readonly kind:
    "table" | "partitioned" | "view" | "materializedView" | "foreign";
  /** pg_class.reltuples; undefined when never analyzed (−1). */
  readonly estimatedRows: number | undefined;
  readonly pages: number;
  readonly columns: readonly CatalogColumn[];
  readonly indexes: readonly CatalogIndex[];
  /** The largest of its children; absent when it has none. */
  readonly children?: readonly CatalogChild[];
  /** Share of the pages whose rows everybody sees, 0 to 1: so much can an index answer without the table. */
  readonly visibleShare?: number;
  /** A view's query. */
  readonly definition?: string;
  /** Extensions of the database that bring operator classes: pg_trgm, btree_gin, btree_gist. */
  readonly extensions?: readonly string[];
  readonly writes?: CatalogWrites;
  /** Keys this table holds on others. */
  readonly foreignKeys: readonly CatalogForeignKey[];
  /** Keys other tables hold on this one, with the holder's indexed-ness. */
  readonly referencedBy: readonly {
    readonly schema: string;
    readonly table: string;
    readonly key: string;
    readonly columns: readonly string[];
    readonly hasIndex: boolean;
    readonly estimatedRows: number | undefined;
  }[];
}

export interface Catalog {
  readonly tables: readonly CatalogTable[];
}
