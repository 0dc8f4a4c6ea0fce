// Makes the cluster that the embedded database starts from: initdb in WASM takes seconds, unpacking this a tenth of one.
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import pg from "pg";

const compress = promisify(brotliCompress);
const root = path.resolve(import.meta.dirname, "..");
const cache = path.join(root, ".cache", "cluster");

/**
 * The one session uses one database, so the templates go: two thirds of the files. A fresh segment of the log is
 * almost empty; the one before it holds all that initdb wrote, and nothing reads it again after a clean end.
 */
const slimming = [
  "UPDATE pg_database SET datistemplate = false WHERE datname LIKE 'template_'",
  "DROP DATABASE template0",
  "DROP DATABASE template1",
  "SELECT pg_switch_wal()",
  "CHECKPOINT",
];

/** Answers the name of the log's segment that the server ends on. */
async function slim(port) {
  const client = new pg.Client({
    host: "127.0.0.1",
    port,
    user: "postgres",
    database: "postgres",
  });
  await client.connect();
  try {
    for (const sql of slimming) await client.query(sql);
    const { rows } = await client.query(
      "SELECT pg_walfile_name(pg_current_wal_lsn()) AS name",
    );
    return rows[0].name;
  } finally {
    await client.end();
  }
}

const readyPort = (server) =>
  new Promise((resolve, reject) => {
    server.on("message", (message) => {
      if (message.kind === "ready") resolve(message.port);
    });
    server.once("exit", () => reject(new Error("The server's process ended.")));
  });

/** Runs initdb with the server's own script; answers the log's segment. */
async function makeCluster(folder, { serverScript, assets }) {
  const args = ["--folder", folder, "--assets", assets, "--content", "empty"];
  const server = fork(serverScript, args, { execArgv: [] });
  const ended = once(server, "exit");
  try {
    const segment = await slim(await readyPort(server));
    server.send("stop");
    await ended;
    return segment;
  } catch (error) {
    server.kill("SIGKILL");
    throw error;
  }
}

/** As src/adapters/demo/prepared-cluster.ts reads it. */
async function pack(folder, segment) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const nameOf = (one) =>
    path
      .relative(folder, path.join(one.parentPath ?? one.path, one.name))
      .replaceAll(path.sep, "/");
  const wanted = found
    .map((one) => ({ name: nameOf(one), isFolder: one.isDirectory() }))
    .filter(
      ({ name, isFolder }) =>
        isFolder || !/^pg_wal\//.test(name) || name === `pg_wal/${segment}`,
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const entries = [];
  const contents = [];
  for (const { name, isFolder } of wanted) {
    if (isFolder) entries.push([name]);
    else {
      const content = await readFile(path.join(folder, name));
      entries.push([name, content.length]);
      contents.push(content);
    }
  }
  const whole = Buffer.concat([
    Buffer.from(`${JSON.stringify(entries)}\n`),
    ...contents,
  ]);
  return compress(whole, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: whole.length,
    },
  });
}

async function fingerprint(sources) {
  const hash = createHash("sha256");
  for (const file of sources) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}

/**
 * The file with the packed cluster; made once for what it is made of (`sources`, with this script) and kept in .cache.
 * `serverScript` and `assets` are the embedded server's.
 */
export async function prepareCluster({ serverScript, assets, sources }) {
  const kept = path.join(
    cache,
    `${await fingerprint([...sources, import.meta.filename])}.br`,
  );
  if (await readFile(kept).catch(() => undefined)) return kept;
  const scratch = await mkdtemp(path.join(tmpdir(), "planlens-cluster-"));
  try {
    const folder = path.join(scratch, "data");
    const segment = await makeCluster(folder, { serverScript, assets });
    await mkdir(cache, { recursive: true });
    // Under its name only when it is whole: others may look for it meanwhile.
    const unfinished = `${kept}.${process.pid}`;
    await writeFile(unfinished, await pack(folder, segment));
    await rename(unfinished, kept);
    return kept;
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}
