import { admit, probe, trade, vary, widen } from "./around-set.ts";
import { choose } from "./choose-known.ts";
import {
  isExhausted,
  startExploration,
  type Exploration,
  type ExploreInput,
} from "./exploration.ts";
import {
  planPairs,
  planSamples,
  planLarge,
  planSmaller,
  sketch,
} from "./first-plans.ts";
import { pursueGuesses } from "./guesses.ts";
import { weighSet } from "./weigh-set.ts";

/** Parts of the budget within which each query's next best plans are sought. */
const budgetShares = [1, 0.3, 0.1];
/** How often a set is disturbed in choosing: quickly on the way, thoroughly at the end. */
const disturbances = { quick: 25, thorough: 150 };
const maximumGuessRounds = 10;
/** Share of the budget up to which an index counts as small. */
const smallShare = 0.03;
const maximumTraded = 8;
const maximumAdmitted = 24;
/** A set is better when it saves at least this share. */
const minimumProgress = 1e-4;

async function explorePlans<Failure>(
  search: Exploration<Failure>,
): Promise<void> {
  await sketch(search);
  choose(search, "sketch", disturbances.quick);
  await pursueGuesses(search, maximumGuessRounds);
  choose(search, "guesses", disturbances.quick);
  await planLarge(search, smallShare);
  choose(search, "large", disturbances.quick);
  await pursueGuesses(search, maximumGuessRounds);
  choose(search, "guesses", disturbances.quick);
  for (const share of budgetShares) {
    await planSmaller(search, share);
    choose(search, "smaller", disturbances.quick);
  }
  await pursueGuesses(search, maximumGuessRounds);
  choose(search, "guesses", disturbances.quick);
}

async function exploreAround<Failure>(
  search: Exploration<Failure>,
  round: number,
): Promise<void> {
  const { budgetBytes } = search.input;
  await probe(search, search.best?.set ?? []);
  const probed = choose(search, "probe", disturbances.quick);
  await widen(search, probed.set, budgetBytes / 2 ** (round % 5));
  const wider = choose(search, "widen", disturbances.quick);
  await admit(search, wider.set, maximumAdmitted);
  choose(search, "admit", disturbances.quick);
  await trade(search, wider, maximumTraded);
  choose(search, "trade", disturbances.quick);
  await pursueGuesses(search, maximumGuessRounds);
  const guessed = choose(search, "guesses", disturbances.quick);
  await vary(search, guessed.set, maximumAdmitted);
  choose(search, "vary", disturbances.quick);
}

/** When nothing better was found around the set: plans that no ordered search comes to. */
async function exploreAtRandom<Failure>(
  search: Exploration<Failure>,
  withPairs: boolean,
): Promise<void> {
  await planSamples(search);
  if (withPairs) await planPairs(search);
  choose(search, "samples", disturbances.quick);
}

/**
 * Searches the cheapest set of indexes for a workload within a byte budget. Every answer of the
 * planner is kept; choosing among sets happens on those answers alone, and new plannings go to
 * where the chosen set is least certain or might be bettered. Can be stopped at any moment: the
 * best set so far is in the exploration that is returned.
 */
export async function exploreWorkload<Failure>(
  input: ExploreInput<Failure>,
): Promise<Exploration<Failure>> {
  const search = startExploration(input);
  await explorePlans(search);
  let idle = 0;
  for (
    let round = 0;
    idle < input.patience && !isExhausted(search);
    round += 1
  ) {
    const before = search.best?.cost ?? Infinity;
    await exploreAround(search, round);
    if (idle > 0) await exploreAtRandom(search, idle === 1);
    const after = search.best?.cost ?? Infinity;
    idle = after < before * (1 - minimumProgress) ? 0 : idle + 1;
  }
  search.isCut = isExhausted(search);
  if (!search.isCut) choose(search, "end", disturbances.thorough);
  await weighSet(search);
  return search;
}
