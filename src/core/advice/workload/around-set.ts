import type { ChosenSet } from "./choose-set.ts";
import {
  bytesOf,
  isExhausted,
  numbersOf,
  planInRounds,
  planWith,
  relevantTo,
  type Exploration,
} from "./exploration.ts";
import type { IndexSet } from "./known-plans.ts";
import type { PoolIndex } from "./pool.ts";
import { merge, narrowerForms } from "./variants.ts";
import type { IndexDefinition } from "../suggestion.ts";

/** The plan of every query under the chosen set, and what each would cost without each of the indexes it uses. */
export async function probe<Failure>(
  search: Exploration<Failure>,
  set: IndexSet,
): Promise<void> {
  for (const at of search.input.queries.keys()) {
    const plan = await planWith(search, at, set);
    for (const number of plan?.used ?? [])
      await planWith(
        search,
        at,
        set.filter((other) => other !== number),
      );
  }
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
    const rest = chosen.set.filter((other) => other !== number);
    const room = input.budgetBytes - chosen.bytes + bytesOf(search, number);
    await planBesides(search, rest, room);
  }
}

interface Form {
  readonly index: IndexDefinition;
  /** Members it would stand in for. */
  readonly drops: readonly PoolIndex[];
}

function formsOf(
  member: PoolIndex,
  members: readonly PoolIndex[],
  maximumColumns: number,
): readonly Form[] {
  const partners = members.filter(
    (other) => other !== member && other.table === member.table,
  );
  return [
    ...narrowerForms(member.index).map((index) => ({ index, drops: [member] })),
    ...partners.flatMap((other) => {
      const index = merge(member.index, other.index, maximumColumns);
      return index === undefined ? [] : [{ index, drops: [member, other] }];
    }),
  ];
}

async function tryForm<Failure>(
  search: Exploration<Failure>,
  members: readonly PoolIndex[],
  { index, drops }: Form,
): Promise<void> {
  const dropped = new Set(numbersOf(drops));
  const rest = members.filter(({ number }) => !dropped.has(number));
  const next = numbersOf([...rest, search.pool.add(index)]);
  for (const [at, query] of search.input.queries.entries()) {
    const own = numbersOf(relevantTo(search, query, numbersOf(members)));
    const current = search.known[at]?.exact(own);
    if (current?.used.some((number) => dropped.has(number)) === true)
      await planWith(search, at, next);
  }
}

/** Narrower and merged forms of the chosen indexes, tried in their place. */
export async function vary<Failure>(
  search: Exploration<Failure>,
  set: IndexSet,
): Promise<void> {
  const members = set.flatMap((number) => search.pool.all[number] ?? []);
  for (const member of members)
    for (const form of formsOf(member, members, search.input.maximumColumns)) {
      if (isExhausted(search)) return;
      await tryForm(search, members, form);
    }
}
