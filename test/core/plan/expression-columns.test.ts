import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  mentionsColumn,
  readMentions,
  withoutLiterals,
} from "../../../src/core/plan/expression-columns.ts";

describe("columns in a condition as the server prints it", () => {
  it.each([
    ["(a = 1)", "a", undefined, true],
    ["(t.a = 1)", "a", "t", true],
    ["(u.a = 1)", "a", "t", false],
    ["(t.a = 1)", "a", undefined, false],
    ['("t"."a" = 1)', "a", "t", true],
    ['(t."Größe ""x""" = 1)', 'Größe "x"', "t", true],
    ["(s.t.a = 1)", "a", "t", false],
    ["(a(1) = 1)", "a", undefined, false],
    ["(ab = 1)", "a", undefined, false],
    ["(b = 'a'::text)", "a", undefined, false],
    ["(b = 'it''s a'::text)", "a", undefined, false],
    [`("it's" = a)`, "a", undefined, true],
    ["(A = 1)", "A", undefined, false],
    ['("A" = 1)', "A", undefined, true],
    ["((a)::text = 'x'::text)", "a", undefined, true],
  ])("%s mentions %s of %s: %s", (expression, column, alias, expected) => {
    expect(mentionsColumn(expression, column, alias)).toBe(expected);
  });

  it("a literal loses its text and keeps its quotes", () => {
    expect(withoutLiterals("(a = 'b c'::text) AND d = ''")).toBe(
      "(a = ''::text) AND d = ''",
    );
  });

  it("finds what stands around any literal, and nothing inside one", () => {
    fc.assert(
      fc.property(fc.string(), (content) => {
        const text = `((a = '${content.replaceAll("'", "''")}'::text) AND (t.b = 1))`;
        const mentions = readMentions(text);
        expect(mentions("a", undefined)).toBe(true);
        expect(mentions("b", "t")).toBe(true);
        expect(mentions(`inside${content}`, undefined)).toBe(false);
      }),
    );
  });

  it("reads a condition with a literal of 20 MB and one of 200,000 comparisons", () => {
    const pasted = readMentions(`(a = '${"x ".repeat(10_000_000)}'::text)`);
    expect(pasted("a", undefined)).toBe(true);
    expect(pasted("x", undefined)).toBe(false);
    const alternatives = Array.from(
      { length: 200_000 },
      (_, n) => `(c = ${n})`,
    );
    const listed = readMentions(`(${alternatives.join(" OR ")} OR (t.d = 1))`);
    expect([listed("c", undefined), listed("d", "t")]).toEqual([true, true]);
  }, 30_000);
});
