// Installs code-server (the real VS Code workbench) beside this file, once.
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { networkOptions } from "../registry.mjs";

const here = import.meta.dirname;
const done = path.join(here, "node_modules", ".complete");
const server = path.join(here, "node_modules", "code-server");

/** Node 24 of its own: code-server does not run on the Node that the project supports at the least. */
export const workbenchNode = path.join(
  here,
  "node_modules",
  `node-linux-${process.arch}`,
  "bin",
  "node",
);
export const workbenchEntry = server;

/** Why the workbench cannot be installed on this system; undefined when it can. */
function whyNoWorkbench() {
  return process.platform === "linux" &&
    (process.arch === "x64" || process.arch === "arm64")
    ? undefined
    : "code-server is brought for Linux only; install desktop VS Code for `npm start`";
}

function npm(args, cwd) {
  const result = spawnSync(
    "npm",
    [
      ...args,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ],
    { cwd, encoding: "utf8" },
  );
  return result.status === 0
    ? undefined
    : `${result.stdout}${result.stderr}`.trim().split("\n").slice(-3).join(" ");
}

/** Installs when missing. Returns undefined, or a sentence that says what failed and what to do. */
export function installWorkbench(say = () => {}) {
  const unavailable = whyNoWorkbench();
  if (unavailable !== undefined) return unavailable;
  if (existsSync(done)) return undefined;
  say("Installing the VS Code workbench (once, about a minute, 780 MB)…");
  const network = networkOptions(here);
  // The inner package has a lock file of its own that `npm ci` rejects, hence `install` twice.
  const failure =
    npm(["install", ...network], here) ??
    npm(
      ["install", "--omit=dev", ...network],
      path.join(server, "lib", "vscode"),
    );
  if (failure !== undefined)
    return `The VS Code workbench could not be installed; check network and disk (1 GB), then try again. npm said: ${failure}`;
  writeFileSync(done, "");
  return undefined;
}
