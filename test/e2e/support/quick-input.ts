import type { Locator, Page } from "playwright-core";

const escapePattern = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

/** The quick input, whatever it asks. */
export const quickInput = (page: Page): Locator =>
  page.locator(".quick-input-widget");

/**
 * Where it takes its keys. A webview that had the keyboard may take it back while one quick input follows another:
 * press keys here, which focuses it first as a click does, not on the page.
 */
export const quickField = (page: Page): Locator =>
  quickInput(page).locator("input.input").first();

/**
 * The row with exactly this label. The rows stand in the page in no certain order, only those in view, and a part of a
 * label is often in several: "Explain" in "Explain With Values…".
 */
export const quickRow = (page: Page, label: string): Locator =>
  quickInput(page).locator(".monaco-list-row", {
    has: page.locator(".label-name", {
      hasText: new RegExp(String.raw`^\s*${escapePattern(label)}\s*$`, "u"),
    }),
  });

/** As long as a page waits for anything. */
const patienceMs = 30_000;

/**
 * Takes the row with exactly this label, by keyboard: rows with a second line move the others when they are drawn, and
 * the element under the mouse is used again for another row.
 */
export async function chooseRow(page: Page, label: string): Promise<void> {
  const row = quickRow(page, label);
  await row.first().waitFor();
  const focused = row.and(page.locator(".focused"));
  const end = Date.now() + patienceMs;
  while ((await focused.count()) === 0) {
    if (Date.now() > end) throw new Error(`${label} never had the focus.`);
    await quickField(page).press("ArrowDown");
  }
  await quickField(page).press("Enter");
}

/** Runs a command by its full title, with its category. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await quickField(page).fill(`>${title}`);
  await chooseRow(page, title);
}
