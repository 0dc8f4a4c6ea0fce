import { describe, expect, it } from "vitest";
import { findFindings } from "../../../src/core/findings/catalogue.ts";
import type { Finding } from "../../../src/core/findings/finding.ts";
import { renderSentence } from "../../../src/core/findings/sentence.ts";
import { english } from "../../../src/core/words.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { readRuleCase } from "./rule-cases.ts";

/** The findings of a stored plan after every filter in it has grown. */
async function findWith(
  name: string,
  grow: (filter: string) => string,
): Promise<readonly Finding[]> {
  const { plan, statement, catalog } = await readRuleCase(name);
  const source: unknown = JSON.parse(
    JSON.stringify(plan.source),
    (key, value: unknown) => (key === "Filter" ? grow(String(value)) : value),
  );
  const grown = parseExplain(source);
  if (!grown.ok) throw new Error(grown.error.kind);
  return findFindings({ plan: grown.value, statement, catalog });
}

const limitMs = 20_000;

describe.each(["leading-wildcard", "hidden-column", "full-read"])(
  "%s is found in a filter of megabytes",
  (name) => {
    it.each([
      ["a pasted document", `note <> '${"word (word ".repeat(200_000)}'`],
      ["a long list", `city = ANY ('{${"one,two,".repeat(200_000)}}'::text[])`],
      [
        "very many comparisons",
        `(${Array.from({ length: 100_000 }, (_, n) => `(m = ${n})`).join(" OR ")})`,
      ],
      [
        "a call of very many arguments",
        `concat(${"email, kind, ".repeat(50_000)} now()) <> ''`,
      ],
    ])(
      "beside %s",
      async (_, condition) => {
        const plain = await findWith(name, (filter) => filter);
        const found = await findWith(
          name,
          (filter) => `(${filter} AND (${condition}))`,
        );
        const ofRule = (findings: readonly Finding[]) =>
          findings.find(({ rule }) => rule === name);
        expect(ofRule(plain)).toBeDefined();
        expect(ofRule(found)?.nodeId).toBe(ofRule(plain)?.nodeId);
        expect(ofRule(found)?.span).toEqual(ofRule(plain)?.span);
      },
      limitMs,
    );
  },
);

it("a sentence about a wrapped column stays readable when the wrapper is long", async () => {
  const literal = "x".repeat(100_000);
  const { plan, statement, catalog } = await readRuleCase("hidden-column");
  const columns = statement.facts.columns.map((use) =>
    use.wrappedIn === undefined
      ? use
      : { ...use, wrappedIn: `coalesce(${use.column}, '${literal}')` },
  );
  const facts = { ...statement.facts, columns };
  const [found] = findFindings({
    plan,
    statement: { ...statement, facts },
    catalog,
  });
  const said = found && renderSentence(found.sentence, english);
  expect(said).toMatch(/^coalesce\(\w+, 'x+…x+'\) hides /u);
  expect(said?.length).toBeLessThan(500);
});
