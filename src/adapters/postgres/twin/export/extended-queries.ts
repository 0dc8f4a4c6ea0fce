/** One row per object, parent and children apart; data only where the view shows it. */
export function extendedQuery(version: number): string {
  const hasExpressions = version >= 140_000;
  const inherited = version >= 150_000 ? "d.inherited" : "c.relkind = 'p'";
  const byInherited = version >= 150_000 ? "AND e.inherited = d.inherited" : "";
  return `SELECT n.nspname AS schema, s.stxname AS name, tn.nspname AS table_schema, c.relname AS "table", d.statistics_name IS NOT NULL AS visible,
    coalesce(${inherited}, false) AS inherited,
    (SELECT json_agg(a.attname ORDER BY k.nr) FROM unnest(s.stxkeys::int2[]) WITH ORDINALITY k(attnum, nr)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum) AS columns,
    array_to_json(s.stxkeys::int2[]) AS keys,
    ${hasExpressions ? "coalesce(cardinality(d.exprs), 0)" : "0"} AS expressions,
    d.n_distinct::text AS n_distinct, d.dependencies::text AS dependencies,
    array_to_json(d.most_common_vals) AS common_values, array_to_json(d.most_common_val_nulls) AS common_nulls,
    array_to_json(d.most_common_freqs) AS frequencies, array_to_json(d.most_common_base_freqs) AS base_frequencies,
    c.reltuples AS rows,
    ${
      hasExpressions
        ? `(SELECT json_agg(json_build_object('null_fraction', e.null_frac, 'average_bytes', e.avg_width, 'distinct_values', e.n_distinct,
        'values1', e.most_common_vals::text, 'numbers1', e.most_common_freqs::text, 'values2', e.histogram_bounds::text,
        'numbers3', CASE WHEN e.correlation IS NOT NULL THEN '{' || e.correlation || '}' END,
        'values4', e.most_common_elems::text, 'numbers4', e.most_common_elem_freqs::text, 'numbers5', e.elem_count_histogram::text)
        ORDER BY array_position(d.exprs, e.expr))
      FROM pg_stats_ext_exprs e WHERE e.statistics_schemaname = n.nspname AND e.statistics_name = s.stxname ${byInherited})`
        : "NULL"
    } AS expression_statistics
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace JOIN pg_class c ON c.oid = s.stxrelid
  JOIN pg_namespace tn ON tn.oid = c.relnamespace
  LEFT JOIN pg_stats_ext d ON d.statistics_schemaname = n.nspname AND d.statistics_name = s.stxname
  WHERE n.nspname IN (SELECT x FROM json_array_elements_text($1::json) x) ORDER BY s.oid`;
}
