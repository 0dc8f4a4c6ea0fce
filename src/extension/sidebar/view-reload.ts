import type * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";

/** What is needed of an event of the editor. */
type Hearing<Event> = (
  listener: (event: Event) => void,
) => Pick<vscode.Disposable, "dispose">;

/** A view whose rows are read from the connection in use. */
export interface ViewReloadParts<
  Loaded extends { readonly profile: ConnectionProfile },
> {
  /** Shows in the view that it is being read. */
  readonly whileReading: <Value>(
    work: () => Promise<Value>,
  ) => PromiseLike<Value>;
  readonly view: {
    readonly visible: boolean;
    readonly onDidChangeVisibility: Hearing<{ readonly visible: boolean }>;
  };
  readonly active: () => ConnectionProfile | undefined;
  readonly isOpen: (profile: ConnectionProfile) => boolean;
  readonly connectionsChanged: Hearing<void>;
  readonly load: (signal: AbortSignal) => Promise<Loaded | undefined>;
  readonly loaded: () => Loaded | undefined;
  /** False for one that failed, which is read again when the view is seen. */
  readonly isWhole: (loaded: Loaded) => boolean;
  readonly put: (loaded: Loaded | undefined) => void;
  readonly redraw: () => void;
  /** Hears what breaks while the rows are read. */
  readonly report: (error: unknown) => void;
}

/** Reads a view's rows anew: on demand, for another connection, and when it is seen again after a failure. */
export interface ViewReload {
  readonly now: () => void;
  /** A view that nobody sees asks nothing of the server. */
  readonly whenSeen: () => void;
  readonly dispose: () => void;
}

interface Reloader extends Pick<ViewReload, "now" | "whenSeen"> {
  readonly isBusy: () => boolean;
  readonly stop: () => void;
}

function createReloader<Loaded extends { readonly profile: ConnectionProfile }>(
  parts: ViewReloadParts<Loaded>,
): Reloader {
  let running: AbortController | undefined;
  const reload = async (): Promise<void> => {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    const loaded = await parts.whileReading(() =>
      parts.load(controller.signal),
    );
    if (running !== controller) return;
    running = undefined;
    // Another connection was chosen while this one answered.
    if (parts.active()?.id !== loaded?.profile.id) return reload();
    parts.put(loaded);
    parts.redraw();
  };
  const now = (): void => {
    reload().catch(parts.report);
  };
  return {
    now,
    isBusy: () => running !== undefined,
    whenSeen: () => {
      if (parts.view.visible) now();
      else {
        // What is still being read belongs to the connection before.
        running?.abort();
        running = undefined;
        parts.put(undefined);
      }
    },
    stop: () => {
      running?.abort();
    },
  };
}

function watch<Loaded extends { readonly profile: ConnectionProfile }>(
  parts: ViewReloadParts<Loaded>,
  reloader: Reloader,
): readonly Pick<vscode.Disposable, "dispose">[] {
  const isOpenNow = (): boolean => {
    const profile = parts.active();
    return profile !== undefined && parts.isOpen(profile);
  };
  const isWhole = (): boolean => {
    const loaded = parts.loaded();
    return loaded !== undefined && parts.isWhole(loaded);
  };
  let wasOpen = isOpenNow();
  return [
    parts.connectionsChanged(() => {
      const isOther = parts.active()?.id !== parts.loaded()?.profile.id;
      const isOpen = isOpenNow();
      // A reading under way opened the connection itself, and hears the answer.
      const isBack = isOpen && !wasOpen && !reloader.isBusy();
      wasOpen = isOpen;
      if (isOther || isBack) reloader.whenSeen();
    }),
    parts.view.onDidChangeVisibility(({ visible }) => {
      // What failed may have been mended meanwhile: an extension created, a right granted.
      if (visible && !isWhole() && !reloader.isBusy()) reloader.now();
    }),
  ];
}

/** Follows the connections and the view until disposed; the first reading is the caller's to ask for. */
export function createViewReload<
  Loaded extends { readonly profile: ConnectionProfile },
>(parts: ViewReloadParts<Loaded>): ViewReload {
  const reloader = createReloader(parts);
  const watching = watch(parts, reloader);
  return {
    now: reloader.now,
    whenSeen: reloader.whenSeen,
    dispose: () => {
      reloader.stop();
      for (const one of watching) one.dispose();
    },
  };
}
