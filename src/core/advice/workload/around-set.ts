import type { ChosenSet } from "./choose-set.ts";
import {
  bareCost,
  bytesOf,
  forEachQuery,
  numbersOf,
  planInRounds,
  planWith,
  relevantTo,
  type Exploration,
} from "./exploration.ts";
import type { IndexSet, KnownPlans } from "./known-plans.ts";
import type { PoolIndex } from "./pool.ts";
import { leastBytes } from "./problem.ts";
import { merge, narrowerForms } from "./variants.ts";
import type { IndexDefinition } from "../suggestion.ts";

const without = (set: IndexSet, number: number): IndexSet =>
  set.filter((other) => other !== number);

/**
 * The plan of every query under the chosen set, and what each would cost without each of the indexes it
 * uses. Also without all of that table: what one index leaves, its neighbour might take up.
 */
export async function probe<Failure>(
  search: Exploration<Failure>,
  set: IndexSet,
): Promise<void> {
  const tableOf = (number: number): string | undefined =>
    search.pool.all[number]?.table;
  await forEachQuery(search, async (at) => {
    const { used = [] } = (await planWith(search, at, set)) ?? {};
    for (const number of used) await planWith(search, at, without(set, number));
    for (const table of new Set(used.map(tableOf)))
      await planWith(
        search,
        at,
        set.filter((number) => tableOf(number) !== table),
      );
  });
}

/** Savings below this share of the query's cost are not counted. */
const minimumSaving = 0.01;

/** The most that each index was seen to save a query: of a plan with several, each its equal part. */
function savingsOf(
  known: KnownPlans | undefined,
  bare: number | undefined,
): ReadonlyMap<number, number> {
  const savings = new Map<number, number>();
  if (known === undefined || bare === undefined) return savings;
  for (const { used, cost } of known.undominated()) {
    const share = (bare - cost) / Math.max(1, used.length);
    if (share < bare * minimumSaving) continue;
    for (const number of used)
      savings.set(number, Math.max(savings.get(number) ?? 0, share));
  }
  return savings;
}

/** What each query would take besides `always`, among the useful of at most `bytes`. */
async function planBesides<Failure>(
  search: Exploration<Failure>,
  always: IndexSet,
  bytes: number,
): Promise<void> {
  const useful = search.input.queries.map((query) =>
    numbersOf(relevantTo(search, query, search.useful)).filter(
      (number) => bytesOf(search, number) <= bytes,
    ),
  );
  await forEachQuery(search, (at) =>
    planInRounds(search, at, {
      candidates: useful[at] ?? [],
      rounds: 2,
      always,
    }),
  );
}

/** What the queries would take if some more bytes were allowed than the budget leaves. */
export async function widen<Failure>(
  search: Exploration<Failure>,
  set: IndexSet,
  bytes: number,
): Promise<void> {
  await planBesides(search, set, bytes);
}

/** What the queries would take in the room that one chosen index leaves, for a few of the chosen. */
export async function trade<Failure>(
  search: Exploration<Failure>,
  chosen: ChosenSet,
  maximumTraded: number,
): Promise<void> {
  const { input, random } = search;
  const traded = [...chosen.set];
  while (traded.length > maximumTraded)
    traded.splice(random.below(traded.length), 1);
  for (const number of traded) {
    const rest = without(chosen.set, number);
    const room = input.budgetBytes - chosen.bytes + bytesOf(search, number);
    await planBesides(search, rest, room);
  }
}

interface Form {
  readonly index: IndexDefinition;
  /** Members it would stand in for. */
  readonly drops: readonly PoolIndex[];
  /** Queries that it might serve besides those of the members. */
  readonly queries: readonly number[];
}

interface Outsider {
  readonly number: number;
  /** Queries that it might serve. */
  readonly queries: readonly number[];
  readonly score: number;
}

