import type { IndexSet } from "./known-plans.ts";
import type { Tables } from "./problem.ts";
import {
  copyState,
  isPresent,
  mark,
  startState,
  toggle,
  type State,
} from "./set-state.ts";

/** Sets of indexes that are added together because one plan needs them all. */
export interface Moves {
  /** Indexes, and kinds: of those the smallest member is added where none is present. */
  readonly all: readonly IndexSet[];
  /** Moves that add it; by number of the index or kind. */
  readonly adding: readonly (readonly number[])[];
  /** Moves whose gain may change when the query's cost changes; by query. */
  readonly near: readonly (readonly number[])[];
  /** For pricing one move, by query; `best` is NaN where nothing was noted. */
  readonly scratch: {
    readonly best: Float64Array;
    readonly touched: number[];
  };
}

/**
 * A set that grows by moves. Pricing every move after every change would be most of the work, so a
 * move keeps its last price as a bound until it might be the best (lazy greedy, Minoux 1978).
 */
export interface Growth {
  readonly state: State;
  /** By move: the most that adding its missing indexes can save; exact where fresh. */
  readonly gains: Float64Array;
  readonly isFresh: Uint8Array;
  /** By move, exact: bytes of its missing indexes. */
  readonly bytes: Float64Array;
}

function collectMoves({ problem }: Tables): readonly IndexSet[] {
  const moves = new Map<string, IndexSet>();
  for (const { plans } of problem.queries)
    for (const { used } of plans)
      if (used.length > 0) moves.set(used.join(), used);
  return [...moves.values()];
}

/** Queries whose cost the index may change, by itself or as one of its kind. */
function readersOf({ chances, kindOf }: Tables, index: number): Set<number> {
  const kind = kindOf[index];
  const readers = new Set<number>();
  for (const { query } of chances[index] ?? []) readers.add(query);
  if (kind !== undefined)
    for (const { query } of chances[kind] ?? []) readers.add(query);
  return readers;
}

export function createMoves(tables: Tables): Moves {
  const { chances, smallest, problem } = tables;
  const { queries } = problem;
  const all = collectMoves(tables);
  const readers = smallest.map((index) => readersOf(tables, index));
  const near: Set<number>[] = queries.map(() => new Set());
  const adding: number[][] = chances.map(() => []);
  all.forEach((adds, move) => {
    for (const one of adds) {
      adding[one]?.push(move);
      for (const query of readers[one] ?? []) near[query]?.add(move);
    }
  });
  return {
    all,
    adding,
    near: near.map((set) => [...set]),
    scratch: {
      best: new Float64Array(queries.length).fill(Number.NaN),
      touched: [],
    },
  };
}

/** The indexes that a move would add to the set. */
export function missingIn(
  { smallest }: Tables,
  { all }: Moves,
  { has }: State,
  move: number,
): IndexSet {
  const missing: number[] = [];
  for (const one of all[move] ?? []) {
    const index = smallest[one] ?? one;
    if (has[one] !== 1 && !missing.includes(index)) missing.push(index);
  }
  return missing;
}

/** Growth from nothing, every move priced. */
export function startGrowth(tables: Tables, moves: Moves): Growth {
  const growth: Growth = {
    state: startState(tables, []),
    gains: new Float64Array(moves.all.length),
    isFresh: new Uint8Array(moves.all.length),
    bytes: new Float64Array(moves.all.length),
  };
  for (const move of moves.all.keys()) priceMove(tables, moves, growth, move);
  return growth;
}

export const copyGrowth = (growth: Growth): Growth => ({
  state: copyState(growth.state),
  gains: growth.gains.slice(),
  isFresh: growth.isFresh.slice(),
  bytes: growth.bytes.slice(),
});

/** Notes the plans that a newly present index or kind makes possible. */
function noteChances(
  tables: Tables,
  { scratch }: Moves,
  { costs, has }: State,
  added: number,
): void {
  const { best, touched } = scratch;
  for (const { query, used, cost } of tables.chances[added] ?? []) {
    const current = costs[query] ?? 0;
    if (cost >= current) continue;
    const noted = best[query] ?? Number.NaN;
    const isNoted = !Number.isNaN(noted);
    if (cost >= (isNoted ? noted : current) || !isPresent(used, has)) continue;
    if (!isNoted) touched.push(query);
    best[query] = cost;
  }
}

/** What newly present indexes and kinds save over all queries. */
function savedBy(
  tables: Tables,
  moves: Moves,
  state: State,
  added: IndexSet,
): number {
  const { best, touched } = moves.scratch;
  touched.length = 0;
  for (const one of added) noteChances(tables, moves, state, one);
  let saved = 0;
  for (const query of touched) {
    saved += (state.costs[query] ?? 0) - (best[query] ?? 0);
    best[query] = Number.NaN;
  }
  return saved;
}

/** Notes what a move's missing indexes would save, upkeep deducted, and their bytes. */
export function priceMove(
  tables: Tables,
  moves: Moves,
  { state, gains, isFresh, bytes }: Growth,
  move: number,
): void {
  const { problem } = tables;
  const missing = missingIn(tables, moves, state, move);
  const added: number[] = [];
  let sum = 0;
  let upkeep = 0;
  for (const index of missing) {
    sum += problem.bytes[index] ?? 0;
    upkeep += problem.upkeep[index] ?? 0;
    added.push(...mark(tables, state, index, true));
  }
  const saved = added.length > 0 ? savedBy(tables, moves, state, added) : 0;
  for (const index of missing) mark(tables, state, index, false);
  gains[move] = saved - upkeep;
  bytes[move] = sum;
  isFresh[move] = 1;
}

/**
 * Adds or removes indexes. Moves that share an index or kind with them are priced anew; the others' bounds
 * rise by what a query costs more now.
 */
export function change(
  tables: Tables,
  moves: Moves,
  growth: Growth,
  { indexes, present }: { readonly indexes: IndexSet; readonly present: 0 | 1 },
): void {
  const { state, gains, isFresh } = growth;
  const costs = state.costs.slice();
  const { numbers, queries } = toggle(tables, state, indexes, present);
  for (const query of queries) {
    const dearer = (state.costs[query] ?? 0) - (costs[query] ?? 0);
    for (const move of moves.near[query] ?? []) {
      gains[move] = (gains[move] ?? 0) + Math.max(0, dearer);
      isFresh[move] = 0;
    }
  }
  const sharing = new Set(numbers.flatMap((one) => moves.adding[one] ?? []));
  for (const move of sharing) priceMove(tables, moves, growth, move);
}
