// `npm run bench:promises -- BUNDLE.json.gz … [--server=URL] [--shares=0.25,0.5] [--json] …`: see promises.ts.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const outfile = path.join(root, ".cache", "bench", "promises.mjs");
await build({
  absWorkingDir: root,
  entryPoints: ["test/bench/promises.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
});
const { status } = spawnSync(
  process.execPath,
  [outfile, root, ...process.argv.slice(2)],
  { stdio: "inherit" },
);
process.exitCode = status ?? 1;
