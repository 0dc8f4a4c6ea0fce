import { setMaxListeners } from "node:events";
import type { PostgresTarget } from "../../app/connection.ts";
import type { Answer, DatabaseError, SendLog } from "../../app/database.ts";
import { failed, type Result } from "../../core/result.ts";
import { cancelBackend, cancelGraceMs } from "./cancel-backend.ts";
import { mapError } from "./errors.ts";
import { createPool, type Pool } from "./pool.ts";
import { shortStatementMs, type Session } from "./session.ts";

export interface OpenOptions {
  /** The connection's name, for the log. */
  readonly name: string;
  readonly password: () => Promise<string | undefined>;
  readonly log: SendLog;
  /** Prove suggestions by building them in a rolled-back transaction: the demo database only. */
  readonly whatIfByBuilding?: boolean;
  /** One connection for everything, cancelled by `onCancel`: an embedded server with one backend. */
  readonly singleSession?: boolean;
  readonly onCancel?: () => Promise<void>;
}

export interface Task {
  /** For the log: what is sent, without literals. */
  readonly what: string;
  readonly signal: AbortSignal;
  /** The client's own limit when it differs from the usual one. */
  readonly limitMs?: number;
  /** Never sent again by itself when the connection breaks. */
  readonly once?: boolean;
}

export type Work<Value> = (session: Session) => Answer<Value>;

/** One session for many tasks: what lives in its backend stays between them, until the server ends it. */
export interface Lease {
  readonly run: Sessions["run"];
  readonly release: () => void;
}

export interface Sessions {
  readonly run: <Value>(task: Task, work: Work<Value>) => Answer<Value>;
  /** Takes nothing yet: the session is taken with the first task, and another one when it was lost. */
  readonly lease: () => Lease;
  readonly close: () => Promise<void>;
}

/** Asks the server to stop what `session` runs; a server that cannot be asked loses the connection. */
async function cancel(
  pool: Pool,
  session: Session,
  options: OpenOptions,
): Promise<void> {
  if (options.onCancel === undefined)
    return cancelBackend(session, () => pool.open(cancelGraceMs));
  await options.onCancel();
  await session.end();
}

/** A client-side limit a little above the server's, for a server or network that went silent. */
const silenceMs = 400;

/** A server that is cancelled by ending it is given this long first: plans and catalog reads end by themselves. */
const patienceMs = 300;

/** `pool` and `options` of the connection, fixed when it is opened. */
interface Context {
  readonly target: PostgresTarget;
  readonly options: OpenOptions;
  readonly pool: Pool;
}

interface Guard {
  /** True when the statement was cut because server or network went silent. */
  readonly wasSilent: () => boolean;
  /** Ends the guard; waits for a cancel under way, which must not meet the session's next statement. */
  readonly end: () => Promise<void>;
}

/** While a task runs: cancels it when asked, cuts its session when nothing else helps. */
function guard(
  { options, pool }: Context,
  session: Session,
  task: Task,
): Guard {
  let cancelling: Promise<void> | undefined;
  let cutting: NodeJS.Timeout | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let silent = false;
  const begin = (): void => {
    cutting = setTimeout(() => void session.end(), cancelGraceMs);
    // A server that could not be asked loses the connection, as in `cancel`.
    cancelling = cancel(pool, session, options).catch(() => session.end());
  };
  const stop = (): void => {
    if (options.onCancel === undefined) begin();
    else waiting = setTimeout(begin, patienceMs);
  };
  task.signal.addEventListener("abort", stop, { once: true });
  if (task.signal.aborted) stop();
  const limitMs = (task.limitMs ?? shortStatementMs) + silenceMs;
  const watchdog = setTimeout(() => {
    silent = true;
    void session.end();
  }, limitMs);
  return {
    wasSilent: () => silent,
    end: async () => {
      clearTimeout(watchdog);
      clearTimeout(waiting);
      clearTimeout(cutting);
      task.signal.removeEventListener("abort", stop);
      await cancelling;
    },
  };
}

