import { mkdirSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PanelState } from "../../src/protocol/messages.ts";
import type { PanelServer, Theme } from "./support/panel-page.ts";
import {
  browserPath,
  showState,
  startPanelServer,
} from "./support/panel-page.ts";
import { brokenRules, sentBy, violationsOf } from "./support/page-probe.ts";
import {
  activityState,
  largePlan,
  plainState,
  readPlan,
} from "./support/plan-views.ts";

const pictures = new URL("../../test-results/webview/", import.meta.url);
describe.skipIf(browserPath === undefined)(
  browserPath === undefined
    ? "the plan panel (skipped: no Chromium on this machine)"
    : "the plan panel in a browser under the shipped policy",
  () => {
    let server: PanelServer;
    const opened: Page[] = [];

    beforeAll(async () => {
      mkdirSync(pictures, { recursive: true });
      server = await startPanelServer();
    });
    afterAll(async () => {
      await server.close();
    });

    async function open(
      state: PanelState,
      {
        theme = "dark",
        width = 1400,
        height = 900,
      }: { theme?: Theme; width?: number; height?: number } = {},
    ): Promise<Page> {
      const page = await server.open({ theme, width, height });
      opened.push(page);
      await showState(page, state);
      return page;
    }
    const picture = (page: Page, name: string): Promise<unknown> =>
      page.screenshot({ path: new URL(`${name}.png`, pictures).pathname });
    const focusedRow = (page: Page): Promise<string | null> =>
      page.evaluate(
        () => document.activeElement?.getAttribute("aria-label") ?? null,
      );

    const sizes = [
      { name: "wide", width: 1400, height: 900 },
      { name: "narrow", width: 380, height: 900 },
    ] as const;
    const themes: readonly Theme[] = ["dark", "light", "hc"];

    test("says that an index is still looked for, and then that there is none", async () => {
      const { plan, statement } = readPlan("activity");
      const page = await open(
        plainState(plan, statement, { adviceComing: true }),
      );
      const tab = page.getByRole("tab", { name: "Suggestions" });
      await tab.click();
      await page.getByText("Looking for an index…").waitFor();
      expect(await page.getByText("No index is suggested").count()).toBe(0);
      await showState(page, plainState(plan, statement));
      await tab.click();
      await page.getByText("No index is suggested").waitFor();
    });

    test("says that a copy would prove a suggestion, and has the question shown again", async () => {
      const state = activityState();
      if (state.kind !== "plan") throw new Error("there is no plan");
      for (const theme of themes) {
        const page = await open(
          { kind: "plan", view: { ...state.view, copy: "unanswered" } },
          { theme, width: 900 },
        );
        await page.getByRole("tab", { name: /Suggestions/ }).click();
        expect(await brokenRules(page)).toEqual([]);
        await picture(page, `copy-${theme}`);
        await page.getByRole("button", { name: "Allow copying…" }).click();
        expect((await sentBy(page)).at(-1)?.type).toBe("askToCopy");
        await showState(page, {
          kind: "plan",
          view: { ...state.view, copy: "coming" },
        });
        await page.getByText("The statistics are copied").waitFor();
        expect(
          await page.getByRole("button", { name: "Allow copying…" }).count(),
        ).toBe(0);
      }
    });

    for (const theme of themes) {
      for (const { name, width, height } of sizes) {
        test(`passes axe in every tab, ${theme}, ${name}`, async () => {
          const page = await open(activityState(), { theme, width, height });
          for (const tab of ["Tree", "Table", "Text", "JSON", "Suggestions"]) {
            await page.getByRole("tab", { name: tab }).click();
            expect(await brokenRules(page), tab).toEqual([]);
            await picture(page, `${tab.toLowerCase()}-${theme}-${name}`);
          }
          expect(await violationsOf(page)).toEqual([]);
        });
      }
      test(`passes axe without a plan, ${theme}`, async () => {
        const states: readonly PanelState[] = [
          { kind: "empty" },
          {
            kind: "running",
            what: "Analyzing",
            connection: "edu-staging",
            limitMs: 30_000,
          },
          {
            kind: "trouble",
            title: "Column pe.create_at does not exist.",
            detail: "edu-staging, 42703, line 23",
            actions: [{ label: "Show in editor", command: "showInEditor" }],
          },
        ];
        for (const state of states) {
          const page = await open(state, { theme, width: 700, height: 300 });
          expect(await brokenRules(page), state.kind).toEqual([]);
          expect(await violationsOf(page)).toEqual([]);
          await picture(page, `${state.kind}-${theme}`);
        }
      });
    }

    test("a narrow panel cuts neither the frame of the search nor a share in two lines", async () => {
      const page = await open(activityState(), { width: 500 });
      const overhang = await page
        .locator(".find vscode-text-field")
        .evaluate((field) => {
          const frame = field.shadowRoot?.querySelector(".root");
          return (
            (frame?.getBoundingClientRect().right ?? Infinity) -
            field.getBoundingClientRect().right
          );
        });
      expect(overhang).toBeLessThanOrEqual(0);
      const lines = await page
        .locator(".finding .part")
        .first()
        .evaluate((part) => {
          part.firstChild?.replaceWith("100 %");
          const range = document.createRange();
          range.selectNodeContents(part.firstChild ?? part);
          return range.getClientRects().length;
        });
      expect(lines).toBe(1);
    });

    test("the keyboard reaches every row and every view", async () => {
      const page = await open(activityState());
      await page.locator('.plan-row[tabindex="0"]').focus();
      expect(await focusedRow(page)).toContain(
        "Parallel Seq Scan on progress_events pe",
      );
      expect(await focusedRow(page)).toContain("finding 1");
      await page.keyboard.press("Home");
      expect(await focusedRow(page)).toContain("Limit");
      await page.keyboard.press("ArrowDown");
      expect(await focusedRow(page)).toContain("Sort");
      const rows = (): Promise<number> => page.locator(".plan-row").count();
      const all = await rows();
      await page.keyboard.press("ArrowLeft");
      expect(await rows()).toBe(2);
      await page.keyboard.press("*");
      expect(await rows()).toBe(all);
      await page.keyboard.press("End");
      expect(await focusedRow(page)).toContain("students s");
      await page.keyboard.press("h");
      expect(await focusedRow(page)).toContain("Parallel Seq Scan");
      await page.keyboard.press("f");
      expect(await focusedRow(page)).toContain("finding 2");
      await page.keyboard.press("Shift+F");
      expect(await focusedRow(page)).toContain("finding 1");
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.className)).toBe(
        "details",
      );
      await page.keyboard.press("Escape");
      expect(await focusedRow(page)).toContain("finding 1");
      await page.keyboard.press("Control+c");
      const copied = (await sentBy(page)).find(({ type }) => type === "copy");
      expect(copied?.body["text"]).toContain("progress_events");
      await page.keyboard.press("?");
      expect(await page.getByRole("dialog").isVisible()).toBe(true);
      await page.keyboard.press("Escape");
      expect(await page.getByRole("dialog").count()).toBe(0);
      await page.keyboard.press("/");
      await page.keyboard.type("courses");
      await page.keyboard.press("Escape");
      expect(await focusedRow(page)).toContain("courses");
      await page.keyboard.press("2");
      expect(
        await page
          .getByRole("tab", { name: "Table" })
          .getAttribute("aria-selected"),
      ).toBe("true");
    });

    test("tells what an index costs, what it replaces and which others help", async () => {
      const { plan, statement } = readPlan("activity");
      const state = activityState();
      const remarks = ["table audit: it has no statistics yet"];
      const page = await open(
        state.kind === "plan"
          ? { ...state, view: { ...state.view, remarks } }
          : state,
      );
      await page.getByRole("tab", { name: /Suggestions/ }).click();
      const card = page.locator(".card").first();
      const text = await card.innerText();
      expect(text).toContain("about 2.30 s, concurrently");
      expect(text).toContain("184k such writes since the counters were reset");
      expect(text).toContain("progress_events_enrollment_id_idx");
      expect(text).toMatch(/\(enrollment_id\)\s+9,120\s+7\.06 MB\s+smallest/);
      await page.getByText("1 thing of the source").click();
      await page.getByText("table audit").waitFor();
      await showState(page, plainState(plan, statement));
      expect(await page.getByText("of the source").count()).toBe(0);
    });

    test("says to the host what was asked for", async () => {
      const page = await open(activityState());
      await page.getByRole("button", { name: "Explain" }).click();
      await page.getByRole("button", { name: "Analyze…" }).click();
      await page
        .getByRole("button", { name: "reports/activity.sql:14" })
        .click();
      await page.locator(".finding .go").first().click();
      await page
        .getByRole("button", { name: "Write migration" })
        .first()
        .click();
      await page.getByRole("button", { name: "Preview" }).first().click();
      const types = (await sentBy(page)).map(({ type }) => type);
      expect(types).toEqual([
        "ready",
        "explain",
        "analyze",
        "openSource",
        "writeMigration",
        "previewMigration",
      ]);
      expect((await sentBy(page)).at(-1)?.body).toEqual({ suggestionId: 1 });
      await page.evaluate(() => {
        window.postMessage(
          {
            type: "migrationWritten",
            body: { suggestionId: 1, path: "migrations/1.sql" },
          },
          "*",
        );
      });
      await page.getByText("Written to migrations/1.sql").waitFor();
    });

    test("marks in the query what the chosen operation evaluates", async () => {
      const page = await open(activityState());
      const marked = await page.locator("mark.condition").allTextContents();
      expect(marked).toEqual([
        "pe.kind = 'lesson_completed'",
        "pe.created_at >= now() - interval '30 days'",
      ]);
      expect(await page.locator("mark.table").allTextContents()).toEqual([
        "progress_events pe",
      ]);
      await page.locator(".plan-row").first().click();
      expect(await page.locator("mark").count()).toBe(0);
      expect((await sentBy(page)).at(-1)).toEqual({
        type: "selectNode",
        body: { nodeId: 0 },
      });
    });

    test("keeps tab, choice and folding over a reload", async () => {
      const page = await open(activityState());
      await page.locator(".plan-row").nth(1).click();
      await page.keyboard.press("ArrowLeft");
      await page.waitForTimeout(500);
      await page.reload();
      await page.locator(".plan-row").first().waitFor();
      expect(await page.locator(".plan-row").count()).toBe(2);
      expect(
        await page.locator('[aria-selected="true"].plan-row').textContent(),
      ).toContain("Sort");
    });

    test("draws 10,000 operations with at most 2,500 elements, all opened, scrolled or sorted", async () => {
      const plan = largePlan(10_000);
      const page = await open(plainState(plan, "SELECT 1"));
      const count = (): Promise<number> =>
        page.evaluate(() => document.querySelectorAll("*").length);
      expect(await count()).toBeLessThanOrEqual(2500);
      await page.locator('.plan-row[tabindex="0"]').focus();
      await page.keyboard.press("*");
      expect(
        Number(await page.getByRole("treegrid").getAttribute("aria-rowcount")),
      ).toBeGreaterThan(10_000);
      await page.keyboard.press("End");
      expect(await count()).toBeLessThanOrEqual(2500);
      for (const tab of ["Table", "Text", "JSON"]) {
        await page.getByRole("tab", { name: tab }).click();
        expect(await count(), tab).toBeLessThanOrEqual(2500);
      }
    });

    test("shows names that look like markup as text", async () => {
      const { plan, statement } = readPlan("hostile");
      const hostile = '<img src=x onerror="document.title=1">';
      const page = await open(
        plainState(plan, statement, {
          parameters: hostile,
          ran: hostile,
          connection: {
            name: hostile,
            environment: "production",
            server: hostile,
          },
          findings: [
            {
              rule: "full-read",
              severity: "problem",
              sentence: {
                template: `{0} ${hostile}`,
                values: [{ text: hostile, strong: true }],
              },
              nodeId: 1,
              share: 0.5,
              span: undefined,
            },
          ],
        }),
      );
      for (const tab of ["Tree", "Table", "Text", "JSON", "Suggestions"]) {
        await page.getByRole("tab", { name: tab }).click();
        expect(
          await page.locator("body img, body main script").count(),
          tab,
        ).toBe(0);
      }
      expect(await page.title()).toBe("PlanLens");
      await page.getByRole("tab", { name: "Tree" }).click();
      expect(await page.locator(".plan-row .on").textContent()).toBe(
        'ev"il <img src=x onerror=alert(1)>',
      );
      expect(await violationsOf(page)).toEqual([]);
    });

    test("folds alike partitions and opens them again", async () => {
      const { plan, statement } = readPlan("partitions");
      const page = await open(plainState(plan, statement));
      const folded = page.locator(".plan-row.folded");
      expect(await folded.textContent()).toContain("119 more partitions alike");
      await folded.click();
      await page.keyboard.press("ArrowRight");
      expect(
        Number(await page.getByRole("treegrid").getAttribute("aria-rowcount")),
      ).toBeGreaterThan(120);
      await picture(page, "partitions-open");
    });

    test("ignores messages that are not the host's", async () => {
      const page = await open(activityState());
      await page.evaluate(() => {
        for (const data of [
          null,
          1,
          "state",
          { type: "state" },
          { type: "state", body: { kind: "plan" } },
          { type: "other", body: {} },
        ]) {
          window.postMessage(data, "*");
        }
      });
      await page.waitForTimeout(50);
      expect(await page.locator(".plan-row").count()).toBe(15);
    });
  },
);
