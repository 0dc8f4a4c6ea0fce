import { relationNamed } from "./named-relation.ts";

/** Volatile, yet without any effect: they read a clock, a counter or a size, or make a number. */
export const harmless = [
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
 * Not declared volatile, yet they run what only their arguments name: whole views, or the CHECKs of a domain. So do those
 * of tablefunc and xml2 that take a query or a table as text.
 */
export const runsNamed = [
  "table_to_xml",
  "table_to_xml_and_xmlschema",
  "schema_to_xml",
  "schema_to_xml_and_xmlschema",
  "database_to_xml",
  "database_to_xml_and_xmlschema",
  "domain_in",
  "domain_recv",
  "record_in",
  "record_recv",
  "array_in",
  "array_recv",
  "range_in",
  "range_recv",
  "multirange_in",
  "multirange_recv",
  "pg_input_is_valid",
  "pg_input_error_info",
];

/** They make rows of a type that their argument has, CHECKs of its domains included. */
const populates = `'json_populate_record', 'jsonb_populate_record', 'json_populate_recordset', 'jsonb_populate_recordset'`;

/** Objects of initdb are below: what its views call has no effect, though some of it is declared volatile. */
const firstOwnOid = 16_384;

/** A name as the server resolves it: without a schema, what the search_path shows; with one, that schema. */
const resolves = (isVisible: string): string =>
  `CASE WHEN x.schema IS NULL THEN ${isVisible} ELSE x.schema = n.nspname END`;

const asked = (parameter: number): string =>
  `json_to_recordset($${parameter}::json) AS x(schema text, name text)`;

/** Functions in a stored expression; pg_depend does not tell those of the server itself. */
const functionsIn = (tree: string): string =>
  `LATERAL (SELECT m[1]::oid AS id FROM regexp_matches(${tree}, ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)', 'g') m) f`;

/**
 * What the statement names: functions, operators, types, tables, and what stands behind a dot, since `row.name` calls
 * name(row) where there is no such column.
 */
const namedQuery = `
  named_functions(id) AS (SELECT p.oid FROM ${asked(1)}
      JOIN pg_proc p ON p.proname = x.name JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE ${resolves("pg_function_is_visible(p.oid)")}
    UNION SELECT p.oid FROM json_array_elements_text($4::json) AS x(name) JOIN pg_proc p ON p.proname = x.name
      JOIN pg_type t ON t.oid = p.proargtypes[0] LEFT JOIN pg_type b ON b.oid = t.typbasetype
      WHERE p.pronargs >= 1 AND pg_function_is_visible(p.oid) AND ('c' IN (t.typtype, b.typtype) OR t.typtype = 'p')),
  named_operators(id) AS (SELECT o.oid FROM ${asked(2)}
      JOIN pg_operator o ON o.oprname = x.name JOIN pg_namespace n ON n.oid = o.oprnamespace
      WHERE ${resolves("pg_operator_is_visible(o.oid)")}),
  named_types(id) AS (SELECT t.oid FROM ${asked(6)}
      JOIN pg_type t ON t.typname = x.name JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE ${resolves("pg_type_is_visible(t.oid)")}),
  named AS (SELECT DISTINCT ${relationNamed("x.schema", "x.name")} AS id, x.target
    FROM json_to_recordset($3::json) AS x(schema text, name text, target boolean))`;

/**
 * What the statement may write: its targets, the tables beneath a view, what the actions of rules name, partitions and
 * children, and tables whose keys follow those of a row that is changed or deleted. `changes`: rows are made or changed,
 * not only deleted. `follows`: rows are changed or deleted, not only made, so that keys may follow. An action of a rule
 * may write in any way, whatever the statement does, and rules of all events count; a view's own query (event 1) is
 * written as the view is.
 */
const writtenQuery = `
  written(id, changes, follows) AS (SELECT id, NOT $7::boolean, NOT $8::boolean FROM named WHERE target AND id IS NOT NULL
    UNION SELECT next.id, next.changes, next.follows FROM written w CROSS JOIN LATERAL (
      SELECT h.inhrelid AS id, w.changes, w.follows FROM pg_inherits h WHERE h.inhparent = w.id
      UNION ALL SELECT d.refobjid, w.changes OR r.ev_type <> '1', w.follows OR r.ev_type <> '1' FROM pg_rewrite r
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> w.id
        WHERE r.ev_class = w.id
      UNION ALL SELECT k.conrelid, w.changes OR k.confdeltype <> 'c', true FROM pg_constraint k
        WHERE k.confrelid = w.id AND k.contype = 'f' AND w.follows
          AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd'))) next)`;

/**
 * Expressions that a table computes for each row that is made or changed: defaults, its domains' where a column has none
 * itself, generated columns, CHECKs, and keys and conditions of indexes. A sequence in a default is told as such.
 */
const keptQuery = `
  kept(classid, objid, tree) AS (SELECT 'pg_attrdef'::regclass, e.oid, e.adbin::text
      FROM written w JOIN pg_attrdef e ON e.adrelid = w.id WHERE w.changes
    UNION ALL SELECT 'pg_type'::regclass, t.oid, t.typdefaultbin::text
      FROM written w JOIN pg_attribute a ON a.attrelid = w.id AND a.attnum > 0 AND NOT a.atthasdef
      JOIN pg_type t ON t.oid = a.atttypid AND t.typtype = 'd' AND t.typdefaultbin IS NOT NULL WHERE w.changes
    UNION ALL SELECT 'pg_constraint'::regclass, c.oid, c.conbin::text
      FROM written w JOIN pg_constraint c ON c.conrelid = w.id AND c.contype = 'c' WHERE w.changes
    UNION ALL SELECT 'pg_class'::regclass, i.indexrelid, concat(i.indexprs::text, i.indpred::text)
      FROM written w JOIN pg_index i ON i.indrelid = w.id
      WHERE w.changes AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)),
  counted(classid, objid) AS (SELECT k.classid, k.objid FROM kept k
    JOIN pg_depend d ON d.classid = k.classid AND d.objid = k.objid AND d.refclassid = 'pg_class'::regclass
    JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S')`;

/**
 * Tables and views that are read, and what the expressions of their rules and row policies need. A
 * materialized view keeps its rows: the tables beneath are not read. `reached`: with partitions and children.
 */
const storedQuery = `
  touched(id) AS (SELECT id FROM named WHERE id IS NOT NULL
    UNION SELECT d.refobjid FROM touched t CROSS JOIN LATERAL (
        SELECT 'pg_rewrite'::regclass AS classid, r.oid FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class
          WHERE r.ev_class = t.id AND v.relkind <> 'm'
        UNION ALL SELECT 'pg_policy'::regclass, y.oid FROM pg_policy y WHERE y.polrelid = t.id) source
      JOIN pg_depend d ON d.classid = source.classid AND d.objid = source.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> t.id),
  reached(id) AS ((SELECT id FROM touched UNION SELECT id FROM written)
    UNION SELECT h.inhrelid FROM reached r JOIN pg_inherits h ON h.inhparent = r.id),
  stored AS (SELECT d.refclassid, d.refobjid FROM touched t
      JOIN pg_rewrite r ON r.ev_class = t.id
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    UNION SELECT 'pg_proc'::regclass, f.id FROM touched t
      JOIN pg_rewrite r ON r.ev_class = t.id AND r.oid >= ${firstOwnOid}
      CROSS JOIN ${functionsIn("r.ev_action::text || coalesce(r.ev_qual::text, '')")}
    UNION SELECT d.refclassid, d.refobjid FROM touched t
      JOIN pg_policy y ON y.polrelid = t.id
      JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = y.oid
    UNION SELECT 'pg_proc'::regclass, f.id FROM touched t
      JOIN pg_policy y ON y.polrelid = t.id
      CROSS JOIN ${functionsIn("concat(y.polqual::text, y.polwithcheck::text)")}
    UNION SELECT d.refclassid, d.refobjid FROM kept k
      JOIN pg_depend d ON d.classid = k.classid AND d.objid = k.objid
    UNION SELECT 'pg_proc'::regclass, f.id FROM kept k CROSS JOIN ${functionsIn("k.tree")}
      WHERE f.id <> 'pg_catalog.nextval(regclass)'::regprocedure
        OR NOT EXISTS (SELECT FROM counted c WHERE c.classid = k.classid AND c.objid = k.objid))`;

/** What a type is made of, and what its CHECK and casts that nobody writes turn its values into. */
const partsOf = (id: string): string => `
  LATERAL (SELECT t.typbasetype AS id FROM pg_type t WHERE t.oid = ${id}
    UNION ALL SELECT t.typelem FROM pg_type t WHERE t.oid = ${id}
    UNION ALL SELECT a.atttypid FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0
      WHERE t.oid = ${id} AND t.typrelid <> 0
    UNION ALL SELECT g.rngsubtype FROM pg_range g WHERE g.rngtypid = ${id}
    UNION ALL SELECT d.refobjid FROM pg_constraint c
      JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_type'::regclass
      WHERE c.contypid = ${id}
    UNION ALL SELECT c.casttarget FROM pg_cast c WHERE c.castsource = ${id} AND c.castcontext = 'i'
      AND c.castsource >= ${firstOwnOid} AND c.casttarget >= ${firstOwnOid}) part`;

/**
 * Types by what may happen to their values. A cast to a type is made where the text names it (`cast_to`); the CHECK of
 * a domain runs also for parameters and results of functions, columns that are written, and casts within views
 * (`checked`); a cast that nobody writes needs one of its types in the statement, be it a column's (`involved`), and
 * so does an operator for types that are not the server's own. What makes JSON looks for casts to json by itself. Rows
 * are sorted, grouped and told apart by the default operator classes of their types, without an operator in the text.
 */
const typesQuery = `
  called(id) AS (SELECT id FROM named_functions
    UNION SELECT s.refobjid FROM stored s WHERE s.refclassid = 'pg_proc'::regclass),
  given(id, use) AS (SELECT id, 'cast_to' FROM named_types
    UNION SELECT unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype), 'checked'
      FROM called f JOIN pg_proc p ON p.oid = f.id WHERE p.oid >= ${firstOwnOid}
    UNION SELECT a.atttypid, 'checked' FROM touched t JOIN pg_attribute a ON a.attrelid = t.id AND a.attnum > 0
      WHERE EXISTS (SELECT FROM called f JOIN pg_proc p ON p.oid = f.id
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN (${populates}))
    UNION SELECT o.oprresult, 'checked' FROM named_operators s JOIN pg_operator o ON o.oid = s.id WHERE o.oid >= ${firstOwnOid}
    UNION SELECT a.atttypid, 'checked' FROM written w JOIN pg_attribute a ON a.attrelid = w.id AND a.attnum > 0
      WHERE w.changes
    UNION SELECT s.refobjid, 'checked' FROM stored s WHERE s.refclassid = 'pg_type'::regclass
    UNION SELECT a.atttypid, 'involved' FROM touched t JOIN pg_attribute a ON a.attrelid = t.id AND a.attnum > 0
    UNION SELECT c.casttarget, 'involved' FROM pg_cast c
      WHERE c.castcontext = 'i' AND c.castsource < ${firstOwnOid} AND c.casttarget >= ${firstOwnOid}),
  types(id, use) AS (SELECT id, use FROM given
    UNION SELECT part.id, types.use FROM types CROSS JOIN ${partsOf("types.id")} WHERE part.id <> 0),
  operators(id) AS (SELECT s.id FROM named_operators s JOIN pg_operator o ON o.oid = s.id
    WHERE greatest(o.oprleft, o.oprright) < ${firstOwnOid}
      OR EXISTS (SELECT FROM types WHERE id >= ${firstOwnOid} AND id IN (o.oprleft, o.oprright))),
  families(id) AS (SELECT c.opcfamily FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod AND m.amname IN ('btree', 'hash')
      WHERE c.oid >= ${firstOwnOid} AND c.opcdefault
        AND (c.opcintype < ${firstOwnOid} OR c.opcintype IN (SELECT id FROM types))
    UNION SELECT c.opcfamily FROM types JOIN pg_range g ON g.rngtypid = types.id
      JOIN pg_opclass c ON c.oid = g.rngsubopc AND c.oid >= ${firstOwnOid}),
  checks AS (SELECT DISTINCT c.oid, c.conbin FROM types JOIN pg_constraint c ON c.contypid = types.id
    WHERE types.use <> 'involved'),
  casts(id) AS (SELECT c.castfunc FROM pg_cast c WHERE c.castfunc <> 0
    AND (c.castsource < ${firstOwnOid} OR c.castsource IN (SELECT id FROM types))
    AND (c.casttarget IN (SELECT id FROM types WHERE use = 'cast_to') OR c.castcontext <> 'e'
      AND (c.castsource >= ${firstOwnOid} OR c.casttarget IN (SELECT id FROM types))
      OR c.castsource >= ${firstOwnOid} AND c.casttarget = 'json'::regtype))`;

/** All of them, with what aggregates are made of. */
const functionsQuery = `
  direct_ids(id) AS (SELECT id FROM named_functions
    UNION SELECT o.oprcode::oid FROM operators s JOIN pg_operator o ON o.oid = s.id
    UNION SELECT r.amproc::oid FROM operators s JOIN pg_amop m ON m.amopopr = s.id AND m.oid >= ${firstOwnOid}
      JOIN pg_amproc r ON r.amprocfamily = m.amopfamily
    UNION SELECT r.amproc::oid FROM families f JOIN pg_amproc r ON r.amprocfamily = f.id
    UNION SELECT o.oprcode::oid FROM families f JOIN pg_amop m ON m.amopfamily = f.id JOIN pg_operator o ON o.oid = m.amopopr
    UNION SELECT g.rngcanonical::oid FROM types JOIN pg_range g ON g.rngtypid = types.id
    UNION SELECT f.id FROM named_functions n JOIN pg_proc p ON p.oid = n.id CROSS JOIN ${functionsIn("p.proargdefaults::text")}
    UNION SELECT id FROM casts
    UNION SELECT d.refobjid FROM checks c
      JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_proc'::regclass
    UNION SELECT f.id FROM checks c CROSS JOIN ${functionsIn("c.conbin::text")}
    UNION SELECT s.refobjid FROM stored s WHERE s.refclassid = 'pg_proc'::regclass
    UNION SELECT o.oprcode::oid FROM stored s JOIN pg_operator o ON o.oid = s.refobjid
      WHERE s.refclassid = 'pg_operator'::regclass),
  function_ids(id) AS (SELECT id FROM direct_ids
    UNION SELECT part FROM direct_ids i JOIN pg_aggregate a ON a.aggfnoid = i.id
      CROSS JOIN unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]::oid[]) part)`;

/**
 * Functions stand behind calls and defaults of their arguments, operators, aggregates, casts, domains, the order of a
 * type, views, row policies and what a written table computes for its rows. Where the catalog does not tell which of
 * several is meant, all of them count.
 */
export const effectsQuery = `WITH /* planlens */ RECURSIVE ${[namedQuery, writtenQuery, keptQuery, storedQuery, typesQuery, functionsQuery].join(",")}
SELECT 'function' AS kind, p.oid::regprocedure::text AS name FROM function_ids f JOIN pg_proc p ON p.oid = f.id
  WHERE p.provolatile = 'v' AND p.prokind IN ('f', 'p') AND NOT (p.pronamespace = 'pg_catalog'::regnamespace
      AND p.proname IN (SELECT json_array_elements_text($5::json)))
    OR p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN (SELECT json_array_elements_text($9::json))
    OR p.provolatile = 's' AND p.probin IN ('$libdir/tablefunc', '$libdir/pgxml')
UNION ALL SELECT 'trigger', t.tgname || ' on ' || t.tgrelid::regclass || ' (' || t.tgfoid::regproc || ')'
  FROM written w JOIN pg_trigger t ON t.tgrelid = w.id
  WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
UNION ALL SELECT 'foreignTable', c.oid::regclass::text FROM reached r JOIN pg_class c ON c.oid = r.id WHERE c.relkind = 'f'
UNION ALL SELECT 'sequence', s.oid::regclass::text FROM written w
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = w.id
    AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' WHERE w.changes
UNION ALL SELECT 'sequence', s.oid::regclass::text FROM kept k
  JOIN pg_depend d ON d.classid = k.classid AND d.objid = k.objid AND d.refclassid = 'pg_class'::regclass
  JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'`;
