import type { Answer, Effects } from "../../app/database.ts";
import { succeeded } from "../../core/result.ts";
import type {
  ParsedStatement,
  QualifiedName,
} from "../../core/sql/statement.ts";
import type { Session } from "./session.ts";

/** Volatile, yet without any effect: they read a clock, a counter or a size, or make a number. */
const harmless = [
  "random",
  "random_normal",
  "clock_timestamp",
  "timeofday",
  "gen_random_uuid",
  "uuidv4",
  "uuidv7",
  "pg_sleep",
  "pg_sleep_for",
  "pg_sleep_until",
  "currval",
  "lastval",
  "pg_is_in_recovery",
  "pg_lock_status",
  "pg_relation_size",
  "pg_table_size",
  "pg_indexes_size",
  "pg_total_relation_size",
  "pg_database_size",
];

/**
 * Names are resolved as the server does it: without a schema, what the search_path shows; with one, that schema.
 * Functions also stand behind operators, aggregates, views, row policies, and behind `row.name`, which calls
 * name(row) where the table has no such column.
 */
const effectsQuery = `WITH /* planlens */ RECURSIVE
  called AS (SELECT x.schema, x.name
    FROM json_to_recordset($1::json) AS x(schema text, name text)),
  operated AS (SELECT x.schema, x.name
    FROM json_to_recordset($2::json) AS x(schema text, name text)),
  named AS (SELECT DISTINCT to_regclass(CASE WHEN x.schema IS NULL THEN quote_ident(x.name)
      ELSE quote_ident(x.schema) || '.' || quote_ident(x.name) END)::oid AS id, x.target
    FROM json_to_recordset($3::json) AS x(schema text, name text, target boolean)),
  touched(id) AS (SELECT id FROM named WHERE id IS NOT NULL
    UNION SELECT d.refobjid FROM touched t JOIN pg_rewrite r ON r.ev_class = t.id
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> t.id),
  stored AS (SELECT d.refclassid, d.refobjid FROM touched t
      JOIN pg_rewrite r ON r.ev_class = t.id
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    UNION SELECT d.refclassid, d.refobjid FROM touched t
      JOIN pg_policy y ON y.polrelid = t.id
      JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = y.oid),
  direct_ids(oid) AS (
    SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN called c ON c.name = p.proname
      WHERE CASE WHEN c.schema IS NULL THEN pg_function_is_visible(p.oid) ELSE c.schema = n.nspname END
    UNION SELECT o.oprcode::oid FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
      JOIN operated c ON c.name = o.oprname
      WHERE CASE WHEN c.schema IS NULL THEN pg_operator_is_visible(o.oid) ELSE c.schema = n.nspname END
    UNION SELECT p.oid FROM touched t JOIN pg_class r ON r.oid = t.id
      JOIN pg_proc p ON p.pronargs >= 1 AND p.proargtypes[0] = r.reltype
      WHERE p.proname IN (SELECT json_array_elements_text($4::json)) AND pg_function_is_visible(p.oid)
    UNION SELECT s.refobjid FROM stored s WHERE s.refclassid = 'pg_proc'::regclass
    UNION SELECT o.oprcode::oid FROM stored s JOIN pg_operator o ON o.oid = s.refobjid
      WHERE s.refclassid = 'pg_operator'::regclass),
  function_ids(oid) AS (SELECT oid FROM direct_ids
    UNION SELECT part FROM direct_ids i JOIN pg_aggregate a ON a.aggfnoid = i.oid
      CROSS JOIN unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]::oid[]) part)
SELECT 'function' AS kind, p.oid::regprocedure::text AS name FROM function_ids f JOIN pg_proc p ON p.oid = f.oid
  WHERE p.provolatile = 'v' AND p.prokind IN ('f', 'p') AND NOT (p.pronamespace = 'pg_catalog'::regnamespace
    AND p.proname IN (SELECT json_array_elements_text($5::json)))
UNION ALL SELECT 'trigger', t.tgname || ' on ' || t.tgrelid::regclass || ' (' || t.tgfoid::regproc || ')'
  FROM named JOIN pg_trigger t ON t.tgrelid = named.id
  WHERE named.target AND NOT t.tgisinternal AND t.tgenabled <> 'D'
UNION ALL SELECT 'sequence', s.oid::regclass::text FROM named
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = named.id
    AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' WHERE named.target
UNION ALL SELECT 'sequence', s.oid::regclass::text FROM named
  JOIN pg_attrdef e ON e.adrelid = named.id
  JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = e.oid AND d.refclassid = 'pg_class'::regclass
  JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S' WHERE named.target`;

const asJson = (names: readonly QualifiedName[]): unknown =>
  names.map(({ schema, name }) => ({ schema: schema ?? null, name }));

const unique = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].sort();

/** What running the statement could do beside returning rows, as far as the catalog tells. */
export async function readEffects(
  session: Session,
  statement: ParsedStatement,
): Answer<Effects> {
  const tables = statement.facts.tables.map(({ schema, name, isTarget }) => ({
    schema: schema ?? null,
    name,
    target: isTarget,
  }));
  const { functions, operators, columns } = statement.facts;
  const values = [
    asJson(functions),
    asJson(operators),
    tables,
    unique(columns.map(({ column }) => column)),
    harmless,
  ].map((value) => JSON.stringify(value));
  const rows = await session.run(effectsQuery, values);
  const named = (kind: string): readonly string[] =>
    unique(
      rows.flatMap((row) => (row["kind"] === kind ? [row["name"] ?? ""] : [])),
    );
  return succeeded({
    volatileFunctions: named("function"),
    triggers: named("trigger"),
    sequences: named("sequence"),
  });
}
