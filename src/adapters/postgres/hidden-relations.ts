import { readError } from "./errors.ts";
import type { Row, Step } from "./exchange.ts";
import type { Session } from "./session.ts";

/**
 * Relations of the catalog that everybody may read unless somebody took that right away, and without which our queries
 * tell less, but nothing wrong.
 */
const dispensable = [
  "pg_database",
  "pg_extension",
  "pg_settings",
  "pg_stat_all_tables",
  "pg_statistic_ext",
  "pg_stats",
  "pg_stats_ext",
  "pg_stats_ext_exprs",
];

/** A function of which the same is true; our queries write it with the fork's name, so that no other is called. */
const sizeFunction = "pg_relation_size";

const hiddenQuery = `SELECT /* planlens */ c.relname AS name FROM pg_class c
  WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname IN (SELECT json_array_elements_text($1::json))
    AND NOT has_table_privilege(c.oid, 'SELECT')
  UNION ALL SELECT '${sizeFunction}'
  WHERE NOT has_function_privilege('pg_catalog.${sizeFunction}(pg_catalog.regclass, pg_catalog.text)', 'EXECUTE')`;

/** Those of the dispensable relations that this role may not read, and `pg_relation_size` if it may not call that. */
export async function findHidden(session: Session): Promise<readonly string[]> {
  const rows = await session.run(hiddenQuery, [JSON.stringify(dispensable)]);
  return rows.flatMap((row) => row["name"] ?? []);
}

/** Calls of pg_relation_size as the pages that VACUUM, ANALYZE or the making of an index counted last. */
const withCountedSizes = (query: string): string =>
  query.replaceAll(
    /\bpg_relation_size\((\w+\.\w+), 'main'\)/gu,
    "(SELECT greatest(f.relpages, 0) * current_setting('block_size')::bigint FROM pg_catalog.pg_class f WHERE f.oid = $1)",
  );

const mentions = (query: string, relation: string): boolean =>
  new RegExp(`\\b${relation}\\b`, "u").test(query);

/**
 * The query with the hidden relations empty, and sizes from the catalog where they are hidden. A WITH of the same name
 * comes before what the search_path shows, and the row type of a relation may be used by those who may not read it.
 */
export function withoutHidden(
  query: string,
  hidden: readonly string[],
): string {
  const sized = hidden.includes(sizeFunction) ? withCountedSizes(query) : query;
  const missing = hidden.filter(
    (name) => name !== sizeFunction && mentions(sized, name),
  );
  if (missing.length === 0) return sized;
  const empty = missing.map(
    (relation) =>
      `${relation} AS (SELECT (NULL::pg_catalog.${relation}).* WHERE false)`,
  );
  return `WITH /* planlens */ ${empty.join(", ")} SELECT * FROM (${sized}) seen`;
}

/**
 * Rows of a catalog query; what this role may not read of the dispensable relations is taken as empty. Not within a
 * transaction, which a refusal would end. `before` is sent with it.
 */
export async function readWithoutHidden(
  session: Session,
  query: Step,
  before: readonly Step[] = [],
): Promise<readonly Row[]> {
  try {
    return await session.send({ steps: [...before, query] });
  } catch (error) {
    if (readError(error).code !== "42501") throw error;
    const text = withoutHidden(query.text, await findHidden(session));
    if (text === query.text) throw error;
    return session.send({ steps: [...before, { ...query, text }] });
  }
}
