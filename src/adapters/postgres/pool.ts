import { words } from "../../core/words.ts";
import type { PostgresTarget } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { openSession, type Session } from "./session.ts";
import { createSlots } from "./slots.ts";

/** Nothing may hang for more than 5 s; this leaves room for the answer to travel. */
const connectLimitMs = 4900;
/** Two for a search of indexes, and one for what is asked meanwhile. */
const maxSessions = 3;
const idleMs = 60_000;

export interface PoolOptions {
  readonly password: () => Promise<string | undefined>;
  readonly singleSession?: boolean;
}

interface Taken {
  readonly session: Session;
  /** True when it was opened for an earlier task: the server may have ended it unnoticed. */
  readonly reused: boolean;
}

const afterClosing: DatabaseError = {
  kind: "connectionLost",
  message: words("the connection was closed"),
};

export interface Pool {
  readonly acquire: (
    signal: AbortSignal,
  ) => Promise<Result<Taken, DatabaseError>>;
  readonly release: (session: Session) => void;
  readonly open: (limitMs: number) => Promise<Result<Session, DatabaseError>>;
  readonly close: () => Promise<void>;
}

/** Sessions that nobody uses; each ends after a minute. */
interface Shelf {
  readonly take: () => Session | undefined;
  readonly put: (session: Session) => void;
  readonly empty: () => readonly Session[];
}

function createShelf(): Shelf {
  const entries: {
    readonly session: Session;
    readonly timer: NodeJS.Timeout;
  }[] = [];
  const take = (): Session | undefined => {
    for (
      let entry = entries.pop();
      entry !== undefined;
      entry = entries.pop()
    ) {
      clearTimeout(entry.timer);
      if (!entry.session.isLost()) return entry.session;
    }
    return undefined;
  };
  return {
    take,
    put: (session) => {
      const timer = setTimeout(() => void session.end(), idleMs);
      entries.push({ session, timer: timer.unref() });
    },
    empty: () => {
      const sessions: Session[] = [];
      for (let session = take(); session !== undefined; session = take())
        sessions.push(session);
      return sessions;
    },
  };
}

async function takeSession(
  shelf: Shelf,
  open: Pool["open"],
): Promise<Result<Taken, DatabaseError>> {
  const idle = shelf.take();
  if (idle !== undefined) return succeeded({ session: idle, reused: true });
  const opened = await open(connectLimitMs);
  return opened.ok
    ? succeeded({ session: opened.value, reused: false })
    : opened;
}

/** Nothing from a closed pool, also when it was closed while the session was opened: nobody else would end it. */
async function takeOpen(
  shelf: Shelf,
  open: Pool["open"],
  isClosed: () => boolean,
): Promise<Result<Taken, DatabaseError>> {
  if (isClosed()) return failed(afterClosing);
  const taken = await takeSession(shelf, open);
  if (!taken.ok || !isClosed()) return taken;
  await taken.value.session.end();
  return failed(afterClosing);
}

/** A few sessions, opened when needed, closed when idle for a minute, replaced when lost. */
export function createPool(target: PostgresTarget, options: PoolOptions): Pool {
  const slots = createSlots(
    options.singleSession === true ? 1 : maxSessions,
    connectLimitMs,
  );
  const shelf = createShelf();
  const busy = new Set<Session>();
  let closed = false;
  const open: Pool["open"] = async (limitMs) =>
    openSession(target, await options.password(), limitMs);
  return {
    open,
    acquire: async (signal) => {
      if (signal.aborted) return failed({ kind: "cancelled" });
      const refused = await slots.take(signal);
      if (refused !== undefined) return failed(refused);
      let session: Session | undefined;
      try {
        const taken = await takeOpen(shelf, open, () => closed);
        if (taken.ok) ({ session } = taken.value);
        return taken;
      } finally {
        // Also when the password could not be read: the slot is not lost with it.
        if (session === undefined) slots.free();
        else busy.add(session);
      }
    },
    release: (session) => {
      busy.delete(session);
      if (closed || session.isLost()) void session.end();
      else shelf.put(session);
      slots.free();
    },
    close: async () => {
      closed = true;
      await Promise.all(
        [...shelf.empty(), ...busy].map((session) => session.end()),
      );
    },
  };
}
