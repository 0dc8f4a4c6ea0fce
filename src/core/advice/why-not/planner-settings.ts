/** The planner settings that a trial may change, and nothing else: none of them runs, writes or locks anything. */
export const plannerSettings = [
  "enable_seqscan",
  "enable_indexscan",
  "enable_indexonlyscan",
  "enable_bitmapscan",
  "enable_tidscan",
  "enable_sort",
  "enable_incremental_sort",
  "enable_nestloop",
  "enable_hashjoin",
  "enable_mergejoin",
  "max_parallel_workers_per_gather",
  "seq_page_cost",
  "random_page_cost",
  "cpu_tuple_cost",
  "cpu_index_tuple_cost",
  "cpu_operator_cost",
  "effective_cache_size",
] as const;

export type PlannerSetting = (typeof plannerSettings)[number];

/** As SET would take them, `off` or `1.1`; what is left out stays as the server has it. */
export type SettingValues = {
  readonly [Setting in PlannerSetting]?: string;
};

export const isPlannerSetting = (name: string): name is PlannerSetting =>
  (plannerSettings as readonly string[]).includes(name);
