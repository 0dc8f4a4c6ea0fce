import { describe, expect, it } from "vitest";
import { findDateRange } from "../../../src/core/findings/date-range.ts";

/** The range for `date_trunc('day', placed) = right`. */
const rangeFor = (right: string): string | undefined =>
  findDateRange(
    { left: "date_trunc('day'::text, placed)", operator: "=", right },
    {
      type: "timestamp with time zone",
      spellings: ["placed"],
      written: "placed",
      parameter: undefined,
    },
  )?.text;

describe("the range in place of a date compared with a truncated one", () => {
  it.each([
    "now()",
    "(now() - '7 days'::interval)",
    "GREATEST(now(), '2024-05-01 00:00:00+00'::timestamp with time zone)",
    "to_timestamp('1, 2)'::text, 'HH, MI'::text)",
    "days_before(2, '$1'::text)",
  ])("keeps %s as it is", (inner) => {
    const from = `date_trunc('day', ${inner})`;
    expect(rangeFor(`date_trunc('day'::text, ${inner})`)).toBe(
      `placed >= ${from} AND placed < ${from} + interval '1 day'`,
    );
  });

  it.each([
    "now(), 'UTC'::text",
    "(now() - '7 days'::interval), current_setting('TimeZone'::text)",
  ])("is refused for the days of another zone in (%s)", (inner) => {
    expect(rangeFor(`date_trunc('day'::text, ${inner})`)).toBeUndefined();
  });

  it.each([
    "$0",
    "(InitPlan 1).col1",
    "(SubPlan 2)",
    "(hashed SubPlan 1)",
    "($12 + '1 day'::interval)",
  ])("is refused for %s, which stands in no statement", (inner) => {
    expect(rangeFor(`date_trunc('day'::text, ${inner})`)).toBeUndefined();
  });
});
