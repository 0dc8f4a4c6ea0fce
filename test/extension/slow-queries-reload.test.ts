import { beforeEach, expect, it, vi } from "vitest";
import type { Database, DatabaseError } from "../../src/app/database.ts";
import { failed, succeeded } from "../../src/core/result.ts";
import { demoProfile } from "../../src/extension/connections/demo-host.ts";
import {
  createSlowQueryView,
  type SlowQueryNeeds,
  type SlowQueryView,
} from "../../src/extension/sidebar/slow-queries.ts";

/** What a subscription answers; nobody ends it here. */
const unheard: unknown = { dispose: () => undefined };
type Disposable = ReturnType<SlowQueryNeeds["connectionsChanged"]>;

type Listener = (event: { readonly visible: boolean }) => void;

const { view, seen } = vi.hoisted(
  (): {
    view: { visible: boolean; message: string };
    seen: { tell: Listener };
  } => ({
    view: { visible: true, message: "" },
    seen: { tell: () => undefined },
  }),
);

// The editor's own module exists only inside the editor.
vi.mock("vscode", () => {
  const nothing = (): object => ({ dispose: () => undefined });
  return {
    commands: { executeCommand: () => Promise.resolve() },
    env: { language: "en" },
    l10n: { t: (text: string) => text },
    Disposable: { from: nothing },
    EventEmitter: class {
      readonly event = nothing;
      readonly fire = (): void => undefined;
      readonly dispose = (): void => undefined;
    },
    window: {
      createTreeView: () =>
        Object.assign(view, {
          onDidChangeVisibility: (listener: Listener) => {
            seen.tell = listener;
            return nothing();
          },
          dispose: () => undefined,
        }),
      withProgress: (_options: unknown, work: () => unknown) => work(),
    },
    workspace: {
      getConfiguration: () => ({
        get: (_key: string, usual: unknown) => usual,
      }),
    },
  };
});

const profile = { ...demoProfile("campus"), id: "campus" };

/** A connection whose state and answers the test sets, and how often the list was asked for. */
function setUp(): {
  readonly shown: SlowQueryView;
  readonly world: { isOpen: boolean; trouble: DatabaseError | undefined };
  readonly asked: () => number;
  readonly setOpen: (isOpen: boolean) => void;
} {
  let asked = 0;
  let tell: () => void = () => undefined;
  const world: ReturnType<typeof setUp>["world"] = {
    isOpen: true,
    trouble: undefined,
  };
  const slowQueries: Database["slowQueries"] = () => {
    asked += 1;
    return Promise.resolve(
      world.trouble === undefined
        ? succeeded({ queries: [], totalMs: 0, since: undefined })
        : failed(world.trouble),
    );
  };
  const setOpen = (isOpen: boolean): void => {
    world.isOpen = isOpen;
    tell();
  };
  const shown = createSlowQueryView({
    active: () => profile,
    isOpen: () => world.isOpen,
    open: () => {
      if (!world.isOpen) setOpen(true);
      return Promise.resolve(succeeded({ slowQueries } as unknown as Database));
    },
    connectionsChanged: ((listener: () => void) => {
      tell = listener;
      return unheard as Disposable;
    }) as SlowQueryNeeds["connectionsChanged"],
    report: (error) => {
      throw error;
    },
  });
  return { shown, world, asked: () => asked, setOpen };
}

const settle = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 5));

const lost: DatabaseError = { kind: "connectionLost", message: "gone" };

function setVisible(visible: boolean): void {
  view.visible = visible;
  seen.tell({ visible });
}

beforeEach(() => {
  view.visible = true;
  view.message = "";
});

it("reads the list again when the same connection is open again after a failure", async () => {
  const { world, asked, setOpen } = setUp();
  await settle();
  world.trouble = lost;
  setOpen(false);
  setOpen(true);
  await settle();
  expect(view.message).not.toBe("");
  world.trouble = undefined;
  setOpen(false);
  setOpen(true);
  await settle();
  expect(asked()).toBe(3);
  expect(view.message).toBe("");
});

it("reads the list again when the view is looked at after a failure", async () => {
  const { world, shown, asked } = setUp();
  await settle();
  world.trouble = {
    kind: "missingExtension",
    extension: "pg_stat_statements",
    remedy: "CREATE EXTENSION pg_stat_statements",
  };
  shown.refresh();
  await settle();
  expect(view.message).not.toBe("");
  world.trouble = undefined;
  setVisible(false);
  setVisible(true);
  await settle();
  expect(asked()).toBe(3);
  expect(view.message).toBe("");
});

it("asks once where reading the list opens the connection itself", async () => {
  const { asked, world, shown } = setUp();
  await settle();
  world.isOpen = false;
  shown.refresh();
  await settle();
  expect(asked()).toBe(2);
});

it("leaves a list that was read as it is when the view comes and goes", async () => {
  const { asked } = setUp();
  await settle();
  setVisible(false);
  setVisible(true);
  await settle();
  expect(asked()).toBe(1);
});

it("does not ask for a view that nobody sees, and asks once it is seen", async () => {
  const { asked, setOpen } = setUp();
  await settle();
  setVisible(false);
  setOpen(false);
  setOpen(true);
  await settle();
  expect(asked()).toBe(1);
  setVisible(true);
  await settle();
  expect(asked()).toBe(2);
});
