import type { IndexDefinition } from "../suggestion.ts";
import {
  bytesOf,
  forEachQuery,
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

/** Of the budget, by estimate: more would leave no room for the next query's. */
const sketchShare = 0.5;

/** What each query is to be tried with, by query. */
const ofEachQuery = <Failure, Value>(
  { input }: Exploration<Failure>,
  find: (query: WorkloadQuery) => Value,
): readonly Value[] => input.queries.map(find);

/**
 * Two plannings per query: without anything, and with all its plain candidates of at most half the
 * budget. Already gives a first list, of indexes that can be had together.
 */
export async function sketch<Failure>(
  search: Exploration<Failure>,
): Promise<void> {
  const room = search.input.budgetBytes * sketchShare;
  const plain = ofEachQuery(search, (query) =>
    candidateNumbers(search, query, isBare).filter(
      (number) => bytesOf(search, number) <= room,
    ),
  );
  await forEachQuery(search, async (at) => {
    await planWith(search, at, []);
    await planInRounds(search, at, { candidates: plain[at] ?? [], rounds: 1 });
  });
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
  const fitting = ofEachQuery(search, (query) =>
    candidateNumbers(search, query).filter(
      (number) => bytesOf(search, number) <= room,
    ),
  );
  const isBareNumber = (number: number): boolean => {
    const member = search.pool.all[number];
    return member !== undefined && isBare(member.index);
  };
  await forEachQuery(search, async (at) => {
    const candidates = fitting[at] ?? [];
    const bare = candidates.filter(isBareNumber);
    await planInRounds(search, at, { candidates, rounds: 2 });
    await planInRounds(search, at, { candidates: bare, rounds: 3 });
  });
}

/** A random part of the query's candidates that fits the budget together. */
function drawSample<Failure>(
  search: Exploration<Failure>,
  query: WorkloadQuery,
): readonly number[] {
  const left = [...candidateNumbers(search, query)];
  const sample: number[] = [];
  let bytes = 0;
  while (left.length > 0) {
    const [number = 0] = left.splice(search.random.below(left.length), 1);
    if (bytes + bytesOf(search, number) > search.input.budgetBytes) continue;
    bytes += bytesOf(search, number);
    sample.push(number);
  }
  return sample;
}

/**
 * Each query with a random part of its candidates that fits the budget together: plans that no
 * ordered search would come to.
 */
export async function planSamples<Failure>(
  search: Exploration<Failure>,
): Promise<void> {
  const samples = ofEachQuery(search, (query) => drawSample(search, query));
  await forEachQuery(search, (at) =>
    planInRounds(search, at, { candidates: samples[at] ?? [], rounds: 1 }),
  );
}

const maximumPaired = 8;

/** Pairs of the indexes that serve a query best alone, since some pay only together. */
export async function planPairs<Failure>(
  search: Exploration<Failure>,
): Promise<void> {
  await forEachQuery(search, async (at) => {
    const alone = (search.known[at]?.undominated() ?? [])
      .filter(({ used }) => used.length === 1)
      .flatMap(({ used }) => used)
      .slice(0, maximumPaired);
    for (const [place, first] of alone.entries())
      for (const second of alone.slice(place + 1))
        await planWith(search, at, [first, second]);
  });
}

const isSingle = (index: IndexDefinition): boolean =>
  index.keys.length === 1 && isBare(index);

/**
 * Each large index of one column beside all the small ones of the query: of the large a set holds few, the
 * small cost it next to nothing.
 */
export async function planLarge<Failure>(
  search: Exploration<Failure>,
  smallShare: number,
): Promise<void> {
  const { budgetBytes } = search.input;
  const fitting = (
    query: WorkloadQuery,
    keep: (index: IndexDefinition) => boolean,
    most: number,
  ): readonly number[] =>
    candidateNumbers(search, query, keep).filter(
      (number) => bytesOf(search, number) <= most,
    );
  const tried = ofEachQuery(search, (query) => ({
    small: fitting(query, isBare, budgetBytes * smallShare),
    single: fitting(query, isSingle, budgetBytes),
  }));
  await forEachQuery(search, async (at) => {
    const { small, single } = tried[at] ?? { small: [], single: [] };
    await planWith(search, at, small);
    for (const number of single)
      await planWith(search, at, [...new Set([number, ...small])]);
  });
}
