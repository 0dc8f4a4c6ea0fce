import type { Text } from "../words.ts";

/** How a suggestion is known to work, strongest first. */
export type Proof =
  | { readonly kind: "measured"; readonly how: Text }
  | { readonly kind: "planner"; readonly how: Text }
  | { readonly kind: "twin"; readonly how: Text }
  | { readonly kind: "heuristic"; readonly reason: Text };

export interface IndexKey {
  /** Column name unquoted, or the text of an expression. */
  readonly text: string;
  readonly isExpression: boolean;
  readonly descending: boolean;
  /** Only when it differs from the direction's default. */
  readonly nulls: "first" | "last" | undefined;
  readonly operatorClass: string | undefined;
  /** As SQL, only when it differs from the column's own. */
  readonly collation?: string;
  readonly role:
    | "equality"
    | "join"
    | "sort"
    | "range"
    | "group"
    | "containment"
    | "textSearch"
    | "prefix"
    | "pattern"
    | "nearest"
    /** The predicate alone finds the rows: any key would do. */
    | "any";
}

export interface IndexDefinition {
  readonly schema: string;
  readonly table: string;
  readonly method: "btree" | "gin" | "gist" | "spgist" | "brin" | "hash";
  readonly keys: readonly IndexKey[];
  readonly included: readonly string[];
  /** SQL text of a partial predicate. */
  readonly predicate: string | undefined;
}

/** Another index that helps too, for who prefers it. */
export interface Alternative {
  readonly index: IndexDefinition;
  /** With it in place of the suggested one, beside the other suggested ones. */
  readonly costAfter: number;
  readonly estimatedBytes: number;
  /** Of all that help, the suggested one included. */
  readonly isSmallest: boolean;
  readonly isCheapestToWrite: boolean;
}

/** What an index asks for beside the gain. */
export interface Upkeep {
  /** Of a real build, from the statistics; HypoPG's own figure is up to ten times off. */
  readonly estimatedBytes: number;
  readonly estimatedBuildMs: number;
  /** Entries that such an index would have been given since the counters were reset; undefined where the server tells none. */
  readonly entriesWritten: number | undefined;
  /** Updates that touched no index; those that set one of its columns would no longer be such. */
  readonly hotUpdatesAtRisk: number | undefined;
}

export interface Suggestion {
  readonly index: IndexDefinition;
  /** Name to be given, free in the schema at the time of asking, ≤ 63 bytes. */
  readonly name: string;
  /** True where PostgreSQL refuses CONCURRENTLY: on a partitioned parent. Absent elsewhere. */
  readonly refusesConcurrently?: true;
  readonly costBefore: number | undefined;
  readonly costAfter: number | undefined;
  /** Of the index that was built, or estimated from the statistics; never HypoPG's own figure. */
  readonly sizeBytes: number | undefined;
  readonly proof: Proof;
  /** The gain is at least this: statistics of an expression come with ANALYZE after the build. */
  readonly isAtLeast?: boolean;
  /** Cheapest plan first. Absent where nothing was tried. */
  readonly alternatives?: readonly Alternative[];
  readonly upkeep?: Upkeep;
  /** Names of existing indexes that do nothing which this one would not do. Absent where nothing was tried. */
  readonly makesRedundant?: readonly string[];
  /** Plan JSON with the index, when proven. */
  readonly planAfter: unknown;
  /** Why this order of columns, one or more sentences. */
  readonly why: Text;
}

/** Alternatives that were tried and lost, told with the reason. */
export interface RejectedCandidate {
  readonly index: IndexDefinition;
  readonly costAfter: number | undefined;
  readonly reason:
    "notUsed" | "smallGain" | "weaker" | "exists" | "covered" | "failed";
}

export interface Advice {
  readonly suggestions: readonly Suggestion[];
  readonly rejected: readonly RejectedCandidate[];
  /** What makes this advice poorer than it could be, and what mends it; absent where nothing does. */
  readonly notes?: readonly Text[];
}
