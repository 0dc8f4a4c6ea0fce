import { expect, test } from "vitest";
import type { Candidate } from "../../../src/core/advice/candidates.ts";
import {
  pickAcceptedByRules,
  pickBesideProven,
} from "../../../src/core/advice/heuristics.ts";
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

test("parts of a table are weighed together", () => {
  const part = (name: string) => ({
    ...{ schema: "public", name, estimatedRows: 50_000, pages: 900 },
    indexes: [],
  });
  const candidate: Candidate = {
    index: indexOf([keyOf("lower(name)", { isExpression: true })]),
    table: tableOf("users", [], {
      ...{ kind: "partitioned", estimatedRows: 100_000 },
      children: [part("users_1"), part("users_2")],
    }),
    rank: 0,
  };
  const scan = (name: string, rows: number): unknown => ({
    ...{ "Node Type": "Seq Scan", "Relation Name": name, Alias: name },
    ...{ "Startup Cost": 0, "Total Cost": 1500 },
    ...{ "Plan Rows": rows, "Plan Width": 8 },
  });
  const appendOf = (rows: number): Plan => {
    const plan = parseExplain([
      {
        Plan: {
          ...{ "Node Type": "Append", "Startup Cost": 0, "Total Cost": 3000 },
          ...{ "Plan Rows": rows, "Plan Width": 8 },
          Plans: [scan("users_1", rows), scan("users_2", rows)],
        },
      },
    ]);
    if (!plan.ok) throw new Error("a plan expected");
    return plan.value;
  };
  expect(pickAcceptedByRules(appendOf(250), [candidate])).toEqual([candidate]);
  expect(pickAcceptedByRules(appendOf(16_667), [candidate])).toEqual([]);
});
