import type { Result } from "../../core/result.ts";
import {
  buildTarget,
  type ConnectionParts,
  type Misconfigured,
  type ParsedTarget,
} from "./connection-parts.ts";
import { readPgpass } from "./pgpass.ts";
import { targetFromService } from "./service-file.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** libpq's variables and the keywords they stand for. */
const keywords: Readonly<Record<string, string>> = {
  PGHOST: "host",
  PGHOSTADDR: "hostaddr",
  PGPORT: "port",
  PGDATABASE: "dbname",
  PGUSER: "user",
  PGPASSWORD: "password",
  PGSSLMODE: "sslmode",
  PGSSLROOTCERT: "sslrootcert",
  PGSSLCERT: "sslcert",
  PGSSLKEY: "sslkey",
  PGSSLCERTMODE: "sslcertmode",
  PGSSLCRL: "sslcrl",
  PGSSLCRLDIR: "sslcrldir",
  PGSSLNEGOTIATION: "sslnegotiation",
  PGSSLMINPROTOCOLVERSION: "ssl_min_protocol_version",
  PGSSLMAXPROTOCOLVERSION: "ssl_max_protocol_version",
  PGCHANNELBINDING: "channel_binding",
  PGGSSENCMODE: "gssencmode",
  PGOPTIONS: "options",
  PGREQUIREAUTH: "require_auth",
  PGREQUIREPEER: "requirepeer",
};

/** The parts that `PG*` variables set. */
export function readEnvironmentParts(variables: Variables): ConnectionParts {
  const requiresTls = variables["PGREQUIRESSL"]?.startsWith("1") === true;
  const pairs = Object.entries(keywords).flatMap(([variable, keyword]) => {
    const value = variables[variable];
    return value === undefined || value === ""
      ? []
      : [[keyword, value] as const];
  });
  return {
    // The older way to say it; PGSSLMODE comes before it, as in libpq.
    ...(requiresTls ? { sslmode: "require" } : {}),
    ...Object.fromEntries(pairs),
  };
}

/** The connection that `PG*` variables or PGSERVICE describe; undefined when none says where to. */
export async function targetFromEnvironment(
  variables: Variables,
): Promise<Result<ParsedTarget, Misconfigured> | undefined> {
  const parts = readEnvironmentParts(variables);
  const service = variables["PGSERVICE"];
  if (service !== undefined && service !== "")
    return targetFromService(service, variables, { fallback: parts });
  const says = ["host", "hostaddr", "dbname"].some(
    (keyword) => parts[keyword] !== undefined,
  );
  return says ? buildTarget(parts) : undefined;
}

/** Where a password may come from when nobody entered one: the URL, PGPASSWORD, the pgpass file. */
export async function findPassword(
  { target, password }: ParsedTarget,
  variables: Variables,
): Promise<{
  readonly password: string | undefined;
  readonly warning: string | undefined;
}> {
  const given = password ?? (variables["PGPASSWORD"] || undefined);
  return given === undefined
    ? readPgpass(target, variables)
    : { password: given, warning: undefined };
}
