import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { pressInToast, toast } from "./notifications.ts";
import { openWorkbench, type OpenWorkbench } from "./workbench.ts";

/** What a workbench is opened on. */
export interface World {
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Ends what was started and removes the folder. */
  readonly end: () => Promise<void>;
}

/** The one workbench of a group of tests; its parts throw before the first test begins. */
export interface SharedWorkbench<Its extends World> {
  readonly world: Its;
  readonly page: Page;
  readonly profile: string;
  readonly picture: OpenWorkbench["picture"];
  /** A notification in view or an item of the status bar with this text. */
  readonly toast: (text: string) => Locator;
  readonly status: (text: string) => Locator;
  /** Presses the button of a notification, in view or not. */
  readonly pressInToast: (text: string, button: string) => Promise<void>;
}

/**
 * Opens a workbench before the tests of this file or `describe`, and ends it and its world after them; does nothing
 * where the tests cannot run. The first test that fails leaves a picture named `<pictures>-failed`: others fail for it.
 */
export function useWorkbench<Its extends World>(options: {
  /** Why the tests cannot run here; undefined when they can. */
  readonly missing: string | undefined;
  readonly pictures: string;
  /** The folder is not trusted at first. */
  readonly trust?: boolean;
  readonly open: () => Promise<Its>;
}): SharedWorkbench<Its> {
  let world: Its | undefined;
  let opened: OpenWorkbench | undefined;
  let failed = false;
  const there = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error("the workbench is not open yet");
    return part;
  };

  beforeAll(async () => {
    if (options.missing !== undefined) return;
    world = await options.open();
    const { folder, settings } = world;
    opened = await openWorkbench({
      folder,
      settings,
      trust: options.trust ?? false,
    });
  });

  afterEach(async ({ task }) => {
    if (failed || task.result?.state !== "fail") return;
    failed = true;
    await opened?.picture(`${options.pictures}-failed`);
  });

  afterAll(async () => {
    try {
      await opened?.close();
    } finally {
      await world?.end();
    }
  });

  return {
    get world() {
      return there(world);
    },
    get page() {
      return there(opened).page;
    },
    get profile() {
      return there(opened).profile;
    },
    picture: (name) => there(opened).picture(name),
    toast: (text) => toast(there(opened).page, text),
    pressInToast: (text, button) =>
      pressInToast(there(opened).page, text, button),
    status: (text) =>
      there(opened).page.locator(".statusbar-item", { hasText: text }),
  };
}
