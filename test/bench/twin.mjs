// Twins against their sources: plans equal, largest differences, time to build; see twin.ts for the arguments.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const outfile = path.join(root, ".cache", "bench", "twin.mjs");
mkdirSync(path.dirname(outfile), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ["test/bench/twin.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
});
const files = process.argv
  .slice(2)
  .map((one) => (one.startsWith("--") ? one : path.resolve(one)));
const done = spawnSync(process.execPath, [outfile, root, ...files], {
  cwd: root,
  stdio: "inherit",
});
process.exit(done.status ?? 1);
