import { expect, test } from "vitest";
import { reasonFor } from "../../src/extension/editor/migration-reason.ts";

test("a migration's reason tells the cost before and after and the proof", () => {
  expect(
    reasonFor({
      costBefore: 48_210,
      costAfter: 12,
      proof: { kind: "planner", how: "HypoPG 1.4.1" },
    }),
  ).toBe("Cost 48.2k → 12 (−99.9 %), planned with HypoPG 1.4.1");
});

test("a migration by rule of thumb claims no cost and says it is not proven", () => {
  expect(
    reasonFor({
      costBefore: undefined,
      costAfter: undefined,
      proof: { kind: "heuristic", reason: "no HypoPG" },
    }),
  ).toBe("Not proven: no HypoPG");
});
