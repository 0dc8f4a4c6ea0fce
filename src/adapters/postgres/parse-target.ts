import { phrase, type Phrase } from "../../core/words.ts";
import { succeeded, type Result } from "../../core/result.ts";
import { refuseUnknown, type KeywordForm } from "./connection-keywords.ts";
import {
  buildTarget,
  misconfigured,
  type ConnectionParts,
  type Misconfigured,
  type ParsedTarget,
} from "./connection-parts.ts";

/** Also JDBC's and SQLAlchemy's: `jdbc:postgresql://`, `postgresql+psycopg://`. */
const scheme = /^(?:jdbc:)?postgres(?:ql)?(?:\+[a-z0-9_]+)?:\/\//i;

/** True for what parsePostgresUrl reads as a URL; says nothing about its parts. */
export function looksLikePostgresUrl(text: string): boolean {
  return scheme.test(text.trim());
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** `host:port`, `[::1]:5433`, `%2Frun%2Fpostgresql`; several are separated by commas. */
function readHosts(text: string): {
  readonly hosts: string;
  readonly ports: string;
} {
  const pairs = text.split(",").map((one) => {
    const match = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(one.trim());
    return {
      host: (match?.[1] ?? "").replace(/^\[(.*)\]$/, "$1"),
      port: match?.[2] ?? "",
    };
  });
  return {
    hosts: pairs.map((pair) => pair.host).join(","),
    ports: pairs.map((pair) => pair.port).join(","),
  };
}

/** Prisma, JDBC, sqlx and libpq name some things differently. */
const aliases: Readonly<Record<string, string>> = {
  database: "dbname",
  username: "user",
  sslkeyfile: "sslkey",
  channelBinding: "channel_binding",
  gssEncMode: "gssencmode",
  "ssl-mode": "sslmode",
  "ssl-root-cert": "sslrootcert",
  "ssl-ca": "sslrootcert",
  "ssl-cert": "sslcert",
  "ssl-key": "sslkey",
};

function readQuery(text: string): Record<string, string> | undefined {
  const parts: Record<string, string> = {};
  for (const pair of text.split("&").filter((one) => one !== "")) {
    const at = pair.indexOf("=");
    const key = decode(at < 0 ? pair : pair.slice(0, at));
    const value = decode(at < 0 ? "" : pair.slice(at + 1));
    if (key === undefined || value === undefined) return undefined;
    parts[aliases[key] ?? key] = value;
  }
  return parts;
}

function splitAuthority(rest: string): {
  readonly user: string;
  readonly hosts: string;
  readonly tail: string;
} {
  const end = rest.search(/[/?]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const at = authority.lastIndexOf("@");
  return {
    user: authority.slice(0, Math.max(at, 0)),
    hosts: authority.slice(at + 1),
    tail: end < 0 ? "" : rest.slice(end),
  };
}

function readUrlParts(text: string): ConnectionParts | undefined {
  const { user, hosts, tail } = splitAuthority(text.replace(scheme, ""));
  const question = tail.indexOf("?");
  const path = question < 0 ? tail : tail.slice(0, question);
  const query = readQuery(question < 0 ? "" : tail.slice(question + 1));
  const colon = user.indexOf(":");
  const named = readHosts(hosts);
  const decoded = {
    user: decode(colon < 0 ? user : user.slice(0, colon)),
    password: decode(colon < 0 ? "" : user.slice(colon + 1)),
    host: decode(named.hosts),
    dbname: decode(path.replace(/^\//, "")),
  };
  if (query === undefined || Object.values(decoded).includes(undefined))
    return undefined;
  const given = Object.entries({ ...decoded, port: named.ports }).filter(
    ([, value]) => value !== undefined && value !== "",
  );
  return { ...(Object.fromEntries(given) as Record<string, string>), ...query };
}

/** `host=db.local port=5432 password='it\'s'`, libpq's keyword form. */
function readKeywords(text: string): ConnectionParts | undefined {
  const pair =
    /\s*([\w-]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/gy;
  const parts: Record<string, string> = {};
  let end = 0;
  for (const match of text.matchAll(pair)) {
    const value = (match[2] ?? match[3] ?? "").replace(/\\(.)/g, "$1");
    parts[aliases[match[1] ?? ""] ?? match[1] ?? ""] = value;
    end = match.index + match[0].length;
  }
  return text.slice(end).trim() === "" && end > 0 ? parts : undefined;
}

/** The parts as they stand; undefined when the text is no URL or no list of keywords. */
function readForm(
  text: string,
  form: KeywordForm,
): ConnectionParts | undefined {
  return form === "url" ? readUrlParts(text) : readKeywords(text);
}

const unreadable: Readonly<Record<KeywordForm, Phrase>> = {
  url: phrase("the URL has a % that is no escape; write it as %25"),
  keywords: phrase(
    "this is neither a postgres:// URL nor keywords such as host=localhost dbname=app",
  ),
};

/** Parts of a URL or of libpq's keyword form, all of them known. */
export function parseConnectionParts(
  text: string,
): Result<ConnectionParts, Misconfigured> {
  const trimmed = text.trim();
  if (trimmed === "")
    return misconfigured(phrase("the connection has no address"));
  const form = looksLikePostgresUrl(trimmed) ? "url" : "keywords";
  if (form === "keywords" && /^[a-z][a-z0-9+.-]*:/i.test(trimmed))
    return misconfigured(
      phrase("the URL does not begin with postgres:// or postgresql://"),
    );
  const parts = readForm(trimmed, form);
  if (parts === undefined) return misconfigured(unreadable[form]);
  const refusal = refuseUnknown(Object.keys(parts), form);
  return refusal === undefined ? succeeded(parts) : misconfigured(refusal);
}

/**
 * A URL or `key=value` keywords as a target; the password comes apart from it. A service is in a file of this
 * machine and is not looked up here: see `targetFromText`.
 */
export function parsePostgresUrl(
  text: string,
): Result<ParsedTarget, Misconfigured> {
  const parts = parseConnectionParts(text);
  if (!parts.ok) return parts;
  const { service } = parts.value;
  return service === undefined || service === ""
    ? buildTarget(parts.value)
    : misconfigured(
        phrase(
          'service "{0}" is in a file of this machine: choose it from the services, or write its host, port, dbname and user',
          service,
        ),
      );
}
