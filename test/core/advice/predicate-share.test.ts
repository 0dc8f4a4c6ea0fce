import { describe, expect, test } from "vitest";
import {
  columnsWithoutNull,
  predicateShare,
} from "../../../src/core/advice/size/predicate-share.ts";
import { columnOf, tableOf } from "./samples.ts";

const table = tableOf("calls", [
  columnOf("state", {
    type: "text",
    nullFraction: 0.1,
    distinctValues: 3,
    commonValues: [
      { text: "done", frequency: 0.8 },
      { text: "held", frequency: 0.06 },
      { text: "lost", frequency: 0.04 },
    ],
  }),
  columnOf("signed", {
    type: "boolean",
    nullFraction: 0.1,
    distinctValues: 2,
    commonValues: [
      { text: "t", frequency: 0.7 },
      { text: "f", frequency: 0.2 },
    ],
  }),
]);

describe("the share of a table in a partial index", () => {
  test.each([
    ["state IN ('held', 'lost')", 0.1],
    ["state NOT IN ('done', 'lost')", 0.06],
    ["state <> 'done'", 0.1],
    ["state IS DISTINCT FROM 'done'", 0.2],
    ["signed IS NOT TRUE", 0.3],
    ["signed IS NOT FALSE", 0.8],
    ["NOT signed AND state IS NULL", 0.02],
  ])("%s", (predicate, share) => {
    expect(predicateShare(predicate, table)).toBeCloseTo(share);
  });
});

test("what differs from a value may be NULL, what is unequal may not", () => {
  const without = (predicate: string) => [...columnsWithoutNull(predicate)];
  expect(without("state IS DISTINCT FROM 'done'")).toEqual([]);
  expect(without("signed IS NOT TRUE")).toEqual([]);
  expect(without("state NOT IN ('done') AND signed")).toEqual([
    "state",
    "signed",
  ]);
});
