import type { Answer } from "../../app/database.ts";
import type { Catalog, CatalogTable } from "../../core/catalog.ts";
import { succeeded } from "../../core/result.ts";
import { readWithoutHidden } from "./hidden-relations.ts";
import { relationNamed } from "./named-relation.ts";
import type { Session } from "./session.ts";
import { withoutJit } from "./without-jit.ts";

export interface TableName {
  readonly schema: string | undefined;
  readonly name: string;
}

const namedTables = `
  asked AS (
    SELECT DISTINCT ${relationNamed("a.schema", "a.name")} AS id
    FROM json_to_recordset($1::json) AS a(schema text, name text)
  ),
  size AS (
    SELECT c.oid AS id,
      CASE WHEN c.relkind = 'p' THEN leaves.rows ELSE c.reltuples END AS rows,
      CASE WHEN c.relkind = 'p' THEN leaves.pages ELSE c.relpages END AS pages
    FROM asked JOIN pg_class c ON c.oid = asked.id
    LEFT JOIN LATERAL (
      SELECT sum(greatest(l.reltuples, 0)) AS rows, sum(l.relpages) AS pages
      FROM pg_partition_tree(c.oid) t JOIN pg_class l ON l.oid = t.relid WHERE t.isleaf
    ) leaves ON c.relkind = 'p'
  )`;

/** Before 14 a table that was never analyzed has zero rows in zero pages, from 14 on minus one. */
const estimatedRows = (rows: string, pages: string): string =>
  `CASE WHEN ${rows} < 0 OR (${rows} = 0 AND ${pages} = 0) THEN NULL ELSE ${rows} END`;

/** Beyond so many values, or so many letters, a value is no property of the data that an index could be built on. */
const mostCommonValues = 25;
const longestCommonValue = 64;

/** pg_stats keeps values as an array of the column's own type. */
const commonValues = `
  SELECT json_agg(json_build_object(
    'text', CASE WHEN length(v.text) <= ${longestCommonValue} THEN v.text END, 'frequency', v.frequency) ORDER BY v.position)
  FROM unnest(s.most_common_vals::text::text[], s.most_common_freqs) WITH ORDINALITY v(text, frequency, position)
  WHERE v.position <= ${mostCommonValues}`;

/** The last two of these frequencies, with NULLs three, are bounds, and the last length is the mean. */
const elements = `
  CASE WHEN s.most_common_elem_freqs IS NOT NULL THEN json_build_object(
    'frequencies', (SELECT coalesce(json_agg(f.share ORDER BY f.position), '[]')
      FROM unnest(s.most_common_elem_freqs) WITH ORDINALITY f(share, position) WHERE f.position <= cardinality(s.most_common_elems)),
    'perRow', s.elem_count_histogram[cardinality(s.elem_count_histogram)]) END`;

/** Documents of more keys than these are lists of something, told enough by the most common ones. */
const mostDocumentKeys = 60;

/** ANALYZE keeps up to 201 documents of a jsonb column: the most common and the ends of its histogram. */
const documentKeys = `
  CASE WHEN a.atttypid = 'jsonb'::regtype THEN (
    SELECT json_agg(json_build_object('key', k.key, 'share', least(1, k.share), 'sampled', k.sampled, 'distinct', k.different,
      'once', k.once, 'twice', k.twice, 'averageBytes', k.bytes, 'span', k.span, 'nested', k.nested) ORDER BY k.share DESC, k.key)
    FROM (
      SELECT v.key, sum(v.weight) AS share, sum(v.seen) AS sampled, count(*) AS different, count(*) FILTER (WHERE v.seen = 1) AS once,
        count(*) FILTER (WHERE v.seen = 2) AS twice, sum(octet_length(v.value) * v.seen) / sum(v.seen) AS bytes,
        CASE WHEN bool_and(v.value ~ '^-?[0-9]{1,15}$') THEN max(CASE WHEN v.value ~ '^-?[0-9]{1,15}$' THEN v.value::float8 END)
          - min(CASE WHEN v.value ~ '^-?[0-9]{1,15}$' THEN v.value::float8 END) + 1 END AS span,
        coalesce(sum(v.seen) FILTER (WHERE v.value ~ '^[[{]') / sum(v.seen), 0) AS nested
      FROM (
        SELECT p.key, coalesce(p.value, '') AS value, count(*) AS seen, sum(d.weight) AS weight
        FROM (
          SELECT c.document::jsonb AS document, c.share AS weight
          FROM unnest(s.most_common_vals::text::text[], s.most_common_freqs) c(document, share)
          UNION ALL
          SELECT h.document::jsonb, (1 - s.null_frac - coalesce((SELECT sum(f) FROM unnest(s.most_common_freqs) f), 0))
            / cardinality(s.histogram_bounds::text::text[])
          FROM unnest(s.histogram_bounds::text::text[]) h(document)
        ) d, LATERAL jsonb_each_text(CASE WHEN jsonb_typeof(d.document) = 'object' THEN d.document ELSE '{}' END) p
        GROUP BY p.key, p.value
      ) v GROUP BY v.key ORDER BY share DESC, v.key LIMIT ${mostDocumentKeys}
    ) k) END`;

