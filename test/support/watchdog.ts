import { spawn } from "node:child_process";
import { Socket } from "node:net";

/**
 * Waits until its input ends, which the system sees to however its parent goes; then ends the process `argv[1]` with
 * the signal `argv[2]` and removes the folder `argv[3]`.
 */
export const watchdogScript = `
process.stdin.resume();
process.stdin.on("error", () => undefined);
process.stdin.once("close", () => {
  const [, pid, signal, folder] = process.argv;
  try {
    process.kill(Number(pid), signal);
  } catch {
    // It has gone by itself: only its folder is left to remove.
  }
  setTimeout(() => require("node:fs").rmSync(folder, { recursive: true, force: true, maxRetries: 5 }), 1000);
});`;

/** Sees to it that a process does not outlive this one, even when this one is killed hard. Call the answer once the process has ended. */
export function guardProcess(
  pid: number,
  signal: NodeJS.Signals,
  folder: string,
): () => void {
  const watchdog = spawn(
    process.execPath,
    ["-e", watchdogScript, String(pid), signal, folder],
    // A group of its own: what ends this one's group does not end the watchdog.
    { detached: true, stdio: ["pipe", "ignore", "ignore"] },
  );
  watchdog.on("error", () => undefined);
  watchdog.unref();
  const { stdin } = watchdog;
  stdin.on("error", () => undefined);
  if (stdin instanceof Socket) stdin.unref();
  return () => {
    watchdog.kill("SIGKILL");
  };
}