/** Indexes outside the set, by what they were seen to save in other sets for their bytes. */
function rankOutsiders<Failure>(
  search: Exploration<Failure>,
  set: IndexSet,
): readonly Outsider[] {
  const { input, known } = search;
  const found = new Map<number, { saved: number; queries: number[] }>();
  for (const [at, { weight }] of input.queries.entries())
    for (const [number, saved] of savingsOf(known[at], bareCost(search, at))) {
      if (set.includes(number)) continue;
      const own = found.get(number) ?? { saved: 0, queries: [] };
      found.set(number, own);
      own.saved += saved * weight;
      own.queries.push(at);
    }
  return [...found]
    .filter(([number]) => bytesOf(search, number) <= input.budgetBytes)
    .map(([number, { saved, queries }]) => {
      const bytes = Math.max(leastBytes, bytesOf(search, number));
      return { number, queries, score: saved / Math.sqrt(bytes) };
    })
    .sort((a, b) => b.score - a.score);
}

/** What each query that an outsider might serve costs with it besides the chosen set, for the most promising. */
export async function admit<Failure>(
  search: Exploration<Failure>,
  set: IndexSet,
  maximumAdmitted: number,
): Promise<void> {
  const outsiders = rankOutsiders(search, set).slice(0, maximumAdmitted);
  await forEachQuery(search, async (at) => {
    for (const { number, queries } of outsiders)
      if (queries.includes(at)) await planWith(search, at, [...set, number]);
  });
}

/** Narrower forms, and what merges it with other members or with outsiders. */
function formsOf<Failure>(
  search: Exploration<Failure>,
  member: PoolIndex,
  members: readonly PoolIndex[],
  outsiders: readonly Outsider[],
): readonly Form[] {
  const { pool, input } = search;
  const partners = members
    .filter((other) => other !== member)
    .map((other) => ({ other, drops: [member, other], queries: [] }));
  const strangers = outsiders.flatMap(({ number, queries }) => {
    const other = pool.all[number];
    return other === undefined ? [] : [{ other, drops: [member], queries }];
  });
  const merged = [...partners, ...strangers]
    .filter(({ other }) => other.table === member.table)
    .flatMap(({ other, drops, queries }): Form[] => {
      const index = merge(member.index, other.index, input.maximumColumns);
      return index === undefined ? [] : [{ index, drops, queries }];
    });
  const narrower = narrowerForms(member.index).map((index): Form => {
    return { index, drops: [member], queries: [] };
  });
  return [...narrower, ...merged];
}

/** A set to be tried, and the queries that it may change. */
interface Variation {
  readonly set: IndexSet;
  readonly queries: ReadonlySet<number>;
}

/** What each query reads of the set, as far as it was planned. */
const usedOf = <Failure>(
  search: Exploration<Failure>,
  set: IndexSet,
): readonly IndexSet[] =>
  search.input.queries.map((query, at) => {
    const own = numbersOf(relevantTo(search, query, set));
    return search.known[at]?.exact(own)?.used ?? [];
  });

/** The set with the form in place of the members that it stands in for. */
function applyForm(
  members: readonly PoolIndex[],
  used: readonly IndexSet[],
  { member, drops, queries }: Form & { readonly member: PoolIndex },
): Variation {
  const dropped = new Set(numbersOf(drops));
  const rest = members.filter(({ number }) => !dropped.has(number));
  const readers = used.flatMap((own, at) =>
    own.some((number) => dropped.has(number)) ? [at] : [],
  );
  return {
    set: numbersOf([...rest, member]),
    queries: new Set([...queries, ...readers]),
  };
}

/** Narrower and merged forms of the chosen indexes, tried in their place. */
export async function vary<Failure>(
  search: Exploration<Failure>,
  set: IndexSet,
  maximumMerged: number,
): Promise<void> {
  const members = set.flatMap((number) => search.pool.all[number] ?? []);
  const outsiders = rankOutsiders(search, set).slice(0, maximumMerged);
  const used = usedOf(search, set);
  const variations = members
    .flatMap((member) => formsOf(search, member, members, outsiders))
    .map((form) =>
      applyForm(members, used, {
        ...form,
        member: search.pool.add(form.index),
      }),
    );
  await forEachQuery(search, async (at) => {
    for (const { set: varied, queries } of variations)
      if (queries.has(at)) await planWith(search, at, varied);
  });
}
