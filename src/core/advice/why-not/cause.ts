import type { Text } from "../../words.ts";
import type { TextSpan } from "../../text-span.ts";

/** Why a planner leaves an index aside. */
export type CauseKind =
  /** The statement does not name the index's table. */
  | "otherTable"
  | "invalid"
  /** A function or an operator around the column. */
  | "wrapped"
  /** The index holds an expression, the statement compares something else. */
  | "expression"
  /** The server casts the column to compare it. */
  | "typeMismatch"
  | "collation"
  /** Method or operator class do not know the operator. */
  | "operatorClass"
  | "leadingWildcard"
  | "notEqual"
  | "underOr"
  | "leadingColumn"
  | "predicate"
  | "orderMismatch"
  | "settingOff"
  | "costSettings"
  | "parallel"
  | "otherIndex"
  | "neverAnalyzed"
  | "staleStatistics"
  | "smallTable"
  | "limit"
  | "joinReadsAll"
  | "selectivity"
  | "correlation"
  | "costlier"
  /** No imagined index can be tried on this server. */
  | "cannotTry";

/** What the planner said; undefined where it was not asked or gave no answer. */
export interface Evidence {
  /** Total cost of the statement as the planner chose. */
  readonly costChosen: number | undefined;
  /** Total cost of the cheapest plan found that reads the index. */
  readonly costWithIndex: number | undefined;
  /** Rows that the planner expects from the index. */
  readonly rows: number | undefined;
  readonly tableRows: number | undefined;
}

export interface Cause {
  readonly kind: CauseKind;
  /** One or two sentences: what hinders, and what would help. */
  readonly sentence: Text;
  /** The token in the statement's ORIGINAL text; undefined when no token is to blame. */
  readonly span: TextSpan | undefined;
  /** Key of the index that is concerned, as its DDL writes it. */
  readonly indexKey: string | undefined;
  readonly evidence: Evidence;
}
