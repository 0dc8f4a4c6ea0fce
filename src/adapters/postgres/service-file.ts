import { phrase } from "../../core/words.ts";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { Result } from "../../core/result.ts";
import {
  buildTarget,
  misconfigured,
  type ConnectionParts,
  type Misconfigured,
  type ParsedTarget,
} from "./connection-parts.ts";

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
    const pair = /^([a-z_]+)\s*=\s*(.*)$/.exec(line);
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

/** The connection a service describes; `given` parts come before the file's. */
export async function targetFromService(
  name: string,
  variables: Variables,
  given: ConnectionParts = {},
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
  return buildTarget({ ...parts, ...given });
}
