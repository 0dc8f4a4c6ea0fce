import { cp, mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { PostgresTarget } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { errorOf, targetOn } from "./start-demo.ts";
import { spawnServer, type ServerPlace } from "./spawn-server.ts";

/** An embedded database with nothing in it. It has one backend, shared by all who connect, who is superuser. */
export interface EmptyServer {
  readonly target: PostgresTarget;
  /** Where this process finds the files of its tables. */
  readonly dataFolder: string;
  readonly stop: () => Promise<void>;
}

/** What a start needs to know. */
export interface EmptyPlace extends Omit<ServerPlace, "content"> {
  /**
   * Where a database is kept to copy from, made at the first start: making one takes four seconds, opening a copy
   * one. Named after what it was made with, since another version cannot open it.
   */
  readonly preparedFolder?: string;
}

type Spawned = Awaited<ReturnType<typeof spawnServer>>;

const spawnIn = (
  place: EmptyPlace,
  folder: string,
  signal: AbortSignal,
): Promise<Spawned> =>
  spawnServer(
    {
      folder,
      serverScript: place.serverScript,
      assetsFolder: place.assetsFolder,
      content: "empty",
    },
    { port: 0, onProgress: () => undefined, signal },
  );

const isThere = (folder: string): Promise<boolean> =>
  stat(path.join(folder, "PG_VERSION")).then(
    () => true,
    () => false,
  );

/** Makes the database to copy from. Two that do it at once do not meet: the first that is done stays. */
async function prepare(
  place: EmptyPlace,
  prepared: string,
  signal: AbortSignal,
): Promise<void> {
  const unfinished = `${prepared}.${process.pid}`;
  try {
    await mkdir(path.dirname(prepared), { recursive: true });
    const started = await spawnIn(place, unfinished, signal);
    if (!started.ok) return;
    await started.value.stop();
    await rename(unfinished, prepared);
  } catch {
    // A cache that cannot be kept only costs time: the database is made anew.
  } finally {
    await rm(unfinished, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function copyPrepared(
  place: EmptyPlace,
  signal: AbortSignal,
): Promise<void> {
  const { preparedFolder, folder } = place;
  if (preparedFolder === undefined) return;
  if (!(await isThere(preparedFolder)))
    await prepare(place, preparedFolder, signal);
  if (await isThere(preparedFolder))
    await cp(preparedFolder, folder, { recursive: true }).catch(() =>
      rm(folder, { recursive: true, force: true }),
    );
}

/**
 * Starts one in a process of its own, in a folder that is the caller's alone, does not exist yet, and may be
 * removed after `stop`. Fails as startDemo does.
 */
export async function startEmpty(
  place: EmptyPlace,
  signal: AbortSignal,
): Promise<Result<EmptyServer, DatabaseError>> {
  await copyPrepared(place, signal);
  const started = await spawnIn(place, place.folder, signal);
  if (started.ok)
    return succeeded({
      target: targetOn(started.value.port),
      dataFolder: path.resolve(place.folder),
      stop: started.value.stop,
    });
  if (started.error === "cancelled") return failed({ kind: "cancelled" });
  return failed(errorOf(started.error, place.folder));
}
