import { describe, expect, it } from "vitest";
import type { SlowQuery } from "../../src/app/database.ts";
import {
  arrangeSlowQueries,
  cacheHit,
  slowQueryDescription,
  slowQueryLabel,
} from "../../src/extension/sidebar/slow-query-words.ts";

const query = (part: Partial<SlowQuery>): SlowQuery => ({
  queryId: "1",
  text: "SELECT 1",
  calls: 514,
  totalMs: 31,
  meanMs: 4820,
  maxMs: 5000,
  stddevMs: 1,
  rows: 1,
  sharedHitBlocks: 38,
  sharedReadBlocks: 62,
  ...part,
});

describe("a slow query in the list", () => {
  it.each([
    ["SELECT * FROM progress_events WHERE id = $1", "SELECT progress_events"],
    [
      "-- name: x\n/* y */ select a from public.students s",
      "SELECT public.students",
    ],
    ['UPDATE "Order Lines" SET a = $1', "UPDATE Order Lines"],
    ["INSERT INTO messages (a) VALUES ($1)", "INSERT messages"],
    ["DELETE FROM ONLY sessions", "DELETE sessions"],
    [
      "REFRESH MATERIALIZED VIEW course_daily_statistics",
      "REFRESH MATERIALIZED VIEW c…",
    ],
    ["", ""],
  ])("%j is called %j", (text, label) => {
    expect(slowQueryLabel(text)).toBe(label);
  });

  it("never has a label that would hide its description", () => {
    expect(slowQueryLabel(`SELECT a FROM ${"x".repeat(60)}`)).toHaveLength(28);
  });

  it("says share, mean and calls", () => {
    expect(slowQueryDescription(query({}), 100)).toBe("31 % · 4.82 s × 514");
  });

  it("claims no share of nothing", () => {
    expect(slowQueryDescription(query({}), 0)).toBe("– · 4.82 s × 514");
  });

  it("has a cache hit only when it touched a block", () => {
    expect(cacheHit(query({}))).toBe(0.38);
    expect(
      cacheHit(query({ sharedHitBlocks: 0, sharedReadBlocks: 0 })),
    ).toBeUndefined();
  });

  it("is found by a part of its text, greatest first", () => {
    const list = [
      query({ queryId: "a", text: "SELECT A", totalMs: 1, calls: 9 }),
      query({ queryId: "b", text: "select a", totalMs: 2, calls: 1 }),
      query({ queryId: "c", text: "SELECT c", totalMs: 9 }),
    ];
    const ids = (order: "total" | "calls"): string[] =>
      arrangeSlowQueries(list, order, " select A ").map(
        ({ queryId }) => queryId,
      );
    expect(ids("total")).toEqual(["b", "a"]);
    expect(ids("calls")).toEqual(["a", "b"]);
  });
});
