import type { SettingValues } from "./planner-settings.ts";

/** One planning under changed circumstances. */
export interface PlannerTrial {
  readonly settings: SettingValues;
  /** Existing indexes that this plan is to do without, by schema and name. */
  readonly hidden: readonly {
    readonly schema: string;
    readonly name: string;
  }[];
}

/** Answers in the order of the trials asked. */
export interface TriedPlans {
  /** The server's JSON; undefined for a trial that is not possible here, such as hiding an index without HypoPG 1.4. */
  readonly plans: readonly unknown[];
  /** Names of the imagined indexes as they appear in the plans; undefined for one that the server refuses. */
  readonly names: readonly (string | undefined)[];
  readonly sizesBytes: readonly (number | undefined)[];
}
