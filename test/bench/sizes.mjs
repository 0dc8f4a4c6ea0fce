// `node test/bench/sizes.mjs [--json] …`: the size model against real builds; options in sizes.ts.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const outfile = path.join(root, ".cache", "bench", "sizes.mjs");
await build({
  absWorkingDir: root,
  entryPoints: ["test/bench/sizes.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
});
const done = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exitCode = done.status ?? 1;
