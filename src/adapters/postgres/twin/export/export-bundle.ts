import type { PostgresTarget } from "../../../../app/connection.ts";
import type { Answer } from "../../../../app/database.ts";
import { tellHiddenStatements } from "../../../../app/hidden-statements.ts";
import { failed, succeeded } from "../../../../core/result.ts";
import type {
  Bundle,
  BundleQuery,
  DatabaseLocale,
  DdlObject,
} from "../../../../core/twin/bundle.ts";
import { furtherPlannerSettings } from "../../../../core/twin/settings.ts";
import { phrase, words, type Text } from "../../../../core/words.ts";
import { cancelBackend, cancelGraceMs } from "../../cancel-backend.ts";
import { mapError } from "../../errors.ts";
import type { Row } from "../../exchange.ts";
import { findHidden, withoutHidden } from "../../hidden-relations.ts";
import { openSession, type Session } from "../../session.ts";
import { readSlowQueries } from "../../slow-queries.ts";
import { plainText } from "../writer.ts";
import { listDdlQueries, unsupportedQuery } from "./ddl-queries.ts";
import {
  hashTexts,
  leaveOut,
  type HiddenColumn,
  type Statistics,
} from "./hide.ts";
import { readRelations, readStatistics } from "./read-statistics.ts";
import { remarkOf } from "./remark-words.ts";
import { blindSpotsQuery } from "./statistics-queries.ts";

export interface ExportRequest {
  /** Undefined: all that are not the system's. */
  readonly schemas: readonly string[] | undefined;
  readonly leaveOut: readonly HiddenColumn[];
  /** Words in place of all texts in most common values and histograms. */
  readonly hashText: boolean;
  /** How many statements of pg_stat_statements to carry; 0 for none. */
  readonly statements: number;
}

const text = (row: Row | undefined, key: string): string => row?.[key] ?? "";
const providers: Readonly<Record<string, DatabaseLocale["provider"]>> = {
  c: "libc",
  i: "icu",
  b: "builtin",
};

