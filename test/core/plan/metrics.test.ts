import { english, sayText } from "../../../src/core/words.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measurePlan } from "../../../src/core/plan/metrics.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { walk } from "../../../src/core/plan/walk.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { goldenPlans, readGolden } from "./golden.ts";

const sum = (numbers: readonly (number | undefined)[]): number =>
  numbers.reduce<number>((all, one) => all + (one ?? 0), 0);

function planOf(root: unknown): Plan {
  const plan = parseExplain({ Plan: root });
  if (!plan.ok) throw new Error(sayText(plan.error.detail, english));
  return plan.value;
}

function expectSound(plan: Plan): void {
  const metrics = measurePlan(plan);
  const { nodes } = metrics;
  expect(nodes.map(({ id }) => id)).toEqual(
    [...walk(plan)].map(({ id }) => id),
  );
  for (const node of nodes) {
    expect(node.ownMs ?? 0).toBeGreaterThanOrEqual(0);
    expect(node.ownCost).toBeGreaterThanOrEqual(0);
    expect(node.share).toBeGreaterThanOrEqual(0);
    expect(node.share).toBeLessThanOrEqual(1);
  }
  const slack = 1 + 1e-9;
  expect(sum(nodes.map(({ ownMs }) => ownMs))).toBeLessThanOrEqual(
    (metrics.totalMs ?? 0) * slack + 1e-9,
  );
  expect(sum(nodes.map(({ ownCost }) => ownCost))).toBeLessThanOrEqual(
    metrics.totalCost * slack + 1e-9,
  );
  expect(metrics.hotPath.at(-1)).toBe(metrics.hottestId);
  expect(metrics.hotPath[0]).toBe(0);
}

describe("every golden plan", () => {
  it.each(goldenPlans)(
    "$name: own parts are never negative and add up",
    ({ plan }) => {
      expectSound(plan);
    },
  );

  it.each(
    goldenPlans.filter(({ situation }) => !situation.startsWith("writing-cte")),
  )("$name: own times add up to the root's time", ({ plan }) => {
    const { nodes, totalMs } = measurePlan(plan);
    expect(totalMs).toBe(nodes[0]?.totalMs);
    expect(sum(nodes.map(({ ownMs }) => ownMs))).toBeCloseTo(totalMs ?? 0, 6);
  });
});

const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
const relationship = fc.constantFrom(
  "Outer",
  "Inner",
  "InitPlan",
  "SubPlan",
  "Member",
  undefined,
);
const nodeType = fc.constantFrom(
  "Seq Scan",
  "Nested Loop",
  "Limit",
  "Gather",
  "CTE Scan",
  "Materialize",
  "ModifyTable",
  "Hash Join",
  "Aggregate",
);
const name = fc.constantFrom(
  "CTE a",
  "CTE b",
  "InitPlan 1 (returns $0)",
  "SubPlan 2",
  undefined,
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.record({
    "Node Type": nodeType,
    "Parent Relationship": relationship,
    "Subplan Name": name,
    "CTE Name": fc.constantFrom("a", "b", undefined),
    Filter: fc.constantFrom("(x > $0)", undefined),
    "Parallel Aware": fc.boolean(),
    "Startup Cost": amount,
    "Total Cost": amount,
    "Plan Rows": amount,
    "Actual Total Time": amount,
    "Actual Rows": amount,
    "Actual Loops": fc.nat(1000),
    "Workers Planned": fc.nat(4),
    Plans: fc.oneof(
      { maxDepth: 4 },
      fc.constant([]),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }),
}));

describe("any tree a server might send", () => {
  it("own parts are never negative, shares lie between 0 and 1, ids are preorder", () => {
    fc.assert(
      fc.property(tree, (root) => {
        expectSound(planOf(root));
      }),
      { numRuns: 300 },
    );
  });

  it("a chain of 20,000 operators overflows no stack", () => {
    let root: Record<string, unknown> = {
      "Node Type": "Seq Scan",
      "Total Cost": 1,
      "Actual Loops": 1,
      "Actual Total Time": 1,
    };
    for (let depth = 0; depth < 20_000; depth += 1)
      root = {
        "Node Type": "Materialize",
        "Total Cost": 1,
        "Actual Loops": 1,
        "Actual Total Time": 1,
        Plans: [root],
      };
    expect(measurePlan(planOf(root)).nodes).toHaveLength(20_001);
  });
});

const scan = (more: Record<string, unknown>): Record<string, unknown> => ({
  "Node Type": "Seq Scan",
  "Parent Relationship": "Outer",
  "Startup Cost": 0,
  "Total Cost": 100,
  "Plan Rows": 10,
  "Actual Total Time": 10,
  "Actual Rows": 10,
  "Actual Loops": 1,
  ...more,
});

