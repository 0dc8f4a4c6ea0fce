import { describe, expect, it } from "vitest";
import type { AdvisedIndex } from "../../src/core/advice/workload/workload-advice.ts";
import type { AdvisedWorkload } from "../../src/app/advise-workload.ts";
import {
  promisesOf,
  suggestionsOf,
} from "../../src/extension/advice/advised-set.ts";
import { emptyAdvice } from "../support/workload-advice.ts";

const statements = ["one", "two", "both"].map((name) => ({
  name,
  text: `SELECT '${name}'`,
  place: { kind: "server" as const, queryId: name },
}));

const costsOf = (name: string, before: number, after: number) => ({
  name,
  weight: 1,
  before,
  after,
});

const advised = (
  name: string,
  queries: AdvisedIndex["queries"],
): AdvisedIndex => ({
  index: {
    schema: "public",
    table: name,
    method: "btree",
    keys: [],
    included: [],
    predicate: undefined,
  },
  name,
  sizeBytes: 8192,
  proof: { kind: "planner", how: "HypoPG" },
  gain: 10,
  upkeep: 1,
  queries,
  why: "because",
  replaces: [],
});

const advice: AdvisedWorkload = {
  ...emptyAdvice,
  cost: 30,
  indexes: [
    advised("a", [costsOf("one", 90, 10), costsOf("both", 70, 20)]),
    advised("b", [costsOf("two", 50, 5), costsOf("both", 60, 20)]),
  ],
  alternatives: [advised("c", [costsOf("one", 90, 40)])],
  queries: [
    costsOf("one", 100, 10),
    costsOf("two", 50, 5),
    costsOf("both", 200, 20),
  ],
};

const promised = (ids: readonly number[]): readonly string[] =>
  promisesOf({ advice, statements }, ids).map(
    ({ text, suggestion }) =>
      `${suggestion.name}: ${text} ${String(suggestion.costBefore)} → ${String(suggestion.costAfter)}`,
  );

describe("what a set of indexes promises", () => {
  it("is kept for each statement that it serves, from today's cost to that with the set", () => {
    expect(promised([0, 1])).toEqual([
      "a: SELECT 'one' 100 → 10",
      "a: SELECT 'both' 200 → 20",
      "b: SELECT 'two' 50 → 5",
      "b: SELECT 'both' 200 → 20",
    ]);
  });

  it("is nothing for a statement that needs an index that was left out", () => {
    expect(promised([0])).toEqual(["a: SELECT 'one' 100 → 10"]);
  });

  it("is nothing for an index of another set, whose costs were told without this one", () => {
    expect(promised([2])).toEqual([]);
  });

  it("is kept of the statements that gain most where there are many", () => {
    const names = Array.from({ length: 50 }, (_, at) => `q${String(at)}`);
    const many: AdvisedWorkload = {
      ...emptyAdvice,
      cost: 1,
      indexes: [
        advised(
          "a",
          names.map((name, at) => costsOf(name, 100 + at, 1)),
        ),
      ],
    };
    const kept = promisesOf(
      {
        advice: many,
        statements: names.map((name) => ({
          name,
          text: name,
          place: { kind: "server", queryId: name },
        })),
      },
      [0],
    );
    expect(kept).toHaveLength(20);
    expect(kept[0]?.text).toBe("q49");
  });

  it("counts the ids of other sets on after those of the advised one", () => {
    expect(suggestionsOf({ advice }).map(({ name }) => name)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });
});
