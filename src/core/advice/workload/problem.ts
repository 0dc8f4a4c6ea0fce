import type { IndexSet } from "./known-plans.ts";

/** No index is smaller than a page. */
export const leastBytes = 8192;

/** A query as far as the planner has answered: with all of `used` present it costs at most `cost`. */
export interface PricedQuery {
  readonly weight: number;
  /** Cheapest first; the last uses nothing. May use kinds of indexes: then any member of the kind will do. */
  readonly plans: readonly { readonly used: IndexSet; readonly cost: number }[];
}

/** Indexes that may stand in for each other; numbered on from the indexes. */
export interface IndexKind {
  readonly members: IndexSet;
}

/** Choosing indexes when every cost is known: a knapsack whose gains depend on each other. */
export interface Problem {
  readonly queries: readonly PricedQuery[];
  /** By index number. */
  readonly bytes: readonly number[];
  /** What keeping an index costs the workload's writes, in the planner's units; by index number. */
  readonly upkeep: readonly number[];
  /** The first has the number that follows the last index's. */
  readonly kinds: readonly IndexKind[];
  readonly budgetBytes: number;
}

/** A plan that an index or a kind makes possible; the cost is weighted. */
interface Chance {
  readonly query: number;
  readonly used: IndexSet;
  readonly cost: number;
}

/** A problem seen from its indexes. */
export interface Tables {
  readonly problem: Problem;
  /** Plans that use it; by number of the index or kind. */
  readonly chances: readonly (readonly Chance[])[];
  /** By index number; undefined for those of no kind. */
  readonly kindOf: readonly (number | undefined)[];
  /** By number of the index or kind: the smallest index that is one. */
  readonly smallest: readonly number[];
}

export function createTables(problem: Problem): Tables {
  const { queries, bytes, kinds } = problem;
  const chances: Chance[][] = [...bytes, ...kinds].map(() => []);
  queries.forEach(({ plans, weight }, query) => {
    for (const { used, cost } of plans)
      for (const one of used)
        chances[one]?.push({ query, used, cost: cost * weight });
  });
  const kindOf: (number | undefined)[] = bytes.map(() => undefined);
  kinds.forEach(({ members }, at) => {
    for (const index of members) kindOf[index] = bytes.length + at;
  });
  const smallestOf = ({ members }: IndexKind): number =>
    members.reduce(
      (kept, one) =>
        (bytes[one] ?? Infinity) < (bytes[kept] ?? Infinity) ? one : kept,
      members[0] ?? -1,
    );
  const smallest = [...bytes.keys(), ...kinds.map(smallestOf)];
  return { problem, chances, kindOf, smallest };
}
