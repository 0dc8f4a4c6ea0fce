import { phrase } from "../../core/words.ts";
import type { PostgresTarget } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { DemoFailure } from "./messages.ts";
import {
  spawnServer,
  type DemoProgress,
  type ServerPlace,
  type ServerProcess,
} from "./spawn-server.ts";

export interface DemoOptions extends ServerPlace {
  readonly onProgress: (progress: DemoProgress) => void;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
}

/** The running demo database; `target` stays the same over restarts. */
export interface Demo {
  readonly target: PostgresTarget;
  /** Ends what it is doing, at once, and opens it again: the only way to cancel a query. Clients must reconnect. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A server that keeps dying is left dead: three ends within this time. */
const patience = { ends: 3, withinMs: 60_000 } as const;

export function errorOf(reason: DemoFailure, folder: string): DatabaseError {
  switch (reason.kind) {
    case "inUse":
      return {
        kind: "misconfigured",
        message: phrase(
          "The demo database is open in too many windows (the last is process {0}). Close one of them.",
          String(reason.pid),
        ),
      };
    case "disk":
      return {
        kind: "misconfigured",
        message: phrase(
          "The demo database needs 300 MB in {0}, which could not be written: {1}.",
          folder,
          reason.detail,
        ),
      };
    case "port":
      return {
        kind: "misconfigured",
        message: phrase(
          "Port {0} of this machine is taken by another program.",
          String(reason.port),
        ),
      };
    case "database":
      return {
        kind: "connectionLost",
        message: phrase("The demo database did not start: {0}", reason.detail),
      };
  }
}

export const targetOn = (port: number): PostgresTarget => ({
  engine: "postgres",
  host: "127.0.0.1",
  port,
  database: "postgres",
  user: "postgres",
  sslMode: "disable",
  sslRootCertPath: undefined,
  sslCertPath: undefined,
  sslKeyPath: undefined,
});

/** Says whether one more unexpected end may be answered with a new start. */
function createPatience(): () => boolean {
  let ends: number[] = [];
  return () => {
    const now = Date.now();
    ends = [...ends.filter((at) => now - at < patience.withinMs), now];
    return ends.length < patience.ends;
  };
}

const quietlyOn = (port: number): Parameters<typeof spawnServer>[1] => ({
  port,
  onProgress: () => undefined,
  signal: undefined,
});

/** Keeps one server process alive on one port. */
function supervise(options: DemoOptions, first: ServerProcess): Demo {
  let current: ServerProcess | undefined;
  let restarting: Promise<void> | undefined;
  let stopped = false;
  const mayRestart = createPatience();

  const watch = (server: ServerProcess): void => {
    current = server;
    void server.ended.then(() => {
      if (stopped || restarting !== undefined || current !== server) return;
      current = undefined;
      if (mayRestart()) void restart();
    });
  };
  const again = async (): Promise<void> => {
    await current?.kill();
    current = undefined;
    const started = await spawnServer(options, quietlyOn(first.port));
    if (started.ok) watch(started.value);
  };
  const restart = (): Promise<void> => {
    restarting ??= again().finally(() => {
      restarting = undefined;
    });
    return restarting;
  };
  watch(first);
  return {
    target: targetOn(first.port),
    restart: async () => {
      if (!stopped) await restart();
    },
    stop: async () => {
      stopped = true;
      await restarting;
      await current?.stop();
    },
  };
}

/**
 * Starts the demo database in a process of its own; the first time in a folder it makes the data (about 20 s).
 * Fails with `cancelled` when the signal fires, `misconfigured` for a folder or port that cannot be used,
 * and `connectionLost` when the process dies.
 */
export async function startDemo(
  options: DemoOptions,
): Promise<Result<Demo, DatabaseError>> {
  const started = await spawnServer(options, {
    port: 0,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  if (started.ok) return succeeded(supervise(options, started.value));
  if (started.error === "cancelled") return failed({ kind: "cancelled" });
  return failed(errorOf(started.error, options.folder));
}
