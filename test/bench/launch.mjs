// Bundles the TypeScript benchmarks and runs them.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");

/** Bundles `test/bench/NAME.ts`; answers the script to run. */
async function bundle(name) {
  const outfile = path.join(root, ".cache", "bench", `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [`test/bench/${name}.ts`],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  return outfile;
}

/** Runs a benchmark with these arguments; this process ends as it does. `options` are those of a child process. */
export async function launch(
  name,
  given = process.argv.slice(2),
  options = {},
) {
  const script = await bundle(name);
  const { status } = spawnSync(process.execPath, [script, ...given], {
    stdio: "inherit",
    ...options,
  });
  process.exitCode = status ?? 1;
}

/** Runs a benchmark that prints its figures as one last line of JSON. */
export async function figuresOf(name) {
  const script = await bundle(name);
  const done = spawnSync(process.execPath, [script], {
    cwd: root,
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`${name} failed: ${done.stderr}`);
  return JSON.parse(done.stdout.trim().split("\n").at(-1));
}
