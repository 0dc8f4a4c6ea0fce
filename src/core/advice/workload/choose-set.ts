import type { IndexSet } from "./known-plans.ts";
import type { RandomSource } from "./random-source.ts";
import {
  copyState,
  createTables,
  membersOf,
  startState,
  toggle,
  totalWithout,
  type Problem,
  type State,
  type Tables,
} from "./set-state.ts";

export interface ChosenSet {
  readonly set: IndexSet;
  /** Weighted cost of all queries plus upkeep. */
  readonly cost: number;
  readonly bytes: number;
}

/** How much bytes count against gain: 1 is gain per byte, 0 gain alone. */
type Thrift = number;

const thrifts: readonly Thrift[] = [1, 0.8, 0.6, 0.4, 0];

/** No index is smaller than a page. */
const leastBytes = 8192;

/** The move that saves most for its bytes among those that fit and are allowed; −1 when none saves. */
function bestMove(
  tables: Tables,
  state: State,
  thrift: Thrift,
  banned: ReadonlySet<number>,
): number {
  const room = tables.problem.budgetBytes - state.bytes;
  let best = -1;
  let bestScore = 0;
  for (let move = 0; move < state.gains.length; move += 1) {
    const gain = state.gains[move] ?? 0;
    const bytes = state.gainBytes[move] ?? 0;
    if (gain <= 0 || bytes === 0 || bytes > room) continue;
    const score = gain / Math.max(bytes, leastBytes) ** thrift;
    if (score <= bestScore) continue;
    if (tables.moves[move]?.some((index) => banned.has(index)) === true)
      continue;
    best = move;
    bestScore = score;
  }
  return best;
}

/** Adds the best move again and again until none fits or saves. `banned` indexes stay out. */
function grow(
  tables: Tables,
  state: State,
  thrift: Thrift,
  banned: ReadonlySet<number>,
): void {
  for (;;) {
    const adds = tables.moves[bestMove(tables, state, thrift, banned)];
    if (adds === undefined) return;
    toggle(tables, state, adds, 1);
  }
}

/** Takes out what saves nothing, largest first. */
function prune(tables: Tables, state: State): void {
  const bytesOf = (index: number): number => tables.problem.bytes[index] ?? 0;
  const largestFirst = membersOf(state).sort((a, b) => bytesOf(b) - bytesOf(a));
  for (const index of largestFirst)
    if (totalWithout(tables, state, index) <= state.total)
      toggle(tables, state, [index], 0);
}

/** Differences below this share are rounding. */
const tolerance = 1e-9;

const isBetter = (a: State, b: State): boolean =>
  a.total < b.total * (1 - tolerance) ||
  (a.total <= b.total && a.bytes < b.bytes);

/** Removes a few members, keeps some of them out, and fills the room in another way. */
function disturb(tables: Tables, state: State, random: RandomSource): State {
  const next = copyState(state);
  const members = membersOf(next);
  if (members.length === 0) return next;
  const count = 1 + random.below(Math.min(5, members.length));
  const removed = new Set<number>();
  for (let taken = 0; taken < count; taken += 1)
    removed.add(members[random.below(members.length)] ?? 0);
  toggle(tables, next, [...removed], 0);
  const banned = new Set([...removed].filter(() => random.below(2) === 0));
  grow(tables, next, thrifts[random.below(thrifts.length)] ?? 1, banned);
  if (banned.size > 0) grow(tables, next, 0.6, new Set());
  prune(tables, next);
  return next;
}

export interface ChooseEffort {
  /** Sets to improve on, besides growing from nothing. */
  readonly starts: readonly IndexSet[];
  readonly disturbances: number;
  readonly random: RandomSource;
}

/** The best of greedy growth from each start, by gain per byte, gain alone, and between. */
function growAll(tables: Tables, starts: readonly IndexSet[]): State {
  const empty = startState(tables, []);
  const grown = [[], ...starts].flatMap((start) =>
    thrifts.map((thrift) => {
      const state = copyState(empty);
      toggle(tables, state, start, 1);
      grow(tables, state, thrift, new Set());
      prune(tables, state);
      return state;
    }),
  );
  return grown
    .filter((state) => state.bytes <= tables.problem.budgetBytes)
    .reduce((kept, state) => (isBetter(state, kept) ? state : kept), empty);
}

/**
 * A cheapest set within the budget, by greedy growth from several starts and then by disturbing
 * the best (large neighbourhood search). Needs no planning; the same input gives the same set.
 */
export function chooseSet(problem: Problem, effort: ChooseEffort): ChosenSet {
  const tables = createTables(problem);
  let best = growAll(tables, effort.starts);
  let current = best;
  for (let step = 0; step < effort.disturbances; step += 1) {
    const next = disturb(tables, current, effort.random);
    // A little worse is kept now and then, to leave a hollow.
    const isNear =
      next.total <= best.total * 1.002 && effort.random.below(8) === 0;
    if (isBetter(next, current) || isNear) current = next;
    if (isBetter(current, best)) best = current;
  }
  return { set: membersOf(best), cost: best.total, bytes: best.bytes };
}
