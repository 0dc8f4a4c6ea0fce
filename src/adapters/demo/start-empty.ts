import path from "node:path";
import type { PostgresTarget } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { errorOf, targetOn } from "./start-demo.ts";
import { spawnServer, type ServerPlace } from "./spawn-server.ts";
import { supervise } from "./supervise.ts";

/**
 * An embedded database with nothing in it. It has one backend, shared by all who connect, who is superuser.
 * A process that ends by itself is started again on the same port, with all that was committed.
 */
export interface EmptyServer {
  readonly target: PostgresTarget;
  /** Where this process finds the files of its tables. */
  readonly dataFolder: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts one in a process of its own, in a folder that is the caller's alone, does not exist yet, and may be
 * removed after `stop`. Fails as startDemo does.
 */
export async function startEmpty(
  place: Omit<ServerPlace, "content">,
  signal: AbortSignal,
): Promise<Result<EmptyServer, DatabaseError>> {
  const empty: ServerPlace = { ...place, content: "empty" };
  const started = await spawnServer(empty, {
    port: 0,
    onProgress: () => undefined,
    signal,
  });
  if (started.ok)
    return succeeded({
      target: targetOn(started.value.port),
      dataFolder: path.resolve(place.folder),
      stop: supervise(empty, started.value).stop,
    });
  if (started.error === "cancelled") return failed({ kind: "cancelled" });
  return failed(errorOf(started.error, place.folder));
}