/** The database's own collation is named "default" and told in pg_database. */
const sortsByBytes = `
  SELECT CASE WHEN l.collname = 'default' THEN (SELECT d.datcollate FROM pg_database d WHERE d.datname = current_database())
    ELSE l.collcollate END IN ('C', 'POSIX') FROM pg_collation l WHERE l.oid = a.attcollation`;

const columns = `
  SELECT json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
    'distinctValues', CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * greatest(size.rows, 0) ELSE s.n_distinct END,
    'nullFraction', s.null_frac, 'averageBytes', s.avg_width, 'correlation', s.correlation,
    'commonValues', (${commonValues}), 'frequencies', s.most_common_freqs, 'elements', ${elements}, 'documentKeys', (${documentKeys}), 'sortsByBytes', (${sortsByBytes})) ORDER BY a.attnum)
  FROM pg_attribute a
  LEFT JOIN LATERAL (
    SELECT * FROM pg_stats p WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND p.attname = a.attname
    ORDER BY p.inherited = (c.relkind = 'p') DESC LIMIT 1
  ) s ON true
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`;

const indexesOf = (table: string): string => `
  SELECT json_agg(json_build_object(
    'name', ic.relname, 'method', am.amname,
    'keys', (SELECT json_agg(pg_get_indexdef(i.indexrelid, k, true) ORDER BY k) FROM generate_series(1, i.indnkeyatts) k),
    'descending', (SELECT json_agg(i.indoption[k - 1] & 1 = 1 ORDER BY k) FROM generate_series(1, i.indnkeyatts) k),
    'included', coalesce((SELECT json_agg(pg_get_indexdef(i.indexrelid, k, true) ORDER BY k)
      FROM generate_series(i.indnkeyatts + 1, i.indnatts) k), '[]'),
    'predicate', pg_get_expr(i.indpred, i.indrelid, true),
    'unique', i.indisunique, 'primary', i.indisprimary, 'valid', i.indisvalid,
    'definition', pg_get_indexdef(i.indexrelid)) ORDER BY ic.relname)
  FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
  WHERE i.indrelid = ${table}`;

/** A plan names children, the statement their parent. Small ones are worth no finding. */
const mostChildren = 100;

const children = `
  SELECT json_agg(json_build_object('schema', d.schema, 'name', d.name, 'estimatedRows', ${estimatedRows("d.rows", "d.pages")},
    'pages', d.pages, 'indexes', coalesce((${indexesOf("d.id")}), '[]')) ORDER BY d.pages DESC, d.name)
  FROM (
    WITH RECURSIVE below AS (
      SELECT h.inhrelid AS id FROM pg_inherits h WHERE h.inhparent = c.oid
      UNION SELECT h.inhrelid FROM below JOIN pg_inherits h ON h.inhparent = below.id
    )
    SELECT k.oid AS id, kn.nspname AS schema, k.relname AS name, k.reltuples AS rows, k.relpages AS pages
    FROM below JOIN pg_class k ON k.oid = below.id JOIN pg_namespace kn ON kn.oid = k.relnamespace
    WHERE k.relkind IN ('r', 'f') ORDER BY k.relpages DESC, k.relname LIMIT ${mostChildren}
  ) d`;

const columnNames = (table: string, numbers: string): string => `
  (SELECT json_agg(a.attname ORDER BY k.position) FROM unnest(${numbers}) WITH ORDINALITY k(number, position)
   JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.number)`;

const carriedKeys = `
  SELECT json_agg(json_build_object('schema', n2.nspname, 'table', r2.relname, 'columns', ${columnNames("f2.conrelid", "f2.conkey")}) ORDER BY f2.conname)
  FROM pg_constraint f2 JOIN pg_class r2 ON r2.oid = f2.confrelid JOIN pg_namespace n2 ON n2.oid = r2.relnamespace
  WHERE f2.conrelid = f.confrelid AND f2.contype = 'f'`;

const foreignKeys = `
  SELECT json_agg(json_build_object(
    'name', f.conname, 'columns', ${columnNames("f.conrelid", "f.conkey")},
    'referencedSchema', rn.nspname, 'referencedTable', rc.relname,
    'referencedColumns', ${columnNames("f.confrelid", "f.confkey")},
    'referencedRows', ${estimatedRows("rc.reltuples", "rc.relpages")}, 'carriedKeys', (${carriedKeys})) ORDER BY f.conname)
  FROM pg_constraint f JOIN pg_class rc ON rc.oid = f.confrelid JOIN pg_namespace rn ON rn.oid = rc.relnamespace
  WHERE f.conrelid = c.oid AND f.contype = 'f'`;

