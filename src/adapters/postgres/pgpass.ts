import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { PostgresTarget } from "../../app/connection.ts";

type Login = Pick<
  PostgresTarget,
  "host" | "port" | "database" | "user" | "parameters"
>;

/** Fields are separated by colons; a backslash keeps the next character. */
function splitLine(line: string): readonly string[] {
  const fields: string[] = [];
  let field = "";
  for (const [token] of line.matchAll(/\\.|[\s\S]/g)) {
    if (token === ":" && fields.length < 4) {
      fields.push(field);
      field = "";
    } else field += token.length === 2 ? token.slice(1) : token;
  }
  return [...fields, field];
}

/** libpq looks a socket's folder up as `localhost`. */
const namesOf = (host: string): readonly string[] =>
  host.startsWith("/") ? [host, "localhost"] : [host];

/** The password of the first line that matches, as libpq reads the file; `*` matches anything. */
export function findPgpassPassword(
  text: string,
  login: Login,
): string | undefined {
  const wanted = [
    namesOf(login.host),
    [String(login.port)],
    [login.database],
    [login.user],
  ];
  for (const line of text.split(/\r?\n/)) {
    if (line === "" || line.startsWith("#")) continue;
    const fields = splitLine(line);
    if (fields.length < 5) continue;
    const matches = wanted.every(
      (names, at) => fields[at] === "*" || names.includes(fields[at] ?? ""),
    );
    if (matches) return fields[4];
  }
  return undefined;
}

export interface PgpassAnswer {
  readonly password: string | undefined;
  /** Why the file was not read although it exists. */
  readonly warning: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

function locate(variables: Variables): string {
  const named = variables["PGPASSFILE"];
  if (named !== undefined && named !== "") return named;
  const roaming = variables["APPDATA"];
  if (process.platform === "win32" && roaming !== undefined)
    return path.join(roaming, "postgresql", "pgpass.conf");
  return path.join(homedir(), ".pgpass");
}

/** Reads what `passfile` or PGPASSFILE names, or `~/.pgpass`. Like libpq it ignores a file that others may read, and says so. */
export async function readPgpass(
  login: Login,
  variables: Variables,
): Promise<PgpassAnswer> {
  const file = login.parameters?.["passfile"] ?? locate(variables);
  try {
    const about = await stat(file);
    // Reading a pipe would wait for somebody to write into it.
    if (!about.isFile())
      return {
        password: undefined,
        warning: `${file} is ignored because it is no plain file`,
      };
    if (process.platform !== "win32" && (about.mode & 0o077) !== 0) {
      return {
        password: undefined,
        warning: `${file} is ignored because others may read it; chmod 600 helps`,
      };
    }
    return {
      password: findPgpassPassword(await readFile(file, "utf8"), login),
      warning: undefined,
    };
  } catch {
    // Most people have no such file.
    return { password: undefined, warning: undefined };
  }
}
