// Each query answers rows of "what" and "sql": one object's name for people and the statement that makes it.
// search_path is pg_catalog alone meanwhile, so that the server's own deparsers qualify every other name.
// $1 is the list of schemas as JSON. Objects of extensions are left to CREATE EXTENSION.

const schemas = "(SELECT x FROM json_array_elements_text($1::json) x)";

const notOfExtension = (catalog: string, id: string): string =>
  // 'i': made with another object, as a range's constructors are with its type.
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${id}
    AND (e.deptype = 'e' OR e.deptype = 'i' AND e.classid = 'pg_proc'::regclass))`;

const schemaStatements = `SELECT format('schema %s', n.nspname) AS what, format('CREATE SCHEMA %I', n.nspname) AS sql
  FROM pg_namespace n WHERE n.nspname IN ${schemas} AND n.nspname <> 'public' ORDER BY n.oid`;

const enums = `SELECT format('type %I.%I', n.nspname, t.typname) AS what,
    format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
      (SELECT coalesce(string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder), '') FROM pg_enum e WHERE e.enumtypid = t.oid)) AS sql
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'e' AND n.nspname IN ${schemas} AND ${notOfExtension("pg_type", "t.oid")} ORDER BY t.oid`;

/** Their constraints follow as statements of their own, see core/twin/plan-build.ts. */
const domains = `SELECT format('domain %I.%I', n.nspname, t.typname) AS what,
    format('CREATE DOMAIN %I.%I AS %s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
      CASE WHEN t.typcollation <> b.typcollation THEN ' COLLATE ' || t.typcollation::regcollation ELSE '' END) AS sql
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
  WHERE t.typtype = 'd' AND n.nspname IN ${schemas} AND ${notOfExtension("pg_type", "t.oid")} ORDER BY t.oid`;

const composites = `SELECT format('type %I.%I', n.nspname, c.relname) AS what,
    format('CREATE TYPE %I.%I AS (%s)', n.nspname, c.relname,
      (SELECT coalesce(string_agg(format('%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END), ', ' ORDER BY a.attnum), '')
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)) AS sql
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'c' AND n.nspname IN ${schemas} AND ${notOfExtension("pg_class", "c.oid")} ORDER BY c.oid`;

const ranges = (
  version: number,
): string => `SELECT format('type %I.%I', n.nspname, t.typname) AS what,
    format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s, SUBTYPE_OPCLASS = %I.%I%s%s%s)', n.nspname, t.typname,
      format_type(r.rngsubtype, NULL), cn.nspname, k.opcname,
      CASE WHEN r.rngcollation <> 0 THEN ', COLLATION = ' || r.rngcollation::regcollation ELSE '' END,
      CASE WHEN r.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || r.rngsubdiff::regproc ELSE '' END,
      ${version >= 140_000 ? "', MULTIRANGE_TYPE_NAME = ' || r.rngmultitypid::regtype" : "''"}) AS sql
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_range r ON r.rngtypid = t.oid
  JOIN pg_opclass k ON k.oid = r.rngsubopc JOIN pg_namespace cn ON cn.oid = k.opcnamespace
  WHERE n.nspname IN ${schemas} AND ${notOfExtension("pg_type", "t.oid")} ORDER BY t.oid`;

const sequences = `SELECT format('sequence %I.%I', n.nspname, c.relname) AS what,
    format('CREATE SEQUENCE %I.%I', n.nspname, c.relname) AS sql
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'S' AND n.nspname IN ${schemas} AND ${notOfExtension("pg_class", "c.oid")}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
  ORDER BY c.oid`;

/** Functions that name a table, by its row type or in a parsed body, come after the tables. */
const functions = (
  afterTables: boolean,
): string => `SELECT format('function %s', p.oid::regprocedure) AS what, pg_get_functiondef(p.oid) AS sql
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  WHERE p.prokind IN ('f', 'w') AND l.lanname IN ('sql', 'plpgsql') AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
    AND n.nspname IN ${schemas} AND ${notOfExtension("pg_proc", "p.oid")}
    AND ${afterTables ? "" : "NOT"} EXISTS (SELECT FROM pg_depend d LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid
      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
        AND (d.refclassid = 'pg_class'::regclass OR t.typrelid <> 0 OR t.typelem <> 0))
  ORDER BY p.oid`;

const columnList = `(SELECT string_agg(format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END,
      CASE WHEN a.attgenerated <> '' THEN format(' GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid),
          CASE a.attgenerated WHEN 'v' THEN 'VIRTUAL' ELSE 'STORED' END)
        WHEN a.attidentity <> '' AND NOT c.relispartition THEN format(' GENERATED %s AS IDENTITY',
          CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END) ELSE '' END,
      CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END), ', ' ORDER BY a.attnum)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

/** A materialized view plans like a table. Options that the planner reads are kept. */
const tables = `SELECT format('table %I.%I', n.nspname, c.relname) AS what,
    format('CREATE TABLE %I.%I (%s)%s%s', n.nspname, c.relname, coalesce(${columnList}, ''),
      CASE WHEN c.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END,
      coalesce((SELECT ' WITH (' || string_agg(o, ', ') || ')' FROM unnest(c.reloptions) o
        WHERE c.relkind <> 'p' AND o ~ '^(fillfactor|parallel_workers|toast_tuple_target)=[0-9]+$'), '')) AS sql
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND n.nspname IN ${schemas} AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY c.oid`;

const constraint = (
  kinds: string,
  filter: string,
): string => `SELECT format('constraint %I.%I.%I', n.nspname, c.relname, k.conname) AS what,
    format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s', CASE WHEN c.relkind = 'p' OR k.contype = 'f' THEN '' ELSE 'ONLY ' END,
      n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE k.contype IN (${kinds}) AND c.relkind IN ('r', 'p') AND n.nspname IN ${schemas} AND ${filter} AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY k.oid`;

const parents = `SELECT format('inheritance %I.%I, %I.%I', pn.nspname, p.relname, cn.nspname, c.relname) AS what,
    CASE WHEN c.relispartition THEN format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname,
        cn.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid))
      ELSE format('ALTER TABLE ONLY %I.%I INHERIT %I.%I', cn.nspname, c.relname, pn.nspname, p.relname) END AS sql
  FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_class p ON p.oid = h.inhparent
  JOIN pg_namespace cn ON cn.oid = c.relnamespace JOIN pg_namespace pn ON pn.oid = p.relnamespace
  WHERE c.relkind IN ('r', 'p') AND p.relkind IN ('r', 'p') AND cn.nspname IN ${schemas} AND pn.nspname IN ${schemas}
  ORDER BY c.oid, h.inhseqno`;

/** Partitions before their parents, whose indexes then find theirs; on one table by number, which decides ties. */
const indexes = `SELECT format('index %I.%I', n.nspname, x.relname) AS what,
    CASE WHEN k.oid IS NOT NULL THEN format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s', CASE WHEN c.relkind = 'p' THEN '' ELSE 'ONLY ' END,
        n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
      ELSE replace(pg_get_indexdef(x.oid), format('INDEX %I ON ONLY ', x.relname), format('INDEX %I ON ', x.relname)) END AS sql
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = c.oid
  LEFT JOIN LATERAL (WITH RECURSIVE up AS (
      SELECT c.oid AS id, 0 AS depth UNION ALL SELECT h.inhparent, up.depth + 1 FROM up JOIN pg_inherits h ON h.inhrelid = up.id
        JOIN pg_class s ON s.oid = up.id AND s.relispartition)
    SELECT max(depth) AS depth FROM up) level ON true
  WHERE c.relkind IN ('r', 'p', 'm') AND i.indisvalid AND i.indislive AND n.nspname IN ${schemas} AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY level.depth DESC, c.oid, x.oid`;

const defaults = `SELECT format('default %I.%I.%I', n.nspname, c.relname, a.attname) AS what,
    format('ALTER TABLE ONLY %I.%I ALTER COLUMN %I SET DEFAULT %s', n.nspname, c.relname, a.attname, pg_get_expr(d.adbin, d.adrelid)) AS sql
  FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum JOIN pg_class c ON c.oid = d.adrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attgenerated = '' AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND n.nspname IN ${schemas} AND ${notOfExtension("pg_class", "c.oid")}
  ORDER BY d.oid`;

const views = `SELECT format('view %I.%I', n.nspname, c.relname) AS what,
    format('CREATE VIEW %I.%I (%s)%s AS %s', n.nspname, c.relname,
      (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
      coalesce((SELECT ' WITH (' || string_agg(o, ', ') || ')' FROM unnest(c.reloptions) o WHERE o ~ '^security_(barrier|invoker)=(true|false|on|off)$'), ''),
      rtrim(pg_get_viewdef(c.oid), ';')) AS sql
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'v' AND n.nspname IN ${schemas} AND ${notOfExtension("pg_class", "c.oid")} ORDER BY c.oid`;

const extendedStatistics = `SELECT format('statistics %I.%I', n.nspname, s.stxname) AS what, pg_get_statisticsobjdef(s.oid) AS sql
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE n.nspname IN ${schemas} ORDER BY s.oid`;

const domainConstraints = `SELECT format('constraint %I.%I.%I', n.nspname, t.typname, k.conname) AS what,
    format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid)) AS sql
  FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE k.contype = 'c' AND n.nspname IN ${schemas} AND ${notOfExtension("pg_type", "t.oid")}
  UNION ALL
  SELECT format('NOT NULL of domain %I.%I', n.nspname, t.typname), format('ALTER DOMAIN %I.%I SET NOT NULL', n.nspname, t.typname)
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'd' AND t.typnotnull AND n.nspname IN ${schemas} AND ${notOfExtension("pg_type", "t.oid")}`;

/** The queries whose answers, one after the other, make the schema; for servers from 13 on. */
export function listDdlQueries(version: number): readonly string[] {
  return [
    schemaStatements,
    enums,
    domains,
    composites,
    ranges(version),
    sequences,
    functions(false),
    tables,
    functions(true),
    constraint("'c'", "true"),
    parents,
    defaults,
    indexes,
    constraint("'f'", "k.conparentid = 0"),
    views,
    extendedStatistics,
    domainConstraints,
  ];
}

/** What a bundle has no form for, one sentence each. */
export const unsupportedQuery = `SELECT 'foreign table' AS kind, format('%I.%I', n.nspname, c.relname) AS name, NULL AS detail
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'f' AND n.nspname IN ${schemas}
  UNION ALL SELECT 'function', p.oid::regprocedure::text, l.lanname
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  WHERE p.prokind IN ('f', 'w') AND l.lanname NOT IN ('sql', 'plpgsql') AND n.nspname IN ${schemas} AND ${notOfExtension("pg_proc", "p.oid")}
  UNION ALL SELECT 'aggregate', p.oid::regprocedure::text, NULL
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE p.prokind = 'a' AND n.nspname IN ${schemas} AND ${notOfExtension("pg_proc", "p.oid")}
  UNION ALL SELECT 'type', format('%I.%I', n.nspname, t.typname), NULL
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'b' AND t.typelem = 0 AND n.nspname IN ${schemas} AND ${notOfExtension("pg_type", "t.oid")}
  UNION ALL SELECT 'operator class', format('%I.%I', n.nspname, o.opcname), NULL
  FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE n.nspname IN ${schemas} AND ${notOfExtension("pg_opclass", "o.oid")}
  UNION ALL SELECT 'text search configuration', format('%I.%I', n.nspname, f.cfgname), NULL
  FROM pg_ts_config f JOIN pg_namespace n ON n.oid = f.cfgnamespace WHERE n.nspname IN ${schemas} AND ${notOfExtension("pg_ts_config", "f.oid")}
  UNION ALL SELECT 'collation', format('%I.%I', n.nspname, f.collname), NULL
  FROM pg_collation f JOIN pg_namespace n ON n.oid = f.collnamespace WHERE n.nspname IN ${schemas} AND ${notOfExtension("pg_collation", "f.oid")}
  UNION ALL SELECT 'policies', format('%I.%I', n.nspname, c.relname), NULL
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relrowsecurity AND n.nspname IN ${schemas}`;
