import { chooseSet, type ChosenSet } from "./choose-set.ts";
import { problemOf } from "./choose-known.ts";
import {
  bareCost,
  bytesOf,
  forEachQuery,
  isExhausted,
  numbersOf,
  planWith,
  relevantTo,
  type Exploration,
} from "./exploration.ts";
import type { IndexSet } from "./known-plans.ts";
import type { PoolIndex } from "./pool.ts";
import type { IndexKind, Problem } from "./problem.ts";

/** A plan that might hold with any index of these kinds. */
interface Guess {
  /** Ordered. */
  readonly kinds: IndexSet;
  cost: number;
}

/** Indexes of one kind find rows by the same column in the same way. */
const kindKey = ({ table, index }: PoolIndex): string =>
  JSON.stringify([table, index.method, index.predicate, index.keys[0]?.text]);

interface Kinds {
  readonly all: readonly (IndexKind & { readonly members: number[] })[];
  readonly numberOf: (index: number) => number;
}

/** The kinds of the pool's indexes that fit the budget, numbered from zero. */
function findKinds<Failure>(search: Exploration<Failure>): Kinds {
  const all: { members: number[] }[] = [];
  const numbers = new Map<string, number>();
  const byIndex: number[] = [];
  for (const member of search.pool.all) {
    const key = kindKey(member);
    const number = numbers.get(key) ?? all.length;
    if (number === all.length) all.push({ members: [] });
    numbers.set(key, number);
    byIndex.push(number);
    if (bytesOf(search, member.number) <= search.input.budgetBytes)
      all[number]?.members.push(member.number);
  }
  return { all, numberOf: (index) => byIndex[index] ?? -1 };
}

const kindsOf = ({ numberOf }: Kinds, used: IndexSet): IndexSet =>
  [...new Set(used.map(numberOf))].sort((a, b) => a - b);

/** What is guessed of one query; by the kinds used. */
type Guesses = Map<string, Guess>;

/** Guesses from every known plan; one that was made before keeps what came of it. */
function learn<Failure>(
  search: Exploration<Failure>,
  kinds: Kinds,
  guesses: readonly Guesses[],
): void {
  for (const [at, own] of guesses.entries())
    for (const { used, cost } of search.known[at]?.undominated() ?? []) {
      if (used.length === 0) continue;
      const kindsUsed = kindsOf(kinds, used);
      const key = kindsUsed.join();
      if (!own.has(key)) own.set(key, { kinds: kindsUsed, cost });
    }
}

/** Chooses as if every guess were true. */
function chooseHopefully<Failure>(
  search: Exploration<Failure>,
  kinds: Kinds,
  guesses: readonly Guesses[],
): ChosenSet {
  const problem = problemOf(search);
  const first = problem.bytes.length;
  const queries = problem.queries.map(
    (query, at): Problem["queries"][number] => {
      if (bareCost(search, at) === undefined) return query;
      const guessed = [...(guesses[at]?.values() ?? [])].map((guess) => ({
        used: guess.kinds.map((kind) => first + kind),
        cost: guess.cost,
      }));
      const plans = [...query.plans, ...guessed].sort(
        (a, b) => a.cost - b.cost,
      );
      return { ...query, plans };
    },
  );
  return chooseSet(
    { ...problem, queries, kinds: kinds.all },
    {
      starts: search.best === undefined ? [] : [search.best.set],
      disturbances: 20,
      random: search.random,
    },
  );
}

/** Corrects the guesses that promised less than a plan with the same kinds present has cost. */
function correct(guesses: Guesses, present: IndexSet, cost: number): boolean {
  const kinds = new Set(present);
  let isWrong = false;
  for (const guess of guesses.values()) {
    if (guess.cost >= cost || !guess.kinds.every((kind) => kinds.has(kind)))
      continue;
    guess.cost = cost;
    isWrong = true;
  }
  return isWrong;
}

/** Plans the set that was chosen on guesses, and corrects those; tells whether any was wrong. */
async function check<Failure>(
  search: Exploration<Failure>,
  chosen: {
    readonly kinds: Kinds;
    readonly guesses: readonly Guesses[];
    readonly set: IndexSet;
  },
): Promise<boolean> {
  const { kinds, guesses, set } = chosen;
  let isWrong = false;
  await forEachQuery(search, async (at) => {
    const query = search.input.queries[at];
    const own = guesses[at];
    const plan = await planWith(search, at, set);
    if (plan === undefined || query === undefined || own === undefined) return;
    const present = numbersOf(relevantTo(search, query, set));
    if (correct(own, kindsOf(kinds, present), plan.cost)) isWrong = true;
  });
  return isWrong;
}

/**
 * Finds indexes that pay only together or serve many queries in passing: supposes that a plan stays
 * possible when its indexes are replaced by others of their kinds, chooses a set on that, plans it, and
 * corrects what was supposed wrongly; a few times, until nothing was.
 */
export async function pursueGuesses<Failure>(
  search: Exploration<Failure>,
  rounds: number,
): Promise<void> {
  const guesses = search.known.map((): Guesses => new Map());
  for (let round = 0; round < rounds && !isExhausted(search); round += 1) {
    const kinds = findKinds(search);
    learn(search, kinds, guesses);
    const { set } = chooseHopefully(search, kinds, guesses);
    if (!(await check(search, { kinds, guesses, set }))) return;
  }
}
