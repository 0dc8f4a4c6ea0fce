// `node test/bench/statements.mjs [--json] [--only=WORDS] [--world=NAME] [--prover=KIND]`: see statements.ts.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const outfile = path.join(root, ".cache", "bench", "statements.mjs");
await build({
  absWorkingDir: root,
  entryPoints: ["test/bench/statements.ts"],
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
