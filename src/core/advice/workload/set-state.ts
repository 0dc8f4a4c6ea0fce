import type { IndexSet } from "./known-plans.ts";

/** A query as far as the planner has answered: with all of `used` present it costs at most `cost`. */
export interface PricedQuery {
  readonly weight: number;
  /** Cheapest first; the last uses no index of the pool. */
  readonly plans: readonly { readonly used: IndexSet; readonly cost: number }[];
  /** To look where nothing was planned yet: each index is hoped to save this much, down to the floor. */
  readonly hopes?: {
    readonly bare: number;
    readonly floor: number;
    readonly savings: readonly (readonly [index: number, saved: number])[];
  };
}

/** Choosing indexes when every cost is known: a knapsack whose gains depend on each other. */
export interface Problem {
  readonly queries: readonly PricedQuery[];
  /** By index number. */
  readonly bytes: readonly number[];
  /** What keeping an index costs the workload's writes, in the planner's units; by index number. */
  readonly upkeep: readonly number[];
  readonly budgetBytes: number;
}

/** A plan that an index makes possible; the cost is weighted. */
interface Chance {
  readonly query: number;
  readonly used: IndexSet;
  readonly cost: number;
}

interface Hope {
  readonly query: number;
  /** Weighted. */
  readonly saved: number;
}

/** A problem seen from its indexes. */
export interface Tables {
  readonly problem: Problem;
  /** Sets added together because one plan needs them all. */
  readonly moves: readonly IndexSet[];
  /** Plans that use the index; by index number. */
  readonly chances: readonly (readonly Chance[])[];
  /** By index number. */
  readonly hopes: readonly (readonly Hope[])[];
  /** Weighted floors of hope; by query. */
  readonly floors: Float64Array;
  /** Moves whose gain may change when the query's cost changes; by query. */
  readonly movesNear: readonly (readonly number[])[];
  /** For pricing one move, by query; `best` is NaN where nothing was noted. */
  readonly scratch: {
    readonly best: Float64Array;
    readonly hoped: Float64Array;
    readonly touched: number[];
  };
}

function collectMoves(queries: readonly PricedQuery[]): readonly IndexSet[] {
  const moves = new Map<string, IndexSet>();
  for (const { plans } of queries)
    for (const { used } of plans)
      if (used.length > 0) moves.set(used.join(), used);
  return [...moves.values()];
}

function findMovesNear(
  problem: Problem,
  moves: readonly IndexSet[],
  readersOf: (index: number) => Iterable<number>,
): Tables["movesNear"] {
  const near: Set<number>[] = problem.queries.map(() => new Set());
  moves.forEach((adds, move) => {
    for (const index of adds)
      for (const query of readersOf(index)) near[query]?.add(move);
  });
  return near.map((set) => [...set]);
}

export function createTables(problem: Problem): Tables {
  const chances: Chance[][] = problem.bytes.map(() => []);
  const hopes: Hope[][] = problem.bytes.map(() => []);
  problem.queries.forEach(({ plans, hopes: hoped, weight }, query) => {
    for (const { used, cost } of plans)
      for (const index of used)
        chances[index]?.push({ query, used, cost: cost * weight });
    for (const [index, saved] of hoped?.savings ?? [])
      hopes[index]?.push({ query, saved: saved * weight });
  });
  const moves = collectMoves(problem.queries);
  return {
    problem,
    moves,
    chances,
    hopes,
    floors: Float64Array.from(problem.queries, (query) =>
      query.hopes === undefined ? Infinity : query.hopes.floor * query.weight,
    ),
    movesNear: findMovesNear(problem, moves, (index) =>
      [...(chances[index] ?? []), ...(hopes[index] ?? [])].map(
        ({ query }) => query,
      ),
    ),
    scratch: {
      best: new Float64Array(problem.queries.length).fill(Number.NaN),
      hoped: new Float64Array(problem.queries.length),
      touched: [],
    },
  };
}

/** A set under construction, with what each query costs under it. */
export interface State {
  readonly has: Uint8Array;
  /** Weighted, by query. */
  readonly costs: Float64Array;
  /** What is hoped for, before the floor; by query. */
  readonly hoped: Float64Array;
  total: number;
  bytes: number;
  /** By move: what adding its missing indexes saves, and their bytes. */
  readonly gains: Float64Array;
  readonly gainBytes: Float64Array;
}

function isPresent(used: IndexSet, has: Uint8Array): boolean {
  for (const index of used) if (has[index] !== 1) return false;
  return true;
}

const hopedCost = (
  tables: Tables,
  hoped: Float64Array,
  query: number,
): number =>
  Math.max(hoped[query] ?? Infinity, tables.floors[query] ?? Infinity);

function costOf(tables: Tables, state: State, query: number): number {
  const priced = tables.problem.queries[query];
  const plan = priced?.plans.find(({ used }) => isPresent(used, state.has));
  const planned = (plan?.cost ?? Infinity) * (priced?.weight ?? 1);
  return Math.min(planned, hopedCost(tables, state.hoped, query));
}

export function startState(tables: Tables, set: IndexSet): State {
  const { problem, moves } = tables;
  const state: State = {
    has: new Uint8Array(problem.bytes.length),
    costs: new Float64Array(problem.queries.length),
    hoped: Float64Array.from(problem.queries, ({ hopes, weight }) =>
      hopes === undefined ? Infinity : hopes.bare * weight,
    ),
    total: 0,
    bytes: 0,
    gains: new Float64Array(moves.length),
    gainBytes: new Float64Array(moves.length),
  };
  for (const query of problem.queries.keys()) {
    state.costs[query] = costOf(tables, state, query);
    state.total += state.costs[query] ?? 0;
  }
  for (const move of moves.keys()) priceMove(tables, state, move);
  toggle(tables, state, set, 1);
  return state;
}

