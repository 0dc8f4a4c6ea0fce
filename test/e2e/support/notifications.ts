import { errors, type Locator, type Page } from "playwright-core";

/** The notification in view that has this text. */
export const toast = (page: Page, text: string): Locator =>
  page.locator(".notification-toast", { hasText: text });

/** Longer than anything in view takes to be pressed. */
const inViewMs = 5000;

/**
 * Presses the button with these words in a notification that has come. The workbench puts a question out of sight
 * after a quarter of a minute, which a busy machine needs for a picture: then the bell brings it back.
 */
export async function pressInToast(
  page: Page,
  text: string,
  words: string,
): Promise<void> {
  const buttonIn = (place: Locator): Locator =>
    place.getByRole("button", { name: words, exact: true });
  try {
    await buttonIn(toast(page, text)).click({ timeout: inViewMs });
    return;
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
  }
  const all = page.locator(".notifications-center.visible");
  const bell = page.locator(String.raw`#status\.notifications`);
  await bell.click();
  const question = all
    .locator(".notification-list-item", { hasText: text })
    .first();
  await buttonIn(question).click();
  await question.waitFor({ state: "detached" });
  if (await all.isVisible()) await bell.click();
}
