import type { PostgresTarget } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { openSession, type Session } from "./session.ts";

/** Nothing may hang for more than 5 s; this leaves room for the answer to travel. */
const connectLimitMs = 4900;
const maxSessions = 2;
const idleMs = 60_000;

export interface PoolOptions {
  readonly password: () => Promise<string | undefined>;
  readonly singleSession?: boolean;
}

export interface Pool {
  readonly acquire: (
    signal: AbortSignal,
  ) => Promise<Result<{ session: Session; reused: boolean }, DatabaseError>>;
  readonly release: (session: Session) => void;
  readonly open: (limitMs: number) => Promise<Result<Session, DatabaseError>>;
  readonly close: () => Promise<void>;
}

/** A few sessions, opened when needed, closed when idle for a minute, replaced when lost. */
export function createPool(target: PostgresTarget, options: PoolOptions): Pool {
  const limit = options.singleSession === true ? 1 : maxSessions;
  const idle: { session: Session; timer: NodeJS.Timeout }[] = [];
  const busy = new Set<Session>();
  const waiting: (() => void)[] = [];
  let taken = 0;
  let closed = false;

  const takeIdle = (): Session | undefined => {
    for (let entry = idle.pop(); entry !== undefined; entry = idle.pop()) {
      clearTimeout(entry.timer);
      if (!entry.session.isLost()) return entry.session;
    }
    return undefined;
  };
  const freeSlot = (): void => {
    taken -= 1;
    waiting.shift()?.();
  };
  const open: Pool["open"] = async (limitMs) =>
    openSession(target, await options.password(), limitMs);

  const takeSlot = async (
    signal: AbortSignal,
  ): Promise<DatabaseError | undefined> => {
    if (taken < limit) {
      taken += 1;
      return undefined;
    }
    return new Promise((resolve) => {
      const finish = (error: DatabaseError | undefined): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        const at = waiting.indexOf(onTurn);
        if (at >= 0) waiting.splice(at, 1);
        resolve(error);
      };
      const onTurn = (): void => {
        taken += 1;
        finish(undefined);
      };
      const onAbort = (): void => {
        finish({ kind: "cancelled" });
      };
      const timer = setTimeout(() => {
        finish({ kind: "timedOut", afterMs: connectLimitMs, what: "connect" });
      }, connectLimitMs);
      signal.addEventListener("abort", onAbort, { once: true });
      waiting.push(onTurn);
    });
  };

  return {
    open,
    acquire: async (signal) => {
      if (closed)
        return failed({
          kind: "connectionLost",
          message: "the connection was closed",
        });
      if (signal.aborted) return failed({ kind: "cancelled" });
      const refused = await takeSlot(signal);
      if (refused !== undefined) return failed(refused);
      const reused = takeIdle();
      if (reused !== undefined) {
        busy.add(reused);
        return succeeded({ session: reused, reused: true });
      }
      const opened = await open(connectLimitMs);
      if (!opened.ok) {
        freeSlot();
        return opened;
      }
      busy.add(opened.value);
      return succeeded({ session: opened.value, reused: false });
    },
    release: (session) => {
      busy.delete(session);
      if (closed || session.isLost()) void session.end();
      else
        idle.push({
          session,
          timer: setTimeout(() => void session.end(), idleMs).unref(),
        });
      freeSlot();
    },
    close: async () => {
      closed = true;
      const ending = [
        ...idle
          .splice(0)
          .map((entry) => (clearTimeout(entry.timer), entry.session)),
        ...busy,
      ];
      await Promise.all(ending.map((session) => session.end()));
    },
  };
}
