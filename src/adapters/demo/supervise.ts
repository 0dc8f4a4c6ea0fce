import {
  spawnServer,
  type ServerPlace,
  type ServerProcess,
} from "./spawn-server.ts";

/** A server's process that is started again on its port when it ends by itself. */
export interface Supervised {
  /** Ends what it is doing, at once, and opens it again: the only way to cancel a query. Clients must reconnect. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A server that keeps dying is left dead: three ends within this time. */
const patience = { ends: 3, withinMs: 60_000 } as const;

/** Says whether one more unexpected end may be answered with a new start. */
function createPatience(): () => boolean {
  let ends: number[] = [];
  return () => {
    const now = Date.now();
    ends = [...ends.filter((at) => now - at < patience.withinMs), now];
    return ends.length < patience.ends;
  };
}

const quietlyOn = (port: number): Parameters<typeof spawnServer>[1] => ({
  port,
  onProgress: () => undefined,
  signal: undefined,
});

/** Keeps one server process alive on one port. */
export function supervise(
  place: ServerPlace,
  first: ServerProcess,
): Supervised {
  let current: ServerProcess | undefined;
  let restarting: Promise<void> | undefined;
  let stopped = false;
  const mayRestart = createPatience();

  const watch = (server: ServerProcess): void => {
    current = server;
    void server.ended.then(() => {
      if (stopped || restarting !== undefined || current !== server) return;
      current = undefined;
      if (mayRestart()) void restart();
    });
  };
  const again = async (): Promise<void> => {
    await current?.kill();
    current = undefined;
    const started = await spawnServer(place, quietlyOn(first.port));
    if (started.ok) watch(started.value);
  };
  const restart = (): Promise<void> => {
    restarting ??= again().finally(() => {
      restarting = undefined;
    });
    return restarting;
  };
  watch(first);
  return {
    restart: async () => {
      if (!stopped) await restart();
    },
    stop: async () => {
      stopped = true;
      await restarting;
      await current?.stop();
    },
  };
}
