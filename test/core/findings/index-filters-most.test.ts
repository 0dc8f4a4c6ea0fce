import { expect, it } from "vitest";
import { describeRule } from "./describe-rule.ts";
import { sayChanged } from "./rule-cases.ts";

describeRule("index-filters-most");

it.each([
  ["1", "drops >99.9 % of them."],
  ["60", "drops 99.7 % of them."],
  ["0", "drops 100 % of them."],
])(
  "says that all are dropped only when none of %s remains",
  async (kept, end) => {
    const [said] = await sayChanged("index-filters-most", [
      '"Actual Rows":171',
      `"Actual Rows":${kept}`,
    ]);
    expect(said?.[1].slice(-end.length)).toBe(end);
  },
);
