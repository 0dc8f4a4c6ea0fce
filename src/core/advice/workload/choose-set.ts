import type { IndexSet } from "./known-plans.ts";
import {
  change,
  copyGrowth,
  createMoves,
  missingIn,
  priceMove,
  startGrowth,
  type Growth,
  type Moves,
} from "./moves.ts";
import {
  createTables,
  leastBytes,
  type Problem,
  type Tables,
} from "./problem.ts";
import type { RandomSource } from "./random-source.ts";
import { membersOf, totalWithout, type State } from "./set-state.ts";

export interface ChosenSet {
  readonly set: IndexSet;
  /** Weighted cost of all queries plus upkeep. */
  readonly cost: number;
  readonly bytes: number;
}

/** How much bytes count against gain: 1 is gain per byte, 0 gain alone. */
type Thrift = number;

const thrifts: readonly Thrift[] = [1, 0.8, 0.6, 0.4, 0];

/** A problem of choice, prepared once for many growths. */
interface Board {
  readonly tables: Tables;
  readonly moves: Moves;
}

/** Moves that fit and are allowed; the gain of each is still to be looked at. */
function* openMoves(
  { tables, moves }: Board,
  { state, bytes }: Growth,
  banned: ReadonlySet<number>,
): Generator<number> {
  const room = tables.problem.budgetBytes - state.bytes;
  const isBanned = (move: number): boolean =>
    banned.size > 0 &&
    missingIn(tables, moves, state, move).some((index) => banned.has(index));
  for (let move = 0; move < bytes.length; move += 1) {
    const added = bytes[move] ?? 0;
    if (added > 0 && added <= room && !isBanned(move)) yield move;
  }
}

/** The move that saves most for its bytes among those that fit and are allowed; −1 when none saves. */
function bestMove(
  board: Board,
  growth: Growth,
  thrift: Thrift,
  banned: ReadonlySet<number>,
): number {
  const { gains, bytes, isFresh } = growth;
  const scoreOf = (move: number): number =>
    (gains[move] ?? 0) / Math.max(bytes[move] ?? 0, leastBytes) ** thrift;
  let best = -1;
  let bestScore = 0;
  for (const move of openMoves(board, growth, banned)) {
    if (scoreOf(move) <= bestScore) continue;
    if (isFresh[move] !== 1) priceMove(board.tables, board.moves, growth, move);
    const score = scoreOf(move);
    if (score <= bestScore) continue;
    best = move;
    bestScore = score;
  }
  return best;
}

/** Adds the best move again and again until none fits or saves. `banned` indexes stay out. */
function grow(
  board: Board,
  growth: Growth,
  thrift: Thrift,
  banned: ReadonlySet<number>,
): void {
  const { tables, moves } = board;
  for (;;) {
    const move = bestMove(board, growth, thrift, banned);
    if (move < 0) return;
    const indexes = missingIn(tables, moves, growth.state, move);
    change(tables, moves, growth, { indexes, present: 1 });
  }
}

/** Takes out what saves nothing, largest first. */
function prune({ tables, moves }: Board, growth: Growth): void {
  const { state } = growth;
  const bytesOf = (index: number): number => tables.problem.bytes[index] ?? 0;
  const largestFirst = membersOf(tables, state).sort(
    (a, b) => bytesOf(b) - bytesOf(a),
  );
  for (const index of largestFirst)
    if (totalWithout(tables, state, index) <= state.total)
      change(tables, moves, growth, { indexes: [index], present: 0 });
}

/** Differences below this share are rounding. */
const tolerance = 1e-12;

const isBetter = (a: State, b: State): boolean =>
  a.total < b.total * (1 - tolerance) ||
  (a.total <= b.total && a.bytes < b.bytes);

/** Removes a few members, keeps some of them out, and fills the room in another way. */
function disturb(board: Board, growth: Growth, random: RandomSource): Growth {
  const members = membersOf(board.tables, growth.state);
  if (members.length === 0) return growth;
  const next = copyGrowth(growth);
  const count = 1 + random.below(Math.min(5, members.length));
  const removed = new Set<number>();
  for (let taken = 0; taken < count; taken += 1)
    removed.add(members[random.below(members.length)] ?? 0);
  change(board.tables, board.moves, next, {
    indexes: [...removed],
    present: 0,
  });
  const banned = new Set([...removed].filter(() => random.below(2) === 0));
  grow(board, next, thrifts[random.below(thrifts.length)] ?? 1, banned);
  if (banned.size > 0) grow(board, next, 0.6, new Set());
  prune(board, next);
  return next;
}

const drawsOfMove = 4;

