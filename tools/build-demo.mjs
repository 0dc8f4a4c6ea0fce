// The demo database's server: dist/demo-server.js, and dist/demo/ with PGlite's files and the demo's SQL.
import { build } from "esbuild";
import { cp, mkdir } from "node:fs/promises";
import path from "node:path";
import { prepareCluster } from "./prepare-cluster.mjs";

const root = path.resolve(import.meta.dirname, "..");
const pglite = path.join(
  root,
  "node_modules",
  "@electric-sql",
  "pglite",
  "dist",
);
const pgliteFiles = [
  "pglite.wasm",
  "pglite.data",
  "initdb.wasm",
  "pg_stat_statements.tar.gz",
  "pg_trgm.tar.gz",
  // For twins of schemas that use them.
  "btree_gin.tar.gz",
  "btree_gist.tar.gz",
  "citext.tar.gz",
  "cube.tar.gz",
  "fuzzystrmatch.tar.gz",
  "hstore.tar.gz",
  "intarray.tar.gz",
  "isn.tar.gz",
  "ltree.tar.gz",
  "seg.tar.gz",
  "tablefunc.tar.gz",
  "unaccent.tar.gz",
  "uuid-ossp.tar.gz",
];
const assets = [
  "migrations",
  "queries",
  "generate.sql",
  "workload.json",
  "README.md",
  ".vscode",
];

/** What a cluster comes out of: PGlite's program, its initdb and what it is called with. */
const clusterSources = [
  "pglite.wasm",
  "pglite.data",
  "initdb.wasm",
  "index.cjs",
].map((name) => path.join(pglite, name));

/** Writes `outDir`/demo-server.js and `outDir`/demo; both are all that the server needs. */
export async function buildDemo({ outDir, production = true }) {
  const demo = path.join(outDir, "demo");
  const serverScript = path.join(outDir, "demo-server.js");
  await mkdir(path.join(demo, "pglite"), { recursive: true });
  await Promise.all([
    build({
      absWorkingDir: root,
      entryPoints: ["src/adapters/demo/server-process.ts"],
      outfile: serverScript,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      // PGlite's CommonJS file: its ESM one uses import.meta, which a CommonJS bundle does not have,
      // and an import statement always resolves to the ESM one.
      alias: { "@electric-sql/pglite": path.join(pglite, "index.cjs") },
      minify: production,
      sourcemap: production ? false : "linked",
      logLevel: "warning",
    }),
    ...pgliteFiles.map((name) =>
      cp(path.join(pglite, name), path.join(demo, "pglite", name)),
    ),
    ...assets.map((name) =>
      cp(path.join(root, "demo", name), path.join(demo, name), {
        recursive: true,
      }),
    ),
  ]);
  const cluster = await prepareCluster({
    serverScript,
    assets: demo,
    sources: clusterSources,
  });
  await cp(cluster, path.join(demo, "pglite", "cluster.br"));
}
