import { PGlite, type Extension } from "@electric-sql/pglite";
import { openAsBlob } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

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

/** Opens (or makes) the PostgreSQL cluster in `dataFolder`. Throws what PGlite throws. */
export async function openPGlite(
  dataFolder: string,
  assets: string,
): Promise<PGlite> {
  const file = (name: string): string => path.join(assets, "pglite", name);
  const [database, initdb, bundle] = await Promise.all([
    WebAssembly.compile(await readFile(file("pglite.wasm"))),
    WebAssembly.compile(await readFile(file("initdb.wasm"))),
    openAsBlob(file("pglite.data")),
  ]);
  return PGlite.create({
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
  });
}
