import { english } from "../../../src/core/words.ts";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findFindings, rules } from "../../../src/core/findings/catalogue.ts";
import { renderSentence } from "../../../src/core/findings/sentence.ts";
import { ruleCases } from "../../plans/rule-cases.ts";
import { goldenPlans } from "../plan/golden.ts";
import { readRuleCase } from "./rule-cases.ts";

const root = path.resolve(import.meta.dirname, "../../..");

describe("the catalogue of rules", () => {
  it.each(rules)(
    "$id has one file, one test, one page and a case",
    ({ id }) => {
      expect(
        existsSync(path.join(root, `src/core/findings/rules/${id}.ts`)),
      ).toBe(true);
      expect(
        existsSync(path.join(root, `test/core/findings/${id}.test.ts`)),
      ).toBe(true);
      expect(existsSync(path.join(root, `docs/rules/${id}.md`))).toBe(true);
      expect(ruleCases.some(({ rule }) => rule === id)).toBe(true);
    },
  );

  it("lists every file of the folder", () => {
    const files = readdirSync(path.join(root, "src/core/findings/rules")).map(
      (file) => file.replace(".ts", ""),
    );
    expect(rules.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
  });

  it.each(ruleCases.filter(({ rule }) => rule === undefined))(
    "$name: nothing to say about $sql",
    async ({ name }) => {
      expect((await readRuleCase(name)).findings).toEqual([]);
    },
  );

  it.each(ruleCases)(
    "$name: ranked by share, spans inside the text, sentences whole",
    async ({ name }) => {
      const { findings, sql } = await readRuleCase(name);
      const shares = findings.map(({ share }) => share);
      expect(shares).toEqual(shares.toSorted((a, b) => b - a));
      for (const { span, sentence } of findings) {
        const { start = 0, end = 1 } = span ?? {};
        expect(sql.slice(start, end).length).toBe(end - start);
        expect(renderSentence(sentence, english)).not.toMatch(
          /\{\d\}|undefined|NaN/u,
        );
      }
    },
  );

  it.each(ruleCases)(
    "$name: works without a statement and without a catalog",
    async ({ name }) => {
      const { plan } = await readRuleCase(name);
      const findings = findFindings({
        plan,
        statement: undefined,
        catalog: { tables: [] },
      });
      for (const { span } of findings) expect(span).toBeUndefined();
    },
  );

  it.each(goldenPlans)("$name: any plan can be examined", ({ plan }) => {
    const findings = findFindings({
      plan,
      statement: undefined,
      catalog: { tables: [] },
    });
    expect(findings.every(({ share }) => share >= 0 && share <= 1)).toBe(true);
  });
});
