import type { ChosenSet } from "./choose-set.ts";
import {
  bareCost,
  bytesOf,
  isExhausted,
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
  for (const at of search.input.queries.keys()) {
    const { used = [] } = (await planWith(search, at, set)) ?? {};
    for (const number of used) await planWith(search, at, without(set, number));
    for (const table of new Set(used.map(tableOf)))
      await planWith(
        search,
        at,
        set.filter((number) => tableOf(number) !== table),
      );
  }
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
  for (const [at, query] of search.input.queries.entries()) {
    const candidates = relevantTo(search, query, search.useful)
      .map(({ number }) => number)
      .filter((number) => bytesOf(search, number) <= bytes);
    await planInRounds(search, at, { candidates, rounds: 2, always });
  }
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
  for (const { number, queries } of outsiders)
    for (const at of queries) await planWith(search, at, [...set, number]);
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

async function tryForm<Failure>(
  search: Exploration<Failure>,
  members: readonly PoolIndex[],
  { index, drops, queries }: Form,
): Promise<void> {
  const dropped = new Set(numbersOf(drops));
  const served = new Set(queries);
  const rest = members.filter(({ number }) => !dropped.has(number));
  const next = numbersOf([...rest, search.pool.add(index)]);
  for (const [at, query] of search.input.queries.entries()) {
    const own = numbersOf(relevantTo(search, query, numbersOf(members)));
    const used = search.known[at]?.exact(own)?.used ?? [];
    if (served.has(at) || used.some((number) => dropped.has(number)))
      await planWith(search, at, next);
  }
}

/** Narrower and merged forms of the chosen indexes, tried in their place. */
export async function vary<Failure>(
  search: Exploration<Failure>,
  set: IndexSet,
  maximumMerged: number,
): Promise<void> {
  const members = set.flatMap((number) => search.pool.all[number] ?? []);
  const outsiders = rankOutsiders(search, set).slice(0, maximumMerged);
  for (const member of members)
    for (const form of formsOf(search, member, members, outsiders)) {
      if (isExhausted(search)) return;
      await tryForm(search, members, form);
    }
}
