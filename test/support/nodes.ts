import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { repositoryRoot } from "./server-binaries.ts";

/** The versions that the command line promises to run on. */
export const nodeMajors = [20, 22, 24] as const;
export type NodeMajor = (typeof nodeMajors)[number];

const nodesFolder = path.join(repositoryRoot, "tools/nodes");

const programOf = (major: NodeMajor): string =>
  path.join(
    nodesFolder,
    "node_modules",
    `node${major}-${process.platform}-${process.arch}`,
    "bin/node",
  );

function installNodes(): string | undefined {
  const done = spawnSync(
    "npm",
    [
      "install",
      "--no-save",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ],
    {
      cwd: nodesFolder,
      encoding: "utf8",
      shell: process.platform === "win32",
      timeout: 170_000,
    },
  );
  if (done.status === 0) return undefined;
  const [said = ""] = (done.error?.message ?? done.stderr).split("\n");
  return `npm install in tools/nodes failed: ${said}`;
}

/** The program, installed from npm when absent; otherwise the reason in words. */
export function findNode(
  major: NodeMajor,
): { readonly program: string } | { readonly missing: string } {
  const program = programOf(major);
  if (existsSync(program)) return { program };
  const failure = installNodes();
  if (failure !== undefined) return { missing: failure };
  return existsSync(program)
    ? { program }
    : {
        missing: `no Node ${major} package for ${process.platform} ${process.arch}`,
      };
}
