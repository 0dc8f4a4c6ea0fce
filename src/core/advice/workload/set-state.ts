import type { IndexSet } from "./known-plans.ts";
import type { Tables } from "./problem.ts";

/** A set under construction, with what each query costs under it. */
export interface State {
  /** By number of the index or kind. */
  readonly has: Uint8Array;
  /** How many members of the kind are present; by its number. */
  readonly present: Uint16Array;
  /** Weighted, by query. */
  readonly costs: Float64Array;
  total: number;
  bytes: number;
}

export function isPresent(used: IndexSet, has: Uint8Array): boolean {
  for (const one of used) if (has[one] !== 1) return false;
  return true;
}

function costOf(tables: Tables, state: State, query: number): number {
  const priced = tables.problem.queries[query];
  const plan = priced?.plans.find(({ used }) => isPresent(used, state.has));
  return (plan?.cost ?? Infinity) * (priced?.weight ?? 1);
}

export function startState(tables: Tables, set: IndexSet): State {
  const { queries } = tables.problem;
  const state: State = {
    has: new Uint8Array(tables.chances.length),
    present: new Uint16Array(tables.chances.length),
    costs: new Float64Array(queries.length),
    total: 0,
    bytes: 0,
  };
  for (const query of queries.keys()) {
    state.costs[query] = costOf(tables, state, query);
    state.total += state.costs[query] ?? 0;
  }
  toggle(tables, state, set, 1);
  return state;
}

export const copyState = (state: State): State => ({
  ...state,
  has: state.has.slice(),
  present: state.present.slice(),
  costs: state.costs.slice(),
});

export function membersOf({ problem }: Tables, { has }: State): number[] {
  const members: number[] = [];
  for (let index = 0; index < problem.bytes.length; index += 1)
    if (has[index] === 1) members.push(index);
  return members;
}

/** Notes one index as present or absent; tells what has changed by it: the index, and its kind where it is the only member. */
export function mark(
  { kindOf }: Tables,
  { has, present }: State,
  index: number,
  isPresent: boolean,
): IndexSet {
  has[index] = isPresent ? 1 : 0;
  const kind = kindOf[index];
  if (kind === undefined) return [index];
  const before = present[kind] ?? 0;
  const after = before + (isPresent ? 1 : -1);
  present[kind] = after;
  if (before > 0 && after > 0) return [index];
  has[kind] = after > 0 ? 1 : 0;
  return [index, kind];
}

/** What a toggle has changed. */
export interface Change {
  /** Indexes and kinds. */
  readonly numbers: IndexSet;
  readonly queries: ReadonlySet<number>;
}

/** Adds (1) or removes (0) indexes, and prices the queries that they touch. */
export function toggle(
  tables: Tables,
  state: State,
  indexes: IndexSet,
  present: 0 | 1,
): Change {
  const { problem, chances } = tables;
  const sign = present === 1 ? 1 : -1;
  const changed = indexes.filter((index) => state.has[index] !== present);
  const numbers: number[] = [];
  for (const index of changed) {
    numbers.push(...mark(tables, state, index, present === 1));
    state.bytes += sign * (problem.bytes[index] ?? 0);
    state.total += sign * (problem.upkeep[index] ?? 0);
  }
  const queries = new Set<number>();
  for (const one of numbers)
    for (const { query } of chances[one] ?? []) queries.add(query);
  for (const query of queries) {
    const before = state.costs[query] ?? 0;
    const after = costOf(tables, state, query);
    state.costs[query] = after;
    state.total += after - before;
  }
  return { numbers, queries };
}

/** What the workload would cost without one of the members, or with another in its place; nothing is changed. */
export function totalWithout(
  tables: Tables,
  state: State,
  index: number,
  instead?: number,
): number {
  const { problem, chances } = tables;
  const lost = new Set<number>();
  const note = (changed: number, isPresent: boolean): void => {
    for (const one of mark(tables, state, changed, isPresent))
      for (const { query } of chances[one] ?? []) lost.add(query);
  };
  let total = state.total - (problem.upkeep[index] ?? 0);
  if (instead !== undefined) {
    total += problem.upkeep[instead] ?? 0;
    note(instead, true);
  }
  note(index, false);
  for (const query of lost)
    total += costOf(tables, state, query) - (state.costs[query] ?? 0);
  mark(tables, state, index, true);
  if (instead !== undefined) mark(tables, state, instead, false);
  return total;
}
