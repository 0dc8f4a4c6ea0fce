import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createKnownPlans,
  type IndexSet,
} from "../../../../src/core/advice/workload/known-plans.ts";

interface Plan {
  readonly used: IndexSet;
  readonly cost: number;
}

const mostIndexes = 7;

const setArbitrary = (minLength = 0): fc.Arbitrary<IndexSet> =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: mostIndexes - 1 }), { minLength })
    .map((set) => set.toSorted((a, b) => a - b));

/** A planner as PostgreSQL's: among the plans whose indexes are present the cheapest, the first of equals. */
const plannerArbitrary: fc.Arbitrary<(set: IndexSet) => Plan> = fc
  .array(
    fc.record({
      used: setArbitrary(1),
      cost: fc.integer({ min: 1, max: 999 }),
    }),
    { maxLength: 8 },
  )
  .map((plans) => (set) => {
    const all: readonly Plan[] = [{ used: [], cost: 1000 }, ...plans];
    return all
      .filter(({ used }) => used.every((index) => set.includes(index)))
      .reduce((best, plan) => (plan.cost < best.cost ? plan : best));
  });

const askedArbitrary = fc.record({
  planner: plannerArbitrary,
  asked: fc.array(setArbitrary(), { maxLength: 12 }),
  wanted: setArbitrary(),
});

describe("known plans", () => {
  test("what follows from earlier answers is what the planner would say", () => {
    let inferred = 0;
    fc.assert(
      fc.property(askedArbitrary, ({ planner, asked, wanted }) => {
        const known = createKnownPlans();
        for (const set of asked)
          known.add({ planned: new Set(set), ...planner(set) });
        const exact = known.exact(wanted);
        if (exact === undefined) return;
        inferred += 1;
        expect(exact.cost).toBe(planner(wanted).cost);
        expect(exact.used.every((index) => wanted.includes(index))).toBe(true);
      }),
      { numRuns: 500, seed: 3 },
    );
    // The property says something only where something was inferred.
    expect(inferred).toBeGreaterThan(100);
  });

  test("a set that was asked for is always known", () => {
    fc.assert(
      fc.property(askedArbitrary, ({ planner, wanted }) => {
        const known = createKnownPlans();
        known.add({ planned: new Set(wanted), ...planner(wanted) });
        expect(known.exact(wanted)?.cost).toBe(planner(wanted).cost);
      }),
    );
  });

  test("the undominated plans bound the planner's cost from above, cheapest first", () => {
    fc.assert(
      fc.property(askedArbitrary, ({ planner, asked, wanted }) => {
        const known = createKnownPlans();
        for (const set of [[], ...asked])
          known.add({ planned: new Set(set), ...planner(set) });
        const front = known.undominated();
        const costs = front.map(({ cost }) => cost);
        expect(costs).toEqual(costs.toSorted((a, b) => a - b));
        const bound = front.find(({ used }) =>
          used.every((index) => wanted.includes(index)),
        );
        expect(bound?.cost).toBeGreaterThanOrEqual(planner(wanted).cost);
      }),
    );
  });

  test("no undominated plan is beaten by another with a part of its indexes", () => {
    fc.assert(
      fc.property(askedArbitrary, ({ planner, asked }) => {
        const known = createKnownPlans();
        for (const set of asked)
          known.add({ planned: new Set(set), ...planner(set) });
        const front = known.undominated();
        for (const plan of front)
          for (const other of front) {
            if (other === plan) continue;
            const isPart = other.used.every((index) =>
              plan.used.includes(index),
            );
            expect(isPart && other.cost <= plan.cost).toBe(false);
          }
      }),
    );
  });
});
