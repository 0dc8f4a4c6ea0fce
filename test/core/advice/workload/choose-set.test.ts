import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseSet } from "../../../../src/core/advice/workload/choose-set.ts";
import { createRandomSource } from "../../../../src/core/advice/workload/random-source.ts";
import type {
  PricedQuery,
  Problem,
} from "../../../../src/core/advice/workload/problem.ts";

const mostIndexes = 9;

/** Plans of one query: some sets of indexes with what each saves, and the plan without any. */
const queryArbitrary = (count: number): fc.Arbitrary<PricedQuery> =>
  fc
    .record({
      bare: fc.integer({ min: 100, max: 10_000 }),
      weight: fc.integer({ min: 1, max: 5 }),
      plans: fc.array(
        fc.record({
          used: fc.uniqueArray(fc.integer({ min: 0, max: count - 1 }), {
            minLength: 1,
            maxLength: 3,
          }),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        { maxLength: 6 },
      ),
    })
    .map(({ bare, weight, plans }) => ({
      weight,
      plans: [
        ...plans.map(({ used, share }) => ({
          used: used.toSorted((a, b) => a - b),
          cost: bare * share,
        })),
        { used: [], cost: bare },
      ].sort((a, b) => a.cost - b.cost),
    }));

const problemArbitrary: fc.Arbitrary<Problem> = fc
  .integer({ min: 1, max: mostIndexes })
  .chain((count) =>
    fc.record({
      queries: fc.array(queryArbitrary(count), { minLength: 1, maxLength: 6 }),
      bytes: fc.array(fc.integer({ min: 8192, max: 1_000_000 }), {
        minLength: count,
        maxLength: count,
      }),
      upkeep: fc.array(fc.integer({ min: 0, max: 300 }), {
        minLength: count,
        maxLength: count,
      }),
      kinds: fc.constant([]),
      budgetBytes: fc.integer({ min: 0, max: 3_000_000 }),
    }),
  );

function costOf(problem: Problem, set: readonly number[]): number {
  const has = new Set(set);
  const upkeep = set.reduce(
    (sum, index) => sum + (problem.upkeep[index] ?? 0),
    0,
  );
  return problem.queries.reduce((sum, { weight, plans }) => {
    const possible = plans.filter(({ used }) =>
      used.every((index) => has.has(index)),
    );
    return sum + weight * Math.min(...possible.map(({ cost }) => cost));
  }, upkeep);
}

const bytesOf = (problem: Problem, set: readonly number[]): number =>
  set.reduce((sum, index) => sum + (problem.bytes[index] ?? 0), 0);

function cheapest(problem: Problem): number {
  let best = Infinity;
  for (let mask = 0; mask < 1 << problem.bytes.length; mask += 1) {
    const set = [...problem.bytes.keys()].filter(
      (index) => (mask & (1 << index)) !== 0,
    );
    if (bytesOf(problem, set) <= problem.budgetBytes)
      best = Math.min(best, costOf(problem, set));
  }
  return best;
}

const choose = (problem: Problem): ReturnType<typeof chooseSet> =>
  chooseSet(problem, {
    starts: [],
    disturbances: 60,
    random: createRandomSource(1),
  });

describe("choosing a set", () => {
  test("never exceeds the budget, and tells the cost and bytes that the set has", () => {
    fc.assert(
      fc.property(problemArbitrary, (problem) => {
        const { set, cost, bytes } = choose(problem);
        expect(bytes).toBe(bytesOf(problem, set));
        expect(bytes).toBeLessThanOrEqual(problem.budgetBytes);
        expect(cost).toBeCloseTo(costOf(problem, set), 3);
      }),
      { numRuns: 300 },
    );
  });

  test("comes within two percent of the best of all sets, and mostly finds it", () => {
    let found = 0;
    let runs = 0;
    fc.assert(
      fc.property(problemArbitrary, (problem) => {
        const best = cheapest(problem);
        const { cost } = choose(problem);
        expect(cost).toBeGreaterThanOrEqual(best - 1e-6);
        expect(cost).toBeLessThanOrEqual(best * 1.02 + 1e-6);
        runs += 1;
        if (cost <= best + 1e-6) found += 1;
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(found / runs).toBeGreaterThan(0.95);
  });

  test("meets a plan for a kind of index with the smallest of that kind", () => {
    const problem: Problem = {
      queries: [
        {
          weight: 1,
          plans: [
            { used: [3], cost: 10 },
            { used: [], cost: 1000 },
          ],
        },
      ],
      bytes: [30_000, 20_000, 40_000],
      upkeep: [0, 0, 0],
      kinds: [{ members: [0, 1, 2] }],
      budgetBytes: 100_000,
    };
    expect(choose(problem)).toEqual({ set: [1], cost: 10, bytes: 20_000 });
    const second = {
      weight: 1,
      plans: [
        { used: [2], cost: 1 },
        { used: [], cost: 900 },
      ],
    };
    expect(
      choose({ ...problem, queries: [...problem.queries, second] }),
    ).toEqual({
      set: [2],
      cost: 11,
      bytes: 40_000,
    });
  });

  test("makes members smaller to let in what does not fit beside them", () => {
    const plan = (used: readonly number[], cost: number) => ({ used, cost });
    const bare = plan([], 1000);
    const problem: Problem = {
      queries: [
        // The wide form is better by a little, the large index worth more than both little gains.
        { weight: 1, plans: [plan([0], 100), plan([1], 105), bare] },
        { weight: 1, plans: [plan([2], 100), plan([3], 105), bare] },
        { weight: 1, plans: [plan([4], 900), bare] },
        { weight: 1, plans: [plan([5], 10), bare] },
      ],
      bytes: [60_000, 30_000, 60_000, 30_000, 100_000, 1_000_000],
      upkeep: [0, 0, 0, 0, 0, 0],
      kinds: [],
      budgetBytes: 1_160_000,
    };
    expect(choose(problem).set).toEqual([1, 3, 4, 5]);
  });

  test("takes two indexes that pay only together", () => {
    const problem: Problem = {
      queries: [
        {
          weight: 1,
          plans: [
            { used: [0, 1], cost: 10 },
            { used: [], cost: 1000 },
          ],
        },
      ],
      bytes: [8192, 8192],
      upkeep: [0, 0],
      kinds: [],
      budgetBytes: 16_384,
    };
    expect(choose(problem)).toEqual({ set: [0, 1], cost: 10, bytes: 16_384 });
    expect(choose({ ...problem, budgetBytes: 16_383 }).set).toEqual([]);
  });

  test("leaves out an index whose upkeep eats what it saves", () => {
    const problem = (upkeep: number): Problem => ({
      queries: [
        {
          weight: 1,
          plans: [
            { used: [0], cost: 400 },
            { used: [], cost: 1000 },
          ],
        },
      ],
      bytes: [8192],
      upkeep: [upkeep],
      kinds: [],
      budgetBytes: 1_000_000,
    });
    expect(choose(problem(599)).set).toEqual([0]);
    expect(choose(problem(601)).set).toEqual([]);
  });

  test("keeps a good start that growing from nothing would miss", () => {
    fc.assert(
      fc.property(problemArbitrary, (problem) => {
        const first = choose(problem);
        const again = chooseSet(problem, {
          starts: [first.set],
          disturbances: 0,
          random: createRandomSource(2),
        });
        expect(again.cost).toBeLessThanOrEqual(first.cost + 1e-6);
      }),
      { numRuns: 100 },
    );
  });
});