describe("arithmetic over loops", () => {
  it("multiplies time and rows by loops", () => {
    const { nodes } = measurePlan(
      planOf(
        scan({
          "Actual Total Time": 0.5,
          "Actual Rows": 3,
          "Actual Loops": 200,
        }),
      ),
    );
    expect(nodes[0]).toMatchObject({
      totalMs: 100,
      ownMs: 100,
      rowsTotal: 600,
      loops: 200,
    });
  });

  it("divides the time of processes that ran side by side, but adds up their rows", () => {
    const gather = scan({
      "Node Type": "Gather",
      "Workers Planned": 2,
      "Actual Total Time": 12,
      Plans: [
        scan({
          "Parallel Aware": true,
          "Actual Total Time": 10,
          "Actual Rows": 100,
          "Actual Loops": 3,
          "Plan Rows": 125,
        }),
      ],
    });
    const { nodes } = measurePlan(planOf(gather));
    expect(nodes[1]).toMatchObject({
      totalMs: 10,
      rowsTotal: 300,
      estimatedRowsTotal: 300,
    });
    expect(nodes[0]?.ownMs).toBeCloseTo(2, 9);
    expect(nodes[1]?.offBy?.factor).toBe(1);
  });

  it("counts a CTE at its own node, not again at its readers or where it is declared", () => {
    const root = scan({
      "Node Type": "Aggregate",
      "Actual Total Time": 100,
      Plans: [
        scan({
          "Parent Relationship": "InitPlan",
          "Subplan Name": "CTE x",
          "Actual Total Time": 80,
        }),
        scan({
          "Node Type": "CTE Scan",
          "CTE Name": "x",
          "Actual Total Time": 90,
        }),
      ],
    });
    expect(measurePlan(planOf(root)).nodes.map(({ ownMs }) => ownMs)).toEqual([
      10, 80, 10,
    ]);
  });

  it("counts an uncorrelated subquery at its own node, out of the operator that needed it", () => {
    const root = scan({
      "Node Type": "Aggregate",
      "Actual Total Time": 100,
      Plans: [
        scan({
          "Parent Relationship": "InitPlan",
          "Subplan Name": "InitPlan 1 (returns $0)",
          "Actual Total Time": 60,
        }),
        scan({ Filter: "(a > $0)", "Actual Total Time": 95 }),
      ],
    });
    expect(measurePlan(planOf(root)).nodes.map(({ ownMs }) => ownMs)).toEqual([
      5, 60, 35,
    ]);
  });

  it("counts what a writing CTE did after the main query as time of its own", () => {
    const { plan } = readGolden("writing-cte", 15);
    const metrics = measurePlan(plan);
    expect(metrics.totalMs).toBeGreaterThan(metrics.nodes[0]?.totalMs ?? 0);
  });

  it("a branch that never ran has no time, no error and says so", () => {
    const { plan } = readGolden("append-never-executed", 15);
    const never = measurePlan(plan).nodes.filter(
      ({ neverExecuted }) => neverExecuted,
    );
    expect(never.length).toBeGreaterThan(0);
    for (const node of never)
      expect(node).toMatchObject({ ownMs: 0, totalMs: 0, offBy: undefined });
  });

  it("says nothing of fewer rows where a LIMIT stopped the operator", () => {
    const { plan } = readGolden("merge-append", 15);
    const errors = measurePlan(plan)
      .nodes.map(({ offBy }) => offBy)
      .filter((offBy) => offBy?.direction === "fewer");
    expect(errors).toEqual([]);
  });

  it("marks an error that was there below as inherited", () => {
    const root = scan({
      "Node Type": "Sort",
      "Actual Rows": 1000,
      Plans: [scan({ "Actual Rows": 1000 })],
    });
    expect(
      measurePlan(planOf(root)).nodes.map(({ offBy }) => offBy?.inherited),
    ).toEqual([true, false]);
  });

  it("takes cost for the measure when nothing was timed, and the inner side for as often as it is expected to run", () => {
    const estimate = (
      more: Record<string, unknown>,
    ): Record<string, unknown> => ({
      "Node Type": "Index Scan",
      "Startup Cost": 0,
      "Plan Rows": 1,
      ...more,
    });
    const root = estimate({
      "Node Type": "Nested Loop",
      "Total Cost": 1000,
      Plans: [
        estimate({
          "Parent Relationship": "Outer",
          "Total Cost": 100,
          "Plan Rows": 200,
        }),
        estimate({ "Parent Relationship": "Inner", "Total Cost": 4 }),
      ],
    });
    const metrics = measurePlan(planOf(root));
    expect(metrics.basis).toBe("cost");
    expect(metrics.nodes.map(({ ownCost }) => ownCost)).toEqual([
      100, 100, 800,
    ]);
    expect(metrics.nodes[2]?.estimatedRowsTotal).toBe(200);
  });
});
