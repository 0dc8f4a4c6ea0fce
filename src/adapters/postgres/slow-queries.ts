import type {
  Answer,
  DatabaseError,
  SlowQueries,
  SlowQuery,
} from "../../app/database.ts";
import { quoteIdentifier } from "../../core/sql/quote-identifier.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { readError } from "./errors.ts";
import { readWithoutHidden } from "./hidden-relations.ts";
import type { Row } from "./exchange.ts";
import type { Session } from "./session.ts";

const extension = "pg_stat_statements";
const createIt = `CREATE EXTENSION ${extension};`;

interface View {
  readonly schema: string;
  readonly columns: ReadonlySet<string>;
  readonly hasInfo: boolean;
}

/** The extension's own catalog decides which columns exist: a newer server may run an older extension. */
async function findView(session: Session): Promise<View | undefined> {
  const rows = await session.run(
    `SELECT /* planlens */ n.nspname, c.relname, a.attname FROM pg_extension e
     JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.classid = 'pg_class'::regclass
     JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'v' JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     WHERE e.extname = $1`,
    [extension],
  );
  const own = rows.filter((row) => row["relname"] === extension);
  const [first] = own;
  if (first === undefined) return undefined;
  return {
    schema: quoteIdentifier(first["nspname"] ?? ""),
    columns: new Set(own.map((row) => row["attname"] ?? "")),
    hasInfo: rows.some((row) => row["relname"] === `${extension}_info`),
  };
}

/** shared_preload_libraries, or undefined when the role may not see it. */
async function readPreloaded(
  session: Session,
): Promise<readonly string[] | undefined> {
  const [row] = await readWithoutHidden(session, {
    text: "SELECT /* planlens */ setting FROM pg_settings WHERE name = 'shared_preload_libraries'",
  });
  const setting = row?.["setting"];
  return setting == null
    ? undefined
    : setting
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "");
}

async function missing(
  session: Session,
  isCreated: boolean,
): Promise<DatabaseError> {
  const preloaded = await readPreloaded(session);
  const isLoaded = preloaded?.includes(extension) ?? !isCreated;
  const libraries = [...(preloaded ?? []), extension].join(",");
  const preload = `ALTER SYSTEM SET shared_preload_libraries = ${libraries
    .split(",")
    .map((name) => `'${name}'`)
    .join(", ")}; -- then restart the server`;
  const steps = [
    ...(isLoaded ? [] : [preload]),
    ...(isCreated ? [] : [createIt]),
  ];
  return { kind: "missingExtension", extension, remedy: steps.join("\n") };
}

/** What PlanLens and its like send themselves, and utility statements, have no plan to improve. */
const ownOrUtility = `s.query LIKE '%/* planlens */%' OR s.query ~* '^\\s*(explain|begin|start|commit|end|rollback|abort|savepoint|release|set|reset|show|prepare|deallocate|discard|listen|notify|unlisten|vacuum|analyze|checkpoint|create|alter|drop|grant|revoke|comment|truncate|copy|lock|reindex|cluster|do|call|declare|fetch|close|move|load)\\M'`;

function renderQuery(view: View): string {
  const time = view.columns.has("total_exec_time") ? "exec_time" : "time";
  const topLevel = view.columns.has("toplevel") ? "AND s.toplevel" : "";
  const since = view.hasInfo
    ? `(SELECT stats_reset FROM ${view.schema}.${extension}_info)`
    : "NULL::timestamptz";
  return `WITH /* planlens */ own AS (
    SELECT s.* FROM ${view.schema}.${extension} s
    WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ${topLevel}
  ), merged AS (
    SELECT s.queryid, min(s.query) AS query, sum(s.calls) AS calls, sum(s.total_${time}) AS total,
      max(s.max_${time}) AS max, max(s.stddev_${time}) AS stddev, sum(s.rows) AS rows,
      sum(s.shared_blks_hit) AS hit, sum(s.shared_blks_read) AS read
    FROM own s WHERE s.queryid IS NOT NULL AND NOT (${ownOrUtility}) GROUP BY s.queryid
  )
  SELECT m.*, (SELECT sum(total) FROM merged) AS all_total, to_char(${since} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
    (SELECT count(*) FROM own WHERE own.queryid IS NULL) AS hidden, current_user AS role
  FROM (SELECT 1) one LEFT JOIN (SELECT * FROM merged ORDER BY total DESC LIMIT $1::int) m ON true ORDER BY m.total DESC`;
}

function readQuery(row: Row): SlowQuery {
  const number = (key: string): number => Number(row[key] ?? 0);
  return {
    queryId: row["queryid"] ?? "",
    text: row["query"] ?? "",
    calls: number("calls"),
    totalMs: number("total"),
    meanMs: number("calls") === 0 ? 0 : number("total") / number("calls"),
    maxMs: number("max"),
    stddevMs: number("stddev"),
    rows: number("rows"),
    sharedHitBlocks: number("hit"),
    sharedReadBlocks: number("read"),
  };
}

const grantTo = (role: string): string =>
  `GRANT pg_read_all_stats TO ${quoteIdentifier(role)};`;

async function readRole(session: Session): Promise<string> {
  const [row] = await session.run("SELECT /* planlens */ current_user AS role");
  return row?.["role"] ?? "";
}

/** Why the view could not be read, when that has a remedy. */
async function explainRefusal(
  session: Session,
  error: unknown,
): Promise<DatabaseError> {
  const { code, message } = readError(error);
  // 55000: the library is not loaded.
  if (code === "55000") return missing(session, true);
  if (code !== "42501") throw error;
  return {
    kind: "missingRight",
    message,
    remedy: grantTo(await readRole(session)),
  };
}

function readAnswer(rows: readonly Row[]): Result<SlowQueries, DatabaseError> {
  const queries = rows.filter((row) => row["queryid"] !== null).map(readQuery);
  const first: Row = rows[0] ?? {};
  const hidden = Number(first["hidden"] ?? 0);
  const remedy = grantTo(first["role"] ?? "");
  if (queries.length === 0 && hidden > 0) {
    const message = "the statements of other roles are hidden from this one";
    return failed({ kind: "missingRight", message, remedy });
  }
  return succeeded({
    queries,
    totalMs: Number(first["all_total"] ?? 0),
    since: first["since"] ?? undefined,
    ...(hidden === 0 ? {} : { hidden: { statements: hidden, remedy } }),
  });
}

/** The slowest by total time, of this database, without what PlanLens sends itself. */
export async function readSlowQueries(
  session: Session,
  limit: number,
): Answer<SlowQueries> {
  const view = await findView(session);
  if (view === undefined) return failed(await missing(session, false));
  try {
    return readAnswer(await session.run(renderQuery(view), [String(limit)]));
  } catch (error) {
    return failed(await explainRefusal(session, error));
  }
}
