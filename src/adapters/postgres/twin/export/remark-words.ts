import { phrase, words, type Text } from "../../../../core/words.ts";
import type { Row } from "../../exchange.ts";

/** By the kind that a query of what is missing answers; `{0}` is its name, `{1}` its detail. */
const sentences: Readonly<Record<string, string>> = words({
  "foreign table":
    "Foreign table {0} is not carried: its rows and estimates lie on another server.",
  function: "Function {0} is not carried: it is written in {1}.",
  aggregate: "Aggregate {0} is not carried.",
  type: "Type {0} is not carried: it is a base type of its own.",
  "operator class": "Operator class {0} is not carried.",
  "text search configuration": "Text search configuration {0} is not carried.",
  collation: "Collation {0} is not carried.",
  policies:
    "Row security policies of {0} are not carried: plans are those of the owner.",
  "pg_database hidden":
    "The database's locale is hidden from this role, so texts compare as on the twin's server. Have this run: GRANT SELECT ON pg_catalog.pg_database TO {0};",
  "pg_relation_size hidden":
    "Sizes of tables and indexes are hidden from this role, so they are as VACUUM or ANALYZE last counted them. Have this run: GRANT EXECUTE ON FUNCTION pg_catalog.pg_relation_size(regclass, text) TO {0};",
  "all hidden":
    "Statistics of columns are hidden from this role, so they are planned with defaults. Have this run: GRANT SELECT ON pg_catalog.pg_stats TO {0};",
  "rows hidden":
    "Statistics of {0} are hidden from this role by row security. Read them as its owner, or as a role with BYPASSRLS.",
  "columns hidden":
    "Statistics of {0} are hidden from this role: it may not read every column. Have this run: GRANT SELECT ON {0} TO {1};",
  "no totals":
    "{0} has no statistics over all its partitions: autovacuum does not make them. ANALYZE it at the source.",
  "never analyzed":
    "{0} was never analyzed: its columns are planned with defaults, as at the source.",
  "expressions hidden":
    "Statistics of the expressions of index {0} are hidden from this role: only the table's owner sees them.",
});

/** What a row of "kind", "name" and "detail" tells, in whole sentences. */
export function remarkOf(row: Row): Text {
  const { kind, name, detail } = row;
  return phrase(sentences[kind ?? ""] ?? "{0}", name ?? "", detail ?? "");
}
