import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "./browser.ts";

const root = path.resolve(import.meta.dirname, "../../..");

export interface OpenWorkbench {
  readonly page: Page;
  readonly profile: string;
  /** Saves a picture of the whole window under test-results, and under docs/pictures when asked to. */
  readonly picture: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface StartedWorkbench {
  readonly url: string;
  readonly profile: string;
  readonly stop: () => Promise<void>;
}

type StartWorkbench = (options: {
  readonly vsix: string;
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly trust: boolean;
}) => Promise<StartedWorkbench>;

async function importStart(): Promise<StartWorkbench> {
  const file = path.join(root, "tools", "workbench", "start.mjs");
  const module = (await import(file)) as { startWorkbench: StartWorkbench };
  return module.startWorkbench;
}

/** Opens the packaged extension in a real workbench and a real browser; with `trust` the folder is not trusted at first. */
export async function openWorkbench(options: {
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly trust: boolean;
}): Promise<OpenWorkbench> {
  const startWorkbench = await importStart();
  const started = await startWorkbench({
    vsix: path.join(root, "planlens.vsix"),
    ...options,
    // A hover that fades in would be pictured half drawn.
    settings: { ...options.settings, "workbench.reduceMotion": "on" },
  });
  let browser: Browser | undefined;
  try {
    const opened = await openBrowser();
    browser = opened.browser;
    const page = await opened.context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(started.url);
    await page.locator(".monaco-workbench").waitFor();
    await page
      .locator(".explorer-folders-view .monaco-list-row")
      .first()
      .waitFor();
    // What the extension contributes comes later than the folder, and a list of commands that is open by then stays without it.
    await page
      .locator('.activitybar .action-label[aria-label*="PlanLens"]')
      .first()
      .waitFor();
    return {
      page,
      profile: started.profile,
      picture: async (name) => {
        const folder =
          process.env["PLANLENS_PICTURES"] ??
          path.join(root, "test-results", "pictures");
        mkdirSync(folder, { recursive: true });
        // Hovers and panels fade in.
        await page.waitForTimeout(700);
        await page.screenshot({ path: path.join(folder, `${name}.png`) });
      },
      close: async () => {
        await browser?.close();
        await started.stop();
      },
    };
  } catch (error) {
    await browser?.close();
    await started.stop();
    throw error;
  }
}
