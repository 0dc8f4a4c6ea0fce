const schemas = "(SELECT x FROM json_array_elements_text($1::json) x)";

export const relationsQuery = `SELECT n.nspname AS schema, c.relname AS name, greatest(c.relpages, 0) AS pages, c.reltuples AS rows,
    greatest(c.relallvisible, 0) AS visible,
    CASE WHEN c.relkind IN ('r', 'm', 'i') THEN pg_relation_size(c.oid, 'main') / 8192 ELSE 0 END AS blocks,
    c.relkind AS kind
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'p', 'i', 'I') AND c.relpersistence <> 't' AND n.nspname IN ${schemas}
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
  ORDER BY c.oid`;

const place = `n.nspname AS schema, c.relname AS relation, a.attname AS "column",
    CASE WHEN c.relkind IN ('i', 'I') THEN a.attnum END AS position, st.category, st.element_category, st.type_name,
    a.attcollation::regcollation::text AS text_collation`;

const from = `JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT t.typcategory AS category, format_type(t.oid, NULL) AS type_name,
      (SELECT e.typcategory FROM pg_type e WHERE e.oid = t.typelem AND t.typcategory = 'A') AS element_category
    FROM pg_type t WHERE t.oid = a.atttypid) st
  WHERE n.nspname IN ${schemas} AND c.relkind IN ('r', 'm', 'p', 'i', 'I')`;

const numbers = [1, 2, 3, 4, 5];

/** pg_statistic itself: exact to the operator, for those who may read it. */
const fromCatalog = `SELECT ${place}, s.stainherit AS inherited, s.stanullfrac AS null_fraction, s.stawidth AS average_bytes, s.stadistinct AS distinct_values,
    ${numbers
      .map(
        (
          at,
        ) => `s.stakind${at} AS kind${at}, CASE WHEN s.staop${at} <> 0 THEN s.staop${at}::regoperator::text END AS operator${at},
      CASE WHEN s.stacoll${at} <> 0 THEN s.stacoll${at}::regcollation::text END AS collation${at},
      s.stanumbers${at}::text AS numbers${at}, s.stavalues${at}::text AS values${at}`,
      )
      .join(", ")}
  FROM pg_statistic s JOIN pg_class c ON c.oid = s.starelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = s.staattnum ${from}`;

/** The view that everybody may read, for the tables they may read. Kinds: statistics kinds of pg_statistic.h. */
const fromView = (
  version: number,
): string => `SELECT ${place}, s.inherited, s.null_frac AS null_fraction, s.avg_width AS average_bytes, s.n_distinct AS distinct_values,
    s.most_common_vals::text AS values1, s.most_common_freqs::text AS numbers1, s.histogram_bounds::text AS values2,
    CASE WHEN s.correlation IS NOT NULL THEN '{' || s.correlation || '}' END AS numbers3,
    s.most_common_elems::text AS values4, s.most_common_elem_freqs::text AS numbers4, s.elem_count_histogram::text AS numbers5,
    ${
      version >= 170_000
        ? `s.range_length_histogram::text AS values6, CASE WHEN s.range_empty_frac IS NOT NULL THEN '{' || s.range_empty_frac || '}' END AS numbers6,
    s.range_bounds_histogram::text AS values7`
        : "NULL AS values6, NULL AS numbers6, NULL AS values7"
    }
  FROM pg_stats s JOIN pg_namespace sn ON sn.nspname = s.schemaname
  JOIN pg_class c ON c.relnamespace = sn.oid AND c.relname = s.tablename
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname ${from}`;

export const statisticsQuery = (
  version: number,
  mayReadCatalog: boolean,
): string => (mayReadCatalog ? fromCatalog : fromView(version));

/** What this role does not see of the statistics, by whole catalog and by table, and tables that have none; and what a plain role cannot see at all. */
export const blindSpotsQuery = `WITH may AS (
    SELECT has_table_privilege('pg_catalog.pg_statistic', 'SELECT') AS see_all, has_table_privilege('pg_catalog.pg_stats', 'SELECT') AS see_own),
  seen AS (
    SELECT n.nspname, c.relname, c.relkind, c.reltuples, c.relpages,
      NOT may.see_all AND EXISTS (SELECT FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT')) AS has_unreadable,
      NOT may.see_all AND c.relrowsecurity AND row_security_active(c.oid) AS has_hidden_rows,
      EXISTS (SELECT FROM pg_stats s WHERE s.schemaname = n.nspname AND s.tablename = c.relname) AS has_statistics
    FROM may CROSS JOIN pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE (may.see_all OR may.see_own) AND c.relkind IN ('r', 'm', 'p') AND c.relpersistence <> 't' AND n.nspname IN ${schemas})
  SELECT 'all hidden' AS kind, quote_ident(current_user) AS name, NULL AS detail
  FROM may WHERE NOT see_all AND NOT see_own
  UNION ALL
  SELECT CASE WHEN has_hidden_rows THEN 'rows hidden' WHEN has_unreadable THEN 'columns hidden'
      WHEN relkind = 'p' THEN 'no totals' ELSE 'never analyzed' END, format('%I.%I', nspname, relname), quote_ident(current_user)
  FROM seen WHERE has_unreadable OR has_hidden_rows OR NOT has_statistics AND (relkind = 'p' OR relpages > 0 OR reltuples <> 0)
  UNION ALL
  SELECT 'expressions hidden', format('%I.%I', n.nspname, x.relname), NULL
  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
  WHERE i.indexprs IS NOT NULL AND n.nspname IN ${schemas} AND x.relkind = 'i' AND NOT has_table_privilege(x.oid, 'SELECT')`;
