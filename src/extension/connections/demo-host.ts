import type { Demo } from "../../adapters/demo/start-demo.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, type Result } from "../../core/result.ts";
import type { ConnectionProfile } from "../../app/connection.ts";
import { demoId } from "./stored-profile.ts";

/** Starts the demo's process; the signal ends a start that is under way. */
export type StartDemo = (
  signal: AbortSignal,
) => Promise<Result<Demo, DatabaseError>>;

/** The one demo database of this window. */
export interface DemoHost {
  /**
   * Starts it at the first call; later calls share it. A failed start is not kept; one that the person cancelled is: what
   * opens connections by itself would start it again at once.
   */
  readonly start: () => Promise<Result<Demo, DatabaseError>>;
  /** The person wants it, whatever was cancelled before. */
  readonly allow: () => void;
  readonly stop: () => Promise<void>;
}

/** The embedded demo as a connection; it is never stored in the settings. */
export function demoProfile(name: string): ConnectionProfile {
  return {
    id: demoId,
    name,
    color: undefined,
    environment: "dev",
    target: { engine: "demo" },
    explainWhileTyping: true,
    explainOnHover: true,
  };
}

/** Keeps the demo started at most once. `startDemo` shows its own progress and may be cancelled there. */
export function createDemoHost(startDemo: StartDemo): DemoHost {
  let running:
    | {
        readonly demo: Promise<Result<Demo, DatabaseError>>;
        readonly abort: AbortController;
      }
    | undefined;
  let isTurnedDown = false;
  return {
    allow: () => {
      isTurnedDown = false;
    },
    start: async () => {
      if (running !== undefined) return running.demo;
      if (isTurnedDown) return failed({ kind: "cancelled" });
      const abort = new AbortController();
      const mine = { abort, demo: startDemo(abort.signal) };
      running = mine;
      const demo = await mine.demo.catch((error: unknown) => {
        if (running === mine) running = undefined;
        throw error;
      });
      if (!demo.ok && running === mine) {
        running = undefined;
        isTurnedDown = demo.error.kind === "cancelled";
      }
      return abort.signal.aborted && demo.ok
        ? failed({ kind: "cancelled" })
        : demo;
    },
    stop: async () => {
      const stopping = running;
      running = undefined;
      if (stopping === undefined) return;
      stopping.abort.abort();
      const demo = await stopping.demo.catch(() => undefined);
      if (demo?.ok === true) await demo.value.stop();
    },
  };
}
