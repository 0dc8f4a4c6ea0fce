import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { watchdogScript } from "./watchdog.ts";

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

// A test process in small: a sleeper that stands for the server, and its watchdog.
const parent = `
const { spawn } = require("node:child_process");
const [, watchdog, folder] = process.argv;
const sleeper = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], { stdio: "ignore", detached: true });
spawn(process.execPath, ["-e", watchdog, String(sleeper.pid), "SIGQUIT", folder],
  { detached: true, stdio: ["pipe", "ignore", "ignore"] });
setTimeout(() => console.log(sleeper.pid), 300);
setInterval(() => 0, 1000);`;

it("ends the server and removes its folder when the test process is killed hard", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "planlens-watched-"));
  const child = spawn(
    process.execPath,
    ["-e", parent, watchdogScript, folder],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const pid = await new Promise<number>((resolve) => {
    child.stdout.once("data", (chunk: Buffer) => {
      resolve(Number(chunk.toString("utf8")));
    });
  });
  expect(isAlive(pid)).toBe(true);
  child.kill("SIGKILL");
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  await expect.poll(() => existsSync(folder), { timeout: 10_000 }).toBe(false);
}, 30_000);
