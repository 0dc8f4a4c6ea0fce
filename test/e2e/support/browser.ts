import { existsSync } from "node:fs";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type Frame,
  type Locator,
  type Page,
} from "playwright-core";
import { chooseRow } from "./quick-input.ts";

const executable = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => existsSync(path));

/** Why no browser test can run here; undefined when one can. */
export const noBrowser =
  executable === undefined
    ? "no Chromium: apt-get install chromium"
    : undefined;

export async function openBrowser(): Promise<{
  browser: Browser;
  context: BrowserContext;
}> {
  if (executable === undefined) throw new Error(noBrowser);
  const browser = await chromium.launch({
    executablePath: executable,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  return { browser, context };
}

/** The content frame of the webview that holds `probe`. */
export async function webviewFrame(
  page: Page,
  probe: string,
  timeoutMs = 30_000,
): Promise<Frame> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    for (const frame of page.frames()) {
      if (!/\/fake\.html\?/.test(frame.url())) continue;
      const count = await frame
        .locator(probe)
        .count()
        .catch(() => 0);
      if (count > 0) return frame;
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`No webview holds ${probe} after ${timeoutMs} ms.`);
}

export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+P");
  const input = page.locator(".quick-input-widget .quick-input-box input");
  await input.waitFor();
  await input.fill(name);
  await chooseRow(page, name);
  await page.locator(".tab.active", { hasText: name }).first().waitFor();
}

const editor = (page: Page): Locator =>
  page.locator(".editor-group-container .monaco-editor").first();

/** Screen position of the first occurrence of a word that the editor draws. */
async function positionOf(
  page: Page,
  word: string,
): Promise<{ x: number; y: number }> {
  const line = editor(page).locator(".view-line", { hasText: word }).first();
  await line.waitFor();
  return line.evaluate((element, wanted) => {
    const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
      const at = (node.nodeValue ?? "").indexOf(wanted);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      const box = range.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }
    throw new Error(`${wanted} is not drawn in one piece`);
  }, word);
}

/** How long a state is waited for that asking again may be needed for. */
const patienceMs = 60_000;

/**
 * Opens the hover over a word and returns its text, once it holds what is waited for. A lens that arrives meanwhile
 * moves the lines, so that the mouse rests on another word: then it goes there again.
 */
export async function hoverText(
  page: Page,
  word: string,
  expected: RegExp,
): Promise<string> {
  const hover = page
    .locator(".monaco-hover:visible", { hasText: expected })
    .first();
  const end = Date.now() + patienceMs;
  for (;;) {
    const { x, y } = await positionOf(page, word);
    await page.mouse.move(x, y);
    await page.mouse.move(x + 2, y);
    try {
      await hover.waitFor({ timeout: 15_000 });
      return await hover.innerText();
    } catch (error) {
      if (Date.now() > end) throw error;
      await page.mouse.move(x, 5);
    }
  }
}

/** Puts the cursor into the first squiggle and opens its quick fixes; returns the wanted row, focused. */
export async function openQuickFix(
  page: Page,
  title: RegExp,
): Promise<Locator> {
  const squiggle = editor(page).locator(".squiggly-warning").first();
  await squiggle.waitFor();
  const box = await squiggle.boundingBox();
  if (box === null) throw new Error("the squiggle is not drawn");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const row = page
    .locator(".action-widget .monaco-list-row", { hasText: title })
    .first();
  const end = Date.now() + patienceMs;
  for (;;) {
    // The menu asked for before the fixes are computed never opens.
    await page.keyboard.press("Control+.");
    try {
      await row.waitFor({ timeout: 8000 });
      return row;
    } catch (error) {
      if (Date.now() > end) throw error;
      await page.keyboard.press("Escape");
    }
  }
}
