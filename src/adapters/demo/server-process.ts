// The embedded demo database in a process of its own: a running query blocks its event loop,
// and ending the process is the only way to cancel one.
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import type { PGlite } from "@electric-sql/pglite";
import { statfsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { readAssets } from "./assets.ts";
import { reasonOf } from "./failure-reason.ts";
import { takeSlot, type Slot } from "./lock.ts";
import { stopCommand, type DemoMessage } from "./messages.ts";
import { openPGlite } from "./open-pglite.ts";
import { openPrepared } from "./prepare.ts";

/** To the parent, or for a person who starts this by hand. `then` runs when the message is out. */
function tell(message: DemoMessage, then: () => void = () => undefined): void {
  if (process.send === undefined)
    process.stdout.write(`${JSON.stringify(message)}\n`, then);
  else if (process.connected) process.send(message, then);
  else then();
}

/**
 * Ends this process when its parent is gone, even in mid-query: the main thread hears nothing then.
 * An orphan gets another parent on POSIX; on Windows the old number stops answering.
 */
const watcher = `
const parent = process.ppid;
setInterval(() => {
  try { if (process.ppid === parent) return void process.kill(parent, 0); } catch (error) { if (error.code === "EPERM") return; }
  process.kill(process.pid, "SIGKILL");
}, 1000);`;

interface Arguments {
  readonly folder: string;
  readonly assets: string;
  /** 0: the system chooses. */
  readonly port: number;
  readonly content: "demo" | "empty";
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      folder: { type: "string" },
      assets: { type: "string" },
      port: { type: "string", default: "0" },
      content: { type: "string", default: "demo" },
    },
  });
  if (values.folder === undefined || values.assets === undefined)
    throw new Error("--folder and --assets are needed.");
  return {
    folder: values.folder,
    assets: values.assets,
    port: Number(values.port),
    content: values.content === "empty" ? "empty" : "demo",
  };
}

async function listen(
  database: PGlite,
  port: number,
): Promise<{ server: PGLiteSocketServer; port: number }> {
  const server = new PGLiteSocketServer({
    db: database,
    host: "127.0.0.1",
    port,
    maxConnections: 8,
  });
  const listening = new Promise<number>((resolve) => {
    server.addEventListener("listening", (event) => {
      resolve((event as CustomEvent<Pick<AddressInfo, "port">>).detail.port);
    });
  });
  await server.start();
  return { server, port: await listening };
}

function stopOnCommand(
  server: PGLiteSocketServer,
  database: PGlite,
  release: () => Promise<void>,
): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await server.stop();
    await database.close();
    await release();
    process.exit(0);
  };
  const stopNow = (): void => void stop();
  process.on("message", (message) => {
    if (message === stopCommand) stopNow();
  });
  process.on("disconnect", stopNow);
  process.on("SIGTERM", stopNow);
  // Ctrl+C reaches the whole group: whoever started this process decides.
  process.on("SIGINT", () => undefined);
}

interface Opened {
  readonly database: PGlite;
  readonly release: () => Promise<void>;
}

async function openDemo(asked: Arguments, slot: Slot): Promise<Opened> {
  const assets = await readAssets(asked.assets);
  const database = await openPrepared(
    // A port is asked for when this is a restart: somebody waits for the same address.
    {
      folder: slot.folder,
      assetsFolder: asked.assets,
      workload: asked.port === 0 ? "full" : "short",
    },
    assets,
    (step, done, of) => {
      tell({ kind: "progress", step, done, of });
    },
  );
  return { database, release: slot.release };
}

async function openEmpty(asked: Arguments): Promise<Opened> {
  const report = (step: string): void => {
    tell({ kind: "progress", step, done: 0, of: 1 });
  };
  report("database");
  return {
    database: await openPGlite(asked.folder, asked.assets, report),
    release: () => Promise.resolve(),
  };
}

async function run(asked: Arguments): Promise<void> {
  const slot =
    asked.content === "demo" ? await takeSlot(asked.folder) : undefined;
  if (slot?.ok === false) {
    tell({ kind: "failed", reason: { kind: "inUse", pid: slot.error.pid } });
    process.exitCode = 1;
    return;
  }
  const { database, release } =
    slot === undefined
      ? await openEmpty(asked)
      : await openDemo(asked, slot.value);
  const { server, port } = await listen(database, asked.port);
  stopOnCommand(server, database, release);
  tell({ kind: "ready", port });
}

function freeBytesIn(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

const asked = readArguments();
if (process.send !== undefined) new Worker(watcher, { eval: true }).unref();
run(asked).catch((error: unknown) => {
  const freeBytes = freeBytesIn(asked.folder);
  const reason = reasonOf(error, { port: asked.port, freeBytes });
  // Left to itself PGlite keeps the process alive.
  tell({ kind: "failed", reason }, () => process.exit(1));
});
