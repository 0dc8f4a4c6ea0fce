// `node test/bench/panel.mjs [--json]`: how fast the plan panel draws, against the budgets of its design.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const outfile = path.join(root, ".cache", "bench", "panel.mjs");
await build({
  absWorkingDir: root,
  entryPoints: ["test/bench/panel.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
});
const done = spawnSync(process.execPath, [outfile], {
  cwd: root,
  encoding: "utf8",
});
if (done.status !== 0) throw new Error(done.stderr);
const figures = JSON.parse(done.stdout.trim().split("\n").at(-1));
if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
else if (figures.length === 0) console.log("skipped: no Chromium");
else {
  console.table(
    figures.map(({ name, value, unit, target }) => ({
      name,
      value: `${value.toFixed(1)} ${unit}`.trim(),
      target: `${target} ${unit}`.trim(),
      kept: value <= target,
    })),
  );
}
