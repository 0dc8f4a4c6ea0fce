// `npm run check`: types, lint, walls, dead code, format, manifest against code. No database, no editor.
import { spawn } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = (name) => path.join(root, "node_modules", ".bin", name);

const steps = [
  ["types", bin("tsc"), ["-b"]],
  [
    "lint",
    bin("eslint"),
    [
      "src",
      "webview",
      "test",
      "--max-warnings",
      "0",
      "--cache",
      "--cache-location",
      ".cache/eslint",
    ],
  ],
  [
    "walls",
    bin("depcruise"),
    [
      "src",
      "webview",
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "err",
    ],
  ],
  ["dead code", bin("knip"), ["--no-progress"]],
  [
    "format",
    bin("prettier"),
    [
      "--check",
      "--log-level",
      "warn",
      "src",
      "webview",
      "test/**/*.ts",
      "tools/*.mjs",
      "docs",
      "*.md",
      "*.json",
      "*.mjs",
    ],
  ],
  [
    "texts",
    process.execPath,
    [path.join(root, "tools", "l10n.mjs"), "--check"],
  ],
  [
    "manifest",
    bin("vitest"),
    ["run", "--project", "unit", "test/manifest", "--passWithNoTests"],
  ],
];

function run([name, command, args]) {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(command, args, {
      cwd: root,
      shell: process.platform === "win32",
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (error) =>
      resolve({ name, ok: false, output: error.message, ms: 0 }),
    );
    child.on("close", (code) =>
      resolve({ name, ok: code === 0, output, ms: Date.now() - started }),
    );
  });
}

// Types first: lint and dead code read the same project, and two cores take two at a time.
const results = [await run(steps[0])];
const rest = steps.slice(1);
const worker = async () => {
  for (let step = rest.shift(); step !== undefined; step = rest.shift())
    results.push(await run(step));
};
await Promise.all([worker(), worker()]);
for (const { name, ok, output, ms } of results) {
  process.stdout.write(
    `${ok ? "ok  " : "FAIL"} ${name} (${(ms / 1000).toFixed(1)} s)\n`,
  );
  if (!ok) process.stdout.write(output + "\n");
}
process.exit(results.every((result) => result.ok) ? 0 : 1);
