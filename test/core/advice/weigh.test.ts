import { expect, test } from "vitest";
import type { IndexDefinition } from "../../../src/core/advice/suggestion.ts";
import type { Trial } from "../../../src/core/advice/trial.ts";
import { pickNarrowest, type Choice } from "../../../src/core/advice/weigh.ts";
import { indexOf, tableOf } from "./samples.ts";

const table = tableOf("users", []);

function choiceOf(index: IndexDefinition, cost: number): Choice {
  const trial: Trial = {
    ...{ cost, used: [], refused: [], plan: undefined },
    sizeOf: () => undefined,
  };
  return { set: [{ index, table, rank: 0 }], trial };
}

const pick = (...choices: readonly Choice[]): IndexDefinition | undefined =>
  pickNarrowest(choices, false)?.set[0]?.index;

test("of equal costs two conditions of a predicate are narrower than a key and one condition", () => {
  const key = indexOf(["a", "b"], { predicate: "c IS NULL" });
  const partial = indexOf(["b"], { predicate: "a IS NULL AND c IS NULL" });
  expect(pick(choiceOf(key, 100), choiceOf(partial, 100))).toBe(partial);
});

test("of equal costs one condition is less special than two, whatever a literal says", () => {
  const one = indexOf(["b"], { predicate: "c <> 'a AND b'" });
  const two = indexOf(["b"], { predicate: "a IS NULL AND c <> 'x'" });
  expect(pick(choiceOf(two, 100), choiceOf(one, 100))).toBe(one);
});
