// `node test/bench/parameters.mjs BUNDLE.json.gz … [--servers 13,14,15]`: see parameters.ts.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const outfile = path.join(root, ".cache", "bench", "parameters.mjs");
await build({
  absWorkingDir: root,
  entryPoints: ["test/bench/parameters.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
});
const { status } = spawnSync(
  process.execPath,
  [outfile, ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exitCode = status ?? 1;
