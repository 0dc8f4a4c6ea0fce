import {
  PGlite,
  type Extension,
  type PGliteOptions,
} from "@electric-sql/pglite";
import { openAsBlob } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { detailOf } from "./failure-reason.ts";
import { layOutCluster } from "./prepared-cluster.ts";

/** An extension from the archive beside the script, named outright: a bundle has no place of its own to look in. */
function extension(
  assets: string,
  name: string,
  preload: readonly string[],
): Extension {
  return {
    name,
    setup: () =>
      Promise.resolve({
        bundlePath: pathToFileURL(
          path.join(assets, "pglite", `${name}.tar.gz`),
        ),
        sharedPreloadLibraries: [...preload],
      }),
  };
}

/** What a schema's types and indexes may need, beside the two that the demo uses. */
const furtherExtensions = [
  "btree_gin",
  "btree_gist",
  "citext",
  "cube",
  "fuzzystrmatch",
  "hstore",
  "intarray",
  "isn",
  "ltree",
  "seg",
  "tablefunc",
  "unaccent",
  "uuid-ossp",
];

/**
 * A throw-away database on a person's own disk: little log, and no waiting for the disk.
 * A killed process loses nothing by that, only a power cut would. What the planner reads stays as it comes.
 */
const settings = [
  "wal_level = minimal",
  "max_wal_senders = 0",
  "max_wal_size = 64MB",
  "min_wal_size = 32MB",
  "fsync = off",
  "full_page_writes = off",
];

async function readOptions(
  dataFolder: string,
  assets: string,
): Promise<PGliteOptions> {
  const file = (name: string): string => path.join(assets, "pglite", name);
  const [database, initdb, bundle] = await Promise.all([
    WebAssembly.compile(await readFile(file("pglite.wasm"))),
    WebAssembly.compile(await readFile(file("initdb.wasm"))),
    openAsBlob(file("pglite.data")),
  ]);
  return {
    dataDir: dataFolder,
    pgliteWasmModule: database,
    initdbWasmModule: initdb,
    fsBundle: bundle,
    postgresqlconf: settings,
    extensions: {
      pg_stat_statements: extension(assets, "pg_stat_statements", [
        "pg_stat_statements",
      ]),
      pg_trgm: extension(assets, "pg_trgm", []),
      ...Object.fromEntries(
        furtherExtensions.map((name) => [name, extension(assets, name, [])]),
      ),
    },
  };
}

/** A prepared cluster that is damaged, or not of this PostgreSQL, which it finds out itself, only costs time. */
async function startAnew(
  dataFolder: string,
  options: PGliteOptions,
): Promise<PGlite> {
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 3 });
  return PGlite.create(options);
}

/**
 * Opens (or makes) the PostgreSQL cluster in `dataFolder`. `report` gets a sentence when the cluster that the assets
 * bring cannot be used, and another is made. Throws what PGlite throws.
 */
export async function openPGlite(
  dataFolder: string,
  assets: string,
  report: (sentence: string) => void,
): Promise<PGlite> {
  const [options, layout] = await Promise.all([
    readOptions(dataFolder, assets),
    layOutCluster(dataFolder, assets),
  ]);
  const anew = (reason: string): Promise<PGlite> => {
    report(`the prepared database cannot be used (${reason}), so one is made`);
    return startAnew(dataFolder, options);
  };
  if (layout.kind === "damaged") return anew(layout.reason);
  try {
    return await PGlite.create(options);
  } catch (error) {
    // What was there before is a person's data, and stays.
    if (layout.kind === "none") throw error;
    return anew(detailOf(error));
  }
}
