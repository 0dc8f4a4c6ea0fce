import { rmSync } from "node:fs";
import path from "node:path";
import { startEmpty } from "../../adapters/demo/start-empty.ts";
import { findBinaries } from "../../adapters/local-server/find-binaries.ts";
import {
  makeOwnFolder,
  sweepLeftovers,
} from "../../adapters/local-server/own-folder.ts";
import { startLocalServer } from "../../adapters/local-server/start-local-server.ts";
import type { TwinPlace } from "../../adapters/postgres/twin/place.ts";
import type { DatabaseError } from "../../app/database.ts";
import { succeeded, type Result } from "../../core/result.ts";

/** Where the embedded server's parts lie. */
export interface EmbeddedFiles {
  readonly serverScript: string;
  readonly assetsFolder: string;
}

/** A running server for one twin; nothing of it is left after `stop`. */
export interface TwinServer {
  readonly place: TwinPlace;
  readonly stop: () => Promise<void>;
}

type Started = Promise<Result<TwinServer, DatabaseError>>;

/** The source's own version where it is installed here: it plans exactly alike. */
async function startInstalled(
  major: number,
  signal: AbortSignal,
): Promise<TwinServer | undefined> {
  const binaries = (await findBinaries()).find((one) => one.major === major);
  if (binaries === undefined) return undefined;
  const started = await startLocalServer(binaries, signal);
  if (!started.ok) return undefined;
  const { target, password, dataFolder, stop } = started.value;
  return {
    place: { target, password, dataFolder, singleSession: false },
    stop,
  };
}

async function startEmbedded(
  files: EmbeddedFiles,
  signal: AbortSignal,
): Started {
  await sweepLeftovers();
  const folder = makeOwnFolder();
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const started = await startEmpty(
    { folder: path.join(folder, "data"), ...files },
    signal,
  );
  if (!started.ok) {
    remove();
    return started;
  }
  const { target, dataFolder, stop } = started.value;
  return succeeded({
    place: { target, password: undefined, dataFolder, singleSession: true },
    stop: async () => {
      await stop();
      remove();
    },
  });
}

/** An installed PostgreSQL of that version, else the embedded one. */
export async function startTwinServer(
  major: number,
  files: EmbeddedFiles,
  signal: AbortSignal,
): Started {
  const installed = await startInstalled(major, signal);
  return installed === undefined
    ? startEmbedded(files, signal)
    : succeeded(installed);
}
