import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { phrase } from "../../src/core/words.ts";
import { renderOperator } from "../../src/core/plan/render-text.ts";
import { walk } from "../../src/core/plan/walk.ts";
import type {
  PanelState,
  PlanView,
  SuggestionView,
} from "../../src/protocol/messages.ts";
import { readRuleCase, type StoredCase } from "../core/findings/rule-cases.ts";
import { ruleCases } from "../plans/rule-cases.ts";
import { pseudoBundle, untranslated } from "../support/pseudo.ts";
import {
  browserPath,
  showState,
  startPanelServer,
  type PanelServer,
} from "./support/panel-page.ts";

/** What the host says is translated there and has no letter here. */
const suggestionOf = (
  proof: SuggestionView["proof"],
  id: number,
): SuggestionView => ({
  id,
  title: "1",
  keyText: "1",
  table: "1",
  keys: [{ text: "1", role: "1" }],
  predicate: "1",
  proof,
  proofDetail: "1",
  costBefore: proof === "heuristic" ? undefined : 2,
  costAfter: proof === "heuristic" ? undefined : 1,
  sizeBytes: 8192,
  why: "1",
  ddl: "1",
  runner: undefined,
  path: "1",
  notes: ["1"],
  upkeep: { buildMs: 1, entriesWritten: 1, hotUpdatesAtRisk: 1 },
  replaces: ["1"],
  others: [{ keyText: "1", costAfter: 1, sizeBytes: 8192, note: "1" }],
  rejected: [{ keyText: "1", costAfter: 1, reason: "1" }],
});

const viewOf = ({ plan, findings, sql }: StoredCase): PlanView => ({
  plan: {
    ...plan,
    notes: [
      phrase("An operator has no name; it is shown with its raw fields."),
    ],
  },
  findings,
  suggestions: [
    suggestionOf("planner", 0),
    suggestionOf("measured", 1),
    suggestionOf("heuristic", 2),
  ],
  query: { text: sql, firstLine: 1, sourceLabel: "1" },
  connection: { name: "1", environment: "dev", server: "1" },
  noAnalyze: undefined,
  remarks: ["1", "2"],
  ran: "1",
  parameters: undefined,
  marks: [],
});

/** SQL, names, and what PostgreSQL calls its operators and their keys. */
const namesIn = ({ plan, sql, catalog }: StoredCase): readonly string[] => [
  sql,
  JSON.stringify(catalog),
  "Sort Key Group Key dev CONCURRENTLY WHERE AND",
  ...Object.entries(plan.settings).flat(),
  ...plan.triggers.map(({ name }) => name),
  ...[...walk(plan)].flatMap((node) => [
    renderOperator(node),
    node.index ?? "",
    node.target ?? "",
    node.subplanName ?? "",
    node.sort?.method ?? "",
    ...node.sortKeys,
    ...node.groupKeys,
    ...node.conditions.flatMap(({ label, expression }) => [
      label,
      label.toLowerCase(),
      expression,
    ]),
  ]),
];

/** Text and the words of attributes that are read out or shown; SQL and what the server sent verbatim left out. */
const visibleText = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const verbatim = "code, pre, kbd, dl, .sql, .text-grid, script, style";
    const parts: string[] = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
    for (let at = nodes.nextNode(); at !== null; at = nodes.nextNode()) {
      const element = at instanceof Element ? at : at.parentElement;
      if (element === null || element.closest(verbatim) !== null) continue;
      if (at instanceof Element)
        for (const name of ["title", "aria-label", "placeholder"])
          parts.push(at.getAttribute(name) ?? "");
      else if (at instanceof Text) parts.push(at.data);
    }
    return parts.join("\n");
  });

describe.skipIf(browserPath === undefined)(
  browserPath === undefined
    ? "the panel in another language (skipped: no Chromium on this machine)"
    : "the panel in a language without Latin letters",
  () => {
    let server: PanelServer;

    beforeAll(async () => {
      server = await startPanelServer();
    });
    afterAll(async () => {
      await server.close();
    });

    async function open(
      translations: Readonly<Record<string, string>> = pseudoBundle,
    ): Promise<Page> {
      return server.open({
        theme: "dark",
        width: 1400,
        height: 900,
        translations,
      });
    }

    const states: readonly PanelState[] = [
      { kind: "empty" },
      { kind: "running", what: "1", connection: "1", limitMs: 30_000 },
      { kind: "running", what: "1", connection: "1", limitMs: undefined },
      {
        kind: "trouble",
        title: "1",
        detail: "1",
        actions: [{ command: "explain", label: "1" }],
      },
    ];
    test.each(states)("says nothing in English: $kind", async (state) => {
      const page = await open();
      await showState(page, state);
      expect(untranslated(await visibleText(page), [])).toEqual([]);
      await page.close();
    });

    test.each(ruleCases)(
      "says nothing in English about a plan: $name",
      async ({ name }) => {
        const stored = await readRuleCase(name);
        const names = namesIn(stored);
        const page = await open();
        await showState(page, { kind: "plan", view: viewOf(stored) });
        const tabs = await page.getByRole("tab").all();
        expect(tabs.length).toBe(5);
        for (const tab of tabs) {
          await tab.click();
          expect(untranslated(await visibleText(page), names)).toEqual([]);
        }
        await tabs[0]?.click();
        for (let row = 0; row < 4; row += 1) {
          await page
            .locator(".plan-row")
            .first()
            .press(row === 0 ? "Home" : "ArrowDown");
          expect(untranslated(await visibleText(page), names)).toEqual([]);
        }
        await page.close();
      },
    );

    test("falls back to English for what the language lacks", async () => {
      const page = await open({ "No plan yet": "Noch kein Plan" });
      await showState(page, { kind: "empty" });
      const text = await visibleText(page);
      expect(text).toContain("Noch kein Plan");
      expect(text).toContain("Put the cursor in a statement and press");
      await page.close();
    });
  },
);
