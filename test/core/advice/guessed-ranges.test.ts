import { expect, test } from "vitest";
import { isWorthByGuess } from "../../../src/core/advice/guessed-ranges.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { columnOf, indexOf, keyOf, tableOf } from "./samples.ts";

const table = tableOf("users", [columnOf("a"), columnOf("b")], {
  estimatedRows: 240_000,
  pages: 3000,
});

/** Beside a scan that keeps so many of 240,000 rows on 3,000 pages. */
function isWorth(
  kept: number,
  cost: number,
  role: "range" | "equality" = "range",
  others = 0,
): boolean {
  const scan = {
    "Node Type": "Seq Scan",
    "Relation Name": "users",
    Alias: "users",
    "Startup Cost": 0,
    "Total Cost": cost,
    "Plan Rows": kept,
    "Plan Width": 8,
  };
  const plan = parseExplain([
    {
      Plan: {
        ...scan,
        "Node Type": "Sort",
        "Total Cost": cost + others,
        Plans: [{ ...scan, "Parent Relationship": "Outer" }],
      },
    },
  ]);
  if (!plan.ok) throw new Error("plan expected");
  const index = indexOf([keyOf("a + b", { isExpression: true, role })]);
  return isWorthByGuess(plan.value, { index, table, rank: 0 });
}

test("an index pays where the planner knows nothing of the range and checks many rows at a price", () => {
  expect(isWorth(80_000, 7000)).toBe(true);
});

test("it does not where rows are cheap to check, or the statement costs more elsewhere", () => {
  expect(isWorth(80_000, 3100)).toBe(false);
  expect(isWorth(80_000, 7000, "range", 60_000)).toBe(false);
});

test("what is known, and what is no range, is left to the planner", () => {
  expect(isWorth(20_000, 7000)).toBe(false);
  expect(isWorth(80_000, 7000, "equality")).toBe(false);
});
