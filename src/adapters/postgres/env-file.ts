import {
  buildTarget,
  type ConnectionParts,
  type ParsedTarget,
} from "./connection-parts.ts";
import { readEnvironmentParts } from "./from-environment.ts";
import { looksLikePostgresUrl, parsePostgresUrl } from "./parse-target.ts";

/** A connection that a `.env` file describes. */
export type EnvFileOffer =
  | {
      readonly engine: "postgres";
      readonly variable: string;
      readonly parsed: ParsedTarget;
    }
  | {
      readonly engine: "mongodb";
      readonly variable: string;
      readonly url: string;
    };

const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*[=:]\s*(.*)$/;

function readValue(raw: string): {
  readonly value: string;
  readonly expands: boolean;
} {
  const quoted = /^(["'`])((?:\\.|(?!\1)[\s\S])*)\1/.exec(raw);
  if (quoted === null)
    return { value: raw.replace(/\s+#.*$/, "").trim(), expands: true };
  const [, quote, inner = ""] = quoted;
  return quote === '"'
    ? { value: inner.replace(/\\(["\\])/g, "$1"), expands: true }
    : { value: inner, expands: false };
}

/** The variables of a `.env` file; `$NAME` and `${NAME}` refer to earlier lines. */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, raw] = assignment.exec(line) ?? [];
    if (name === undefined || raw === undefined || line.trim().startsWith("#"))
      continue;
    const { value, expands } = readValue(raw);
    const known = (
      match: string,
      one: string | undefined,
      other: string | undefined,
    ): string => variables.get(one ?? other ?? "") ?? match;
    variables.set(
      name,
      expands
        ? value.replace(/\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g, known)
        : value,
    );
  }
  return variables;
}

/** Frameworks' own variables, each prefix with its names for host, port, database, user, password. */
const families: readonly Readonly<Record<string, string>>[] = [
  {
    host: "POSTGRES_HOST",
    port: "POSTGRES_PORT",
    dbname: "POSTGRES_DB",
    user: "POSTGRES_USER",
    password: "POSTGRES_PASSWORD",
  },
  {
    host: "DB_HOST",
    port: "DB_PORT",
    dbname: "DB_NAME",
    user: "DB_USER",
    password: "DB_PASSWORD",
  },
  {
    host: "DB_HOST",
    port: "DB_PORT",
    dbname: "DB_DATABASE",
    user: "DB_USERNAME",
    password: "DB_PASSWORD",
  },
];

function readFamily(
  variables: ReadonlyMap<string, string>,
  family: Readonly<Record<string, string>>,
): ConnectionParts {
  const pairs = Object.entries(family).flatMap(([keyword, variable]) => {
    const value = variables.get(variable);
    return value === undefined || value === ""
      ? []
      : [[keyword, value] as const];
  });
  return Object.fromEntries(pairs);
}

/** Laravel and others say which engine; another one than PostgreSQL is not ours. */
function isPostgresFamily(variables: ReadonlyMap<string, string>): boolean {
  const engine =
    variables.get("DB_CONNECTION") ??
    variables.get("DB_ENGINE") ??
    variables.get("DB_TYPE") ??
    "postgres";
  return /pg|postgres/i.test(engine);
}

function offerFromParts(
  variable: string,
  parts: ConnectionParts,
): readonly EnvFileOffer[] {
  if (parts["dbname"] === undefined) return [];
  const built = buildTarget(parts);
  return built.ok
    ? [{ engine: "postgres", variable, parsed: built.value }]
    : [];
}

function offerFromUrl(
  variable: string,
  value: string,
): readonly EnvFileOffer[] {
  if (/^mongodb(\+srv)?:\/\//.test(value))
    return [{ engine: "mongodb", variable, url: value }];
  if (!looksLikePostgresUrl(value)) return [];
  const parsed = parsePostgresUrl(value);
  return parsed.ok
    ? [{ engine: "postgres", variable, parsed: parsed.value }]
    : [];
}

const keyOf = (offer: EnvFileOffer): string =>
  offer.engine === "mongodb" ? offer.url : JSON.stringify(offer.parsed.target);

/** DATABASE_URL and friends, whatever their name, then `PG*`, `POSTGRES_*` and `DB_*`; each place once. */
export function findConnections(text: string): readonly EnvFileOffer[] {
  const variables = parseEnvFile(text);
  const offers = [...variables].flatMap(([variable, value]) =>
    offerFromUrl(variable, value),
  );
  offers.push(
    ...offerFromParts(
      "PGDATABASE",
      readEnvironmentParts(Object.fromEntries(variables)),
    ),
  );
  if (isPostgresFamily(variables)) {
    for (const family of families)
      offers.push(
        ...offerFromParts(
          family["dbname"] ?? "",
          readFamily(variables, family),
        ),
      );
  }
  const seen = new Set<string>();
  return offers.filter(
    (offer) => !seen.has(keyOf(offer)) && seen.add(keyOf(offer)),
  );
}
