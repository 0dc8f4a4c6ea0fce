import { chooseSet, type ChosenSet } from "./choose-set.ts";
import { bareCost, bytesOf, type Exploration } from "./exploration.ts";
import type { Problem } from "./problem.ts";

/** What is known so far, as a problem of choice; queries that cannot be planned are left out. */
export function problemOf<Failure>(
  search: Exploration<Failure>,
  budgetBytes: number = search.input.budgetBytes,
): Problem {
  const { input, pool } = search;
  return {
    queries: input.queries.map(({ weight }, at) => ({
      weight,
      plans:
        bareCost(search, at) === undefined
          ? [{ used: [], cost: 0 }]
          : (search.known[at]?.undominated() ?? []),
    })),
    bytes: pool.all.map(({ number }) => bytesOf(search, number)),
    upkeep: pool.all.map(({ index }) => input.upkeepOf(index)),
    kinds: [],
    budgetBytes,
  };
}

/** Weighted cost of all queries without any index of the pool. */
export const baselineOf = <Failure>(search: Exploration<Failure>): number =>
  search.input.queries.reduce(
    (sum, { weight }, at) => sum + weight * (bareCost(search, at) ?? 0),
    0,
  );

/** Chooses anew from all that is known, keeps the choice as the best, and tells it. */
export function choose<Failure>(
  search: Exploration<Failure>,
  phase: string,
  disturbances: number,
): ChosenSet {
  const chosen = chooseSet(problemOf(search), {
    starts: search.best === undefined ? [] : [search.best.set],
    disturbances,
    random: search.random,
  });
  search.best = chosen;
  search.input.onChoice({
    phase,
    plannings: search.plannings,
    baselineCost: baselineOf(search),
    cost: chosen.cost,
    bytes: chosen.bytes,
    indexCount: chosen.set.length,
  });
  return chosen;
}