/** Of a few moves drawn at random, the one that would save most if there were room; −1 when there is none. */
function randomMove(
  { tables }: Board,
  { gains, bytes }: Growth,
  random: RandomSource,
): number {
  const { budgetBytes } = tables.problem;
  const open: number[] = [];
  gains.forEach((gain, move) => {
    const added = bytes[move] ?? 0;
    if (gain > 0 && added > 0 && added <= budgetBytes) open.push(move);
  });
  if (open.length === 0) return -1;
  let best = open[random.below(open.length)] ?? -1;
  for (let drawn = 1; drawn < drawsOfMove; drawn += 1) {
    const move = open[random.below(open.length)] ?? -1;
    if ((gains[move] ?? 0) > (gains[best] ?? 0)) best = move;
  }
  return best;
}

/** An index to take out, or to replace by the smallest of its kind. */
interface Saving {
  readonly out: number;
  readonly instead: number | undefined;
  /** What it costs the workload. */
  readonly loss: number;
  readonly freed: number;
}

function savingsOf({ tables }: Board, state: State, out: number): Saving[] {
  const { bytes } = tables.problem;
  const smallest = tables.smallest[tables.kindOf[out] ?? out] ?? out;
  const choices =
    state.has[smallest] === 1 ? [undefined] : [undefined, smallest];
  return choices.map((instead) => {
    const freed =
      (bytes[out] ?? 0) - (instead === undefined ? 0 : (bytes[instead] ?? 0));
    const loss = totalWithout(tables, state, out, instead) - state.total;
    return { out, instead, loss, freed };
  });
}

/** Takes out what saves least for the bytes still needed, or makes it smaller, until the rest fits; `kept` stay. */
function makeRoom(
  board: Board,
  growth: Growth,
  kept: ReadonlySet<number>,
): void {
  const { tables, moves } = board;
  const { state } = growth;
  while (state.bytes > tables.problem.budgetBytes) {
    const needed = state.bytes - tables.problem.budgetBytes;
    const priceOf = ({ loss, freed }: Saving): number =>
      loss / Math.max(1, Math.min(freed, needed));
    const [cheapest] = membersOf(tables, state)
      .filter((index) => !kept.has(index))
      .flatMap((index) => savingsOf(board, state, index))
      .filter(({ freed }) => freed > 0)
      .sort((a, b) => priceOf(a) - priceOf(b));
    if (cheapest === undefined) return;
    const { out, instead } = cheapest;
    change(tables, moves, growth, { indexes: [out], present: 0 });
    if (instead !== undefined)
      change(tables, moves, growth, { indexes: [instead], present: 1 });
  }
}

/** Forces one move in, and takes out what that leaves no room for. */
function exchange(board: Board, growth: Growth, random: RandomSource): Growth {
  const { tables, moves } = board;
  const move = randomMove(board, growth, random);
  if (move < 0) return growth;
  const next = copyGrowth(growth);
  const indexes = missingIn(tables, moves, next.state, move);
  change(tables, moves, next, { indexes, present: 1 });
  makeRoom(board, next, new Set(indexes));
  grow(board, next, thrifts[random.below(thrifts.length)] ?? 1, new Set());
  prune(board, next);
  return next;
}

export interface ChooseEffort {
  /** Sets to improve on, besides growing from nothing. */
  readonly starts: readonly IndexSet[];
  readonly disturbances: number;
  readonly random: RandomSource;
}

/** The best of greedy growth from each start, by gain per byte, gain alone, and between. */
function growAll(board: Board, starts: readonly IndexSet[]): Growth {
  const { tables, moves } = board;
  const empty = startGrowth(tables, moves);
  const grown = [[], ...starts].flatMap((indexes) => {
    const started = copyGrowth(empty);
    change(tables, moves, started, { indexes, present: 1 });
    return thrifts.map((thrift) => {
      const growth = copyGrowth(started);
      grow(board, growth, thrift, new Set());
      prune(board, growth);
      return growth;
    });
  });
  return grown
    .filter(({ state }) => state.bytes <= tables.problem.budgetBytes)
    .reduce(
      (kept, one) => (isBetter(one.state, kept.state) ? one : kept),
      empty,
    );
}

/** A step may leave the best by this share, to get out of a hollow. */
const slack = 1.002;

/**
 * A cheapest set within the budget, by greedy growth from several starts and then by disturbing
 * the best (large neighbourhood search). Needs no planning; the same input gives the same set.
 */
export function chooseSet(problem: Problem, effort: ChooseEffort): ChosenSet {
  const tables = createTables(problem);
  const board: Board = { tables, moves: createMoves(tables) };
  let best = growAll(board, effort.starts);
  let current = best;
  for (let step = 0; step < effort.disturbances; step += 1)
    for (const vary of [disturb, exchange]) {
      const next = vary(board, current, effort.random);
      if (next.state.bytes > problem.budgetBytes) continue;
      const isNear =
        next.state.total <= best.state.total * slack &&
        effort.random.below(8) === 0;
      if (isBetter(next.state, current.state) || isNear) current = next;
      if (isBetter(current.state, best.state)) best = current;
    }
  const { state } = best;
  return {
    set: membersOf(tables, state),
    cost: state.total,
    bytes: state.bytes,
  };
}
