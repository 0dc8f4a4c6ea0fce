// `npm run bench:advisor -- BUNDLE.json.gz … [--seconds=60] [--explains=10000] [--patience=3] [--only=hypopg336] [--json]`: see advisor.ts.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const outfile = path.join(root, ".cache", "bench", "advisor.mjs");
await build({
  absWorkingDir: root,
  entryPoints: ["test/bench/advisor.ts"],
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
