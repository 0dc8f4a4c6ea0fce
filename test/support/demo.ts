import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import type { PostgresTarget } from "../../src/app/connection.ts";

export interface BuiltDemo {
  readonly serverScript: string;
  readonly assetsFolder: string;
  /** For data folders of tests. */
  readonly scratch: string;
  readonly remove: () => Promise<void>;
}

/** The demo server as it is shipped, bundled into a temporary folder. */
export async function buildDemoForTest(): Promise<BuiltDemo> {
  const outDir = await mkdtemp(path.join(tmpdir(), "planlens-demo-"));
  const script = new URL("../../tools/build-demo.mjs", import.meta.url).href;
  const { buildDemo } = (await import(script)) as {
    buildDemo: (options: {
      outDir: string;
      production: boolean;
    }) => Promise<void>;
  };
  await buildDemo({ outDir, production: false });
  return {
    serverScript: path.join(outDir, "demo-server.js"),
    assetsFolder: path.join(outDir, "demo"),
    scratch: outDir,
    remove: () => rm(outDir, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Rows of one statement, on a connection of its own. */
export async function askDemo(
  target: PostgresTarget,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The id of the process of the embedded server on this data folder; throws when there is none. */
export function findServer(folder: string): number {
  const lines = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(`--folder ${folder} `));
  const [line] = lines;
  if (line === undefined) throw new Error(`No server runs on ${folder}.`);
  return Number.parseInt(line, 10);
}
