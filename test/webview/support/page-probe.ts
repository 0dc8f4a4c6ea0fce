import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

interface Sent {
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

interface ProbedWindow {
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
        readonly nodes: readonly { readonly html: string }[];
      }[];
    }>;
  };
}

/** What the page's content security policy had to stop. */
export const violationsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(
    () => (window as unknown as ProbedWindow).planlensTest.violations,
  );

/** What the page told its host, in order. */
export const sentBy = (page: Page): Promise<readonly Sent[]> =>
  page.evaluate(() => (window as unknown as ProbedWindow).planlensTest.sent);

/** Broken WCAG 2.2 AA rules with an element; the checker comes in through the debugger, past the page's policy. */
export async function brokenRules(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as ProbedWindow).axe.run(
      document,
      {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
      },
    );
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200) ?? ""}`,
    );
  });
}