export const copyState = (state: State): State => ({
  ...state,
  has: state.has.slice(),
  costs: state.costs.slice(),
  hoped: state.hoped.slice(),
  gains: state.gains.slice(),
  gainBytes: state.gainBytes.slice(),
});

export function membersOf(state: State): number[] {
  const members: number[] = [];
  for (let index = 0; index < state.has.length; index += 1)
    if (state.has[index] === 1) members.push(index);
  return members;
}

function touch({ scratch }: Tables, state: State, query: number): void {
  const { best, hoped, touched } = scratch;
  if (!Number.isNaN(best[query])) return;
  best[query] = state.costs[query] ?? 0;
  hoped[query] = state.hoped[query] ?? Infinity;
  touched.push(query);
}

/** Notes the plans that one added index makes possible. */
function noteChances(tables: Tables, state: State, index: number): void {
  const { best } = tables.scratch;
  for (const { query, used, cost } of tables.chances[index] ?? []) {
    if (cost >= (state.costs[query] ?? 0)) continue;
    touch(tables, state, query);
    const isLess = cost < (best[query] ?? 0);
    if (isLess && isPresent(used, state.has)) best[query] = cost;
  }
}

/** Notes what is hoped of one added index. */
function noteHopes(tables: Tables, state: State, index: number): void {
  const { hoped } = tables.scratch;
  for (const { query, saved } of tables.hopes[index] ?? []) {
    touch(tables, state, query);
    hoped[query] = (hoped[query] ?? 0) - saved;
  }
}

/** What the added indexes, present already, save over all queries. */
function savedBy(tables: Tables, state: State, added: IndexSet): number {
  const { best, hoped, touched } = tables.scratch;
  touched.length = 0;
  for (const index of added) {
    noteChances(tables, state, index);
    noteHopes(tables, state, index);
  }
  let saved = 0;
  for (const query of touched) {
    const cost = Math.min(best[query] ?? 0, hopedCost(tables, hoped, query));
    saved += Math.max(0, (state.costs[query] ?? 0) - cost);
    best[query] = Number.NaN;
  }
  return saved;
}

/** Notes what a move's missing indexes would save, upkeep deducted, and their bytes. */
function priceMove(tables: Tables, state: State, move: number): void {
  const { problem } = tables;
  const adds = tables.moves[move] ?? [];
  const missing = adds.filter((index) => state.has[index] !== 1);
  let bytes = 0;
  let saved = 0;
  for (const index of missing) {
    bytes += problem.bytes[index] ?? 0;
    saved -= problem.upkeep[index] ?? 0;
    state.has[index] = 1;
  }
  if (missing.length > 0) saved += savedBy(tables, state, missing);
  for (const index of missing) state.has[index] = 0;
  state.gains[move] = saved;
  state.gainBytes[move] = bytes;
}

/** Queries that may cost something else now; their hopes follow. */
function touchedBy(
  tables: Tables,
  state: State,
  changed: IndexSet,
  sign: number,
): ReadonlySet<number> {
  const touched = new Set<number>();
  for (const index of changed) {
    for (const { query } of tables.chances[index] ?? []) touched.add(query);
    for (const { query, saved } of tables.hopes[index] ?? []) {
      state.hoped[query] = (state.hoped[query] ?? 0) - sign * saved;
      touched.add(query);
    }
  }
  return touched;
}

function reprice(
  tables: Tables,
  state: State,
  touched: ReadonlySet<number>,
): void {
  const { movesNear } = tables;
  const stale = new Set<number>();
  for (const query of touched) {
    const before = state.costs[query] ?? 0;
    const after = costOf(tables, state, query);
    state.costs[query] = after;
    state.total += after - before;
    for (const move of movesNear[query] ?? []) stale.add(move);
  }
  for (const move of stale) priceMove(tables, state, move);
}

/** Adds (1) or removes (0) indexes, and prices anew all that they touch. */
export function toggle(
  tables: Tables,
  state: State,
  indexes: IndexSet,
  present: 0 | 1,
): void {
  const { problem } = tables;
  const sign = present === 1 ? 1 : -1;
  const changed = indexes.filter((index) => state.has[index] !== present);
  for (const index of changed) {
    state.has[index] = present;
    state.bytes += sign * (problem.bytes[index] ?? 0);
    state.total += sign * (problem.upkeep[index] ?? 0);
  }
  reprice(tables, state, touchedBy(tables, state, changed, sign));
}

/** What the workload would cost without one of the members; nothing is changed. */
export function totalWithout(
  tables: Tables,
  state: State,
  index: number,
): number {
  const { problem, chances, hopes } = tables;
  let total = state.total - (problem.upkeep[index] ?? 0);
  const lost = new Map<number, number>();
  for (const { query } of chances[index] ?? []) lost.set(query, 0);
  for (const { query, saved } of hopes[index] ?? []) lost.set(query, saved);
  state.has[index] = 0;
  for (const [query, saved] of lost) {
    state.hoped[query] = (state.hoped[query] ?? 0) + saved;
    total += costOf(tables, state, query) - (state.costs[query] ?? 0);
    state.hoped[query] = (state.hoped[query] ?? 0) - saved;
  }
  state.has[index] = 1;
  return total;
}
