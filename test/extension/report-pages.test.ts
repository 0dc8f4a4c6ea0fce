import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { WhyNotAnswer } from "../../src/app/why-not.ts";
import type { Kept } from "../../src/core/advice/calibration/entry.ts";
import { phrase } from "../../src/core/words.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { createCatalogCache } from "../../src/app/catalog-cache.ts";
import type { ServerInfo } from "../../src/app/database.ts";
import { succeeded } from "../../src/core/result.ts";
import { createCalibration } from "../../src/extension/calibration.ts";
import { renderCalibration } from "../../src/extension/calibration-text.ts";
import { demoProfile } from "../../src/extension/connections/demo-host.ts";
import type { Explainer } from "../../src/extension/editor/explainer.ts";
import { renderWhyNot } from "../../src/extension/editor/why-not-text.ts";
import { ruleCases } from "../plans/rule-cases.ts";
import { readRuleCase } from "../core/findings/rule-cases.ts";
import { databaseWith } from "../support/database.ts";
import { untranslated } from "../support/pseudo.ts";

vi.mock("vscode", async () => {
  const { pseudoTranslate: t } = await import("../support/pseudo.ts");
  return { l10n: { t }, Uri: {} };
});

const hostile = "a|b [x](command:evil) <img src=x> `**$(zap)`";

async function answerOf(sql: string, token: string): Promise<WhyNotAnswer> {
  const parsed = (await loadSqlParser()).parse(sql);
  if (!parsed.ok) throw new Error("not parsed");
  const start = sql.indexOf(token);
  const evidence = {
    costChosen: 1000,
    costWithIndex: 12,
    rows: 1,
    tableRows: 5000,
  };
  return {
    isUsed: false,
    sentence: phrase("{0} is not used.", hostile),
    evidence,
    causes: [
      {
        kind: "wrapped",
        sentence: phrase("{0} is not used.", hostile),
        span: { start, end: start + token.length },
        indexKey: "9",
        evidence,
      },
      {
        kind: "costlier",
        sentence: phrase(
          "The plan with the index costs {0}, without it {1}.",
          "1",
          "2",
        ),
        span: undefined,
        indexKey: undefined,
        evidence,
      },
    ],
    statement: parsed.value,
    index: {
      name: "9",
      schema: undefined,
      table: "9",
      method: "btree",
      keys: [],
      included: [],
      predicate: undefined,
    },
    exists: true,
    sizeBytes: 8192,
  };
}

const kept: Kept = {
  promise: {
    kind: "promise",
    id: "1",
    at: "2026-01-01T00:00:00Z",
    connection: "shop",
    server: "18",
    fingerprint: "f",
    statement: hostile,
    schema: "public",
    table: "t",
    ddl: hostile,
    name: "i",
    proof: "planner",
    costBefore: 100,
    costAfter: 10,
    sizeBytes: 8192,
    shape: [],
    parameters: "none",
    tableRows: 1,
  },
  outcome: {
    kind: "outcome",
    id: "1",
    at: "2026-01-02T00:00:00Z",
    server: "18",
    name: "i",
    cost: 20,
    sizeBytes: 8192,
    isUsed: true,
    shape: [],
    tableRows: 1,
  },
};

/** No link, image, code or cell comes of foreign text. */
function expectTame(markdown: string): void {
  const outside = markdown.replaceAll(/```[^`]*```/gu, "");
  expect(outside).not.toContain("](command:");
  expect(outside).not.toContain("<img");
  expect(outside).not.toContain("`");
  expect(outside).not.toContain("$(zap)");
}

