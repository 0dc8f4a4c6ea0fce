import { chooseSet, type ChosenSet } from "./choose-set.ts";
import {
  bareCost,
  bytesOf,
  isExhausted,
  planWith,
  problemOf,
  type Exploration,
} from "./exploration.ts";
import type { IndexSet, KnownPlans } from "./known-plans.ts";

/** What each index is hoped to save one query. */
type Hopes = Map<number, number>;

/** Hopes below this share of the query's cost, and beyond this many of either kind, only blur the picture. */
const minimumHope = 0.005;
const maximumHopes = 20;

/** The most that each index was seen to save: of a plan with several, each its equal part. */
function savingsOf(known: KnownPlans, bare: number): Hopes {
  const savings = new Map<number, number>();
  for (const { used, cost } of known.undominated()) {
    const share = (bare - cost) / Math.max(1, used.length);
    for (const number of used)
      savings.set(number, Math.max(savings.get(number) ?? 0, share));
  }
  return savings;
}

/** The strongest hopes, and those strongest for their bytes: a small budget has room for no others. */
function learn<Failure>(search: Exploration<Failure>, at: number): Hopes {
  const known = search.known[at];
  const bare = bareCost(search, at) ?? 0;
  if (known === undefined) return new Map();
  const fitting = [...savingsOf(known, bare)].filter(
    ([number, saved]) =>
      saved > bare * minimumHope &&
      bytesOf(search, number) <= search.input.budgetBytes,
  );
  const perByte = ([number, saved]: readonly [number, number]): number =>
    saved / bytesOf(search, number);
  return new Map([
    ...fitting.toSorted(([, a], [, b]) => b - a).slice(0, maximumHopes),
    ...fitting
      .toSorted((a, b) => perByte(b) - perByte(a))
      .slice(0, maximumHopes),
  ]);
}

/** Chooses as if every hope came true. */
function chooseHopefully<Failure>(
  search: Exploration<Failure>,
  hopes: readonly Hopes[],
): ChosenSet {
  const problem = problemOf(search);
  const queries = problem.queries.map((query, at) => {
    const bare = bareCost(search, at);
    if (bare === undefined) return query;
    const floor = query.plans[0]?.cost ?? bare;
    const savings = [...(hopes[at] ?? [])];
    return { ...query, hopes: { bare, floor, savings } };
  });
  return chooseSet(
    { ...problem, queries },
    {
      starts: search.best === undefined ? [] : [search.best.set],
      disturbances: 10,
      random: search.random,
    },
  );
}

/** An index that the plan passed over loses more of its hope than one that was used. */
const passedOver = 0.6;
const leastFactor = 0.3;

/** Cuts the hopes of the present indexes to what came true. */
function disappoint(
  hopes: Hopes,
  present: IndexSet,
  outcome: { readonly saved: number; readonly used: IndexSet },
): void {
  const hoped = present.reduce(
    (sum, number) => sum + (hopes.get(number) ?? 0),
    0,
  );
  if (hoped <= outcome.saved * 1.01) return;
  const factor = Math.max(leastFactor, outcome.saved / hoped);
  for (const number of present) {
    const cut = outcome.used.includes(number) ? factor : factor * passedOver;
    hopes.set(number, (hopes.get(number) ?? 0) * cut);
  }
}

/**
 * Finds indexes that pay only together: chooses as if each saved what it saved elsewhere, plans
 * that set, and cuts the hopes that failed; a few times, until hope and plans agree.
 */
export async function pursueHopes<Failure>(
  search: Exploration<Failure>,
  rounds: number,
): Promise<void> {
  const hopes = search.known.map((_, at) => learn(search, at));
  for (let round = 0; round < rounds && !isExhausted(search); round += 1) {
    const { set } = chooseHopefully(search, hopes);
    for (const [at, own] of hopes.entries()) {
      const plan = await planWith(search, at, set);
      if (plan === undefined) continue;
      const present = set.filter((number) => own.has(number));
      const saved = (bareCost(search, at) ?? 0) - plan.cost;
      disappoint(own, present, { saved, used: plan.used });
    }
  }
}
