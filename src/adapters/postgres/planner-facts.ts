import type { Answer } from "../../app/database.ts";
import type {
  IndexUpkeep,
  PlannerFacts,
  TableUpkeep,
} from "../../core/advice/why-not/planner-facts.ts";
import {
  plannerSettings,
  type SettingValues,
} from "../../core/advice/why-not/planner-settings.ts";
import { succeeded } from "../../core/result.ts";
import type { TableName } from "./catalog.ts";
import { readWithoutHidden } from "./hidden-relations.ts";
import { relationNamed } from "./named-relation.ts";
import type { Session } from "./session.ts";

/** The older views have no UTC offset of their own: the time is written in ISO 8601, in UTC. */
const isoTime = (time: string): string =>
  `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

const upkeepQuery = `WITH /* planlens */ asked AS (
    SELECT DISTINCT ${relationNamed("a.schema", "a.name")} AS id
    FROM json_to_recordset($1::json) AS a(schema text, name text)
  ),
  known AS (SELECT c.oid AS id, n.nspname AS schema, c.relname AS name
    FROM asked JOIN pg_class c ON c.oid = asked.id JOIN pg_namespace n ON n.oid = c.relnamespace)
SELECT json_build_object(
  'tables', (SELECT coalesce(json_agg(json_build_object('schema', k.schema, 'name', k.name,
      'liveRows', s.n_live_tup, 'modifiedSinceAnalyze', s.n_mod_since_analyze,
      'analyzedAt', ${isoTime("greatest(s.last_analyze, s.last_autoanalyze)")})), '[]')
    FROM known k LEFT JOIN pg_stat_all_tables s ON s.relid = k.id),
  'indexes', (SELECT coalesce(json_agg(json_build_object('schema', k.schema, 'table', k.name, 'name', ic.relname,
      'sizeBytes', (SELECT coalesce(sum(pg_relation_size(t.relid, 'main')), 0) FROM pg_partition_tree(i.indexrelid) t WHERE t.isleaf)
        + CASE WHEN ic.relkind = 'i' AND NOT ic.relispartition THEN pg_relation_size(ic.oid, 'main') ELSE 0 END,
      'leaves', (SELECT coalesce(json_agg(lc.relname), '[]') FROM pg_partition_tree(i.indexrelid) t
        JOIN pg_class lc ON lc.oid = t.relid WHERE t.isleaf AND t.relid <> i.indexrelid))), '[]')
    FROM known k JOIN pg_index i ON i.indrelid = k.id JOIN pg_class ic ON ic.oid = i.indexrelid),
  'settings', (SELECT json_object_agg(name, setting) FROM json_array_elements_text($2::json) AS a(name)
    CROSS JOIN LATERAL (SELECT current_setting(a.name, true) AS setting) s WHERE setting IS NOT NULL)) AS facts`;

interface Answered {
  readonly tables: readonly TableUpkeep[];
  readonly indexes: readonly IndexUpkeep[];
  readonly settings: SettingValues;
}

/** One round trip. Sizes wait behind ACCESS EXCLUSIVE, no longer than the session's lock_timeout. */
export async function readPlannerFacts(
  session: Session,
  tables: readonly TableName[],
): Answer<PlannerFacts> {
  const names = JSON.stringify(
    tables.map(({ schema, name }) => ({ schema: schema ?? null, name })),
  );
  const [row] = await readWithoutHidden(session, {
    text: upkeepQuery,
    values: [names, JSON.stringify(plannerSettings)],
  });
  // The query builds exactly this shape; null is undefined here.
  const facts = JSON.parse(row?.["facts"] ?? "{}", (_key, value: unknown) =>
    value === null ? undefined : value,
  ) as Answered;
  return succeeded(facts);
}
