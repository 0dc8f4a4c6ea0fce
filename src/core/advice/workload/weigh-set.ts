import { problemOf } from "./choose-known.ts";
import {
  bareCost,
  forEachQuery,
  planWith,
  type Exploration,
} from "./exploration.ts";
import { createTables } from "./problem.ts";
import { membersOf, startState } from "./set-state.ts";
import { dropTrifles } from "./trifles.ts";

/** Plans every query under the chosen set. */
async function planAll<Failure>(search: Exploration<Failure>): Promise<void> {
  const { set = [] } = search.best ?? {};
  search.phase = "confirming";
  await forEachQuery(search, async (at) => {
    if (bareCost(search, at) !== undefined) await planWith(search, at, set);
  });
}

/** Plans every query without each of the indexes that it uses. */
async function planWithoutEach<Failure>(
  search: Exploration<Failure>,
): Promise<void> {
  const { set = [] } = search.best ?? {};
  search.phase = "weighing";
  await forEachQuery(search, async (at) => {
    if (bareCost(search, at) === undefined) return;
    const { used = [] } = (await planWith(search, at, set)) ?? {};
    for (const number of used)
      await planWith(
        search,
        at,
        set.filter((other) => other !== number),
      );
  });
}

/** Leaving out an index changes what the others bring. */
const maximumWeighings = 3;

/**
 * Ends a search: plans what each member of the set brings beside all others, and leaves out what brings next to
 * nothing, so that what is told of the set and of its members is what the planner said.
 */
export async function weighSet<Failure>(
  search: Exploration<Failure>,
): Promise<void> {
  for (let round = 0; round < maximumWeighings; round += 1) {
    await planAll(search);
    await planWithoutEach(search);
    const { set = [] } = search.best ?? {};
    const tables = createTables(problemOf(search));
    const state = startState(tables, set);
    dropTrifles(search, tables, state);
    const kept = membersOf(tables, state);
    search.best = { set: kept, cost: state.total, bytes: state.bytes };
    if (kept.length === set.length) return;
  }
}
