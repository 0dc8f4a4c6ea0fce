import { chooseSet } from "./choose-set.ts";
import type { Exploration } from "./exploration.ts";
import type { IndexSet } from "./known-plans.ts";
import { createTables, type Problem, type Tables } from "./problem.ts";
import {
  membersOf,
  startState,
  totalWithout,
  type State,
} from "./set-state.ts";
import { dropTrifles } from "./trifles.ts";

/** A set as it would be chosen if nothing were written, and those of it that writes speak against. */
export interface Outweighed {
  readonly tables: Tables;
  readonly state: State;
  readonly numbers: IndexSet;
}

const disturbances = 5;

/** Indexes that reads would gain by, and that writes would pay more for than reads gain. */
export function findOutweighed<Failure>(
  search: Exploration<Failure>,
  problem: Problem,
  set: IndexSet,
): Outweighed {
  const tables = createTables({
    ...problem,
    upkeep: problem.upkeep.map(() => 0),
  });
  const unwritten = chooseSet(tables.problem, {
    starts: [set],
    disturbances,
    random: search.random,
  });
  const state = startState(tables, unwritten.set);
  dropTrifles(search, tables, state);
  const numbers = membersOf(tables, state).filter((index) => {
    const gain = totalWithout(tables, state, index) - state.total;
    return !set.includes(index) && gain <= (problem.upkeep[index] ?? 0);
  });
  return { tables, state, numbers };
}
