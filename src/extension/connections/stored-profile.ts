import type {
  BundleTarget,
  ConnectionProfile,
  ConnectionTarget,
  Environment,
  MongoTarget,
  PostgresTarget,
  SslMode,
} from "../../app/connection.ts";
import { splitSecretOptions } from "../../app/mongo-secret.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";

/** Why an entry of the setting is not a connection. `field` is the key to correct. */
export type ProfileProblem =
  | { readonly kind: "notAnObject" }
  | { readonly kind: "missing"; readonly field: string }
  | { readonly kind: "wrong"; readonly field: string; readonly allowed: string }
  | { readonly kind: "secret"; readonly field: string }
  | { readonly kind: "repeatedId"; readonly id: string };

/** A problem and the entry it is about, for a message. */
export interface ProfileTrouble {
  /** Position in the setting, from 0. */
  readonly index: number;
  readonly problem: ProfileProblem;
}

export const environments: readonly Environment[] = [
  "dev",
  "staging",
  "production",
];

export const sslModes: readonly SslMode[] = [
  "disable",
  "allow",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
];

export const engines = ["postgres", "mongodb", "bundle"] as const;

export const colors = [
  "red",
  "orange",
  "yellow",
  "green",
  "blue",
  "purple",
] as const;

/** The id of the embedded database; never stored, so no entry may take it. */
export const demoId = "demo";

type Entry = Readonly<Record<string, unknown>>;

/** One entry and what was found wrong with it; the first problem is the one that is told. */
interface Reading {
  readonly entry: Entry;
  readonly problems: ProfileProblem[];
}

function text({ entry, problems }: Reading, field: string): string | undefined {
  const value = entry[field];
  if (value === undefined || value === "") return undefined;
  if (typeof value === "string") return value;
  problems.push({ kind: "wrong", field, allowed: "text" });
  return undefined;
}

function neededText(reading: Reading, field: string): string {
  const value = text(reading, field);
  if (value === undefined) reading.problems.push({ kind: "missing", field });
  return value ?? "";
}

function oneOf<Value extends string>(
  reading: Reading,
  field: string,
  allowed: readonly Value[],
): Value | undefined {
  const value = text(reading, field);
  const found = allowed.find((candidate) => candidate === value);
  if (value !== undefined && found === undefined)
    reading.problems.push({
      kind: "wrong",
      field,
      allowed: allowed.join(", "),
    });
  return found;
}

function flag({ entry, problems }: Reading, field: string): boolean {
  const value = entry[field] ?? true;
  if (typeof value === "boolean") return value;
  problems.push({ kind: "wrong", field, allowed: "true, false" });
  return true;
}

function port({ entry, problems }: Reading): number {
  const value = entry["port"] ?? 5432;
  if (
    typeof value === "number" &&
    Number.isInteger(value) &&
    value >= 1 &&
    value <= 65_535
  )
    return value;
  problems.push({ kind: "wrong", field: "port", allowed: "1–65535" });
  return 5432;
}

/** libpq's further parameters; what one of them may be is seen when it is written, and when it is used. */
function parameters({
  entry,
  problems,
}: Reading): PostgresTarget["parameters"] {
  const value = entry["parameters"];
  if (value === undefined) return undefined;
  const isTexts =
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === "string");
  if (isTexts) return value as Readonly<Record<string, string>>;
  problems.push({ kind: "wrong", field: "parameters", allowed: "text" });
  return undefined;
}

function postgresTarget(reading: Reading): PostgresTarget {
  const further = parameters(reading);
  return {
    engine: "postgres",
    host: neededText(reading, "host"),
    port: port(reading),
    database: neededText(reading, "database"),
    user: neededText(reading, "user"),
    sslMode: oneOf(reading, "sslMode", sslModes) ?? "prefer",
    sslRootCertPath: text(reading, "sslRootCertPath"),
    sslCertPath: text(reading, "sslCertPath"),
    sslKeyPath: text(reading, "sslKeyPath"),
    ...(further === undefined ? {} : { parameters: further }),
  };
}

/** True when the user part of a MongoDB URL holds a password, or an option of it a secret. */
export function holdsSecret(url: string): boolean {
  return (
    /^[a-z][a-z0-9+]*:\/\/[^/@]*:[^/]*@/i.test(url) ||
    splitSecretOptions(url).url !== url
  );
}

