// Loads TPC-H or TPC-DS into a database of its own: tables without keys, filled by COPY, vacuumed and analyzed.
// usage: node test/bench/data/load-tpc.mjs tpch|tpcds SCALE SERVER_URL [DATABASE]
// Needs python3 with pip for the generator (duckdb 0.8.1, kept with the data in .cache/tpc). Replaces the database.
import { spawnSync } from "node:child_process";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { once } from "node:events";
import path from "node:path";
import pg from "pg";

const here = import.meta.dirname;
const cache = path.resolve(here, "../../../.cache/tpc");

function run(command, commandArguments, environment = {}) {
  const done = spawnSync(command, commandArguments, {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  if (done.status !== 0)
    throw new Error(
      `${command} ${commandArguments.join(" ")} failed: ${done.stderr || done.error?.message}`,
    );
}

/** Folder of the Python package, installed beside the data on first use. */
function installGenerator() {
  const python = path.join(cache, "python");
  if (!existsSync(path.join(python, "duckdb")))
    run("python3", [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--no-deps",
      "--target",
      python,
      "duckdb==0.8.1",
    ]);
  return python;
}

/** Folder of CSV files, made on first use; one that is half written never gets the name. */
function generate(kind, scale) {
  const folder = path.join(cache, `${kind}-${scale}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const unfinished = `${folder}.${process.pid}`;
  run(
    "python3",
    [path.join(here, "generate-tpc.py"), kind, String(scale), unfinished],
    { PYTHONPATH: installGenerator() },
  );
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return folder;
}

/** COPY FROM STDIN of one file, as a query object of the driver. */
class CopyIn {
  constructor(text, file) {
    this.text = text;
    this.file = file;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
  submit(connection) {
    connection.query(this.text);
  }
  async handleCopyInResponse(connection) {
    try {
      for await (const chunk of createReadStream(this.file, {
        highWaterMark: 1 << 20,
      })) {
        connection.sendCopyFromChunk(chunk);
        if (connection.stream.writableNeedDrain)
          await once(connection.stream, "drain");
      }
      connection.endCopyFrom();
    } catch (error) {
      connection.sendCopyFail(String(error));
    }
  }
  handleCommandComplete() {}
  handleReadyForQuery() {
    this.resolve();
  }
  handleError(error) {
    this.reject(error);
  }
}

/** Both sides keep the columns in the order of the specification. */
async function copyTable(client, table, file) {
  const copy = new CopyIn(
    `COPY ${table} FROM STDIN (FORMAT csv, HEADER)`,
    file,
  );
  client.query(copy);
  await copy.done;
}

async function withClient(url, use) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** @param {"tpch" | "tpcds"} kind */
async function loadTpc(kind, scale, serverUrl, database) {
  const folder = generate(kind, scale);
  await withClient(serverUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${database}`);
    await client.query(`CREATE DATABASE ${database}`);
  });
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  await withClient(url.href, async (client) => {
    await client.query(readFileSync(path.join(here, `${kind}.sql`), "utf8"));
    for (const file of readdirSync(folder)) {
      const started = performance.now();
      const table = path.basename(file, ".csv");
      await copyTable(client, table, path.join(folder, file));
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${kind}.${table}: ${seconds} s\n`);
    }
    await client.query("VACUUM (ANALYZE)");
  });
}

const [kind, scale, serverUrl, database = kind] = process.argv.slice(2);
if (!["tpch", "tpcds"].includes(kind) || !(scale > 0) || !serverUrl) {
  process.stderr.write(
    "usage: node test/bench/data/load-tpc.mjs tpch|tpcds SCALE SERVER_URL [DATABASE]\n",
  );
  process.exit(2);
}
await loadTpc(kind, Number(scale), serverUrl, database);
