import type { DatabaseError } from "../../app/database.ts";

/** Places for sessions, given out in the order of asking. */
export interface Slots {
  /** Undefined once a place is ours; the reason when it took too long or was cancelled. */
  readonly take: (signal: AbortSignal) => Promise<DatabaseError | undefined>;
  readonly free: () => void;
}

export function createSlots(limit: number, waitMs: number): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;
  const wait = (signal: AbortSignal): Promise<DatabaseError | undefined> =>
    new Promise((resolve) => {
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
        finish({ kind: "timedOut", afterMs: waitMs, what: "connect" });
      }, waitMs);
      signal.addEventListener("abort", onAbort, { once: true });
      waiting.push(onTurn);
    });
  return {
    take: async (signal) => {
      if (taken >= limit) return wait(signal);
      taken += 1;
      return undefined;
    },
    free: () => {
      taken -= 1;
      waiting.shift()?.();
    },
  };
}
