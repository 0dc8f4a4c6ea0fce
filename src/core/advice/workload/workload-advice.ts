import { words, type Text } from "../../words.ts";
import type { IndexDefinition, Proof } from "../suggestion.ts";

/** One query of a workload, before and after; in the planner's cost units, for one call. */
export interface QueryCosts {
  readonly name: string;
  readonly weight: number;
  readonly before: number;
  readonly after: number;
}

export interface AdvisedIndex {
  readonly index: IndexDefinition;
  /** Name to be given, free in the schema at the time of asking, ≤ 63 bytes. */
  readonly name: string;
  /** True where PostgreSQL refuses CONCURRENTLY: on a partitioned parent. Absent elsewhere. */
  readonly refusesConcurrently?: true;
  /** Estimated bytes on disk right after the build. */
  readonly sizeBytes: number;
  readonly proof: Proof;
  /** Weighted cost that the workload would have more without this index, all others present; upkeep not deducted. */
  readonly gain: number;
  /** What writes pay for it, in the same unit. */
  readonly upkeep: number;
  /** Queries whose plan uses it: `before` without this index alone, `after` with the whole set. */
  readonly queries: readonly QueryCosts[];
  /** Why this order of columns, one sentence. */
  readonly why: Text;
  /** Existing indexes that this one makes superfluous. */
  readonly replaces: readonly {
    readonly schema: string;
    readonly name: string;
  }[];
}

/** A set that is cheapest for its bytes: a stop of the budget slider. */
export interface FrontierPoint {
  readonly bytes: number;
  /** Weighted cost of the workload with this set. */
  readonly cost: number;
  /** Positions in `indexes` of the advice, or of its `alternatives` counted on after them. */
  readonly members: readonly number[];
}

/** The reason of a query that the search did not come to. */
export const notPlanned = words("the search was stopped before it was planned");

export interface LeftOutQuery {
  readonly name: string;
  readonly reason: Text;
}

/** Indexes for a whole workload. */
export interface WorkloadAdvice {
  /** Weighted cost of all queries without the new indexes. */
  readonly baselineCost: number;
  /** With them; upkeep not included. */
  readonly cost: number;
  readonly sizeBytes: number;
  /** EXPLAINs sent. */
  readonly plannings: number;
  /** A limit ended the search, which would have gone on. */
  readonly isCut: boolean;
  /** Largest gain first. */
  readonly indexes: readonly AdvisedIndex[];
  readonly queries: readonly QueryCosts[];
  readonly leftOut: readonly LeftOutQuery[];
  /** Other indexes that some set of the frontier uses. */
  readonly alternatives: readonly AdvisedIndex[];
  /** Indexes that the reads would gain by, less than writes would pay for them. */
  readonly outweighed: readonly AdvisedIndex[];
  /** Smallest first, from nothing up to the budget. */
  readonly frontier: readonly FrontierPoint[];
}

/** What is known while the search runs; the set so far can be taken at any moment. */
export interface WorkloadProgress {
  /** 0 to 1, an estimate that never falls. */
  readonly share: number;
  readonly plannings: number;
  readonly baselineCost: number;
  readonly cost: number;
  readonly sizeBytes: number;
  readonly indexCount: number;
}
