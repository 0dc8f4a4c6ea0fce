import { phrase } from "../../core/words.ts";
import type { PostgresTarget } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { DemoFailure } from "./messages.ts";
import {
  spawnServer,
  type DemoProgress,
  type ServerPlace,
} from "./spawn-server.ts";
import { supervise, type Supervised } from "./supervise.ts";

export interface DemoOptions extends ServerPlace {
  readonly onProgress: (progress: DemoProgress) => void;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
}

/** The running demo database; `target` stays the same over restarts. */
export interface Demo extends Supervised {
  readonly target: PostgresTarget;
}

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
  if (started.ok)
    return succeeded({
      target: targetOn(started.value.port),
      ...supervise(options, started.value),
    });
  if (started.error === "cancelled") return failed({ kind: "cancelled" });
  return failed(errorOf(started.error, options.folder));
}
