// `npm test`: check, unit, integration on real servers, end to end in the real workbench.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { installPackages, installSystemParts } from "./bootstrap.mjs";

const root = path.resolve(import.meta.dirname, "..");
const results = path.join(root, "test-results");
const wanted = process.argv.slice(2);
const asked = (name) => wanted.length === 0 || wanted.includes(name);

if (!installPackages()) process.exit(1);
const missing = installSystemParts();
mkdirSync(results, { recursive: true });

const totals = { passed: 0, failed: 0, skipped: 0 };
const failed = [];
const skipped = [];
const node = (script, args = []) =>
  spawnSync(process.execPath, [path.join(root, script), ...args], {
    cwd: root,
    stdio: "inherit",
  }).status === 0;

function step(name, run) {
  if (!asked(name)) return;
  process.stdout.write(`\n── ${name}\n`);
  const started = Date.now();
  run();
  process.stdout.write(
    `── ${name}: ${Math.round((Date.now() - started) / 1000)} s\n`,
  );
}

function count(ok, name) {
  totals[ok ? "passed" : "failed"] += 1;
  if (!ok) failed.push(name);
}

/** The first lines of a failure: what was expected and where. */
function indented(text) {
  return text
    .split("\n")
    .slice(0, 12)
    .map((line) => `    ${line}`)
    .join("\n");
}

/** Runs one vitest project; its counts come from the JSON report, never from the exit code alone. */
function vitest(project) {
  const report = path.join(results, `${project}.json`);
  rmSync(report, { force: true });
  const done = spawnSync(
    process.execPath,
    [
      path.join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    { cwd: root, stdio: "inherit" },
  );
  if (!existsSync(report))
    return count(false, `${project}: ended without a report`);
  const told = JSON.parse(readFileSync(report, "utf8"));
  totals.passed += told.numPassedTests;
  totals.failed += told.numFailedTests;
  totals.skipped += told.numPendingTests + told.numTodoTests;
  for (const file of told.testResults)
    for (const test of file.assertionResults)
      if (test.status === "failed")
        failed.push(
          `${project}: ${test.fullName}\n${indented(test.failureMessages.join("\n"))}`,
        );
      else if (test.status !== "passed")
        skipped.push(`${project}: ${test.fullName}`);
  // A suite that could not even be loaded has no test to fail.
  if (done.status !== 0 && told.numFailedTests === 0)
    count(false, `${project}: ended with status ${done.status}`);
}

step("check", () =>
  count(node("tools/check.mjs"), "check: see its part above"),
);
step("package", () =>
  count(node("tools/package.mjs"), "package: see its part above"),
);
step("unit", () => vitest("unit"));
step("integration", () => vitest("integration"));
step("e2e", () => vitest("e2e"));

// At the end, where a long log is read first.
const list = (title, names) =>
  names.length > 0 &&
  process.stdout.write(
    `\n${title}:\n${names.map((name) => `  ${name}`).join("\n")}\n`,
  );
list("Failed", failed);
list("Skipped", skipped);
if (missing.length > 0)
  process.stdout.write(`\nWhy: ${missing.join("\n     ")}\n`);
process.stdout.write(
  `\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`,
);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
