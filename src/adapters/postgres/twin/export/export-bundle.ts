import type { PostgresTarget } from "../../../../app/connection.ts";
import type { Answer } from "../../../../app/database.ts";
import { tellHiddenStatements } from "../../../../app/hidden-statements.ts";
import { failed, succeeded } from "../../../../core/result.ts";
import type { Bundle, BundleQuery } from "../../../../core/twin/bundle.ts";
import { words, type Text } from "../../../../core/words.ts";
import { cancelBackend, cancelGraceMs } from "../../cancel-backend.ts";
import { mapError } from "../../errors.ts";
import { findHidden, withoutHidden } from "../../hidden-relations.ts";
import { openSession, type Session } from "../../session.ts";
import { readSlowQueries } from "../../slow-queries.ts";
import { plainText } from "../writer.ts";
import { unsupportedQuery } from "./ddl-queries.ts";
import {
  hashTexts,
  leaveOut,
  type HiddenColumn,
  type Statistics,
} from "./hide.ts";
import {
  findNamedSchemas,
  readDdl,
  readExtensions,
  readLocale,
  readSettings,
} from "./read-database.ts";
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
