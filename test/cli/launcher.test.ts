import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repositoryRoot } from "../support/server-binaries.ts";

let folder = "";

/** A command line of the test's own stands where the built one would. */
function place(script: string): string {
  writeFileSync(path.join(folder, "dist", "cli.js"), script);
  return path.join(folder, "tools", "planlens.mjs");
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "planlens-launcher-"));
  mkdirSync(path.join(folder, "dist"));
  mkdirSync(path.join(folder, "tools"));
  copyFileSync(
    path.join(repositoryRoot, "tools", "planlens.mjs"),
    path.join(folder, "tools", "planlens.mjs"),
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(process.platform === "win32")("npm run planlens", () => {
  test("hands SIGTERM on, and waits until the command line has cleaned up", async () => {
    const launcher = place(`
      process.on("SIGTERM", () => setTimeout(() => { console.log("cleaned up"); process.exit(7); }, 100));
      setInterval(() => undefined, 1000);
      console.log("running");`);
    const child = spawn(process.execPath, [launcher], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (text.includes("running")) child.kill("SIGTERM");
    });
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, said }).toEqual({ code: 7, said: "running\ncleaned up\n" });
  });

  test("answers with the command line's own exit code, or with the signal that ended it", async () => {
    const exitOf = async (script: string): Promise<number | null> => {
      const child = spawn(process.execPath, [place(script)]);
      const [code] = (await once(child, "close")) as [number | null];
      return code;
    };
    expect(await exitOf("process.exit(2)")).toBe(2);
    expect(await exitOf("process.kill(process.pid, 'SIGKILL')")).toBe(137);
  });
});
