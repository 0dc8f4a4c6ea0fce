import { expect, test } from "vitest";
import type { Candidate } from "../../../src/core/advice/candidates.ts";
import { searchByBuilding } from "../../../src/core/advice/search-building.ts";
import type { Trial, Trials } from "../../../src/core/advice/trial.ts";
import { mostPromising } from "../../../src/core/advice/worth-building.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { indexOf, keyOf, tableOf } from "./samples.ts";

/** Sequential scans by table and cost, their costs added up. */
function rawPlan(scans: ReadonlyMap<string, number>, rest = 0): unknown {
  const total = [...scans.values()].reduce((sum, cost) => sum + cost, rest);
  const base = { "Startup Cost": 0, "Plan Rows": 1, "Plan Width": 8 };
  return [
    {
      Plan: {
        ...{ ...base, "Node Type": "Append", "Total Cost": total },
        Plans: [...scans].map(([name, cost]) => ({
          ...{ ...base, "Node Type": "Seq Scan", "Total Cost": cost },
          ...{ "Relation Name": name, Alias: name },
        })),
      },
    },
  ];
}

function planOf(scans: ReadonlyMap<string, number>, rest?: number): Plan {
  const plan = parseExplain(rawPlan(scans, rest));
  if (!plan.ok) throw new Error("a plan expected");
  return plan.value;
}

const candidateOn = (
  table: string,
  overrides: Partial<Candidate["index"]> = {},
): Candidate => ({
  index: indexOf(["a"], { table, ...overrides }),
  table: tableOf(table, []),
  rank: 0,
});

const large = candidateOn("large");
const small = candidateOn("small");
const costs = new Map([
  ["large", 100_000],
  ["small", 900],
]);

/** Every index leaves 10 of its table's cost, where `helps` says so. */
function trialsOf(
  helps: (candidate: Candidate) => boolean,
): Trials<never> & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  return {
    asked,
    failure: () => undefined,
    plan: (set) => {
      asked.push(set.map(({ index }) => index.table).join(" "));
      const used = set.filter(helps);
      const left = new Map(costs);
      for (const { index } of used) left.set(index.table, 10);
      const trial: Trial = {
        ...{ used, refused: [], plan: rawPlan(left) },
        cost: [...left.values()].reduce((sum, cost) => sum + cost, 0),
        sizeOf: () => undefined,
      };
      return Promise.resolve(trial);
    },
  };
}

const asked = {
  plan: planOf(costs),
  before: 100_900,
  effort: { rounds: 3, pairs: true },
  isLimited: false,
  includedFor: () => [],
  covering: (candidate: Candidate) => [
    { ...candidate, index: { ...candidate.index, included: ["b"] } },
  ],
};

test("a table that matters once another is helped gets its index too", async () => {
  const { best } = await searchByBuilding(
    trialsOf(() => true),
    { ...asked, candidates: [large, small] },
  );
  expect(best?.set.map(({ index }) => index.table)).toEqual(["large", "small"]);
  expect(best?.trial.cost).toBe(20);
});

test("nothing is built on a table that matters little while nothing else helps", async () => {
  const trials = trialsOf(({ index }) => index.table === "small");
  await searchByBuilding(trials, { ...asked, candidates: [large, small] });
  expect(trials.asked.join()).not.toContain("small");
});

test("an index that only arranges all rows is built with what is read beside", async () => {
  const arranging = candidateOn("large", {
    keys: [keyOf("a", { role: "sort" })],
  });
  const { best } = await searchByBuilding(
    trialsOf(({ index }) => index.included.length > 0),
    { ...asked, candidates: [arranging] },
  );
  expect(best?.set[0]?.index.included).toEqual(["b"]);
});

test("where a dear plan does not show what it spends on, every table may be the one", () => {
  const hidden = planOf(costs, 5_000_000);
  expect(mostPromising(hidden, [large, small])).toEqual([large, small]);
  expect(mostPromising(planOf(costs), [large, small])).toEqual([large]);
  const cheap = planOf(new Map([["small", 5]]), 500);
  expect(mostPromising(cheap, [small])).toEqual([]);
});
