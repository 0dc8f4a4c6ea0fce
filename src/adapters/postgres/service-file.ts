import { phrase } from "../../core/words.ts";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { Result } from "../../core/result.ts";
import { refuseUnknown } from "./connection-keywords.ts";
import {
  buildTarget,
  misconfigured,
  type ConnectionParts,
  type Misconfigured,
  type ParsedTarget,
} from "./connection-parts.ts";
import { parseConnectionParts } from "./parse-target.ts";

/** Sections of a pg_service.conf, by name, in order. */
export function parseServiceFile(
  text: string,
): ReadonlyMap<string, ConnectionParts> {
  const services = new Map<string, Record<string, string>>();
  let current: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
    const section = /^\[(.+)\]$/.exec(line)?.[1];
    if (section !== undefined) {
      current = services.get(section) ?? {};
      services.set(section, current);
    }
    const pair = /^([\w-]+)\s*=\s*(.*)$/.exec(line);
    if (pair?.[1] !== undefined && current !== undefined)
      current[pair[1]] ??= pair[2] ?? "";
  }
  return services;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The user's file before the system's, as libpq looks them up. */
function locate(variables: Variables): readonly string[] {
  const own =
    variables["PGSERVICEFILE"] ?? path.join(homedir(), ".pg_service.conf");
  const system = variables["PGSYSCONFDIR"];
  return system === undefined
    ? [own]
    : [own, path.join(system, "pg_service.conf")];
}

/** Every service of the user's and the system's file; files that do not exist have none. */
export async function readServices(
  variables: Variables,
): Promise<ReadonlyMap<string, ConnectionParts>> {
  const services = new Map<string, ConnectionParts>();
  for (const file of locate(variables)) {
    const text = await readFile(file, "utf8").catch(() => "");
    for (const [name, parts] of parseServiceFile(text))
      if (!services.has(name)) services.set(name, parts);
  }
  return services;
}

/** Parts from elsewhere: `given` ones come before the service's, `fallback` ones after. */
interface FurtherParts {
  readonly given?: ConnectionParts;
  readonly fallback?: ConnectionParts;
}

const isGiven = (text: string | undefined): text is string =>
  text !== undefined && text !== "";

/** Of two places and two ways to ask for TLS only those are taken that were written together. */
function gapsIn(
  given: ConnectionParts,
  gaps: ConnectionParts,
): ConnectionParts {
  const { host, hostaddr, sslmode, ...further } = gaps;
  const isPlaced = isGiven(given["host"]) || isGiven(given["hostaddr"]);
  return {
    ...further,
    ...(isPlaced || host === undefined ? {} : { host }),
    ...(isPlaced || hostaddr === undefined ? {} : { hostaddr }),
    ...("ssl" in given || sslmode === undefined ? {} : { sslmode }),
  };
}

/** The connection a service describes. */
export async function targetFromService(
  name: string,
  variables: Variables,
  { given = {}, fallback = {} }: FurtherParts = {},
): Promise<Result<ParsedTarget, Misconfigured>> {
  const parts = (await readServices(variables)).get(name);
  if (parts === undefined)
    return misconfigured(
      phrase(
        'there is no service "{0}" in {1}',
        name,
        locate(variables).join(", "),
      ),
    );
  const refusal = refuseUnknown(Object.keys(parts), "keywords");
  if (refusal !== undefined)
    return misconfigured(phrase('service "{0}": {1}', name, refusal));
  const written = { ...parts, ...given };
  return buildTarget({ ...gapsIn(written, fallback), ...written });
}

/** What stands where a text leaves something out, as libpq fills it. */
interface Gaps {
  /** Of PGSERVICE. */
  readonly service: string | undefined;
  readonly parts: ConnectionParts;
}

/**
 * The connection that a URL or keywords describe; `service=` is looked up in the service files, as libpq does. Without
 * `gaps` nothing but the text and its service tells where to connect.
 */
export async function targetFromText(
  text: string,
  variables: Variables,
  gaps: Gaps = { service: undefined, parts: {} },
): Promise<Result<ParsedTarget, Misconfigured>> {
  const parts = parseConnectionParts(text);
  if (!parts.ok) return parts;
  const { service = gaps.service, servicefile, ...given } = parts.value;
  const fallback = gaps.parts;
  if (!isGiven(service))
    return buildTarget({ ...gapsIn(given, fallback), ...given });
  const places = isGiven(servicefile)
    ? { ...variables, PGSERVICEFILE: servicefile }
    : variables;
  return targetFromService(service, places, { given, fallback });
}