function mongoTarget(reading: Reading): MongoTarget {
  const url = neededText(reading, "url");
  if (!/^mongodb(\+srv)?:\/\/./.test(url))
    reading.problems.push({
      kind: "wrong",
      field: "url",
      allowed: "mongodb://…, mongodb+srv://…",
    });
  if (holdsSecret(url)) reading.problems.push({ kind: "secret", field: "url" });
  return { engine: "mongodb", url };
}

function bundleTarget(reading: Reading): BundleTarget {
  return { engine: "bundle", path: neededText(reading, "path") };
}

const targets: Readonly<
  Record<(typeof engines)[number], (reading: Reading) => ConnectionTarget>
> = {
  postgres: postgresTarget,
  mongodb: mongoTarget,
  bundle: bundleTarget,
};

function readEntry(reading: Reading): ConnectionProfile {
  const { entry, problems } = reading;
  if (entry["password"] !== undefined)
    problems.push({ kind: "secret", field: "password" });
  const id = neededText(reading, "id");
  if (id === demoId) problems.push({ kind: "repeatedId", id });
  const engine = oneOf(reading, "engine", engines);
  if (engine === undefined) problems.push({ kind: "missing", field: "engine" });
  return {
    id,
    name: neededText(reading, "name"),
    color: oneOf(reading, "color", colors),
    environment: oneOf(reading, "environment", environments) ?? "dev",
    target: targets[engine ?? "postgres"](reading),
    explainWhileTyping: flag(reading, "explainWhileTyping"),
    explainOnHover: flag(reading, "explainOnHover"),
  };
}

/** One entry of the setting `planlens.connections` as a profile; settings have no shape until they are read here. */
export function parseProfile(
  raw: unknown,
): Result<ConnectionProfile, ProfileProblem> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    return failed({ kind: "notAnObject" });
  const problems: ProfileProblem[] = [];
  const profile = readEntry({ entry: raw as Entry, problems });
  const [first] = problems;
  return first === undefined ? succeeded(profile) : failed(first);
}

/** All readable entries; of two with one id the first counts. `taken` are ids that are already in use elsewhere. */
export function parseProfiles(
  raw: unknown,
  taken: ReadonlySet<string> = new Set(),
): {
  readonly profiles: readonly ConnectionProfile[];
  readonly troubles: readonly ProfileTrouble[];
} {
  const profiles: ConnectionProfile[] = [];
  const troubles: ProfileTrouble[] = [];
  const seen = new Set(taken);
  for (const [index, entry] of (Array.isArray(raw) ? raw : []).entries()) {
    const parsed = parseProfile(entry);
    if (!parsed.ok) troubles.push({ index, problem: parsed.error });
    else if (seen.has(parsed.value.id))
      troubles.push({
        index,
        problem: { kind: "repeatedId", id: parsed.value.id },
      });
    else {
      seen.add(parsed.value.id);
      profiles.push(parsed.value);
    }
  }
  return { profiles, troubles };
}

function renderTarget(target: ConnectionTarget): Record<string, unknown> {
  if (target.engine !== "postgres") return { ...target };
  const { engine, host, database, user, sslMode } = target;
  return {
    engine,
    host,
    port: target.port,
    database,
    user,
    sslMode,
    ...(target.sslRootCertPath === undefined
      ? {}
      : { sslRootCertPath: target.sslRootCertPath }),
    ...(target.sslCertPath === undefined
      ? {}
      : { sslCertPath: target.sslCertPath }),
    ...(target.sslKeyPath === undefined
      ? {}
      : { sslKeyPath: target.sslKeyPath }),
    ...(target.parameters === undefined
      ? {}
      : { parameters: target.parameters }),
  };
}

/** The entry that parseProfile reads back; defaults of switches and colour are left out. */
export function renderProfile(
  profile: ConnectionProfile,
): Record<string, unknown> {
  return {
    id: profile.id,
    name: profile.name,
    environment: profile.environment,
    ...(profile.color === undefined ? {} : { color: profile.color }),
    ...renderTarget(profile.target),
    ...(profile.explainOnHover ? {} : { explainOnHover: false }),
    ...(profile.explainWhileTyping ? {} : { explainWhileTyping: false }),
  };
}

/** `Edu Main` → `edu-main`, with a number when that id is taken. */
export function chooseId(name: string, taken: ReadonlySet<string>): string {
  const slug = name
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  const base = slug === "" ? "connection" : slug;
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (id !== demoId && !taken.has(id)) return id;
  }
}
