import type { Text } from "../words.ts";

/** The word that every bundle begins with, and the version of the format that this build writes. */
export const bundleFormat = "planlens statistics bundle";
export const bundleVersion = 1;

/** The locale of the source's database: it decides how texts compare, hence how histograms are read. */
export interface DatabaseLocale {
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  readonly provider: "libc" | "icu" | "builtin";
  /** Of ICU or of the builtin provider. */
  readonly locale?: string | undefined;
}

/** An object to create; `what` names it for the report: `table public.orders`. */
export interface DdlObject {
  readonly what: string;
  /** One statement, names qualified, without a semicolon. */
  readonly sql: string;
}

/** What pg_class and the file system say about a table or index. */
export interface RelationStatistics {
  readonly schema: string;
  readonly name: string;
  /** relpages, reltuples and relallvisible of pg_class; reltuples is -1 where never analyzed (14 and later). */
  readonly pages: number;
  readonly rows: number;
  readonly allVisiblePages: number;
  /** Blocks of 8192 bytes in the main fork: what the planner sees. */
  readonly blocks: number;
}

/** One slot of pg_statistic. Operator and collation absent: those that ANALYZE takes for the column's type. */
export interface StatisticsSlot {
  /** STATISTIC_KIND_… of pg_statistic.h. */
  readonly kind: number;
  /** As regoperator prints it, schema-qualified: `pg_catalog.<(text,text)`. */
  readonly operator?: string | undefined;
  /** As regcollation prints it, schema-qualified and quoted. */
  readonly collation?: string | undefined;
  /** The text form of a real[] and of an array of values. */
  readonly numbers?: string | undefined;
  readonly values?: string | undefined;
}

export interface ColumnStatistics {
  readonly schema: string;
  /** A table, or an index for the statistics of its expressions. */
  readonly relation: string;
  readonly column: string;
  /** attnum; for index columns, whose names PostgreSQL makes up. */
  readonly position?: number | undefined;
  readonly inherited: boolean;
  readonly nullFraction: number;
  readonly averageBytes: number;
  /** n_distinct: negative is a share of the rows. */
  readonly distinctValues: number;
  readonly slots: readonly StatisticsSlot[];
}

/** The most common combinations of values, in the order of pg_stats_ext. */
export interface CommonCombinations {
  /** One text or null per column, in the order of `columns`. */
  readonly values: readonly (readonly (string | null)[])[];
  readonly frequencies: readonly number[];
  readonly baseFrequencies: readonly number[];
}

/** Data of one CREATE STATISTICS object. Keys are counted in the object's own order, columns before expressions. */
export interface ExtendedStatistics {
  readonly schema: string;
  readonly name: string;
  readonly inherited: boolean;
  /** Columns in the order of their numbers; expressions follow and are counted on. */
  readonly columns: readonly string[];
  readonly expressionCount: number;
  readonly distinctValues: readonly {
    /** Zero-based positions in columns, then expressions. */
    readonly keys: readonly number[];
    readonly count: number;
  }[];
  readonly dependencies: readonly {
    /** The last is implied by the others. */
    readonly keys: readonly number[];
    readonly degree: number;
  }[];
  readonly common: CommonCombinations | undefined;
  readonly expressions: readonly Omit<
    ColumnStatistics,
    "schema" | "relation" | "column" | "inherited"
  >[];
}

/** A statement of the workload. `counted` marks those that a comparison sums up. */
export interface BundleQuery {
  readonly name: string;
  readonly sql: string;
  readonly counted: boolean;
  readonly calls?: number | undefined;
  readonly meanMs?: number | undefined;
}

/** Schema, statistics and planner settings of a database, without a row of it. */
export interface Bundle {
  readonly server: {
    readonly versionNumber: number;
    readonly versionText: string;
  };
  readonly locale: DatabaseLocale | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly extensions: readonly {
    readonly name: string;
    readonly schema: string;
  }[];
  /** In an order that works when one that fails is tried again later. */
  readonly ddl: readonly DdlObject[];
  readonly relations: readonly RelationStatistics[];
  readonly columns: readonly ColumnStatistics[];
  readonly extended: readonly ExtendedStatistics[];
  readonly queries: readonly BundleQuery[];
  /** What the export left out or could not read; whole sentences. */
  readonly remarks: readonly Text[];
}
