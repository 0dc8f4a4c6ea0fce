import type { Answer } from "../../../../app/database.ts";
import { failed, succeeded } from "../../../../core/result.ts";
import type {
  Bundle,
  DatabaseLocale,
  DdlObject,
} from "../../../../core/twin/bundle.ts";
import { furtherPlannerSettings } from "../../../../core/twin/settings.ts";
import { phrase } from "../../../../core/words.ts";
import type { Row } from "../../exchange.ts";
import type { Session } from "../../session.ts";
import { listDdlQueries } from "./ddl-queries.ts";

const text = (row: Row | undefined, key: string): string => row?.[key] ?? "";

const providers: Readonly<Record<string, DatabaseLocale["provider"]>> = {
  c: "libc",
  i: "icu",
  b: "builtin",
};

/** Undefined where this role may not read pg_database. */
export async function readLocale(
  session: Session,
): Promise<DatabaseLocale | undefined> {
  const version = session.versionNumber;
  const provider = version >= 150_000 ? "datlocprovider" : "'c'";
  const column = version >= 170_000 ? "datlocale" : "daticulocale";
  const [row] = await session.run(
    `SELECT /* planlens */ pg_encoding_to_char(encoding) AS encoding, datcollate, datctype, ${provider} AS provider,
       ${version >= 150_000 ? column : "NULL"} AS locale FROM pg_database WHERE datname = current_database()`,
  );
  if (row === undefined) return undefined;
  return {
    encoding: text(row, "encoding"),
    collate: text(row, "datcollate"),
    ctype: text(row, "datctype"),
    provider: providers[text(row, "provider")] ?? "libc",
    locale: row["locale"] ?? undefined,
  };
}

/** What the planner goes by in this session. */
export async function readSettings(
  session: Session,
): Promise<Readonly<Record<string, string>>> {
  // A twin plans as a role of its own: a schema of this role's name is named. What the view pg_settings shows; some servers hide the view from plain roles.
  const rows = await session.run(
    `SELECT /* planlens */ name, CASE WHEN name = 'search_path' AND to_regnamespace(quote_ident(current_user)) IS NOT NULL
       THEN replace(setting, '"$user"', quote_ident(current_user)) ELSE setting END AS setting FROM pg_show_all_settings()
     WHERE category LIKE 'Query Tuning%' OR name IN (SELECT x FROM json_array_elements_text($1::json) x) ORDER BY name`,
    [JSON.stringify(furtherPlannerSettings)],
  );
  return Object.fromEntries(
    rows.map((row) => [text(row, "name"), text(row, "setting")]),
  );
}

async function findSchemas(
  session: Session,
  asked: readonly string[] | undefined,
): Promise<readonly string[]> {
  const rows = await session.run(
    `SELECT /* planlens */ nspname FROM pg_namespace n WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
       AND ($1::json IS NULL OR nspname IN (SELECT x FROM json_array_elements_text($1::json) x))
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e')
     ORDER BY oid`,
    [asked === undefined ? null : JSON.stringify(asked)],
  );
  return rows.map((row) => text(row, "nspname"));
}

/** Statements that make the schemas anew, in the order in which they run. */
export async function readDdl(
  session: Session,
  schemas: string,
): Promise<readonly DdlObject[]> {
  const objects: DdlObject[] = [];
  for (const query of listDdlQueries(session.versionNumber)) {
    const rows = await session.run(`/* planlens */ ${query}`, [schemas]);
    for (const row of rows)
      objects.push({ what: text(row, "what"), sql: text(row, "sql") });
  }
  return objects;
}
/** Those asked for, or all that are not the system's; a failure names one that is not there. */
export async function findNamedSchemas(
  session: Session,
  asked: readonly string[] | undefined,
): Answer<readonly string[]> {
  const schemas = await findSchemas(session, asked);
  const missing = asked?.find((name) => !schemas.includes(name));
  return missing === undefined
    ? succeeded(schemas)
    : failed({
        kind: "misconfigured",
        message: phrase("There is no schema {0} to export", missing),
      });
}

/** Those that types, operators and indexes may need. */
export async function readExtensions(
  session: Session,
): Promise<Bundle["extensions"]> {
  const rows = await session.run(
    `SELECT /* planlens */ e.extname AS name, n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
     WHERE e.extname NOT IN ('plpgsql', 'pg_stat_statements', 'hypopg') ORDER BY e.oid`,
  );
  return rows.map((row) => ({
    name: text(row, "name"),
    schema: text(row, "schema"),
  }));
}
