import { describe, expect, test } from "vitest";
import { findSchemaErrors } from "../support/advise-schema.ts";
import { runCli } from "./cli-runs.ts";

interface Advice {
  readonly baselineCost: number;
  readonly cost: number;
  readonly sizeBytes: number;
  readonly indexes: readonly { readonly ddl: string; readonly proof: string }[];
  readonly queries: readonly { readonly name: string }[];
  readonly leftOut: readonly unknown[];
  readonly notes: readonly string[];
}

describe("planlens advise --demo", () => {
  test("advises on the demo's own queries within a budget, without any server", () => {
    const { code, out, err } = runCli([
      ...["advise", "--demo", "--budget", "4MB", "--format", "json"],
      ...["--time-limit", "60s", "--server", "pglite"],
    ]);
    expect(findSchemaErrors(out)).toEqual([]);
    const advice = JSON.parse(out) as Advice;
    expect(advice.leftOut).toEqual([]);
    expect(advice.queries.length).toBeGreaterThan(30);
    for (const { name } of advice.queries)
      expect(name).toMatch(/^demo\/queries\/[\w-]+\.sql:\d+$/);
    expect(advice.indexes.length).toBeGreaterThan(2);
    expect(advice.indexes.every(({ proof }) => proof === "twin")).toBe(true);
    expect(advice.sizeBytes).toBeLessThanOrEqual(4_000_000);
    expect(advice.cost).toBeLessThan(advice.baselineCost * 0.6);
    expect(advice.notes[0]).toMatch(/on the embedded PostgreSQL 18\.$/);
    // Nothing but what a slow machine is told while it waits.
    expect(err.replaceAll(/^planlens: after \d+ s: .*\n/gm, "")).toBe("");
    expect(code).toBe(0);
  }, 600_000);
});
