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

const hiddenQuery = `SELECT /* planlens */ c.relname AS name FROM pg_class c
  WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname IN (SELECT json_array_elements_text($1::json))
    AND NOT has_table_privilege(c.oid, 'SELECT')`;

/** Those of the dispensable relations that this role may not read. */
export async function findHidden(session: Session): Promise<readonly string[]> {
  const rows = await session.run(hiddenQuery, [JSON.stringify(dispensable)]);
  return rows.flatMap((row) => row["name"] ?? []);
}

const mentions = (query: string, relation: string): boolean =>
  new RegExp(`\\b${relation}\\b`, "u").test(query);

/**
 * The query with the hidden relations empty. A WITH of the same name comes before what the search_path shows, and the
 * row type of a relation may be used by those who may not read it.
 */
export function withoutHidden(
  query: string,
  hidden: readonly string[],
): string {
  const missing = hidden.filter((relation) => mentions(query, relation));
  if (missing.length === 0) return query;
  const empty = missing.map(
    (relation) =>
      `${relation} AS (SELECT (NULL::pg_catalog.${relation}).* WHERE false)`,
  );
  return `WITH /* planlens */ ${empty.join(", ")} SELECT * FROM (${query}) seen`;
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
