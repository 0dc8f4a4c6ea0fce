import { expect, it } from "vitest";
import { demoProfile } from "../../src/extension/connections/demo-host.ts";
import {
  createViewReload,
  type ViewReload,
  type ViewReloadParts,
} from "../../src/extension/sidebar/view-reload.ts";

const profile = { ...demoProfile("campus"), id: "campus" };

interface Rows {
  readonly profile: typeof profile;
  readonly isWhole: boolean;
}

interface World {
  isOpen: boolean;
  /** What the next reading comes to. */
  isWhole: boolean;
  asked: number;
  drawn: number;
}

/** What a subscription answers; nobody ends it here. */
const unheard = { dispose: () => undefined };

/** A view on a connection whose state and answers the test sets; it is seen and read at first. */
async function setUp(): Promise<{
  readonly reload: ViewReload;
  readonly world: World;
  readonly rows: () => Rows | undefined;
  readonly setOpen: (isOpen: boolean) => void;
  readonly setVisible: (isVisible: boolean) => void;
}> {
  const world: World = { isOpen: true, isWhole: true, asked: 0, drawn: 0 };
  const heard: { connection: () => void; visible: (now: boolean) => void } = {
    connection: () => undefined,
    visible: () => undefined,
  };
  let rows: Rows | undefined;
  const view = { visible: true };
  const setOpen = (isOpen: boolean): void => {
    world.isOpen = isOpen;
    heard.connection();
  };
  const parts: ViewReloadParts<Rows> = {
    whileReading: <Value>(work: () => Promise<Value>) => work(),
    view: {
      get visible() {
        return view.visible;
      },
      onDidChangeVisibility: (listener) => {
        heard.visible = (visible) => {
          listener({ visible });
        };
        return unheard;
      },
    },
    active: () => profile,
    isOpen: () => world.isOpen,
    connectionsChanged: (listener) => {
      heard.connection = listener;
      return unheard;
    },
    load: () => {
      world.asked += 1;
      // Reading opens the connection, as it does in the editor.
      if (!world.isOpen) setOpen(true);
      return Promise.resolve({ profile, isWhole: world.isWhole });
    },
    loaded: () => rows,
    isWhole: (loaded) => loaded.isWhole,
    put: (loaded) => {
      rows = loaded;
    },
    redraw: () => {
      world.drawn += 1;
    },
    report: (error) => {
      throw error;
    },
  };
  const reload = createViewReload(parts);
  reload.whenSeen();
  await settle();
  return {
    reload,
    world,
    rows: () => rows,
    setOpen,
    setVisible: (visible) => {
      view.visible = visible;
      heard.visible(visible);
    },
  };
}

const settle = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 5));

it("reads again when the same connection is open again after a failure", async () => {
  const { world, rows, setOpen } = await setUp();
  world.isWhole = false;
  setOpen(false);
  setOpen(true);
  await settle();
  expect(rows()?.isWhole).toBe(false);
  world.isWhole = true;
  setOpen(false);
  setOpen(true);
  await settle();
  expect(world.asked).toBe(3);
  expect(rows()?.isWhole).toBe(true);
  expect(world.drawn).toBe(3);
});

it("reads again when the view is looked at after a failure", async () => {
  const { world, rows, reload, setVisible } = await setUp();
  world.isWhole = false;
  reload.now();
  await settle();
  world.isWhole = true;
  setVisible(false);
  setVisible(true);
  await settle();
  expect(world.asked).toBe(3);
  expect(rows()?.isWhole).toBe(true);
});

it("asks once where reading opens the connection itself", async () => {
  const { world, reload } = await setUp();
  world.isOpen = false;
  reload.now();
  await settle();
  expect(world.asked).toBe(2);
});

it("leaves rows that were read as they are when the view comes and goes", async () => {
  const { world, setVisible } = await setUp();
  setVisible(false);
  setVisible(true);
  await settle();
  expect(world.asked).toBe(1);
});

it("does not ask for a view that nobody sees, and asks once it is seen", async () => {
  const { world, rows, setOpen, setVisible } = await setUp();
  setVisible(false);
  setOpen(false);
  setOpen(true);
  await settle();
  expect(world.asked).toBe(1);
  expect(rows()).toBeUndefined();
  setVisible(true);
  await settle();
  expect(world.asked).toBe(2);
});
