/**
 * Settings that the planner reads, beside the categories "Query Tuning / …" of pg_settings: parallelism,
 * memory, and what changes how a query's text is read.
 */
export const furtherPlannerSettings: readonly string[] = [
  "work_mem",
  "hash_mem_multiplier",
  "effective_io_concurrency",
  "maintenance_io_concurrency",
  "max_parallel_workers_per_gather",
  "max_parallel_workers",
  "parallel_leader_participation",
  "force_parallel_mode",
  "debug_parallel_query",
  "array_nulls",
  "default_text_search_config",
  "DateStyle",
  "IntervalStyle",
  "search_path",
  "TimeZone",
];

/** Settings of "Resource Usage" that a bundle may carry though the planner does not read them. */
const passedOver = new Set(["shared_buffers"]);

const name = /^[a-z_][a-z0-9_]*$/i;

/** The settings to apply to a twin: known by name, of the planner only. */
export function pickSettings(
  settings: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  const isPlanners = (key: string): boolean =>
    furtherPlannerSettings.includes(key) ||
    /^(enable_|geqo|jit|cpu_|seq_page|random_page|parallel_|min_parallel_|effective_|join_collapse|from_collapse|constraint_exclusion|cursor_tuple|default_statistics_target|plan_cache_mode|recursive_worktable)/.test(
      key,
    );
  return Object.entries(settings).filter(
    ([key]) => name.test(key) && isPlanners(key) && !passedOver.has(key),
  );
}

/** Whether a search_path names none of these schemas; `public` is on every twin. An empty one is meant so. */
export function leadsNowhere(
  searchPath: string,
  schemas: ReadonlySet<string>,
): boolean {
  const named = searchPath
    .split(",")
    .map((item) => item.trim().replace(/^"(.*)"$/su, "$1"))
    .filter((item) => item !== "");
  return (
    named.length > 0 &&
    !named.some((item) => item === "public" || schemas.has(item))
  );
}
