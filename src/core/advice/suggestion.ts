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
  readonly role:
    | "equality"
    | "join"
    | "sort"
    | "range"
    | "group"
    | "containment"
    | "textSearch"
    | "prefix";
}

export interface IndexDefinition {
  readonly schema: string;
  readonly table: string;
  readonly method: "btree" | "gin" | "gist" | "brin" | "hash";
  readonly keys: readonly IndexKey[];
  readonly included: readonly string[];
  /** SQL text of a partial predicate. */
  readonly predicate: string | undefined;
}

export interface Suggestion {
  readonly index: IndexDefinition;
  /** Name to be given, free in the schema at the time of asking, ≤ 63 bytes. */
  readonly name: string;
  /** True where PostgreSQL refuses CONCURRENTLY: on a partitioned parent. Absent elsewhere. */
  readonly refusesConcurrently?: true;
  readonly costBefore: number | undefined;
  readonly costAfter: number | undefined;
  /** HypoPG's or the built index's size. */
  readonly sizeBytes: number | undefined;
  readonly proof: Proof;
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
}