/** Undefined where this role may not read pg_database. */
async function readLocale(
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

async function readSettings(
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

async function readDdl(
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
interface Workload {
  readonly queries: readonly BundleQuery[];
  readonly remarks: readonly Text[];
}

const hashedTexts = words(
  "Texts in statistics are replaced by words, those in statements are not: a condition on a text is planned as for a value that is not among the most common ones, so that its rows and costs differ from the source's.",
);

async function readWorkload(
  session: Session,
  limit: number,
): Promise<Workload> {
  if (limit === 0) return { queries: [], remarks: [] };
  const found = await readSlowQueries(session, limit);
  if (!found.ok)
    return {
      queries: [],
      remarks: [
        words(
          "The workload is not carried: pg_stat_statements is missing or hidden from this role.",
        ),
      ],
    };
  const queries = found.value.queries.map((query) => ({
    name: query.queryId,
    sql: query.text,
    counted: true,
    calls: query.calls,
    meanMs: query.meanMs,
  }));
  const hidden = tellHiddenStatements(found.value);
  return { queries, remarks: hidden === undefined ? [] : [hidden] };
}

async function findNamedSchemas(
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

async function hide(
  session: Session,
  statistics: Statistics,
  request: ExportRequest,
): Answer<Statistics> {
  const left = await leaveOut(session, statistics, request.leaveOut);
  if (!left.ok || !request.hashText) return left;
  return succeeded(await hashTexts(session, left.value));
}

async function readRemarks(
  session: Session,
  schemas: string,
): Promise<readonly Text[]> {
  const rows = [
    ...(await session.run(`/* planlens */ ${unsupportedQuery}`, [schemas])),
    ...(await session.run(`/* planlens */ ${blindSpotsQuery}`, [schemas])),
  ];
  return rows.map(remarkOf);
}

async function readExtensions(session: Session): Promise<Bundle["extensions"]> {
  const rows = await session.run(
    `SELECT /* planlens */ e.extname AS name, n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
     WHERE e.extname NOT IN ('plpgsql', 'pg_stat_statements', 'hypopg') ORDER BY e.oid`,
  );
  return rows.map((row) => ({
    name: text(row, "name"),
    schema: text(row, "schema"),
  }));
}

async function readAll(
  session: Session,
  request: ExportRequest,
  workload: Workload,
): Answer<Bundle> {
  const settings = await readSettings(session);
  const locale = await readLocale(session);
  // From here on every name is qualified, and every value in its plain form.
  await session.run(
    `SELECT /* planlens */ set_config('search_path', 'pg_catalog', true), set_config('statement_timeout', '120000', true), ${plainText}`,
  );
  const found = await findNamedSchemas(session, request.schemas);
  if (!found.ok) return found;
  const schemas = JSON.stringify(found.value);
  const read = await readStatistics(session, schemas);
  const shown = await hide(session, read.statistics, request);
  if (!shown.ok) return shown;
  const { versionNumber, versionText } = session;
  return succeeded({
    server: { versionNumber, versionText },
    locale,
    settings,
    extensions: await readExtensions(session),
    ddl: await readDdl(session, schemas),
    relations: await readRelations(session, schemas),
    columns: shown.value.columns,
    extended: shown.value.extended,
    queries: workload.queries,
    remarks: [
      ...(await readRemarks(session, schemas)),
      ...read.remarks,
      ...workload.remarks,
      ...(request.hashText ? [hashedTexts] : []),
    ],
  });
}

/** What a bundle lacks without them, and the GRANT to this role that mends it. */
async function tellHidden(
  session: Session,
  hidden: readonly string[],
): Promise<readonly Text[]> {
  const rows = await session.run(
    `SELECT /* planlens */ x || ' hidden' AS kind, quote_ident(current_user) AS name
     FROM json_array_elements_text($1::json) x WHERE x IN ('pg_database', 'pg_relation_size')`,
    [JSON.stringify(hidden)],
  );
  return rows.map(remarkOf);
}

/** A session that takes as empty what this role may not read. */
const withHidden = (session: Session, hidden: readonly string[]): Session => ({
  ...session,
  run: (query, values) => session.run(withoutHidden(query, hidden), values),
});

async function readInSnapshot(
  session: Session,
  request: ExportRequest,
): Answer<Bundle> {
  const [row] = await session.run(
    "SELECT /* planlens */ current_setting('block_size') AS bytes",
  );
  if (row?.["bytes"] !== "8192")
    return failed({
      kind: "unsupported",
      message: words(
        "This server was built with another block size than 8192 bytes",
      ),
    });
  // A view that cannot be read would end the transaction.
  const { queries, remarks } = await readWorkload(session, request.statements);
  const hidden = await findHidden(session);
  const workload = {
    queries,
    remarks: [...remarks, ...(await tellHidden(session, hidden))],
  };
  await session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  return readAll(withHidden(session, hidden), request, workload);
}

const connectLimitMs = 4900;

/**
 * Reads schema, statistics and planner settings in one read-only snapshot; catalog reads only, nothing of the
 * schema is planned, run or written. A role that may read the tables is enough; what it may not see is told
 * in the bundle's remarks.
 */
export async function exportBundle(
  target: PostgresTarget,
  password: string | undefined,
  request: ExportRequest,
  signal: AbortSignal,
): Answer<Bundle> {
  const opened = await openSession(target, password, connectLimitMs);
  if (!opened.ok) return opened;
  const session = opened.value;
  const startedAt = performance.now();
  let cancelling: Promise<void> | undefined;
  // The end of a socket is noticed only when the statement is done; until then it would keep the server busy.
  const stop = (): void => {
    const second = (): Answer<Session> =>
      openSession(target, password, cancelGraceMs);
    cancelling = cancelBackend(session, second).finally(session.end);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    return signal.aborted
      ? failed({ kind: "cancelled" })
      : await readInSnapshot(session, request);
  } catch (error) {
    const elapsedMs = Math.round(performance.now() - startedAt);
    // Whatever ended it then: nobody waits for it any more.
    if (signal.aborted) return failed({ kind: "cancelled" });
    return failed(
      mapError(error, { target, elapsedMs, aborted: false, phase: "run" }),
    );
  } finally {
    signal.removeEventListener("abort", stop);
    await cancelling;
    await session.end();
  }
}
