import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const axeSource = readFileSync(
  new URL("../../../node_modules/axe-core/axe.min.js", import.meta.url),
  "utf8",
);

interface Sent {
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

// The page's own window: the host's script puts the one there, the checker the other.
declare global {
  interface Window {
    readonly planlensTest: {
      readonly violations: readonly string[];
      readonly sent: readonly Sent[];
    };
    readonly axe: {
      readonly run: (
        root: Document,
        options: unknown,
      ) => Promise<{
        readonly violations: readonly {
          readonly id: string;
          readonly nodes: readonly {
            readonly html: string;
            readonly failureSummary?: string;
          }[];
        }[];
      }>;
    };
  }
}

/** What the page's content security policy had to stop. */
export const violationsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => window.planlensTest.violations);

/** What the page told its host, in order. */
export const sentBy = (page: Page): Promise<readonly Sent[]> =>
  page.evaluate(() => window.planlensTest.sent);

/** Broken WCAG 2.2 AA rules with their first elements; the checker comes in through the debugger, past the page's policy. */
export async function brokenRules(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    });
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(
            ({ html, failureSummary }) =>
              `${html.slice(0, 160)} ${failureSummary ?? ""}`,
          )
          .join(" | ")}`,
    );
  });
}
