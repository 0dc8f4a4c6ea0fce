import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import type { PostgresTarget } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { phrase } from "../../core/words.ts";
import type { Binaries } from "./find-binaries.ts";
import { makeOwnFolder, sweepLeftovers } from "./own-folder.ts";

/** A PostgreSQL of one's own in a temporary folder, which nobody else can reach. */
export interface LocalServer {
  /** Superuser `postgres` on database `postgres`. */
  readonly target: PostgresTarget;
  readonly password: string | undefined;
  readonly dataFolder: string;
  /** Ends the server and removes its folder. */
  readonly stop: () => Promise<void>;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: another user of the machine runs it then. */
function findServerUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] =
      lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined)
      return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65_534, gid: 65_534 };
}

/** Where sockets are files, the folder's rights keep others out; on Windows a password does. */
const hasSocketFiles = process.platform !== "win32";

interface Place {
  readonly folder: string;
  readonly dataFolder: string;
  readonly user: User | undefined;
  readonly password: string | undefined;
}

function makePlace(): Place {
  const folder = makeOwnFolder();
  const user = findServerUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return {
    folder,
    dataFolder: path.join(folder, "data"),
    user,
    password: hasSocketFiles
      ? undefined
      : randomBytes(18).toString("base64url"),
  };
}

const initLimitMs = 60_000;

/** Runs a program to its end, which an abort hastens; undefined when it did its work, else what it said. */
async function runToEnd(
  program: string,
  args: readonly string[],
  place: Place,
  signal: AbortSignal,
): Promise<string | undefined> {
  const child = spawn(program, args, {
    ...place.user,
    cwd: place.folder,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: initLimitMs,
  });
  const end = (): void => {
    child.kill();
  };
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  return new Promise((resolve) => {
    const settle = (reason: string | undefined): void => {
      signal.removeEventListener("abort", end);
      resolve(reason);
    };
    child.once("error", (error) => {
      settle(error.message);
    });
    child.once("close", (code) => {
      settle(code === 0 ? undefined : said.trim());
    });
  });
}

async function initialize(
  binaries: Binaries,
  place: Place,
  signal: AbortSignal,
): Promise<string | undefined> {
  const passwordFile = path.join(place.folder, "password");
  if (place.password !== undefined)
    writeFileSync(passwordFile, place.password, { mode: 0o600 });
  const access =
    place.password === undefined
      ? ["-A", "trust"]
      : ["-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const sums = binaries.major >= 18 ? ["--no-data-checksums"] : [];
  const cluster = ["-D", place.dataFolder, "-U", "postgres", "-E", "UTF8"];
  const refused = await runToEnd(
    path.join(binaries.folder, "initdb"),
    [...cluster, "--locale=C", "-N", ...access, ...sums],
    place,
    signal,
  );
  if (place.password !== undefined) rmSync(passwordFile, { force: true });
  return refused;
}

async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object")
          resolve(address.port);
        else reject(new Error("no port"));
      });
    });
  });
}

/** A throw-away server: no waiting for the disk, nothing in the background that would change statistics. */
const settings = {
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  autovacuum: "off",
  max_connections: "20",
  shared_buffers: "32MB",
  logging_collector: "off",
};

function launch(binaries: Binaries, place: Place, port: number): ChildProcess {
  const reach = hasSocketFiles
    ? { listen_addresses: "", unix_socket_directories: place.folder }
    : { listen_addresses: "127.0.0.1" };
  const flags = Object.entries({ ...settings, ...reach }).flatMap(
    ([name, value]) => ["-c", `${name}=${value}`],
  );
  return spawn(
    path.join(binaries.folder, "postgres"),
    ["-D", place.dataFolder, "-p", String(port), ...flags],
    {
      ...place.user,
      cwd: place.folder,
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
}

const readyWords = "ready to accept connections";
const startLimitMs = 30_000;

/** Undefined when it is ready; otherwise the end of what it said. */
async function waitUntilReady(
  child: ChildProcess,
  signal: AbortSignal,
): Promise<string | undefined> {
  let said = "";
  return new Promise((resolve) => {
    const settle = (reason: string | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      resolve(reason);
    };
    const onAbort = (): void => {
      settle("cancelled");
    };
    const timer = setTimeout(() => {
      settle(`no answer within ${startLimitMs / 1000} s`);
    }, startLimitMs);
    signal.addEventListener("abort", onAbort, { once: true });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-2000);
      if (said.includes(readyWords)) settle(undefined);
    });
    child.once("error", (error) => {
      settle(error.message);
    });
    child.once("exit", () => {
      settle(said.trim());
    });
  });
}

function targetOf(place: Place, port: number): PostgresTarget {
  return {
    engine: "postgres",
    host: hasSocketFiles ? place.folder : "127.0.0.1",
    port,
    database: "postgres",
    user: "postgres",
    sslMode: "disable",
    sslRootCertPath: undefined,
    sslCertPath: undefined,
    sslKeyPath: undefined,
  };
}

function stopper(child: ChildProcess, place: Place): LocalServer["stop"] {
  const remove = (): void => {
    rmSync(place.folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const ended = new Promise<void>((resolve) => {
    if (
      child.exitCode !== null ||
      child.signalCode !== null ||
      child.pid === undefined
    )
      resolve();
    child.once("exit", () => {
      resolve();
    });
  });
  // Our own sudden end must not leave a server behind.
  const endNow = (): void => {
    child.kill("SIGQUIT");
    remove();
  };
  process.once("exit", endNow);
  return async () => {
    process.off("exit", endNow);
    // Fast shutdown: sessions are cut, nothing is worth keeping.
    child.kill("SIGINT");
    await ended;
    remove();
  };
}

const notStarted = (binaries: Binaries, detail: string): DatabaseError => ({
  kind: "misconfigured",
  message: phrase(
    "PostgreSQL {0} in {1} did not start: {2}",
    String(binaries.major),
    binaries.folder,
    detail,
  ),
});

/**
 * Makes a cluster in a temporary folder and starts it, on a socket in that folder (on Windows on loopback with
 * a password). Takes one to three seconds. Fails with `cancelled`, or `misconfigured` with the server's words.
 */
export async function startLocalServer(
  binaries: Binaries,
  signal: AbortSignal,
): Promise<Result<LocalServer, DatabaseError>> {
  const isGivenUp = (): boolean => signal.aborted;
  await sweepLeftovers();
  if (isGivenUp()) return failed({ kind: "cancelled" });
  const place = makePlace();
  const refused = await initialize(binaries, place, signal);
  if (refused !== undefined || isGivenUp()) {
    rmSync(place.folder, { recursive: true, force: true });
    return failed(
      isGivenUp() ? { kind: "cancelled" } : notStarted(binaries, refused ?? ""),
    );
  }
  const port = hasSocketFiles ? 5432 : await findFreePort();
  const child = launch(binaries, place, port);
  const stop = stopper(child, place);
  const trouble = await waitUntilReady(child, signal);
  if (trouble === undefined)
    return succeeded({
      target: targetOf(place, port),
      password: place.password,
      dataFolder: place.dataFolder,
      stop,
    });
  await stop();
  return failed(
    isGivenUp() ? { kind: "cancelled" } : notStarted(binaries, trouble),
  );
}
