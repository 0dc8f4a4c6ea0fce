import type { SettingValues } from "./planner-settings.ts";

/** How far a table's statistics can be trusted. */
export interface TableUpkeep {
  readonly schema: string;
  readonly name: string;
  /** pg_stat_user_tables.n_live_tup: counted, not estimated by ANALYZE. */
  readonly liveRows: number | undefined;
  /** Rows written since the last ANALYZE (n_mod_since_analyze). */
  readonly modifiedSinceAnalyze: number | undefined;
  /** ISO time of the last ANALYZE, by a person or by autovacuum; undefined when none is known. */
  readonly analyzedAt: string | undefined;
}

export interface IndexUpkeep {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** pg_relation_size, those of its partitions included. */
  readonly sizeBytes: number;
  /** Names of the indexes of its partitions, which stand in plans instead of its own. */
  readonly leaves: readonly string[];
}

/** What the planner goes by beside the catalog. */
export interface PlannerFacts {
  readonly tables: readonly TableUpkeep[];
  readonly indexes: readonly IndexUpkeep[];
  /** As they are in force, in `current_setting`'s words. */
  readonly settings: SettingValues;
}
