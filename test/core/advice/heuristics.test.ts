import { expect, test } from "vitest";
import type { Candidate } from "../../../src/core/advice/candidates.ts";
import { pickBesideProven } from "../../../src/core/advice/heuristics.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { indexOf, keyOf, tableOf } from "./samples.ts";

function planOf(type: string, cost: number): Plan {
  const plan = parseExplain([
    {
      Plan: {
        "Node Type": type,
        "Relation Name": "users",
        Alias: "users",
        "Index Name": "i",
        "Startup Cost": 0,
        "Total Cost": cost,
        "Plan Rows": 1,
        "Plan Width": 8,
      },
    },
  ]);
  if (!plan.ok) throw new Error("a plan expected");
  return plan.value;
}

const searchOf = (...names: readonly string[]): Candidate => ({
  index: indexOf(
    names.map((name) => keyOf(name, { role: "containment" })),
    { method: "gist" },
  ),
  table: tableOf("users", []),
  rank: 0,
});

test("a search beside a proven index has to spare the less the more conditions it finds by", () => {
  const one = searchOf("during");
  const three = searchOf("room", "during", "price");
  const left = planOf("Index Only Scan", 86);
  expect(pickBesideProven(left, [one])).toEqual([]);
  expect(pickBesideProven(left, [three])).toEqual([three]);
  expect(pickBesideProven(planOf("Index Scan", 400), [one])).toEqual([one]);
  expect(pickBesideProven(planOf("Index Scan", 20), [three])).toEqual([]);
});
