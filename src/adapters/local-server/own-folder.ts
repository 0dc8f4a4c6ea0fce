import { execFile } from "node:child_process";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const prefix = "planlens-twin-";
const markName = "owner.json";

/** Who uses a folder: a process number means nothing on another machine or in another container. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Of process numbers, where there are several on one machine. */
  readonly space: string;
}

function readSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

const ourselves = (): Owner => ({
  pid: process.pid,
  host: hostname(),
  space: readSpace(),
});

/** A folder of our own among the temporary ones; `sweepLeftovers` removes it once we are gone. */
export function makeOwnFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), prefix));
  writeFileSync(path.join(folder, markName), JSON.stringify(ourselves()), {
    mode: 0o600,
  });
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs as somebody else.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Undefined for what we did not write: anybody may make a folder of that name among the temporary ones. */
function readOwner(folder: string): Owner | undefined {
  const file = path.join(folder, markName);
  try {
    const mark = lstatSync(file);
    const uid = process.getuid?.();
    if (!lstatSync(folder).isDirectory() || !mark.isFile()) return undefined;
    if (uid !== undefined && mark.uid !== uid) return undefined;
    return JSON.parse(readFileSync(file, "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

function isLeftover(folder: string): boolean {
  const owner = readOwner(folder);
  const { host, space } = ourselves();
  return (
    owner?.host === host &&
    owner.space === space &&
    Number.isInteger(owner.pid) &&
    owner.pid > 0 &&
    !isAlive(owner.pid)
  );
}

/** Longer than a folder of ours is left untouched while its server runs: sockets are touched every hour. */
const untouchedMs = 24 * 60 * 60_000;

const namesIn = (folder: string): readonly string[] =>
  readdirSync(folder).map((name) => path.join(folder, name));

/**
 * True while the process that holds the data folder, or another that has its number now, is there; and where no process
 * is told: the embedded PostgreSQL writes one number for all, -42, and takes the file away when it is closed.
 */
function mayHaveServer(dataFolder: string): boolean {
  const file = path.join(dataFolder, "postmaster.pid");
  if (!namesIn(dataFolder).includes(file)) return false;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  return !Number.isInteger(pid) || pid <= 1 || isAlive(pid);
}

/**
 * A folder from before folders were marked: ours by its name and its user, with a cluster that nobody runs and nothing
 * that was touched for a day. Whatever cannot be told is left alone.
 */
function isForgotten(folder: string): boolean {
  try {
    const dataFolder = path.join(folder, "data");
    const uid = process.getuid?.();
    const isOwn = [folder, dataFolder].every((one) => {
      const entry = lstatSync(one);
      return entry.isDirectory() && (uid === undefined || entry.uid === uid);
    });
    if (
      !isOwn ||
      !/^[A-Za-z0-9]{6}$/u.test(path.basename(folder).slice(prefix.length))
    )
      return false;
    const entries = [...namesIn(folder), ...namesIn(dataFolder)];
    if (
      entries.includes(path.join(folder, markName)) ||
      !lstatSync(path.join(dataFolder, "PG_VERSION")).isFile()
    )
      return false;
    const limit = Date.now() - untouchedMs;
    return (
      [folder, ...entries].every((one) => lstatSync(one).mtimeMs < limit) &&
      !mayHaveServer(dataFolder)
    );
  } catch {
    return false;
  }
}

const run = promisify(execFile);

/** The arguments that a process was started with, as one line; empty when they cannot be read. */
async function readCommand(pid: number): Promise<string> {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    const told = await run("ps", ["-ww", "-o", "command=", "-p", String(pid)], {
      timeout: 5000,
    }).catch(() => ({ stdout: "" }));
    return told.stdout;
  }
}

/** The server that still runs in the folder of a process that is gone; undefined when there is none for certain. */
async function findServer(folder: string): Promise<number | undefined> {
  const dataFolder = path.join(folder, "data");
  let pid: number;
  try {
    const file = path.join(dataFolder, "postmaster.pid");
    pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  } catch {
    return undefined;
  }
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return undefined;
  // The number may have gone to another process meanwhile.
  const command = await readCommand(pid);
  return command.includes(`postgres -D ${dataFolder} `) ? pid : undefined;
}

const endLimitMs = 3000;

async function endServer(pid: number): Promise<void> {
  try {
    // At once: nothing in there is worth keeping.
    process.kill(pid, "SIGQUIT");
  } catch {
    return;
  }
  const until = Date.now() + endLimitMs;
  while (isAlive(pid) && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

async function remove(folder: string): Promise<void> {
  const server = await findServer(folder);
  if (server !== undefined) await endServer(server);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Removes folders, and ends servers in them, that a process of ours left behind because it was killed: only those
 * whose mark says so, and whose process is gone, and unmarked ones that nobody has touched for a day. Never throws; what
 * cannot be removed stays.
 */
export async function sweepLeftovers(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const folders = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => path.join(tmpdir(), name));
  for (const folder of folders)
    if (isLeftover(folder) || isForgotten(folder))
      await remove(folder).catch(() => undefined);
}
