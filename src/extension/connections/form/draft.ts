import type {
  ConnectionProfile,
  ConnectionTarget,
  Environment,
  PostgresTarget,
  SslMode,
} from "../../../app/connection.ts";
import { failed, succeeded, type Result } from "../../../core/result.ts";
import { chooseId, holdsSecret } from "../stored-profile.ts";

/** Where the parts of a new connection come from. */
export type Source =
  "url" | "parts" | "environment" | "service" | "found" | "mongodb" | "demo";

/** A connection while it is being asked for; all that is asked has a place here. The password never leaves for the settings. */
export interface Draft {
  /** Of the profile being edited; undefined for a new one. */
  readonly id: string | undefined;
  readonly name: string;
  readonly environment: Environment;
  readonly color: string | undefined;
  readonly engine: "postgres" | "mongodb";
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly sslMode: SslMode;
  readonly sslRootCertPath: string | undefined;
  readonly sslCertPath: string | undefined;
  readonly sslKeyPath: string | undefined;
  /** As a URL gave them; the form has no question for them. */
  readonly parameters?: PostgresTarget["parameters"];
  readonly url: string;
  readonly password: string | undefined;
  readonly explainWhileTyping: boolean;
  readonly explainOnHover: boolean;
}

export type DraftField =
  | Exclude<
      keyof Draft,
      "id" | "engine" | "explainWhileTyping" | "explainOnHover" | "parameters"
    >
  | "switches";

/** An empty form. */
export function emptyDraft(user: string): Draft {
  return {
    id: undefined,
    name: "",
    environment: "dev",
    color: undefined,
    engine: "postgres",
    host: "localhost",
    port: 5432,
    database: "",
    user,
    sslMode: "prefer",
    sslRootCertPath: undefined,
    sslCertPath: undefined,
    sslKeyPath: undefined,
    url: "",
    password: undefined,
    explainWhileTyping: true,
    explainOnHover: true,
  };
}

/** The form filled with the parts of a target; one without a server changes nothing. */
export function withTarget(
  draft: Draft,
  target: ConnectionTarget,
  password: string | undefined,
): Draft {
  if (target.engine === "demo" || target.engine === "bundle") return draft;
  return { ...draft, parameters: undefined, ...target, password };
}

/** Another host is at another address: the one that was given for the old host goes. */
export function withHost(draft: Draft, host: string): Draft {
  if (host === draft.host || draft.parameters === undefined)
    return { ...draft, host };
  const parameters = Object.fromEntries(
    Object.entries(draft.parameters).filter(([name]) => name !== "hostaddr"),
  );
  return { ...draft, host, parameters };
}

/** The form filled with an existing connection. */
export function draftFromProfile(
  profile: ConnectionProfile,
  password: string | undefined,
): Draft {
  const { id, name, environment, color, explainWhileTyping, explainOnHover } =
    profile;
  const empty = emptyDraft("");
  return {
    ...withTarget(empty, profile.target, password),
    id,
    name,
    environment,
    color,
    explainWhileTyping,
    explainOnHover,
  };
}

function targetFromDraft(draft: Draft): Result<ConnectionTarget, DraftField> {
  if (draft.engine === "mongodb") {
    return draft.url === "" || holdsSecret(draft.url)
      ? failed("url")
      : succeeded({ engine: "mongodb", url: draft.url });
  }
  const {
    host,
    port,
    database,
    user,
    sslMode,
    sslRootCertPath,
    sslCertPath,
    sslKeyPath,
    parameters,
  } = draft;
  for (const field of ["host", "database", "user"] as const) {
    if (draft[field].trim() === "") return failed(field);
  }
  return succeeded({
    engine: "postgres",
    host,
    port,
    database,
    user,
    sslMode,
    sslRootCertPath,
    sslCertPath,
    sslKeyPath,
    ...(parameters === undefined ? {} : { parameters }),
  });
}

/** The profile to store, or the field that is still missing. The password is not part of it. */
export function profileFromDraft(
  draft: Draft,
  taken: ReadonlySet<string>,
): Result<ConnectionProfile, DraftField> {
  const target = targetFromDraft(draft);
  if (!target.ok) return target;
  const name = draft.name.trim();
  if (name === "") return failed("name");
  return succeeded({
    id: draft.id ?? chooseId(name, taken),
    name,
    color: draft.color,
    environment: draft.environment,
    target: target.value,
    explainWhileTyping: draft.explainWhileTyping,
    explainOnHover: draft.explainOnHover,
  });
}

const isLocal = (host: string): boolean =>
  host === "" ||
  host.startsWith("/") ||
  /^(localhost|127\.|::1$|host\.docker\.internal$)/.test(host);

function hostOf(draft: Draft): string {
  return draft.engine === "postgres"
    ? draft.host
    : (/^mongodb(?:\+srv)?:\/\/(?:[^/@]*@)?([^/:,?]*)/.exec(draft.url)?.[1] ??
        "");
}

/** A name to start from: the database, and the host when it is another machine. */
export function suggestName(draft: Draft): string {
  const host = hostOf(draft);
  const database =
    draft.engine === "postgres"
      ? draft.database
      : (/^[^/]*\/\/[^/]*\/([^?]+)/.exec(draft.url)?.[1] ?? "");
  if (isLocal(host)) return database === "" ? "local" : database;
  const machine = host.split(".")[0] ?? host;
  return database === "" ? machine : `${database}@${machine}`;
}

/** Production and staging by their usual names; everything else is dev. A person confirms it. */
export function guessEnvironment(draft: Draft): Environment {
  const words = `${hostOf(draft)} ${draft.database} ${draft.url}`.toLowerCase();
  // Staging first: "pre-prod" holds "prod".
  if (
    /(?:^|[^a-z])(?:stag(?:e|ing)?|stg|uat|qa|pre-?prod)(?:[^a-z]|$)/.test(
      words,
    )
  )
    return "staging";
  if (/(?:^|[^a-z])(?:prod|production|prd|live)(?:[^a-z]|$)/.test(words))
    return "production";
  return "dev";
}

/** The questions of each source in order; the review with its test follows. */
export const questionsOf: Readonly<
  Record<Exclude<Source, "demo">, readonly DraftField[]>
> = {
  url: ["url", "name", "environment"],
  parts: [
    "host",
    "port",
    "database",
    "user",
    "password",
    "sslMode",
    "name",
    "environment",
  ],
  environment: ["name", "environment"],
  service: ["name", "environment"],
  found: ["name", "environment"],
  mongodb: ["url", "name", "environment"],
};

/** The fields that the review offers to change. */
export function fieldsOf(draft: Draft): readonly DraftField[] {
  const common = ["name", "environment", "color", "switches"] as const;
  if (draft.engine === "mongodb") return ["url", "password", ...common];
  const server = [
    "host",
    "port",
    "database",
    "user",
    "password",
    "sslMode",
  ] as const;
  const certificates = [
    "sslRootCertPath",
    "sslCertPath",
    "sslKeyPath",
  ] as const;
  if (draft.sslMode === "disable") return [...server, ...common];
  return [...server, ...certificates, ...common];
}
