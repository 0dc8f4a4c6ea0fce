// What `npm start` has begun and must end: child processes, the workbench, its place under .cache/start.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Everything registered here ends in reverse order, once. */
export function createSession() {
  const endings = [];
  const session = {
    interrupted: false,
    onEnd: (ending) => endings.push(ending),
    end: async () => {
      while (endings.length > 0) await endings.pop()();
    },
    /** Ctrl+C: a second one while things end does not wait for them. */
    interrupt: async () => {
      if (session.interrupted) process.exit(130);
      session.interrupted = true;
      await session.end();
    },
    /** Runs a command to its end; resolves with its exit code, 130 after an interruption. */
    run: (command, args, options = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(command, args, { stdio: "inherit", ...options });
        session.onEnd(() => {
          if (child.exitCode === null) child.kill();
        });
        child.once("error", reject);
        child.once("exit", (code) => resolve(code ?? 130));
      }),
  };
  return session;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** A folder of one's own under .cache/start, the first that no living run holds: two runs at once do not meet. */
export function takeHome(root, session) {
  for (let number = 1; ; number += 1) {
    const home = path.join(root, ".cache", "start", String(number));
    mkdirSync(home, { recursive: true });
    const lock = path.join(home, "lock");
    const holder = readHolder(lock);
    if (holder !== undefined && isAlive(holder)) continue;
    writeFileSync(lock, String(process.pid));
    session.onEnd(() => rmSync(lock, { force: true }));
    return home;
  }
}

function readHolder(lock) {
  try {
    return Number(readFileSync(lock, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}
