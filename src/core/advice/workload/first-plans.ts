import type { IndexDefinition } from "../suggestion.ts";
import {
  bytesOf,
  planInRounds,
  planWith,
  type Exploration,
  type WorkloadQuery,
} from "./exploration.ts";

const candidateNumbers = <Failure>(
  { pool }: Exploration<Failure>,
  query: WorkloadQuery,
  keep: (index: IndexDefinition) => boolean = () => true,
): readonly number[] =>
  query.candidates.filter(keep).map((index) => pool.add(index).number);

const isBare = (index: IndexDefinition): boolean => index.included.length === 0;

/** Two plannings per query: without anything, and with all its candidates. Already gives a first list. */
export async function sketch<Failure>(
  search: Exploration<Failure>,
): Promise<void> {
  for (const [at, query] of search.input.queries.entries()) {
    await planWith(search, at, []);
    const candidates = candidateNumbers(search, query);
    await planInRounds(search, at, { candidates, rounds: 1 });
  }
}

/**
 * Next best plans of each query among the candidates of at most a part of the budget: of all forms,
 * and of those that carry nothing along.
 */
export async function planSmaller<Failure>(
  search: Exploration<Failure>,
  share: number,
): Promise<void> {
  const room = search.input.budgetBytes * share;
  for (const [at, query] of search.input.queries.entries()) {
    const fitting = candidateNumbers(search, query).filter(
      (number) => bytesOf(search, number) <= room,
    );
    const bare = fitting.filter((number) => {
      const member = search.pool.all[number];
      return member !== undefined && isBare(member.index);
    });
    await planInRounds(search, at, { candidates: fitting, rounds: 2 });
    await planInRounds(search, at, { candidates: bare, rounds: 3 });
  }
}

/** Each useful plain column alone: the simplest indexes, shared most widely. */
export async function planSingles<Failure>(
  search: Exploration<Failure>,
): Promise<void> {
  const { queries, budgetBytes } = search.input;
  for (const [at, query] of queries.entries()) {
    const singles = candidateNumbers(
      search,
      query,
      (index) => index.keys.length === 1 && isBare(index),
    );
    for (const number of singles)
      if (search.useful.has(number) && bytesOf(search, number) <= budgetBytes)
        await planWith(search, at, [number]);
  }
}
