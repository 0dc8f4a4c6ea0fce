// `npm run bench [-- --json]`: the figures of the editor's main job, with their targets.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { figuresOf, root } from "./launch.mjs";

const json = process.argv.includes("--json");

function packageFigures() {
  const vsix = path.join(root, "planlens.vsix");
  if (!existsSync(vsix)) return [];
  return [
    {
      name: "VSIX",
      value: statSync(vsix).size / 1024 / 1024,
      unit: "MB",
      target: 15,
    },
  ];
}

async function workbenchFigures() {
  const script = path.join(root, "test/bench/workbench.mjs");
  if (!existsSync(script)) return [];
  const done = spawnSync(process.execPath, [script], {
    cwd: root,
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`workbench failed: ${done.stderr}`);
  return JSON.parse(done.stdout.trim().split("\n").at(-1));
}

const figures = [
  ...(await figuresOf("panel")),
  ...(await figuresOf("core")),
  ...(await figuresOf("hover")),
  ...packageFigures(),
  ...(await workbenchFigures()),
];
if (json) process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`);
else
  for (const { name, value, unit, target } of figures) {
    const verdict =
      target === null
        ? ""
        : value <= target
          ? `met (≤ ${target})`
          : `MISSED (≤ ${target})`;
    process.stdout.write(
      `${name.padEnd(46)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(3)} ${verdict}\n`,
    );
  }
