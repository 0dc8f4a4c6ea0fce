import { describe, expect, test } from "vitest";
import { findAlternatives } from "../../../src/core/advice/alternatives.ts";
import {
  identityOf,
  type Candidate,
} from "../../../src/core/advice/candidates.ts";
import { pickByRules } from "../../../src/core/advice/heuristics.ts";
import type { IndexDefinition } from "../../../src/core/advice/suggestion.ts";
import type { Trial, Trials } from "../../../src/core/advice/trial.ts";
import { upkeepFacts } from "../../../src/core/advice/upkeep-facts.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { columnOf, indexOf, keyOf, tableOf } from "./samples.ts";

const table = tableOf(
  "users",
  [
    columnOf("id", { distinctValues: 1_000_000 }),
    columnOf("at", { distinctValues: 900_000, correlation: 1 }),
    columnOf("name", {
      type: "text",
      averageBytes: 40,
      distinctValues: 900_000,
    }),
    columnOf("title", { type: "text" }),
  ],
  {
    estimatedRows: 1_000_000,
    pages: 10_000,
    writes: { inserted: 100, updated: 50, hotUpdated: 30, deleted: 0 },
  },
);

const candidateOf = (index: IndexDefinition): Candidate => ({
  index,
  table,
  rank: 0,
});

/** Costs by DDL; what is not listed is not used. */
function trialsOf(costs: ReadonlyMap<string, number>): Trials<never> {
  return {
    failure: () => undefined,
    plan: ([candidate]) => {
      const cost = candidate && costs.get(identityOf(candidate.index));
      const trial: Trial = {
        cost: cost ?? 20_000,
        used: cost === undefined || candidate === undefined ? [] : [candidate],
        refused: [],
        sizeOf: () => undefined,
        plan: [],
      };
      return Promise.resolve(trial);
    },
  };
}

const covering = indexOf(["at", "name"], { included: ["id"] });
const brin = indexOf(["at"], { method: "brin" });

describe("alternatives", () => {
  test("tell what is smaller and cheaper to write, with its price in the plan", async () => {
    const candidate = candidateOf(covering);
    const best = { set: [candidate], trial: { cost: 50 } as Trial };
    const found = await findAlternatives(
      trialsOf(
        new Map([
          [identityOf(indexOf(["at", "name"])), 90],
          [identityOf(indexOf(["at"])), 200],
          [identityOf(brin), 5000],
        ]),
      ),
      { best, candidate, others: [], before: 20_000, mayPlan: true },
    );
    expect(found.map(({ costAfter }) => costAfter)).toEqual([90, 200, 5000]);
    expect(found.map(({ isSmallest }) => isSmallest)).toEqual([
      false,
      false,
      true,
    ]);
    expect(found.at(-1)?.index.method).toBe("brin");
  });

  test("leave out what the plan does not read or what gains too little", async () => {
    const candidate = candidateOf(covering);
    const best = { set: [candidate], trial: { cost: 50 } as Trial };
    const found = await findAlternatives(
      trialsOf(new Map([[identityOf(indexOf(["at"])), 19_900]])),
      { best, candidate, others: [], before: 20_000, mayPlan: true },
    );
    expect(found).toEqual([]);
  });
});

test("upkeep counts the entries written and the heap-only updates at risk, none for block ranges", () => {
  expect(upkeepFacts(candidateOf(covering))).toMatchObject({
    entriesWritten: 120,
    hotUpdatesAtRisk: 30,
  });
  expect(upkeepFacts(candidateOf(brin)).hotUpdatesAtRisk).toBe(0);
});

test("rules of thumb offer trigrams where a text is searched and nothing can be asked", () => {
  const plan = parseExplain([
    {
      Plan: {
        "Node Type": "Seq Scan",
        "Relation Name": "users",
        "Startup Cost": 0,
        "Total Cost": 20_000,
        "Plan Rows": 10,
        "Plan Width": 8,
      },
    },
  ]);
  if (!plan.ok) throw new Error("a plan expected");
  const trigrams = candidateOf(
    indexOf(
      [keyOf("title", { role: "pattern", operatorClass: "gin_trgm_ops" })],
      { method: "gin" },
    ),
  );
  expect(pickByRules(plan.value, [trigrams])).toEqual([trigrams]);
});
