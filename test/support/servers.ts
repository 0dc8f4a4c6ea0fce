import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { describe } from "vitest";
import type { PostgresTarget } from "../../src/app/connection.ts";
import {
  cacheFolder,
  findBinaries,
  findServerUser,
  type ServerKind,
} from "./server-binaries.ts";
import { guardProcess } from "./watchdog.ts";

export interface ServerOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** Contents of pg_hba.conf; everybody from loopback is trusted when absent. */
  readonly hba?: string;
  /** Files put into the data folder with mode 0600 before the start: server.crt, server.key, … */
  readonly files?: Readonly<Record<string, string>>;
}

export interface TestServer {
  readonly kind: ServerKind;
  readonly port: number;
  /** Superuser `postgres` on database `postgres`. */
  readonly url: string;
  readonly target: PostgresTarget;
  /** Runs a script as superuser through the simple protocol; rows of its last statement that has any. */
  readonly query: (
    script: string,
    database?: string,
  ) => Promise<readonly Record<string, unknown>[]>;
  /** Ends at once, as a crash does; `start` brings it back with the same data and port. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** The end of what the server has logged since its last start. */
  readonly log: () => string;
}

/** Undefined when servers of this kind can run here; with PLANLENS_REQUIRE_SERVERS=1 a missing one is an error. */
export function whyUnavailable(kind: ServerKind): string | undefined {
  const found = findBinaries(kind);
  if ("bin" in found) return undefined;
  if (process.env["PLANLENS_REQUIRE_SERVERS"] === "1")
    throw new Error(found.missing);
  return found.missing;
}

/** `describe`, skipped with the reason in its title where no such server can run. */
export function describeOn(
  kind: ServerKind,
  title: string,
  body: () => void,
): void {
  const reason = whyUnavailable(kind);
  if (reason === undefined) describe(`${title} (PostgreSQL ${kind})`, body);
  else describe.skip(`${title} (PostgreSQL ${kind}; skipped: ${reason})`, body);
}

function binariesOf(kind: ServerKind): string {
  const found = findBinaries(kind);
  if ("missing" in found) throw new Error(found.missing);
  return found.bin;
}

function run(command: string, commandArguments: readonly string[]): void {
  const done = spawnSync(command, commandArguments, {
    ...findServerUser(),
    encoding: "utf8",
    cwd: tmpdir(),
  });
  if (done.status !== 0)
    throw new Error(
      `${path.basename(command)} failed: ${done.stderr}${done.error?.message ?? ""}`,
    );
}

/** A data folder made once per kind; instances are copies of it. */
function templateOf(kind: ServerKind, bin: string): string {
  const template = path.join(cacheFolder(), `template-${kind}-1`);
  if (existsSync(template)) return template;
  const unfinished = `${template}.${process.pid}`;
  const locale = process.platform === "linux" ? "C.UTF-8" : "C";
  run(path.join(bin, "initdb"), [
    "-D",
    unfinished,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    `--locale=${locale}`,
    "-N",
  ]);
  if (existsSync(template)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, template);
  return template;
}

function prepareData(
  kind: ServerKind,
  bin: string,
  options: ServerOptions,
): string {
  const template = templateOf(kind, bin);
  const folder = mkdtempSync(path.join(tmpdir(), "planlens-pg-"));
  const user = findServerUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = path.join(folder, "data");
  run("cp", ["-R", template, data]);
  const files = {
    ...options.files,
    ...(options.hba === undefined ? {} : { "pg_hba.conf": options.hba }),
  };
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(data, name);
    writeFileSync(file, content);
    chmodSync(file, 0o600);
    if (user !== undefined) chownSync(file, user.uid, user.gid);
  }
  return data;
}

/** A port that was free a moment ago, from the operating system. */
export async function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === "string")
          reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  });
}

const fastSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_preload_libraries: "pg_stat_statements",
  fsync: "off",
  full_page_writes: "off",
  max_connections: "30",
  shared_buffers: "32MB",
  timezone: "UTC",
};

interface RunningServer {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<void>;
}

/** Enough for the tests that read what was sent. */
const mostLogCharacters = 2_000_000;

function launch(
  bin: string,
  data: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): RunningServer {
  const flags = Object.entries({ ...fastSettings, ...settings }).flatMap(
    ([name, value]) => ["-c", `${name}=${value}`],
  );
  const child = spawn(
    path.join(bin, "postgres"),
    ["-D", data, "-p", String(port), ...flags],
    {
      ...findServerUser(),
      cwd: tmpdir(),
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const unguard =
    child.pid === undefined
      ? () => undefined
      : guardProcess(child.pid, "SIGQUIT", path.dirname(data));
  let text = "";
  child.stderr.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString("utf8")).slice(-mostLogCharacters);
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      unguard();
      resolve();
    });
  });
  return { child, output: () => text, ended };
}

async function waitUntilReady(server: RunningServer): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (server.output().includes("ready to accept connections")) return;
    if (server.child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server did not start:\n${server.output()}`);
}

async function runScript(
  url: string,
  script: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const answer: unknown = await client.query(script);
    const results = (
      Array.isArray(answer) ? answer : [answer]
    ) as pg.QueryResult<Record<string, unknown>>[];
    return results.findLast((result) => result.fields.length > 0)?.rows ?? [];
  } finally {
    await client.end();
  }
}

function describeTarget(port: number): PostgresTarget {
  return {
    engine: "postgres",
    host: "127.0.0.1",
    port,
    database: "postgres",
    user: "postgres",
    sslMode: "prefer",
    sslRootCertPath: undefined,
    sslCertPath: undefined,
    sslKeyPath: undefined,
  };
}

/** A server of its own with a fresh data folder, on loopback only. Ends with the process at the latest. */
export async function startPostgres(
  kind: ServerKind,
  options: ServerOptions = {},
): Promise<TestServer> {
  const bin = binariesOf(kind);
  const data = prepareData(kind, bin, options);
  const port = await findFreePort();
  let server: RunningServer | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server;
    server = undefined;
    if (ending?.child.exitCode !== null) return;
    ending.child.kill(signal);
    await ending.ended;
  };
  const start = async (): Promise<void> => {
    server = launch(bin, data, port, options.settings ?? {});
    await waitUntilReady(server);
  };
  const endNow = (): void => {
    server?.child.kill("SIGQUIT");
    rmSync(path.dirname(data), { recursive: true, force: true });
  };
  process.once("exit", endNow);
  await start();
  const urlOf = (database: string): string =>
    `postgres://postgres@127.0.0.1:${port}/${database}`;
  return {
    kind,
    port,
    url: urlOf("postgres"),
    target: describeTarget(port),
    query: (script, database = "postgres") =>
      runScript(urlOf(database), script),
    kill: () => end("SIGQUIT"),
    start,
    log: () => server?.output() ?? "",
    restart: async () => {
      await end("SIGINT");
      await start();
    },
    stop: async () => {
      process.off("exit", endNow);
      await end("SIGINT");
      rmSync(path.dirname(data), { recursive: true, force: true });
    },
  };
}
