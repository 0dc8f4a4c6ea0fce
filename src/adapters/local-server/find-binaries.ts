import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

/** A folder with initdb and postgres, and what they are. */
export interface Binaries {
  readonly folder: string;
  /** 15 */
  readonly major: number;
}

const executable = (name: string): string =>
  process.platform === "win32" ? `${name}.exe` : name;

/** What installers do: `…/<version>/bin`. */
function versionedFolders(): readonly string[] {
  const bases =
    process.platform === "win32"
      ? [
          path.join(
            process.env["ProgramFiles"] ?? "C:\\Program Files",
            "PostgreSQL",
          ),
        ]
      : [
          "/usr/lib/postgresql",
          "/usr/local/lib/postgresql",
          "/Library/PostgreSQL",
          "/Applications/Postgres.app/Contents/Versions",
        ];
  return bases.flatMap((base) =>
    listFolders(base).map((name) => path.join(base, name, "bin")),
  );
}

/** Package managers that put the version into the folder's own name. */
function namedFolders(): readonly string[] {
  const bases: readonly (readonly [string, RegExp])[] = [
    ["/usr", /^pgsql-\d+$/],
    ["/opt/homebrew/opt", /^postgresql(@\d+)?$/],
    ["/usr/local/opt", /^postgresql(@\d+)?$/],
  ];
  return bases.flatMap(([base, pattern]) =>
    listFolders(base)
      .filter((name) => pattern.test(name))
      .map((name) => path.join(base, name, "bin")),
  );
}

function listFolders(base: string): readonly string[] {
  try {
    return readdirSync(base);
  } catch {
    return [];
  }
}

const run = promisify(execFile);

/** What lies in this folder; undefined when it has no server. Asks `postgres --version`. */
export async function readBinaries(
  folder: string,
): Promise<Binaries | undefined> {
  const server = path.join(folder, executable("postgres"));
  if (
    !existsSync(server) ||
    !existsSync(path.join(folder, executable("initdb")))
  )
    return undefined;
  const told = await run(server, ["--version"], { timeout: 5000 }).catch(
    () => ({ stdout: "" }),
  );
  const [, major] = /\(PostgreSQL\) (\d+)/.exec(told.stdout) ?? [];
  return major === undefined ? undefined : { folder, major: Number(major) };
}

/** Every PostgreSQL installed here that can be found, newest first. */
export async function findBinaries(): Promise<readonly Binaries[]> {
  // "." and empty entries would run what lies in the folder one happens to be in.
  const onPath = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  const folders = [...versionedFolders(), ...namedFolders(), ...onPath];
  const found = await Promise.all([...new Set(folders)].map(readBinaries));
  return found
    .flatMap((one) => one ?? [])
    .sort((one, other) => other.major - one.major);
}
