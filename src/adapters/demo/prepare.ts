import type { PGlite } from "@electric-sql/pglite";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { DemoAssets, Step } from "./assets.ts";
import { openPGlite } from "./open-pglite.ts";
import { planWorkload } from "./workload.ts";

export type Report = (step: string, done: number, of: number) => void;

const dataOf = (folder: string): string => path.join(folder, "data");
const markerOf = (folder: string): string => path.join(folder, "prepared");
const savedStatistics = (folder: string): string => path.join(folder, "pg_stat_statements.stat");
/** Where the extension reads its counters at start; it deletes the file then, so a crash loses them. */
const liveStatistics = (folder: string): string => path.join(dataOf(folder), "pg_stat", "pg_stat_statements.stat");

async function isPrepared(folder: string, fingerprint: string): Promise<boolean> {
  const marker = await readFile(markerOf(folder), "utf8").catch(() => "");
  return marker === fingerprint;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await cp(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** A runner that finds these tables also finds its own journal, as after `migrate up`. */
async function writeJournal(database: PGlite, migrations: readonly Step[]): Promise<void> {
  await database.exec("CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)");
  await database.query("INSERT INTO schema_migrations VALUES ($1, false)", [migrations.length]);
}

async function replay(database: PGlite, assets: DemoAssets): Promise<void> {
  await database.exec("SELECT pg_stat_statements_reset()");
  for (const call of planWorkload(assets.workload, assets.queries)) await database.query(call.sql, [...call.values]);
}

async function fill(database: PGlite, assets: DemoAssets, report: Report): Promise<void> {
  const of = assets.generator.length + 4;
  let done = 1;
  const step = async (name: string, run: () => Promise<unknown>): Promise<void> => {
    report(name, done, of);
    await run();
    done += 1;
  };
  await step("schema", async () => {
    await database.exec("CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pg_trgm");
    for (const migration of assets.migrations) await database.exec(migration.sql);
    await writeJournal(database, assets.migrations);
    // Foreign keys hold by construction: checking them row by row would double the time.
    await database.exec("SET session_replication_role = replica; SET synchronous_commit = off");
  });
  for (const { name, sql } of assets.generator) await step(name, () => database.exec(sql));
  await step("statistics", async () => {
    await database.exec("RESET session_replication_role; RESET synchronous_commit");
    await database.exec("VACUUM (ANALYZE)");
  });
  await step("a day's queries", () => replay(database, assets));
}

async function build(folder: string, assetsFolder: string, assets: DemoAssets, report: Report): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await mkdir(folder, { recursive: true });
  report("database", 0, assets.generator.length + 4);
  const database = await openPGlite(dataOf(folder), assetsFolder);
  try {
    await fill(database, assets, report);
  } finally {
    // Also writes what pg_stat_statements counted.
    await database.close();
  }
  await copyIfThere(liveStatistics(folder), savedStatistics(folder));
  await writeFile(markerOf(folder), assets.fingerprint);
}

/**
 * Opens the demo database in `folder`, which is made first where it is missing, half made or of other assets.
 * The folder must be ours alone (see lock.ts). Throws errors of the file system and of PGlite.
 */
export async function openPrepared(
  folder: string,
  assetsFolder: string,
  assets: DemoAssets,
  report: Report,
): Promise<PGlite> {
  if (!(await isPrepared(folder, assets.fingerprint))) await build(folder, assetsFolder, assets, report);
  else {
    // After a crash the counters are gone; those of the replay are put back.
    const lost = await readFile(liveStatistics(folder)).then(() => false, isMissing);
    if (lost) await copyIfThere(savedStatistics(folder), liveStatistics(folder));
  }
  report("open", 1, 1);
  return openPGlite(dataOf(folder), assetsFolder);
}
