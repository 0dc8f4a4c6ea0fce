import { fork, type ChildProcess } from "node:child_process";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { isDemoMessage, stopCommand, type DemoFailure } from "./messages.ts";

/** Where the server's parts lie. */
export interface ServerPlace {
  /** Where the data is kept; made when missing. */
  readonly folder: string;
  /** The bundled server-process.ts. */
  readonly serverScript: string;
  /** PGlite's files and the demo's SQL. */
  readonly assetsFolder: string;
  /** `empty`: a database without anything in it, in `folder` itself, which is the caller's alone. */
  readonly content?: "demo" | "empty";
}

export interface DemoProgress {
  readonly step: string;
  readonly done: number;
  readonly of: number;
}

export interface Start {
  /** 0: the system chooses. */
  readonly port: number;
  readonly onProgress: (progress: DemoProgress) => void;
  readonly signal: AbortSignal | undefined;
}

export interface ServerProcess {
  readonly port: number;
  readonly ended: Promise<void>;
  /** Closes the database first; ends the process anyway when that takes too long. */
  readonly stop: () => Promise<void>;
  /** At once, in mid-query. The log of the database repairs the data at the next start. */
  readonly kill: () => Promise<void>;
}

/** Closing takes a tenth of this; a query that runs would hold it up forever. */
const graceMs = 3000;

const keptErrorLength = 2000;

function launch(place: ServerPlace, port: number): ChildProcess {
  // NODE_OPTIONS of the editor's own process are not meant for its children.
  const environment = { ...process.env, NODE_OPTIONS: undefined };
  const args = [
    "--folder",
    place.folder,
    "--assets",
    place.assetsFolder,
    "--port",
    String(port),
    "--content",
    place.content ?? "demo",
  ];
  return fork(place.serverScript, args, {
    // The extension host's executable is Electron, which is Node only when told so.
    env: { ...environment, ELECTRON_RUN_AS_NODE: "1" },
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

function lastErrors(child: ChildProcess): () => string {
  let kept = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    kept = (kept + text).slice(-keptErrorLength);
  });
  return () => kept.trim();
}

function handle(
  child: ChildProcess,
  ended: Promise<void>,
  port: number,
): ServerProcess {
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  return {
    port,
    ended,
    kill,
    stop: async () => {
      if (child.connected) child.send(stopCommand);
      const late = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Settles when the process is gone and all that it said has been read; also when it could not be started. */
function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("close", () => {
      resolve();
    });
    child.once("error", () => {
      resolve();
    });
  });
}

interface Told {
  readonly ready: Promise<number>;
  readonly failure: () => DemoFailure | undefined;
}

function listen(child: ChildProcess, onProgress: Start["onProgress"]): Told {
  let failure: DemoFailure | undefined;
  const ready = new Promise<number>((resolve) => {
    child.on("message", (message) => {
      if (!isDemoMessage(message)) return;
      if (message.kind === "progress") onProgress(message);
      else if (message.kind === "failed") failure = message.reason;
      else resolve(message.port);
    });
  });
  return { ready, failure: () => failure };
}

/** Resolves with the ready server, or with why there is none; the process is gone then. */
export async function spawnServer(
  place: ServerPlace,
  start: Start,
): Promise<Result<ServerProcess, DemoFailure | "cancelled">> {
  const isCancelled = (): boolean => start.signal?.aborted ?? false;
  if (isCancelled()) return failed("cancelled");
  const child = launch(place, start.port);
  const errors = lastErrors(child);
  const ended = endOf(child);
  const abort = (): void => void child.kill("SIGKILL");
  start.signal?.addEventListener("abort", abort, { once: true });
  const { ready, failure } = listen(child, start.onProgress);
  const port = await Promise.race([ready, ended]);
  start.signal?.removeEventListener("abort", abort);
  if (typeof port === "number" && !isCancelled())
    return succeeded(handle(child, ended, port));
  await ended;
  if (isCancelled()) return failed("cancelled");
  return failed(
    failure() ?? { kind: "database", detail: errors() || "its process ended" },
  );
}
