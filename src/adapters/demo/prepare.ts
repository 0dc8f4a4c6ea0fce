import type { PGlite } from "@electric-sql/pglite";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { DemoAssets, Step } from "./assets.ts";
import { openPGlite } from "./open-pglite.ts";
import { planWorkload, type WorkloadLength } from "./workload.ts";

export type Report = (step: string, done: number, of: number) => void;

export interface Place {
  /** Ours alone. */
  readonly folder: string;
  readonly assetsFolder: string;
  readonly workload: WorkloadLength;
}

const dataOf = (folder: string): string => path.join(folder, "data");
const markerOf = (folder: string): string => path.join(folder, "prepared");
/** The database itself, its schema, the generator's steps, the statistics and the replay. */
const stepsOf = (assets: DemoAssets): number => assets.generator.length + 4;

async function isPrepared(
  folder: string,
  fingerprint: string,
): Promise<boolean> {
  const marker = await readFile(markerOf(folder), "utf8").catch(() => "");
  return marker === fingerprint;
}

/** A runner that finds these tables also finds its own journal, as after `migrate up`. */
async function writeJournal(
  database: PGlite,
  migrations: readonly Step[],
): Promise<void> {
  await database.exec(
    "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)",
  );
  await database.query("INSERT INTO schema_migrations VALUES ($1, false)", [
    migrations.length,
  ]);
}

/**
 * What the platform asks in a day, run for real: PGlite keeps no counters over its end,
 * so this is done at every start (about a second).
 */
async function replay(
  database: PGlite,
  assets: DemoAssets,
  length: WorkloadLength,
): Promise<void> {
  await database.exec("SELECT pg_stat_statements_reset()");
  for (const call of planWorkload(assets.workload, assets.queries, length))
    await database.query(call.sql, [...call.values]);
}

async function fill(
  database: PGlite,
  assets: DemoAssets,
  report: Report,
): Promise<void> {
  const of = stepsOf(assets);
  let done = 1;
  const step = async (
    name: string,
    run: () => Promise<unknown>,
  ): Promise<void> => {
    report(name, done, of);
    await run();
    done += 1;
  };
  await step("schema", async () => {
    await database.exec(
      "CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pg_trgm",
    );
    for (const migration of assets.migrations)
      await database.exec(migration.sql);
    await writeJournal(database, assets.migrations);
    // Foreign keys hold by construction: checking them row by row would double the time.
    await database.exec(
      "SET session_replication_role = replica; SET synchronous_commit = off",
    );
  });
  for (const { name, sql } of assets.generator)
    await step(name, () => database.exec(sql));
  await step("statistics", async () => {
    await database.exec(
      "RESET session_replication_role; RESET synchronous_commit",
    );
    await database.exec("VACUUM (ANALYZE)");
  });
}

async function build(
  folder: string,
  assetsFolder: string,
  assets: DemoAssets,
  report: Report,
): Promise<PGlite> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await mkdir(folder, { recursive: true });
  const start = (step: string): void => {
    report(step, 0, stepsOf(assets));
  };
  start("starting");
  const database = await openPGlite(dataOf(folder), assetsFolder, start);
  await fill(database, assets, report);
  await database.exec("CHECKPOINT");
  await writeFile(markerOf(folder), assets.fingerprint);
  return database;
}

/**
 * Opens the demo database in `folder`, which is made first where it is missing, half made or of other assets.
 * The folder must be ours alone (see lock.ts). Throws errors of the file system and of PGlite.
 */
export async function openPrepared(
  place: Place,
  assets: DemoAssets,
  report: Report,
): Promise<PGlite> {
  const { folder, assetsFolder } = place;
  const database = (await isPrepared(folder, assets.fingerprint))
    ? await openPGlite(dataOf(folder), assetsFolder, (step) => {
        report(step, 0, stepsOf(assets));
      })
    : await build(folder, assetsFolder, assets, report);
  report("a day's queries", stepsOf(assets) - 1, stepsOf(assets));
  await replay(database, assets, place.workload);
  return database;
}
