import type { Catalog } from "../core/catalog.ts";
import { failed, succeeded } from "../core/result.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import type {
  Answer,
  Database,
  DatabaseError,
  ServerInfo,
  WhatIfSession,
} from "./database.ts";

/** How a copy of a database's statistics is made. */
export interface TwinMaker {
  /** As the statistics are now; closing what it answers takes the copy away. */
  readonly build: (signal: AbortSignal) => Answer<Database>;
  readonly now: () => number;
  /** True while a person has not said yes: there is none, and nobody waits for one. Absent: nobody is asked. */
  readonly isRefused?: () => boolean;
  /** Hears why there is none; until it is tried again suggestions are heuristics. */
  readonly onTrouble: (error: DatabaseError) => void;
}

// Statistics of tables that nobody asked about since may have moved as well.
const longestLifeMs = 30 * 60_000;
// What hindered a copy is seldom gone at once, and trying costs the server a read of its catalogs.
const troublePauseMs = 5 * 60_000;

/** What a plan depends on: another value of it, and the copy is out of date. */
const stampOf = ({ tables }: Catalog): string =>
  JSON.stringify(
    tables.map(({ schema, name, estimatedRows, pages, columns, indexes }) => [
      schema,
      name,
      estimatedRows,
      pages,
      columns.map((column) => [
        column.name,
        column.type,
        column.distinctValues,
        column.correlation,
      ]),
      indexes.map(({ definition, valid }) => [definition, valid]),
    ]),
  );

interface Copy {
  readonly builtAt: number;
  readonly abort: AbortController;
  readonly database: Answer<Database>;
  /** By the tables that were asked about. */
  readonly stamps: Map<string, string>;
}

async function drop(copy: Copy | undefined): Promise<void> {
  copy?.abort.abort();
  const database = await copy?.database.catch(() => undefined);
  if (database?.ok === true) await database.value.close();
}

/** The answer, or "cancelled" as soon as the one who waits has gone; the work goes on for the next. */
async function unlessGone<Value>(
  work: Answer<Value>,
  signal: AbortSignal,
): Answer<Value> {
  let leave: () => void = () => undefined;
  const gone = new Promise<undefined>((resolve) => {
    leave = (): void => {
      resolve(undefined);
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  });
  const answer = await Promise.race([gone, work]);
  signal.removeEventListener("abort", leave);
  return answer ?? failed({ kind: "cancelled" });
}

interface Keeper {
  /** Built when there is none or when the statement's tables have changed. */
  readonly get: (
    statement: ParsedStatement,
    signal: AbortSignal,
  ) => Answer<Database>;
  readonly forget: () => Promise<void>;
  readonly isTroubled: () => boolean;
}

/** True when the live tables are as they were when this copy was first asked about them. */
async function isFresh(
  copy: Copy,
  statement: ParsedStatement,
  live: Database,
  signal: AbortSignal,
): Promise<boolean> {
  const { tables } = statement.facts;
  const catalog = await live.catalog(tables, signal);
  // Not known: the planning itself will say what is wrong.
  if (!catalog.ok) return true;
  const key = JSON.stringify(tables.map(({ schema, name }) => [schema, name]));
  const stamp = stampOf(catalog.value);
  const before = copy.stamps.get(key);
  copy.stamps.set(key, stamp);
  return before === undefined || before === stamp;
}

function begin(maker: TwinMaker): Copy {
  const abort = new AbortController();
  return {
    builtAt: maker.now(),
    abort,
    stamps: new Map(),
    database: maker.build(abort.signal),
  };
}

function createKeeper(live: Database, maker: TwinMaker): Keeper {
  let copy: Copy | undefined;
  let troubledUntil = -Infinity;
  const forget = async (): Promise<void> => {
    const going = copy;
    copy = undefined;
    await drop(going);
  };
  const start = (): Copy => {
    const mine = begin(maker);
    copy = mine;
    void mine.database.then((answer) => {
      if (answer.ok || copy !== mine) return;
      copy = undefined;
      // A yes may come at any time, and is known without asking the server.
      if (maker.isRefused?.() === true) return;
      troubledUntil = maker.now() + troublePauseMs;
      maker.onTrouble(answer.error);
    });
    return mine;
  };
  return {
    forget,
    isTroubled: () => maker.now() < troubledUntil,
    get: async (statement, signal) => {
      const known = copy;
      const isUsable =
        known !== undefined &&
        maker.now() - known.builtAt < longestLifeMs &&
        (await isFresh(known, statement, live, signal));
      if (isUsable && copy === known) return unlessGone(known.database, signal);
      if (copy === known) await forget();
      return unlessGone((copy ?? start()).database, signal);
    },
  };
}

/** Plans on the copy; once more on a new one where the first has gone away. */
function openOnCopy(
  keeper: Keeper,
  values: readonly (string | null)[] | undefined,
): WhatIfSession {
  const plan: WhatIfSession["plan"] = async (statement, indexes, signal) => {
    const copy = await keeper.get(statement, signal);
    return copy.ok
      ? copy.value.openWhatIf(values).plan(statement, indexes, signal)
      : copy;
  };
  return {
    plan: async (statement, indexes, signal) => {
      const answer = await plan(statement, indexes, signal);
      const isGone =
        !answer.ok &&
        (answer.error.kind === "connectionLost" ||
          answer.error.kind === "unreachable");
      if (!isGone || signal.aborted) return answer;
      await keeper.forget();
      return plan(statement, indexes, signal);
    },
    close: () => Promise.resolve(),
  };
}

/** Asked once per session: a server does not change how it can prove while one plans. */
function chooseSession(
  info: (signal: AbortSignal) => Answer<ServerInfo>,
  sessions: {
    readonly live: () => WhatIfSession;
    readonly copy: () => WhatIfSession;
  },
): WhatIfSession {
  let chosen: WhatIfSession | undefined;
  return {
    plan: async (statement, indexes, signal) => {
      if (chosen === undefined) {
        const known = await info(signal);
        if (!known.ok) return known;
        chosen ??=
          known.value.whatIf === "twin" ? sessions.copy() : sessions.live();
      }
      return chosen.plan(statement, indexes, signal);
    },
    close: async () => {
      await chosen?.close();
    },
  };
}

/**
 * The same database; where its server cannot try indexes itself they are tried on a copy of its statistics, made when
 * the first is tried, kept, and made anew when the tables asked about have changed.
 */
export function withTwin(live: Database, maker: TwinMaker): Database {
  const keeper = createKeeper(live, maker);
  const isPossible = (): boolean =>
    !keeper.isTroubled() && maker.isRefused?.() !== true;
  const info: Database["info"] = async (signal) => {
    const known = await live.info(signal);
    return known.ok && known.value.whatIf === "none" && isPossible()
      ? succeeded({ ...known.value, whatIf: "twin" as const })
      : known;
  };
  return {
    ...live,
    info,
    openWhatIf: (values) =>
      chooseSession(info, {
        live: () => live.openWhatIf(values),
        copy: () => openOnCopy(keeper, values),
      }),
    openCopy: (values) =>
      isPossible() ? openOnCopy(keeper, values) : undefined,
    close: async () => {
      await keeper.forget();
      await live.close();
    },
  };
}
