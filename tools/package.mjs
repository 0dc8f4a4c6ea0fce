// Writes planlens.vsix: the one package for every system (WASM only, nothing native).
import { spawnSync } from "node:child_process";
import path from "node:path";
import { buildAll } from "./build.mjs";

const root = path.resolve(import.meta.dirname, "..");
await buildAll();
const vsce = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
const done = spawnSync(
  process.execPath,
  [
    vsce,
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "--skip-license",
    "--no-rewrite-relative-links",
    "-o",
    "planlens.vsix",
  ],
  { cwd: root, encoding: "utf8" },
);
if (done.status !== 0) {
  process.stderr.write(
    `The VSIX could not be written:\n${done.stdout}${done.stderr}`,
  );
  process.exit(1);
}
process.stdout.write(
  done.stdout.trim().split("\n").slice(-2).join("\n") + "\n",
);