async function runOn<Value>(
  context: Context,
  session: Session,
  task: Task,
  work: Work<Value>,
): Answer<Value> {
  const startedAt = performance.now();
  const guarding = guard(context, session, task);
  try {
    return await work(session);
  } catch (error) {
    const elapsedMs = Math.round(performance.now() - startedAt);
    if (guarding.wasSilent())
      return failed({
        kind: "timedOut",
        afterMs: elapsedMs,
        what: "statement",
      });
    const { target } = context;
    return failed(
      mapError(error, {
        target,
        elapsedMs,
        aborted: task.signal.aborted,
        phase: "run",
      }),
    );
  } finally {
    await guarding.end();
  }
}

async function runOnce<Value>(
  context: Context,
  task: Task,
  work: Work<Value>,
): Answer<Value> {
  const acquired = await context.pool.acquire(task.signal);
  if (!acquired.ok) return acquired;
  const { session } = acquired.value;
  const isGivenUp = (): boolean => task.signal.aborted;
  if (isGivenUp()) {
    // Given up while waiting for its turn: nothing was sent, so there is nothing to cancel.
    context.pool.release(session);
    return failed({ kind: "cancelled" });
  }
  const answer = await runOn(context, session, task, work);
  context.pool.release(session);
  const stale =
    !answer.ok &&
    answer.error.kind === "connectionLost" &&
    acquired.value.reused;
  if (!stale || task.once === true || isGivenUp()) return answer;
  return runOnce(context, task, work);
}

interface Held {
  session: Session | undefined;
}

async function runHeld<Value>(
  context: Context,
  held: Held,
  task: Task,
  work: Work<Value>,
): Answer<Value> {
  if (held.session?.isLost() === true) releaseHeld(context, held);
  if (held.session === undefined) {
    const acquired = await context.pool.acquire(task.signal);
    if (!acquired.ok) return acquired;
    held.session = acquired.value.session;
  }
  if (task.signal.aborted) return failed({ kind: "cancelled" });
  const answer = await runOn(context, held.session, task, work);
  // The server's farewell comes before the socket's end: nobody may be sent to this session again.
  if (!answer.ok && answer.error.kind === "connectionLost") {
    await held.session.end();
    releaseHeld(context, held);
  }
  return answer;
}

function releaseHeld(context: Context, held: Held): void {
  if (held.session !== undefined) context.pool.release(held.session);
  held.session = undefined;
}

const outcomeOf = (result: Result<unknown, DatabaseError>): string => {
  if (result.ok) return "ok";
  return result.error.kind === "sql"
    ? `sql ${result.error.code}`
    : result.error.kind;
};

/** Runs tasks on pooled sessions: cancels, limits, logs, and replaces sessions the server has ended. */
export function createSessions(
  target: PostgresTarget,
  options: OpenOptions,
): Sessions {
  const context: Context = {
    target,
    options,
    pool: createPool(target, options),
  };
  const logged = async <Value>(
    task: Task,
    answering: () => Answer<Value>,
  ): Answer<Value> => {
    const startedAt = performance.now();
    // One signal may rightly guard many tasks; Node would take it for a leak.
    setMaxListeners(0, task.signal);
    const answer = await answering();
    const elapsedMs = Math.round((performance.now() - startedAt) * 10) / 10;
    options.log({
      connection: options.name,
      what: task.what,
      elapsedMs,
      outcome: outcomeOf(answer),
    });
    return answer;
  };
  return {
    run: (task, work) => logged(task, () => runOnce(context, task, work)),
    lease: () => {
      const held: Held = { session: undefined };
      return {
        run: (task, work) =>
          logged(task, () => runHeld(context, held, task, work)),
        release: () => {
          releaseHeld(context, held);
        },
      };
    },
    close: context.pool.close,
  };
}
