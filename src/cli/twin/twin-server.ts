import { realpathSync, rmSync } from "node:fs";
import path from "node:path";
import { startEmpty } from "../../adapters/demo/start-empty.ts";
import {
  findBinaries,
  readBinaries,
  type Binaries,
} from "../../adapters/local-server/find-binaries.ts";
import {
  makeOwnFolder,
  sweepLeftovers,
} from "../../adapters/local-server/own-folder.ts";
import { startLocalServer } from "../../adapters/local-server/start-local-server.ts";
import type { TwinPlace } from "../../adapters/postgres/twin/place.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { phrase } from "../../core/words.ts";

/** A running server for one twin. */
export interface TwinServer {
  readonly place: TwinPlace;
  /** `PostgreSQL 15 from /usr/lib/postgresql/15/bin`. */
  readonly description: string;
  readonly major: number;
  readonly stop: () => Promise<void>;
}

type Started = Promise<Result<TwinServer, DatabaseError>>;

async function startInstalled(
  binaries: Binaries,
  signal: AbortSignal,
): Started {
  const started = await startLocalServer(binaries, signal);
  if (!started.ok) return started;
  const { target, password, dataFolder, stop } = started.value;
  return succeeded({
    place: { target, password, dataFolder, singleSession: false },
    description: `PostgreSQL ${binaries.major} from ${binaries.folder}`,
    major: binaries.major,
    stop,
  });
}

/** The embedded server's script and files lie beside the command line's own bundle. */
const besideUs = (name: string): string =>
  path.join(path.dirname(realpathSync(process.argv[1] ?? ".")), name);

/** PGlite's. */
const embeddedMajor = 18;

async function startEmbedded(signal: AbortSignal): Started {
  await sweepLeftovers();
  const folder = makeOwnFolder();
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const started = await startEmpty(
    {
      folder: path.join(folder, "data"),
      serverScript: besideUs("demo-server.js"),
      assetsFolder: besideUs("demo"),
    },
    signal,
  );
  if (!started.ok) {
    remove();
    return started;
  }
  const { target, dataFolder, stop } = started.value;
  return succeeded({
    place: { target, password: undefined, dataFolder, singleSession: true },
    description: `the embedded PostgreSQL ${embeddedMajor}`,
    major: embeddedMajor,
    stop: async () => {
      await stop();
      remove();
    },
  });
}

const noServer = (
  asked: string,
  found: readonly Binaries[],
): DatabaseError => ({
  kind: "misconfigured",
  message: phrase(
    "There is no PostgreSQL {0} here with initdb and postgres; found: {1}. Give the folder of its programs, or pglite",
    asked,
    // One version may be installed in several folders.
    [...new Set(found.map(({ major }) => major))].join(", ") || "none",
  ),
});

/**
 * Starts what `--server` names: `pglite`, a major version, or a folder. Without it the source's own version
 * when that is installed: it plans exactly alike.
 */
export async function startTwinServer(
  asked: string | undefined,
  sourceMajor: number,
  signal: AbortSignal,
): Started {
  if (asked === "pglite") return startEmbedded(signal);
  const isVersion = asked === undefined || /^\d+$/.test(asked);
  const found = isVersion ? await findBinaries() : [];
  const major = asked === undefined ? sourceMajor : Number(asked);
  const binaries = isVersion
    ? found.find((one) => one.major === major)
    : await readBinaries(path.resolve(asked));
  if (binaries !== undefined) return startInstalled(binaries, signal);
  return asked === undefined
    ? startEmbedded(signal)
    : failed(noServer(asked, found));
}
