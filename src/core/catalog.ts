/** One of a column's most common values (pg_stats.most_common_vals). */
export interface CommonValue {
  /** As text; undefined when it is too long to be a state or a kind of something. */
  readonly text: string | undefined;
  /** Share of all rows, 0 to 1. */
  readonly frequency: number;
}

/** What the catalog tells of the elements of arrays and the words of texts. */
export interface ElementStatistics {
  /** Part of the rows that hold each of the most common elements. */
  readonly frequencies: readonly number[];
  /** Mean number of different elements in a row. */
  readonly perRow: number | undefined;
}

/** What a sample of a jsonb column's documents holds under one key of their top level. */
export interface DocumentKey {
  readonly key: string;
  /** Part of the rows whose document has the key. */
  readonly share: number;
  /** Values in the sample, different ones among them, and of those how many occur once and twice. */
  readonly sampled: number;
  readonly distinct: number;
  readonly once: number;
  readonly twice: number;
  /** Mean length of the values as text. */
  readonly averageBytes: number;
  /** How many whole numbers lie between the least and the largest value; absent where not all are such numbers. */
  readonly span?: number;
  /** Part of the values that are objects or arrays. */
  readonly nested: number;
}

/** How many combinations of values the columns have, from extended statistics. */
export interface CountedCombinations {
  readonly columns: readonly string[];
  readonly distinctValues: number;
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
  /** Shares of all the values that ANALYZE listed as most common, the largest first; `commonValues` holds the first of them. */
  readonly frequencies?: readonly number[];
  /** Of arrays and tsvector: what they hold; absent without such statistics. */
  readonly elements?: ElementStatistics;
  /** Of jsonb: what its histogram and most common values show of the documents. */
  readonly documentKeys?: readonly DocumentKey[];
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
  /** pg_class.reltuples of the referenced table; absent when it was never analyzed. */
  readonly referencedRows?: number;
  /** Foreign keys of the referenced table itself; absent when it has none. */
  readonly carriedKeys?: readonly {
    readonly schema: string;
    readonly table: string;
    readonly columns: readonly string[];
  }[];
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

/** Statistics that this role may not read; `remedy` is the statement that shows them. */
export type HiddenStatistics =
  /** Those of every table: the view pg_stats itself. */
  | { readonly by: "view"; readonly remedy: string }
  /** All of this table: its rows are under row security. */
  | { readonly by: "rows" }
  /** Those of columns that the role may not select. */
  | {
      readonly by: "columns";
      readonly columns: readonly string[];
      readonly remedy: string;
    };

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
  /** Absent without statistics objects that count them, or without the right to read those. */
  readonly combinations?: readonly CountedCombinations[];
  /** This role may not use the schema: it sees what a view shows of the table. */
  readonly schemaIsBarred?: true;
  /** Absent where this role sees all that there is, and on tables that were never analyzed. */
  readonly hiddenStatistics?: HiddenStatistics;
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
  /** The server's words, where this role may not read the catalog itself and no table is known. */
  readonly refused?: string;
}
