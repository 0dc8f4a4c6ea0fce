import type { Answer } from "../../app/database.ts";
import type { IndexUsage, IndexUse } from "../../core/advice/index-use.ts";
import { succeeded } from "../../core/result.ts";
import type { Session } from "./session.ts";
import { withoutJit } from "./without-jit.ts";

/** The largest come first; beyond so many nobody reads on. */
const mostIndexes = 2_000;

/** Expression, operator class, collation and direction: what must agree for one order to serve as another. */
const keys = `
  SELECT json_agg(concat_ws('|', pg_get_indexdef(i.indexrelid, k, true),
    (SELECT opcname FROM pg_opclass WHERE oid = i.indclass[k - 1]), i.indcollation[k - 1], i.indoption[k - 1]) ORDER BY k)
  FROM generate_series(1, i.indnkeyatts) k`;

const included = `
  SELECT json_agg(pg_get_indexdef(i.indexrelid, k, true) ORDER BY k) FROM generate_series(i.indnkeyatts + 1, i.indnatts) k`;

/** Begins with the first column of the index. */
const foreignKey = `
  SELECT f.conname FROM pg_constraint f
  WHERE f.contype = 'f' AND f.conrelid = i.indrelid AND f.conkey[1] = i.indkey[0] ORDER BY f.conname LIMIT 1`;

/** Partitions' indexes that belong to one of their parent are counted there; PostgreSQL drops them with it only. */
const renderQuery = (
  versionNumber: number,
): string => `WITH /* planlens */ member AS (
  SELECT c.oid AS root, t.relid AS leaf FROM pg_class c CROSS JOIN LATERAL pg_partition_tree(c.oid) t
  WHERE c.relkind = 'I' AND t.isleaf
), sums AS (
  SELECT m.root, sum(pg_stat_get_numscans(m.leaf)) AS scans, sum(l.relpages) AS pages,
    ${versionNumber >= 160_000 ? "max(pg_stat_get_lastscan(m.leaf))" : "NULL::timestamptz"} AS last_used
  FROM member m JOIN pg_class l ON l.oid = m.leaf GROUP BY m.root
)
SELECT json_build_object(
  'schema', n.nspname, 'table', t.relname, 'name', ic.relname, 'method', am.amname,
  'keys', (${keys}), 'included', coalesce((${included}), '[]'),
  'predicate', pg_get_expr(i.indpred, i.indrelid, true),
  'unique', i.indisunique, 'valid', i.indisvalid,
  'isBeingBuilt', EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid),
  'constraint', (SELECT k.conname FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x') LIMIT 1),
  'isReplicaIdentity', i.indisreplident,
  'foreignKey', (${foreignKey}),
  'sizeBytes', coalesce(sums.pages, ic.relpages)::float8 * current_setting('block_size')::int,
  'scans', coalesce(sums.scans, pg_stat_get_numscans(i.indexrelid), 0),
  'lastUsed', to_char(coalesce(sums.last_used, ${versionNumber >= 160_000 ? "pg_stat_get_lastscan(i.indexrelid)" : "NULL"}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'definition', pg_get_indexdef(i.indexrelid),
  'isPartitioned', ic.relkind = 'I') AS "index"
FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_am am ON am.oid = ic.relam
LEFT JOIN sums ON sums.root = i.indexrelid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND t.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indrelid AND d.deptype = 'e')
ORDER BY coalesce(sums.pages, ic.relpages) DESC, n.nspname, ic.relname
LIMIT ${mostIndexes + 1}`;

/** A logical subscriber reads by indexes of its own. Counters are kept over a clean restart, so the start of the server is not before the beginning of the count. */
const windowQuery = `SELECT /* planlens */ pg_is_in_recovery()::text AS replica,
  (SELECT count(*) FROM pg_stat_replication r WHERE NOT EXISTS (
    SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')) AS replicas,
  to_char(coalesce((SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()), pg_postmaster_start_time())
    AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since`;

/** The server has null where the model has undefined: such keys are left out. */
const readIndex = (text: string): IndexUse =>
  JSON.parse(text, (_key, value: unknown) =>
    value === null ? undefined : value,
  ) as IndexUse;

/** Two round trips; catalogs and counters only, no table is read and no size function waits for a lock. */
export async function readIndexUse(session: Session): Answer<IndexUsage> {
  const query = { text: renderQuery(session.versionNumber) };
  const rows = await session.send({ steps: [withoutJit, query] });
  const [window] = await session.run(windowQuery);
  const indexes = rows.flatMap((row) =>
    row["index"] == null ? [] : [readIndex(row["index"])],
  );
  return succeeded({
    indexes: indexes.slice(0, mostIndexes),
    countedSince: window?.["since"] ?? undefined,
    isReplica: window?.["replica"] === "true",
    replicas: Number(window?.["replicas"] ?? 0),
    isCut: indexes.length > mostIndexes,
  });
}
