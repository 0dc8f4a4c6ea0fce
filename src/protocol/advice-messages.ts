import type { PlanView, SuggestionView } from "./messages.ts";

/** One query of the workload as the advice page lists it; costs are the planner's, for one call. */
export interface AdviceQueryView {
  /** Its position; messages name it by that. */
  readonly id: number;
  readonly name: string;
  readonly weight: number;
  readonly before: number;
  readonly after: number;
}

/** One index of the advised set, or of a smaller or larger set of the frontier. */
export interface AdviceIndexView {
  readonly id: number;
  readonly table: string;
  /** `(course_id, created_at DESC) INCLUDE (status) WHERE …` */
  readonly keyText: string;
  readonly name: string;
  readonly ddl: string;
  readonly sizeBytes: number;
  /** Weighted cost that the workload would have more without this index alone. */
  readonly gain: number;
  /** What writes pay for it, in the same unit. */
  readonly upkeep: number;
  readonly proof: SuggestionView["proof"];
  readonly proofDetail: string;
  readonly why: string;
  /** Existing indexes that it makes superfluous. */
  readonly replaces: readonly string[];
  readonly queries: readonly AdviceQueryView[];
}

/** A stop of the budget slider: the set that is cheapest for its bytes. */
export interface AdviceStop {
  readonly bytes: number;
  readonly cost: number;
  /** Ids of indexes. */
  readonly members: readonly number[];
}

export interface AdviceView {
  /** Another search has another one: what was chosen on this one is not carried over. */
  readonly key: string;
  readonly connection: PlanView["connection"];
  /** "121 queries of 64 files" */
  readonly source: string;
  /** "Searched 4.2 s, 1,180 plans" */
  readonly searched: string;
  readonly baselineCost: number;
  readonly indexes: readonly AdviceIndexView[];
  /** Smallest first; the first holds nothing, the last all of the advised set. */
  readonly stops: readonly AdviceStop[];
  readonly queries: readonly AdviceQueryView[];
  readonly leftOut: readonly {
    readonly name: string;
    readonly reason: string;
    /** Position for `openQuery`; undefined when it stands nowhere. */
    readonly id: number | undefined;
  }[];
  /** Whole sentences about what the advice rests on; usually none. */
  readonly notes: readonly string[];
  /** What the source has and the copy of its statistics has not; empty where nothing is planned on a copy. */
  readonly remarks: readonly string[];
  /** First file of what was written from this advice last. */
  readonly written: string | undefined;
  /** Why there is no index, when there is none. */
  readonly nothing:
    { readonly title: string; readonly detail: string } | undefined;
}

export type AdviceState =
  | { readonly kind: "empty" }
  | { readonly kind: "advice"; readonly view: AdviceView };

/** Host → advice page. */
export interface AdviceHostMessages {
  readonly adviceState: AdviceState;
  readonly adviceWritten: {
    readonly indexes: readonly number[];
    readonly path: string;
  };
}

/** Advice page → host. The host parses what arrives. */
export interface AdvicePageMessages {
  readonly ready: Record<string, never>;
  readonly adviseAgain: Record<string, never>;
  readonly writeMigrations: { readonly indexes: readonly number[] };
  readonly previewMigrations: { readonly indexes: readonly number[] };
  readonly openQuery: { readonly query: number };
  readonly copy: { readonly text: string };
}
