import { userInfo } from "node:os";
import { phrase, type Phrase } from "../../core/words.ts";
import type { PostgresTarget, SslMode } from "../../app/connection.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import {
  pickParameters,
  refuseUnfulfillable,
} from "./connection-parameters.ts";

/** libpq's keywords as strings: `host`, `port`, `dbname`, `user`, `password`, `sslmode`, … */
export type ConnectionParts = Readonly<Record<string, string>>;

/** A target and what must not be stored with it. */
export interface ParsedTarget {
  readonly target: PostgresTarget;
  readonly password: string | undefined;
}

/** Why a text describes no connection; never contains the text, which may hold a password. */
export interface Misconfigured {
  readonly kind: "misconfigured";
  readonly message: Phrase;
}

export const misconfigured = (
  message: Phrase,
): { readonly ok: false; readonly error: Misconfigured } =>
  failed({ kind: "misconfigured", message });

const sslModes: Readonly<Record<string, SslMode>> = {
  disable: "disable",
  allow: "allow",
  prefer: "prefer",
  require: "require",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
  // Of node-postgres, not of libpq.
  "no-verify": "require",
};

/**
 * `ssl=true` and a bare `ssl` are how JDBC and many hosts of Node applications write it, `ssl=require` asyncpg.
 * Where no mode is written the system's authorities ask for verify-full, as in libpq 16. Undefined for a mode that
 * does not exist.
 */
function readSslMode({
  sslmode = "",
  sslrootcert,
  ssl,
}: ConnectionParts): SslMode | undefined {
  if (sslmode !== "") return sslModes[sslmode];
  if (ssl === undefined)
    return sslrootcert === "system" ? "verify-full" : "prefer";
  if (["true", "1", ""].includes(ssl)) return "require";
  return ["false", "0"].includes(ssl) ? "prefer" : sslModes[ssl];
}

const writtenMode = ({ sslmode, ssl = "" }: ConnectionParts): string =>
  sslmode || ssl;

const defaultPort = 5432;

function readPort(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return defaultPort;
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

const first = (list: string | undefined): string | undefined => {
  const one = list?.split(",")[0]?.trim();
  return one === "" ? undefined : one;
};

/** The system's user, as libpq defaults to; there may be none in a container. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "postgres";
  }
}

/** The parts that may be wrong. */
function readChecked(
  parts: ConnectionParts,
): Result<{ readonly sslMode: SslMode; readonly port: number }, Misconfigured> {
  const sslMode = readSslMode(parts);
  if (sslMode === undefined) {
    return misconfigured(
      phrase(
        'sslmode "{0}" is none of {1}',
        writtenMode(parts),
        Object.keys(sslModes).slice(0, 6).join(", "),
      ),
    );
  }
  const port = readPort(first(parts["port"]));
  if (port === undefined)
    return misconfigured(
      phrase(
        'port "{0}" is not a number from 1 to 65535',
        first(parts["port"]) ?? "",
      ),
    );
  const refusal = refuseUnfulfillable({
    ...parts,
    sslmode: sslMode,
    hostaddr: first(parts["hostaddr"]) ?? "",
  });
  return refusal === undefined
    ? succeeded({ sslMode, port })
    : misconfigured(refusal);
}

/** Without a host its address takes its place; beside one it only says where that host is. */
function readPlace(
  parts: ConnectionParts,
): Pick<PostgresTarget, "host" | "parameters"> {
  const { hostaddr, ...others } = parts;
  const host = first(parts["host"]);
  const address = first(hostaddr);
  return host === undefined || address === undefined
    ? {
        host: host ?? address ?? "localhost",
        parameters: pickParameters(others),
      }
    : { host, parameters: pickParameters({ ...others, hostaddr: address }) };
}

/** Of several hosts the first is taken. Missing parts get libpq's defaults, over `localhost`. */
export function buildTarget(
  parts: ConnectionParts,
): Result<ParsedTarget, Misconfigured> {
  const read = readChecked(parts);
  if (!read.ok) return read;
  const { sslMode, port } = read.value;
  const user = parts["user"] || systemUser();
  const { host, parameters } = readPlace(parts);
  const path = (key: string): string | undefined => parts[key] || undefined;
  return succeeded({
    target: {
      engine: "postgres",
      host,
      port,
      database: parts["dbname"] || user,
      user,
      sslMode,
      sslRootCertPath: path("sslrootcert"),
      sslCertPath: path("sslcert"),
      sslKeyPath: path("sslkey"),
      ...(parameters === undefined ? {} : { parameters }),
    },
    password: parts["password"] || undefined,
  });
}
