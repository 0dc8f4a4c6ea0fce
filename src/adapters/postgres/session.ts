import pg from "pg";
import type { PostgresTarget } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { guardLogin, RefusedLogin } from "./auth-guard.ts";
import { refuseParameters } from "./connection-parameters.ts";
import { mapError, readError } from "./errors.ts";
import { exchange, type ExchangeRequest, type Row } from "./exchange.ts";
import { planTls, type TlsAttempt } from "./tls.ts";

/** One backend, set up to read only. */
export interface Session {
  readonly backendPid: number;
  readonly versionNumber: number;
  readonly versionText: string;
  /** One round trip of the extended protocol; rejects with the driver's error. */
  readonly send: (request: ExchangeRequest) => Promise<readonly Row[]>;
  readonly run: (
    text: string,
    values?: readonly (string | null)[],
  ) => Promise<readonly Row[]>;
  /** True once the server or the network has ended it. */
  readonly isLost: () => boolean;
  /** Ends it at once, even in the middle of a statement. */
  readonly end: () => Promise<void>;
}

/** Plain EXPLAIN and catalog reads take milliseconds; what takes longer is stopped by the server. */
export const shortStatementMs = 4500;
const lockTimeoutMs = 1000;
const idleInTransactionMs = 10_000;

const setUp = `SELECT /* planlens */
  set_config('default_transaction_read_only', 'on', false),
  set_config('statement_timeout', '${shortStatementMs}', false),
  set_config('lock_timeout', '${lockTimeoutMs}', false),
  set_config('idle_in_transaction_session_timeout', '${idleInTransactionMs}', false),
  set_config('standard_conforming_strings', 'on', false),
  pg_backend_pid() AS pid,
  current_setting('server_version_num') AS version_number,
  current_setting('server_version') AS version_text`;

/** How a session differs from the usual one. */
export interface SessionOptions {
  /** Comes before what the database or the role sets, from the first statement on. */
  readonly searchPath?: string;
}

interface Attempt extends SessionOptions {
  readonly target: PostgresTarget;
  readonly password: string | undefined;
  readonly tls: TlsAttempt;
  readonly limitMs: number;
}

/** Where the other side is, and how the talk with it begins. */
function placeOf({
  host,
  parameters = {},
}: PostgresTarget): Pick<pg.ClientConfig, "host" | "sslnegotiation"> {
  const { hostaddr = host, sslnegotiation } = parameters;
  return {
    // The host is still what the certificate and the password file are looked up by.
    host: hostaddr,
    // Told always: pg would read PGSSLNEGOTIATION by itself, and refuse it where nothing is encrypted.
    sslnegotiation: sslnegotiation === "direct" ? "direct" : "postgres",
  };
}

function createClient(attempt: Attempt): pg.Client {
  const { target, password, tls, limitMs, searchPath } = attempt;
  const startOptions = [
    target.parameters?.["options"] ?? "",
    searchPath === undefined ? "" : `-c search_path=${searchPath}`,
  ]
    .filter((one) => one !== "")
    .join(" ");
  return new pg.Client({
    ...placeOf(target),
    port: target.port,
    database: target.database,
    user: target.user,
    // A function keeps pg from looking for a password of its own in PGPASSWORD or ~/.pgpass.
    password: () => password ?? "",
    ssl: tls,
    connectionTimeoutMillis: limitMs,
    application_name: "planlens",
    keepAlive: true,
    enableChannelBinding: ["prefer", "require"].includes(
      target.parameters?.["channel_binding"] ?? "",
    ),
    ...(startOptions === "" ? {} : { options: startOptions }),
  });
}

async function setUpSession(
  client: pg.Client,
  lost: { is: boolean },
): Promise<Session> {
  const [row] = await exchange(client, { steps: [{ text: setUp }] });
  return {
    backendPid: Number(row?.["pid"]),
    versionNumber: Number(row?.["version_number"]),
    versionText: row?.["version_text"] ?? "",
    send: (request) => exchange(client, request),
    run: (text, values = []) => exchange(client, { steps: [{ text, values }] }),
    isLost: () => lost.is,
    end: () => endClient(client, lost),
  };
}

async function endClient(
  client: pg.Client,
  lost: { is: boolean },
): Promise<void> {
  lost.is = true;
  await client.end().catch(() => undefined);
}

async function tryConnect(attempt: Attempt): Promise<Session> {
  const client = createClient(attempt);
  const refusal = guardLogin(
    client.connection,
    attempt.target.parameters ?? {},
    () => attempt.tls !== false,
  );
  const lost = { is: false };
  const lose = (): void => {
    lost.is = true;
  };
  client.on("error", lose);
  client.on("end", lose);
  const deadline = setTimeout(
    () => void endClient(client, lost),
    attempt.limitMs,
  );
  try {
    await client.connect();
    const refused = refusal();
    if (refused !== undefined) throw refused;
    return await setUpSession(client, lost);
  } catch (error) {
    await endClient(client, lost);
    throw refusal() ?? error;
  } finally {
    clearTimeout(deadline);
  }
}

/** libpq's second attempt: after a refusal by pg_hba.conf, or when the other side knows no TLS. */
function deservesSecondAttempt(error: unknown): boolean {
  if (error instanceof RefusedLogin) return false;
  const { code, message } = readError(error);
  return code === "28000" || /SSL|TLS/i.test(code + message);
}

async function tryAttempts(
  attempts: readonly TlsAttempt[],
  remaining: (tls: TlsAttempt) => Attempt,
): Promise<Session> {
  let failure: unknown;
  for (const tls of attempts) {
    try {
      return await tryConnect(remaining(tls));
    } catch (error) {
      failure = error;
      if (!deservesSecondAttempt(error)) break;
    }
  }
  throw failure;
}

/** Connects, encrypts as asked, and makes the session read-only. Takes at most `limitMs` in all. */
export async function openSession(
  target: PostgresTarget,
  password: string | undefined,
  limitMs: number,
  options: SessionOptions = {},
): Promise<Result<Session, DatabaseError>> {
  const startedAt = performance.now();
  const elapsed = (): number => Math.round(performance.now() - startedAt);
  const refusal = refuseParameters(target);
  if (refusal !== undefined)
    return failed({ kind: "misconfigured", message: refusal });
  const attempts = planTls(target);
  if (!attempts.ok) return attempts;
  try {
    const remaining = (tls: TlsAttempt): Attempt => ({
      ...options,
      target,
      password,
      tls,
      limitMs: Math.max(1, limitMs - elapsed()),
    });
    return succeeded(await tryAttempts(attempts.value, remaining));
  } catch (error) {
    if (error instanceof RefusedLogin)
      return failed({ kind: "misconfigured", message: error.why });
    const elapsedMs = elapsed();
    if (elapsedMs >= limitMs - 1)
      return failed({ kind: "timedOut", afterMs: elapsedMs, what: "connect" });
    return failed(
      mapError(error, { target, elapsedMs, aborted: false, phase: "connect" }),
    );
  }
}
