import { words } from "../../core/words.ts";
import type { PostgresTarget } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";

/** What the mapping needs to know beyond the error itself. */
export interface Circumstances {
  readonly target: PostgresTarget;
  readonly elapsedMs: number;
  readonly aborted: boolean;
  readonly phase: "connect" | "run";
}

interface RawError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** One-based, in characters of the text that was sent. */
  readonly position: number | undefined;
}

/** pg tells where a statement failed; callers turn it into an offset of their own text. */
export function readPosition(error: unknown): number | undefined {
  return readError(error).position;
}

export function readError(error: unknown): RawError {
  const fields = (
    typeof error === "object" && error !== null ? error : {}
  ) as Readonly<Record<string, unknown>>;
  const text = (key: string): string | undefined =>
    typeof fields[key] === "string" ? fields[key] : undefined;
  const position = Number(text("position"));
  return {
    code: text("code") ?? "",
    message: firstLine(text("message") ?? String(error)),
    hint: text("hint"),
    position: position > 0 ? position : undefined,
  };
}

/** Wording adds its own full stop. */
function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").trim().replace(/\.$/, "");
}

/** Node adds how to start Node, which nobody who reads this starts. */
const withoutNodeAdvice = (message: string): string =>
  message.replace(/;[^;]*\bNode\.js\b.*$/u, "");

const networkCauses: Readonly<Record<string, string>> = words({
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  EHOSTUNREACH: "there is no route to the host",
  ENETUNREACH: "there is no network to the host",
  ETIMEDOUT: "the host did not answer",
  EACCES: "the system forbids the connection",
  EPERM: "the system forbids the connection",
  ENOENT: "there is no such socket",
});

const tlsCodes =
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|EPROTO|CRL_|INVALID_CA|HOSTNAME_MISMATCH)/;

function mapNetworkError(
  raw: RawError,
  { target, elapsedMs, phase }: Circumstances,
): DatabaseError | undefined {
  const cause = networkCauses[raw.code];
  if (cause !== undefined)
    return { kind: "unreachable", host: target.host, port: target.port, cause };
  if (
    tlsCodes.test(raw.code) ||
    /does not support SSL|SSL connection|\bTLS\b/.test(raw.message)
  ) {
    return { kind: "tls", message: withoutNodeAdvice(raw.message) };
  }
  if (/timeout expired|timeout exceeded/.test(raw.message)) {
    return {
      kind: "timedOut",
      afterMs: elapsedMs,
      what: phase === "connect" ? "connect" : "statement",
    };
  }
  if (
    raw.code === "ECONNRESET" ||
    raw.code === "EPIPE" ||
    /Connection terminated|not queryable|closed/.test(raw.message)
  ) {
    return {
      kind: "connectionLost",
      message: words("the server closed the connection"),
    };
  }
  return undefined;
}

function mapAuthentication(
  raw: RawError,
  target: PostgresTarget,
): DatabaseError {
  if (/no encryption|SSL off/.test(raw.message)) {
    return {
      kind: "tls",
      message: words("the server accepts this user only over TLS"),
    };
  }
  if (/SSL encryption|SSL on/.test(raw.message)) {
    return {
      kind: "tls",
      message: words("the server does not accept this user over TLS"),
    };
  }
  return {
    kind: "authentication",
    // 28000 is told before any password is looked at: no such role, no line of pg_hba.conf, another peer.
    refused: raw.code === "28000" ? "user" : "password",
    user: target.user,
    message: raw.message,
  };
}

function mapStopped({ aborted, elapsedMs }: Circumstances): DatabaseError {
  return aborted
    ? { kind: "cancelled" }
    : { kind: "timedOut", afterMs: elapsedMs, what: "statement" };
}

type Mapping = (raw: RawError, circumstances: Circumstances) => DatabaseError;

const lost: Mapping = (raw) => ({
  kind: "connectionLost",
  message: raw.message,
});

/** SQLSTATEs, PostgreSQL's appendix A. */
const sqlStates: Readonly<Record<string, Mapping>> = {
  "28P01": (raw, { target }) => mapAuthentication(raw, target),
  "28000": (raw, { target }) => mapAuthentication(raw, target),
  "3D000": (_raw, { target }) => ({
    kind: "unknownDatabase",
    database: target.database,
  }),
  "53300": (raw) => ({ kind: "tooManyConnections", message: raw.message }),
  "57P03": (raw) => ({ kind: "startingUp", message: raw.message }),
  "57P01": lost,
  "57P02": lost,
  "57P05": lost,
  "25P03": lost,
  "57014": (_raw, circumstances) => mapStopped(circumstances),
  "55P03": (_raw, { elapsedMs }) => ({
    kind: "timedOut",
    afterMs: elapsedMs,
    what: "lock",
  }),
  "42501": (raw) => ({
    kind: "missingRight",
    message: raw.message,
    remedy: undefined,
  }),
  "25006": (raw) => ({ kind: "readOnlyViolation", message: raw.message }),
};

/** pg reports a SCRAM login without password as a plain error. */
function mapMissingPassword(
  raw: RawError,
  target: PostgresTarget,
): DatabaseError | undefined {
  if (
    !/password must be a string|password must be a non-empty string/.test(
      raw.message,
    )
  )
    return undefined;
  return {
    kind: "authentication",
    refused: "password",
    user: target.user,
    message: words("the server asks for a password and none is known"),
  };
}

/** Maps whatever pg throws; an error that nobody foresaw is shown with the server's words. */
export function mapError(
  error: unknown,
  circumstances: Circumstances,
): DatabaseError {
  const raw = readError(error);
  const bySqlState = sqlStates[raw.code];
  if (bySqlState !== undefined) return bySqlState(raw, circumstances);
  if (/^08/.test(raw.code)) return lost(raw, circumstances);
  const other =
    mapMissingPassword(raw, circumstances.target) ??
    mapNetworkError(raw, circumstances);
  if (other !== undefined)
    return circumstances.aborted && other.kind === "connectionLost"
      ? { kind: "cancelled" }
      : other;
  return {
    kind: "sql",
    code: raw.code || "unknown",
    message: raw.message,
    hint: raw.hint,
    at: undefined,
  };
}
