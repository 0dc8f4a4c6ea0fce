import { spawn, spawnSync } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { repositoryRoot } from "../support/server-binaries.ts";

/** The built command line. */
export const cliFile = path.join(repositoryRoot, "dist", "cli.js");

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Another Node, or another copy of the command line. */
interface OtherProgram {
  readonly node?: string;
  readonly script?: string;
}

const environmentOf = ({ env }: RunOptions): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  HOME: os.tmpdir(),
  TMPDIR: os.tmpdir(),
  ...env,
});

/** A stack trace is never what a person should read. */
function checked(run: Run): Run {
  expect(run.out + run.err).not.toMatch(/^ {4}at .+:\d+:\d+\)?$/m);
  return run;
}

export function runCli(
  args: readonly string[],
  options: RunOptions & OtherProgram = {},
): Run {
  const { node = process.execPath, script = cliFile } = options;
  const done = spawnSync(node, [script, ...args], {
    encoding: "utf8",
    input: options.input,
    env: environmentOf(options),
    maxBuffer: 64 * 1024 ** 2,
  });
  return checked({ code: done.status, out: done.stdout, err: done.stderr });
}

export interface StartedRun {
  /** To the command line alone, or, as a terminal's Ctrl+C, to all that it has started too. */
  readonly interrupt: (whom: "alone" | "group") => void;
  readonly ended: Promise<Run>;
}

/** In a process group of its own, for runs that something happens to. */
export function startCli(
  args: readonly string[],
  options: RunOptions = {},
): StartedRun {
  const child = spawn(process.execPath, [cliFile, ...args], {
    env: environmentOf(options),
    detached: true,
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  child.stdin.end(options.input ?? "");
  const ended = new Promise<Run>((resolve) => {
    child.once("close", (code) => {
      resolve(checked({ code, out, err }));
    });
  });
  return {
    interrupt: (whom) => {
      const { pid } = child;
      if (pid === undefined) return;
      process.kill(whom === "group" ? -pid : pid, "SIGINT");
    },
    ended,
  };
}
