import { quoteIdentifier } from "../sql/quote-identifier.ts";
import type { IndexDefinition, IndexKey } from "./suggestion.ts";

export interface CreateIndexOptions {
  readonly concurrently: boolean;
  readonly ifNotExists?: boolean;
}

/** A call without nested parentheses or literals needs no further parentheses in an index key. */
const simpleCall = /^[a-z_][a-z0-9_.]*\([^()']*\)$/i;

function renderKey(key: IndexKey): string {
  const expression = simpleCall.test(key.text) ? key.text : `(${key.text})`;
  const parts = [key.isExpression ? expression : quoteIdentifier(key.text)];
  if (key.collation !== undefined) parts.push(`COLLATE ${key.collation}`);
  if (key.operatorClass !== undefined) parts.push(key.operatorClass);
  if (key.descending) parts.push("DESC");
  if (key.nulls !== undefined) parts.push(`NULLS ${key.nulls.toUpperCase()}`);
  return parts.join(" ");
}

/** The key list as it stands in DDL: `(course_id, created_at DESC)`. */
export function renderIndexKey(index: Pick<IndexDefinition, "keys">): string {
  return `(${index.keys.map(renderKey).join(", ")})`;
}

/** `schema.table`, quoted where needed. */
function renderTableName(
  index: Pick<IndexDefinition, "schema" | "table">,
): string {
  return `${quoteIdentifier(index.schema)}.${quoteIdentifier(index.table)}`;
}

/** One CREATE INDEX statement on one line, without a closing semicolon; `name` is unquoted. */
export function renderCreateIndex(
  index: IndexDefinition,
  name: string,
  options: CreateIndexOptions,
): string {
  const concurrently = options.concurrently ? " CONCURRENTLY" : "";
  const ifNotExists = options.ifNotExists === true ? " IF NOT EXISTS" : "";
  const method = index.method === "btree" ? "" : ` USING ${index.method}`;
  const included =
    index.included.length === 0
      ? ""
      : ` INCLUDE (${index.included.map(quoteIdentifier).join(", ")})`;
  const predicate =
    index.predicate === undefined ? "" : ` WHERE ${index.predicate}`;
  const head = `CREATE INDEX${concurrently}${ifNotExists} ${quoteIdentifier(name)}`;
  return `${head} ON ${renderTableName(index)}${method} ${renderIndexKey(index)}${included}${predicate}`;
}

/** One DROP INDEX statement, without a closing semicolon. */
export function renderDropIndex(
  index: Pick<IndexDefinition, "schema">,
  name: string,
  options: { readonly concurrently: boolean; readonly ifExists: boolean },
): string {
  const concurrently = options.concurrently ? " CONCURRENTLY" : "";
  const ifExists = options.ifExists ? " IF EXISTS" : "";
  return `DROP INDEX${concurrently}${ifExists} ${quoteIdentifier(index.schema)}.${quoteIdentifier(name)}`;
}
