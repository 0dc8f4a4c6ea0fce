import { exportBundle } from "../adapters/postgres/twin/export/export-bundle.ts";
import { openTwin, type Twin } from "../adapters/postgres/twin/open-twin.ts";
import type { Answer, Database, DatabaseError } from "../app/database.ts";
import { withTwin } from "../app/with-twin.ts";
import { estimateSize } from "../core/advice/size-model.ts";
import { succeeded } from "../core/result.ts";
import type { Bundle } from "../core/twin/bundle.ts";
import { loadParseTree } from "../core/twin/check-ddl.ts";
import type { Live } from "./open-live.ts";
import type { Progress } from "./progress.ts";
import { startTwinServer } from "./twin/twin-server.ts";

/** A twin on a server of its own. */
export interface ServedTwin {
  readonly twin: Twin;
  readonly bundle: Bundle;
  /** `PostgreSQL 15.4, on the embedded PostgreSQL 18` */
  readonly description: string;
  /** Takes the twin and its server away. */
  readonly close: () => Promise<void>;
}

/** Builds a bundle's twin on what `--server` names, by default the source's own version or the embedded server. */
export async function serveTwin(
  bundle: Bundle,
  askedServer: string | undefined,
  signal: AbortSignal,
): Answer<ServedTwin> {
  const parse = await loadParseTree();
  const major = Math.floor(bundle.server.versionNumber / 10_000);
  const server = await startTwinServer(askedServer, major, signal);
  if (!server.ok) return server;
  const { place, description, stop } = server.value;
  const opened = await openTwin(bundle, place, {
    name: "twin",
    log: () => undefined,
    parse,
    estimateSize: (index, table, predicateShare) =>
      estimateSize({ ...index, unique: false, table, predicateShare }),
  }).catch(async (fault: unknown) => {
    // A server that is left running would keep this program from ending.
    await stop();
    throw fault;
  });
  if (!opened.ok) {
    await stop();
    return opened;
  }
  return succeeded({
    twin: opened.value,
    bundle,
    description: `PostgreSQL ${bundle.server.versionText}, on ${description}`,
    close: async () => {
      await opened.value.database.close();
      await stop();
    },
  });
}

/**
 * Said on standard error before a server's statistics are copied, since part of them is data; `without` is the option
 * that forbids it.
 */
export const tellOfCopy = (name: string, without: string): void => {
  process.stderr.write(
    `planlens: The statistics of ${name} are copied into a temporary database on this machine, which is removed at the end; most common values and histogram bounds are data of its tables. ${without} makes no copy.\n`,
  );
};

/** A twin of a live server; its statistics go through memory and the twin's own files only. */
export async function copyStatistics(
  { target, password }: Pick<Live, "target" | "password">,
  askedServer: string | undefined,
  signal: AbortSignal,
): Answer<ServedTwin> {
  const bundle = await exportBundle(
    target,
    await password(),
    { schemas: undefined, leaveOut: [], hashText: false, statements: 0 },
    signal,
  );
  return bundle.ok ? serveTwin(bundle.value, askedServer, signal) : bundle;
}

/** The live server; where it cannot try indexes they are tried on a twin of it, made when the first one is. */
export const besideTwin = (
  live: Live,
  needs: {
    readonly progress: Progress;
    readonly onTrouble: (error: DatabaseError) => void;
  },
): Database => {
  let isTold = false;
  return withTwin(live.database, {
    now: Date.now,
    onTrouble: needs.onTrouble,
    build: async (signal) => {
      if (!isTold) tellOfCopy(live.name, "--no-twin");
      isTold = true;
      needs.progress.say(`Copying the statistics of ${live.name}`);
      const served = await copyStatistics(live, undefined, signal);
      needs.progress.clear();
      if (!served.ok) return served;
      const { twin, close } = served.value;
      return succeeded({ ...twin.database, close });
    },
  });
};
