import { english } from "../../../src/core/words.ts";
import { describe, expect, it } from "vitest";
import type { RuleId } from "../../../src/core/findings/finding.ts";
import { renderSentence } from "../../../src/core/findings/sentence.ts";
import { ruleCases } from "../../plans/rule-cases.ts";
import { readRuleCase } from "./rule-cases.ts";

/** Checks one rule on every plan that shows its trouble. */
export function describeRule(rule: RuleId): void {
  describe(rule, () => {
    const cases = ruleCases.filter((one) => one.rule === rule);
    it.each(cases)("$name: $sql", async ({ name, token }) => {
      const { findings, sql } = await readRuleCase(name);
      const finding = findings.find((one) => one.rule === rule);
      expect(findings.map((one) => one.rule)).toContain(rule);
      expect(finding?.nodeId).toBeTypeOf("number");
      expect(finding?.share).toBeGreaterThanOrEqual(0.05);
      const { start = 0, end = 0 } = finding?.span ?? {};
      if (token !== undefined) expect(sql.slice(start, end)).toBe(token);
      if (finding !== undefined)
        expect(renderSentence(finding.sentence, english)).toMatchSnapshot();
    });
  });
}
