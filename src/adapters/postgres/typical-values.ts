import type { ParameterPlace } from "../../core/sql/parameter-places.ts";
import { quoteLiteral } from "../../core/sql/quote-literal.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import { comparedColumns, type ComparedColumn } from "./compared-columns.ts";
import { findHidden, withoutHidden } from "./hidden-relations.ts";
import { relationNamed } from "./named-relation.ts";
import { countParameters } from "./prepare.ts";
import type { Session } from "./session.ts";
import { replaceParameters, type ShiftedText } from "./shifted-text.ts";

/**
 * A common value for an equality, the middle of the values for everything else; without statistics one that the
 * type takes. Never NULL, which would leave nothing to plan.
 */
const valuesQuery = `SELECT /* planlens */ a.number,
    coalesce(CASE WHEN a.equality THEN s.common[1] ELSE s.bounds[(cardinality(s.bounds) + 1) / 2] END, s.common[1], s.bounds[1],
      CASE t.typcategory WHEN 'D' THEN '2000-01-01' WHEN 'T' THEN '1 day' WHEN 'B' THEN 'true' WHEN 'A' THEN '{}' ELSE
        CASE t.typname WHEN 'uuid' THEN '00000000-0000-0000-0000-000000000000' WHEN 'jsonb' THEN '{}' WHEN 'json' THEN '{}' ELSE '1' END
      END) AS value
  FROM json_to_recordset($1::json) AS a(number int, schema text, "table" text, "column" text, equality bool)
  JOIN pg_class c ON c.oid = ${relationNamed("a.schema", 'a."table"')}
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute b ON b.attrelid = c.oid AND b.attname = a."column"
  JOIN pg_type t ON t.oid = b.atttypid
  LEFT JOIN LATERAL (
    SELECT p.most_common_vals::text::text[] AS common, p.histogram_bounds::text::text[] AS bounds FROM pg_stats p
    WHERE p.schemaname = n.nspname AND p.tablename = c.relname AND p.attname = b.attname
    ORDER BY p.inherited DESC LIMIT 1
  ) s ON true`;

/** Rows a page of a list usually shows; LIMIT gets it when pg_stat_statements does not tell how many came. */
const pageOfRows = "20";
/** A value that texts, numbers and booleans take alike. */
const anything = "1";

const viewQuery = `SELECT /* planlens */ quote_ident(n.nspname) || '.pg_stat_statements' AS name
      FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = 'pg_stat_statements'
        AND has_schema_privilege(n.oid, 'USAGE')
        AND has_table_privilege(to_regclass(quote_ident(n.nspname) || '.pg_stat_statements'), 'SELECT')
        AND EXISTS (SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max')`;

/**
 * The extension's own view, never another of its name on the search_path. It is looked for
 * first: a failed read would end the caller's transaction, and it fails unless the library is loaded.
 */
async function readRowsPerCall(
  session: Session,
  statement: ParsedStatement,
  hidden: readonly string[],
): Promise<string> {
  const query = withoutHidden(viewQuery, hidden);
  const [view] = await session.run(query);
  if (view?.["name"] == null) return pageOfRows;
  const [row] = await session.run(
    `SELECT /* planlens */ ceil(sum(rows) / sum(calls))::bigint AS rows FROM ${view["name"]}
      WHERE query = $1 AND calls > 0 HAVING sum(rows) >= sum(calls)`,
    [statement.original],
  );
  return row?.["rows"] ?? pageOfRows;
}

async function readColumnValues(
  session: Session,
  compared: readonly ComparedColumn[],
  hidden: readonly string[],
): Promise<ReadonlyMap<number, string>> {
  const values = new Map<number, string>();
  if (compared.length === 0) return values;
  const query = withoutHidden(valuesQuery, hidden);
  for (const row of await session.run(query, [JSON.stringify(compared)]))
    values.set(Number(row["number"]), row["value"] ?? anything);
  return values;
}

/** One value per parameter, as text, by what the statistics know of the column it is compared with. */
export async function findTypicalValues(
  session: Session,
  statement: ParsedStatement,
): Promise<readonly string[]> {
  const places = statement.facts.parameterPlaces ?? [];
  const counts = new Set(
    places.filter(({ kind }) => kind === "count").map(({ number }) => number),
  );
  const compared = comparedColumns(statement);
  const looksUp = compared.length + counts.size > 0;
  // A refused read would end the caller's transaction.
  const hidden = looksUp ? await findHidden(session) : [];
  const columns = await readColumnValues(session, compared, hidden);
  const rows =
    counts.size > 0
      ? await readRowsPerCall(session, statement, hidden)
      : pageOfRows;
  return Array.from({ length: countParameters(statement) }, (_, at) =>
    counts.has(at + 1) ? rows : (columns.get(at + 1) ?? anything),
  );
}

/** Operands and counts are numbers, everything else a literal whose type its surroundings decide. */
const literalOf = ({ kind }: ParameterPlace, value: string): string =>
  kind !== "other" && /^\d+$/.test(value) ? value : quoteLiteral(value);

/** The statement's text with values in the place of its parameters. */
export const insertValues = (
  statement: ParsedStatement,
  values: readonly string[],
): ShiftedText =>
  replaceParameters(statement, (place) =>
    literalOf(place, values[place.number - 1] ?? anything),
  );