describe("the page that tells why an index is not used", () => {
  it("says everything in the reader's language, and shows each token with its line", async () => {
    const sql = "SELECT 1\nFROM t WHERE abs(x) = 7";
    const page = renderWhyNot(await answerOf(sql, "abs(x)"), {
      connection: "ñ",
      firstLine: 41,
    });
    expectTame(page);
    expect(page).toContain("   ```sql\n   abs(x)\n   ```");
    const shown = page.replaceAll(/```[^`]*```/gu, "");
    expect(untranslated(shown.replaceAll(/&#\d+;/gu, " "), [hostile])).toEqual(
      [],
    );
    // The token stands on the second line of the statement.
    expect(page).toContain("42");
  });
});

describe("the page of the calibration log", () => {
  it("says everything in the reader's language, one row per promise", () => {
    const page = renderCalibration([kept, { ...kept, outcome: undefined }]);
    expectTame(page);
    const rows = page.split("\n").filter((line) => line.startsWith("|"));
    // Two tables with head and rule; one level, two promises.
    expect(rows).toHaveLength(7);
    expect(
      new Set(rows.slice(3).map((line) => line.split("|").length)),
    ).toEqual(new Set([11]));
    const shown = page.replaceAll(/&#\d+;/gu, " ");
    expect(untranslated(shown, [hostile, "8.00 kB", "2026"])).toEqual([]);
  });

  it("says what to do while it is empty", () => {
    const page = renderCalibration([]);
    expect(page).not.toContain("|");
    expect(page.length).toBeGreaterThan(50);
  });
});

describe("promises in the editor", () => {
  it(
    "are kept when a migration is written, and compared once with a plan that is made anew",
    { timeout: 30_000 },
    async () => {
      const [first] = ruleCases;
      if (first === undefined) throw new Error("there is no case");
      const { plan, statement, catalog } = await readRuleCase(first.name);
      const explained = {
        plan,
        statement,
        catalog,
        findings: [],
        advice: { suggestions: [], rejected: [] },
        parameters: { kind: "none" as const },
      };
      const [table] = catalog.tables;
      const [existing] = table?.indexes ?? [];
      if (table === undefined || existing === undefined)
        throw new Error("the case has no index");
      const folder = mkdtempSync(path.join(os.tmpdir(), "planlens-log-"));
      let asked = 0;
      const info: ServerInfo = {
        engine: "postgres",
        versionNumber: 180_001,
        versionText: "18.1",
        hypopgVersion: undefined,
        whatIf: "none",
        isReadOnlyReplica: false,
      };
      const database = databaseWith({
        info: () => Promise.resolve(succeeded(info)),
        plannerFacts: () => {
          asked += 1;
          const { schema, name } = table;
          const index = {
            schema,
            table: name,
            name: existing.name,
            sizeBytes: 8192,
            leaves: [],
          };
          return Promise.resolve(
            succeeded({ tables: [], indexes: [index], settings: {} }),
          );
        },
      });
      const planned = succeeded({ explained, plannedAt: 0 });
      const parser = await loadSqlParser();
      const unasked = (): never => {
        throw new Error("promises are kept without asking for this");
      };
      const inner: Explainer = {
        peek: unasked,
        peekAdvice: unasked,
        read: unasked,
        advise: unasked,
        forgetAdvice: unasked,
        onDidChange: unasked,
        plan: () => Promise.resolve(planned),
        renew: () => Promise.resolve(planned),
        ports: () =>
          Promise.resolve(
            succeeded({
              database,
              catalog: createCatalogCache(database),
              parser,
            }),
          ),
      };
      const faults: unknown[] = [];
      const calibration = createCalibration({
        storage: { fsPath: folder } as never,
        now: () => Date.UTC(2026, 0, 1),
        report: (error) => faults.push(error),
      });
      const profile = demoProfile("main");
      calibration.writtenOn(inner)([
        {
          suggestion: {
            index: {
              schema: table.schema,
              table: table.name,
              method: "btree",
              keys: existing.keys.map((text) => ({
                text,
                isExpression: false,
                descending: false,
                nulls: undefined,
                operatorClass: undefined,
                role: "equality" as const,
              })),
              included: [],
              predicate: undefined,
            },
            name: "another_name",
            costBefore: 2,
            costAfter: 1,
            sizeBytes: 8192,
            proof: { kind: "planner", how: "HypoPG" },
            planAfter: undefined,
            why: "",
          },
          explained,
          profile,
        },
      ]);
      const file = path.join(folder, "calibration.jsonl");
      const lines = (): string[] => {
        try {
          return readFileSync(file, "utf8").trimEnd().split("\n");
        } catch {
          return [];
        }
      };
      const patience = { timeout: 10_000 };
      await vi.waitFor(() => {
        expect({ faults, lines: lines().length }).toEqual({
          faults: [],
          lines: 1,
        });
      }, patience);
      const watched = calibration.watch(inner);
      const { signal } = new AbortController();
      await watched.plan(profile, "", signal);
      await vi.waitFor(() => {
        expect(lines()).toHaveLength(2);
      }, patience);
      await watched.plan(profile, "", signal);
      expect(JSON.parse(lines()[1] ?? "")).toMatchObject({
        kind: "outcome",
        name: existing.name,
        server: "18.1",
      });
      expect({ asked, faults }).toEqual({ asked: 1, faults: [] });
      rmSync(folder, { recursive: true, force: true });
    },
  );
});