/** A key is served by a valid B-tree or hash index that its columns lead in any order; children of partitions follow their root. */
const referencedBy = `
  SELECT json_agg(json_build_object(
    'schema', hn.nspname, 'table', h.relname, 'key', f.conname, 'columns', ${columnNames("f.conrelid", "f.conkey")},
    'hasIndex', EXISTS (
      SELECT FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
      WHERE i.indrelid = f.conrelid AND i.indisvalid AND i.indpred IS NULL AND am.amname IN ('btree', 'hash')
        AND (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey
        AND i.indnkeyatts >= cardinality(f.conkey)),
    'estimatedRows', ${estimatedRows("h.reltuples", "h.relpages")}) ORDER BY h.relname, f.conname)
  FROM pg_constraint f JOIN pg_class h ON h.oid = f.conrelid JOIN pg_namespace hn ON hn.oid = h.relnamespace
  WHERE f.confrelid = c.oid AND f.contype = 'f' AND f.conparentid = 0`;

/** Before 19 these statistics print as an object of column numbers and counts. */
const combinations = `
  SELECT json_agg(json_build_object(
    'columns', ${columnNames("c.oid", "string_to_array(d.key, ', ')::int2[]")}, 'distinctValues', d.value::float8) ORDER BY d.key)
  FROM pg_statistic_ext o
  JOIN pg_stats_ext e ON e.statistics_schemaname = n.nspname AND e.statistics_name = o.stxname AND e.n_distinct IS NOT NULL,
  LATERAL json_each_text(CASE WHEN e.n_distinct::text LIKE '{%' THEN e.n_distinct::text::json END) d
  WHERE o.stxrelid = c.oid AND d.key ~ '^[0-9, ]+$'`;

/** By what pg_stats hides: as a whole, all of a table under row security, or columns that the role may not select. */
const hiddenStatistics = `
  SELECT CASE
    WHEN NOT has_table_privilege('pg_catalog.pg_stats', 'SELECT') THEN json_build_object('by', 'view',
      'remedy', format('GRANT SELECT ON pg_catalog.pg_stats TO %I;', current_user))
    WHEN c.relrowsecurity AND row_security_active(c.oid) THEN json_build_object('by', 'rows')
    WHEN count(*) > 0 THEN json_build_object('by', 'columns', 'columns', json_agg(a.attname ORDER BY a.attnum),
      'remedy', format('GRANT SELECT ON %I.%I TO %I;', n.nspname, c.relname, current_user)) END
  FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT')`;

const catalogQuery = `WITH /* planlens */ ${namedTables}
SELECT json_build_object(
  'schema', n.nspname, 'name', c.relname,
  'kind', CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materializedView'
    WHEN 'f' THEN 'foreign' ELSE 'table' END,
  'estimatedRows', ${estimatedRows("size.rows", "size.pages")},
  'pages', coalesce(size.pages, 0),
  'columns', coalesce((${columns}), '[]'),
  'indexes', coalesce((${indexesOf("c.oid")}), '[]'),
  'children', (${children}),
  'visibleShare', CASE WHEN c.relpages > 0 AND c.relkind IN ('r', 'm') THEN least(1, c.relallvisible::float8 / c.relpages) END,
  'definition', CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END,
  'extensions', (SELECT json_agg(e.extname) FROM pg_extension e WHERE e.extname IN ('pg_trgm', 'btree_gin', 'btree_gist')),
  'writes', CASE WHEN c.relkind = 'r' THEN json_build_object('inserted', pg_stat_get_tuples_inserted(c.oid), 'updated', pg_stat_get_tuples_updated(c.oid),
    'hotUpdated', pg_stat_get_tuples_hot_updated(c.oid), 'deleted', pg_stat_get_tuples_deleted(c.oid)) END,
  'foreignKeys', coalesce((${foreignKeys}), '[]'),
  'combinations', (${combinations}),
  'schemaIsBarred', CASE WHEN NOT has_schema_privilege(n.oid, 'USAGE') THEN true END,
  'hiddenStatistics', CASE WHEN c.relkind IN ('r', 'p', 'm', 'f') AND size.rows > 0 THEN (${hiddenStatistics}) END,
  'referencedBy', coalesce((${referencedBy}), '[]')) AS "table"
FROM size JOIN pg_class c ON c.oid = size.id JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 't')`;

/** The server has null where the model has undefined: such keys are left out. */
function readTable(text: string): CatalogTable {
  return JSON.parse(text, (_key, value: unknown) =>
    value === null ? undefined : value,
  ) as CatalogTable;
}

/** One round trip for all tables; the query builds exactly the shape of CatalogTable. */
export async function readCatalog(
  session: Session,
  tables: readonly TableName[],
): Answer<Catalog> {
  if (tables.length === 0) return succeeded({ tables: [] });
  const names = JSON.stringify(
    tables.map(({ schema, name }) => ({ schema: schema ?? null, name })),
  );
  const query = { text: catalogQuery, values: [names] };
  const rows = await readWithoutHidden(session, query, [withoutJit]);
  return succeeded({
    tables: rows.flatMap((row) =>
      row["table"] == null ? [] : [readTable(row["table"])],
    ),
  });
}
