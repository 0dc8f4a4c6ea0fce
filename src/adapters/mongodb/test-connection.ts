import { words } from "../../core/words.ts";
import type { Db, MongoClient, MongoClientOptions } from "mongodb";
import type { Answer, DatabaseError, ServerInfo } from "../../app/database.ts";
import { joinSecretOptions, readMongoSecret } from "../../app/mongo-secret.ts";
import { failed, succeeded } from "../../core/result.ts";

/** Nothing may hang for more than 5 s; this leaves room for closing. */
const limitMs = 4500;

interface Address {
  readonly url: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number;
}

/** The driver refuses a user without password in the URL: both travel as options. */
function readAddress(text: string): Address {
  const [, scheme = "", login, rest = ""] =
    /^(mongodb(?:\+srv)?:\/\/)(?:([^@/]*)@)?(.*)$/.exec(text.trim()) ?? [];
  const [, host = "", port] =
    /^(\[[^\]]*\]|[^:/?,]*)(?::(\d+))?/.exec(rest) ?? [];
  const [user] = (login ?? "").split(":");
  return {
    url: scheme + rest,
    user:
      user === undefined || user === "" ? undefined : decodeURIComponent(user),
    host,
    port: Number(port ?? 27_017),
  };
}

const textOf = (error: unknown, key: string): string => {
  const value: unknown =
    typeof error === "object" && error !== null
      ? Reflect.get(error, key)
      : undefined;
  return typeof value === "string" || typeof value === "number"
    ? String(value)
    : "";
};

function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (
    let at = error;
    typeof at === "object" && at !== null && causes.length < 8;
    at = Reflect.get(at, "cause")
  )
    causes.push(at);
  return causes;
}

const tlsWords = /certificate|self-signed|SSL|TLS|wrong version number/i;
const networkCauses: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, words("nothing listens there")],
  [/ENOTFOUND|querySrv|EAI_AGAIN/, words("the host name is not known")],
  [/EHOSTUNREACH|ENETUNREACH/, words("there is no route to the host")],
];

function mapSelectionError(
  said: string,
  address: Address,
  elapsedMs: number,
): DatabaseError {
  const cause = networkCauses.find(([pattern]) => pattern.test(said))?.[1];
  if (cause !== undefined)
    return {
      kind: "unreachable",
      host: address.host,
      port: address.port,
      cause,
    };
  if (tlsWords.test(said)) return { kind: "tls", message: said };
  return { kind: "timedOut", afterMs: elapsedMs, what: "connect" };
}

type Mapping = (message: string, address: Address) => DatabaseError;

const refused: Mapping = (message, { user }) => ({
  kind: "authentication",
  refused: "password",
  user: user ?? "",
  message,
});
const unready: Mapping = (message) => ({ kind: "startingUp", message });
const unreadable: Mapping = (message) => ({ kind: "misconfigured", message });

/** By the server's code (18 AuthenticationFailed, 8000 Atlas' own, 13 Unauthorized, 91 and 11600 shutting down) or the driver's class. */
const mappings: Readonly<Record<string, Mapping>> = {
  "18": refused,
  "8000": refused,
  "13": (message) => ({ kind: "missingRight", message, remedy: undefined }),
  "91": unready,
  "11600": unready,
  MongoMissingCredentialsError: refused,
  MongoParseError: unreadable,
  MongoInvalidArgumentError: unreadable,
  MongoAPIError: unreadable,
};

function mapError(
  error: unknown,
  address: Address,
  elapsedMs: number,
): DatabaseError {
  const mapping =
    mappings[textOf(error, "code")] ?? mappings[textOf(error, "name")];
  if (mapping !== undefined)
    return mapping(textOf(error, "message").replace(/\.$/, ""), address);
  const said = causesOf(error).map((cause) =>
    `${textOf(cause, "code")} ${textOf(cause, "message")}`.trim(),
  );
  return mapSelectionError(said.join(" "), address, elapsedMs);
}

async function readInfo(database: Db): Promise<ServerInfo> {
  const build = await database.command({ buildInfo: 1 });
  const hello = await database.command({ hello: 1 });
  const versionText =
    typeof build["version"] === "string" ? build["version"] : "";
  const [major = 0, minor = 0, patch = 0] = versionText
    .split(".")
    .map((part) => Number.parseInt(part, 10) || 0);
  return {
    engine: "mongodb",
    versionNumber: major * 10_000 + minor * 100 + patch,
    versionText,
    hypopgVersion: undefined,
    whatIf: "none",
    isReadOnlyReplica: hello["secondary"] === true,
  };
}

/** The driver is large: it is loaded by the first connection, not at start. */
async function createClient(
  address: Address,
  password: string | undefined,
): Promise<MongoClient> {
  const driver = await import("mongodb");
  const options: MongoClientOptions = {
    appName: "planlens",
    serverSelectionTimeoutMS: limitMs,
    connectTimeoutMS: limitMs,
    maxPoolSize: 2,
  };
  const auth =
    address.user === undefined
      ? {}
      : { auth: { username: address.user, password: password ?? "" } };
  return new driver.MongoClient(address.url, { ...options, ...auth });
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The driver repeats options that it cannot read; of those, what is secret is not shown. */
function hideSecrets(
  error: DatabaseError,
  options: Readonly<Record<string, string>>,
): DatabaseError {
  if (error.kind !== "misconfigured") return error;
  const hidden = Object.values(options)
    .flatMap((value) => value.split(/,|%2c/i))
    .map((property) => property.replace(/^.*(?::|%3a)/i, ""))
    .flatMap((value) => [value, decode(value)])
    .filter((value) => value !== "");
  const message = typeof error.message === "string" ? error.message : "";
  return {
    ...error,
    message: hidden.reduce(
      (text, value) => text.replaceAll(value, "•••"),
      message,
    ),
  };
}

/** Connects, asks for the version and hangs up; within 5 s. `url` holds nothing secret, `secret` is as kept in the secret store. */
export async function testMongo(
  url: string,
  secret: string | undefined,
  signal: AbortSignal,
): Answer<ServerInfo> {
  const isAborted = (): boolean => signal.aborted;
  if (isAborted()) return failed({ kind: "cancelled" });
  const startedAt = performance.now();
  const { password, options } = readMongoSecret(secret);
  const address = readAddress(joinSecretOptions(url, options));
  let client: MongoClient | undefined;
  const hangUp = (): void => void client?.close(true);
  signal.addEventListener("abort", hangUp, { once: true });
  try {
    client = await createClient(address, password);
    await client.connect();
    return succeeded(await readInfo(client.db()));
  } catch (error) {
    if (isAborted()) return failed({ kind: "cancelled" });
    const elapsedMs = Math.round(performance.now() - startedAt);
    return failed(hideSecrets(mapError(error, address, elapsedMs), options));
  } finally {
    signal.removeEventListener("abort", hangUp);
    await client?.close(true);
  }
}
