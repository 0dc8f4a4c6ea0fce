/** Numbers of pool indexes, ascending. */
export type IndexSet = readonly number[];

/** One answer of the planner: with `planned` present it read `used` and estimated `cost`. */
export interface KnownPlan {
  readonly planned: ReadonlySet<number>;
  readonly used: IndexSet;
  readonly cost: number;
}

/** What the planner has said of one query, and what follows without asking again. */
export interface KnownPlans {
  readonly add: (plan: KnownPlan) => void;
  /**
   * Plans that no other beats with a part of its indexes, cheapest first. The first whose
   * indexes are all present bounds the query's cost from above: the planner could choose it.
   */
  readonly undominated: () => readonly KnownPlan[];
  /**
   * The planner's own answer for exactly these indexes: what it did not use makes no difference,
   * so any set between the used and the planned one costs the same.
   */
  readonly exact: (set: IndexSet) => KnownPlan | undefined;
  readonly count: () => number;
}

const isWithin = (inner: IndexSet, outer: ReadonlySet<number>): boolean =>
  inner.every((index) => outer.has(index));

function dominates(better: KnownPlan, worse: KnownPlan): boolean {
  return (
    better.cost <= worse.cost &&
    better.used.every((index) => worse.used.includes(index))
  );
}

export function createKnownPlans(): KnownPlans {
  const all: KnownPlan[] = [];
  let front: KnownPlan[] = [];
  return {
    add: (plan) => {
      all.push(plan);
      if (front.some((known) => dominates(known, plan))) return;
      front = [...front.filter((known) => !dominates(plan, known)), plan];
      front.sort((a, b) => a.cost - b.cost || a.used.length - b.used.length);
    },
    undominated: () => front,
    exact: (set) => {
      const wanted = new Set(set);
      return all.find(
        (known) => isWithin(known.used, wanted) && isWithin(set, known.planned),
      );
    },
    count: () => all.length,
  };
}
