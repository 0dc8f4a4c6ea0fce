import { existsSync, readdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import path from "node:path";

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

/** What lies in this folder; undefined when it has no server. Asks `postgres --version`. */
export function readBinaries(folder: string): Binaries | undefined {
  const server = path.join(folder, executable("postgres"));
  if (
    !existsSync(server) ||
    !existsSync(path.join(folder, executable("initdb")))
  )
    return undefined;
  const told = spawnSync(server, ["--version"], {
    encoding: "utf8",
    timeout: 5000,
  });
  const [, major] = /\(PostgreSQL\) (\d+)/.exec(told.stdout) ?? [];
  return major === undefined ? undefined : { folder, major: Number(major) };
}

/** Every PostgreSQL installed here that can be found, newest first. */
export function findBinaries(): readonly Binaries[] {
  // "." and empty entries would run what lies in the folder one happens to be in.
  const onPath = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  const folders = [...versionedFolders(), ...namedFolders(), ...onPath];
  return [...new Set(folders)]
    .flatMap((folder) => readBinaries(folder) ?? [])
    .sort((one, other) => other.major - one.major);
}
