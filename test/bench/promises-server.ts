/** Where promises are kept: a server with the data of a benchmark, and copies of its databases to build indexes in. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import pg from "pg";
import { startPostgres, type TestServer } from "../support/servers.ts";

/**
 * Enough memory for tables and indexes to be read as on a server of its own: with little, every page that an index
 * leads to is a read from the operating system. Nothing in the background changes statistics.
 */
const settings = {
  shared_buffers: "1GB",
  autovacuum: "off",
  synchronous_commit: "off",
  max_wal_size: "4GB",
};

export const startServer = async (): Promise<TestServer> =>
  startPostgres("15-hypopg", { settings });

export function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

export async function withClient<Value>(
  url: string,
  use: (client: pg.Client) => Promise<Value>,
): Promise<Value> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const hasDatabase = async (url: string, name: string): Promise<boolean> =>
  withClient(url, async (client) => {
    const { rowCount } = await client.query(
      "SELECT FROM pg_database WHERE datname = $1",
      [name],
    );
    return rowCount === 1;
  });

/** `tpch-sf1.json.gz` → `tpch` at scale factor 1. */
export function readBundleName(file: string): {
  readonly kind: string;
  readonly scale: string;
} {
  const [, kind, scale] =
    /^(tpch|tpcds)-sf([\d.]+)\.json\.gz$/.exec(path.basename(file)) ?? [];
  if (kind === undefined || scale === undefined)
    throw new Error(
      `${file} does not say which data it is of: its name should be tpch-sf1.json.gz or tpcds-sf1.json.gz.`,
    );
  return { kind, scale };
}

/** Loads the data unless the database is there; the loader vacuums and analyzes, and nobody does after it. */
export async function provideDatabase(
  root: string,
  serverUrl: string,
  { kind, scale }: ReturnType<typeof readBundleName>,
): Promise<string> {
  if (!(await hasDatabase(serverUrl, kind))) {
    const loader = path.join(root, "test/bench/data/load-tpc.mjs");
    const { status } = spawnSync(
      process.execPath,
      [loader, kind, scale, serverUrl],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    if (status !== 0) throw new Error(`${kind} could not be loaded.`);
  }
  return urlOf(serverUrl, kind);
}

/** Sessions of this database plan as those of the bundle's source did: memory, costs, parallel workers. */
export async function applySettings(
  url: string,
  asked: Readonly<Record<string, string>>,
): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT name FROM pg_settings WHERE name = ANY($1) AND context IN ('user', 'superuser')",
      [Object.keys(asked)],
    );
    const database = client.escapeIdentifier(new URL(url).pathname.slice(1));
    for (const { name } of rows)
      await client.query(
        `ALTER DATABASE ${database} SET ${client.escapeIdentifier(name)} = ${client.escapeLiteral(asked[name] ?? "")}`,
      );
  });
}

/** A copy with the same statistics, to build in while the original stays bare. Nobody may be connected to the original. */
export async function copyDatabase(
  serverUrl: string,
  original: string,
  copy: string,
): Promise<string> {
  await dropDatabase(serverUrl, copy);
  await withClient(serverUrl, (client) =>
    client.query(
      `CREATE DATABASE ${client.escapeIdentifier(copy)} TEMPLATE ${client.escapeIdentifier(original)} STRATEGY file_copy`,
    ),
  );
  return urlOf(serverUrl, copy);
}

export async function dropDatabase(
  serverUrl: string,
  name: string,
): Promise<void> {
  await withClient(serverUrl, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)}`),
  );
}
