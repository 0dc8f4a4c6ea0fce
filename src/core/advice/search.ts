import { identityOf, type Candidate } from "./candidates.ts";
import type { IndexDefinition } from "./suggestion.ts";
import type { Trial, Trials } from "./trial.ts";

/**
 * A gain below a tenth is within the noise of the estimate: generic and literal cost of one
 * statement differ by up to a tenth for most of TPC-H (13 of 16 queries measured).
 */
const minimumGainShare = 0.1;
/** Six random page reads at PostgreSQL's default random_page_cost of 4: nobody notices less. */
const minimumGainCost = 25;
/** Costs this near are equal; the narrower index is smaller and cheaper to write. */
const equalCostShare = 0.05;
/** INCLUDE makes every entry wider: it has to save a fifth of what the statement costs today, twice the floor. */
const minimumIncludeShare = 0.2;
const maximumPool = 10;
const maximumPaired = 5;

export interface Choice {
  readonly set: readonly Candidate[];
  readonly trial: Trial;
}

export interface SearchOutcome {
  readonly best: Choice | undefined;
  /** Every candidate tried alone, with its cost. */
  readonly alone: ReadonlyMap<Candidate, Trial>;
  readonly refused: readonly Candidate[];
}

/** Rounds of planning with everything at once; building for real affords one. */
export interface SearchEffort {
  readonly rounds: number;
  readonly pairs: boolean;
}

/** Enough to be worth an index: a share of the cost and an amount of it. */
export function isWorthwhile(before: number, after: number): boolean {
  return (
    after <= before * (1 - minimumGainShare) &&
    before - after >= minimumGainCost
  );
}

function widthOfPredicate(predicate: string | undefined): number {
  if (predicate === undefined) return 0;
  return predicate.includes("=") ? 1.5 : 0.75;
}

/**
 * Rough width: keys count one, INCLUDE half. A predicate counts as less general: a NULL test or boolean
 * less than one more key, one status among several more. Under LIMIT a sort key after others costs nothing:
 * without it the cost only holds for values as rare as those at hand.
 */
function widthOf(index: IndexDefinition, isLimited: boolean): number {
  const keys = index.keys.filter(
    (key, at) => !(isLimited && at > 0 && key.role === "sort"),
  );
  const expressions = keys.filter((key) => key.isExpression).length;
  const included = index.included.length * 0.5;
  return (
    keys.length +
    expressions * 0.25 +
    included +
    widthOfPredicate(index.predicate)
  );
}

const widthOfSet = (set: readonly Candidate[], isLimited: boolean): number =>
  set.reduce((sum, candidate) => sum + widthOf(candidate.index, isLimited), 0);

const sortKeysOf = (set: readonly Candidate[]): number =>
  set
    .flatMap((candidate) => candidate.index.keys)
    .filter((key) => key.role === "sort").length;

const rankOfSet = (set: readonly Candidate[]): number =>
  set.reduce((sum, candidate) => sum + candidate.rank, 0);

/** The narrowest of those whose cost is within a twentieth of the least. */
function pickNarrowest(
  choices: readonly Choice[],
  isLimited: boolean,
): Choice | undefined {
  const least = Math.min(...choices.map((choice) => choice.trial.cost));
  return choices
    .filter((choice) => choice.trial.cost <= least * (1 + equalCostShare))
    .sort(
      (a, b) =>
        widthOfSet(a.set, isLimited) - widthOfSet(b.set, isLimited) ||
        (isLimited ? sortKeysOf(b.set) - sortKeysOf(a.set) : 0) ||
        rankOfSet(a.set) - rankOfSet(b.set) ||
        a.trial.cost - b.trial.cost,
    )[0];
}

/** Candidates the server accepts; a refused set is halved until the culprits stand alone. */
async function acceptable<Failure>(
  trials: Trials<Failure>,
  set: readonly Candidate[],
): Promise<readonly Candidate[]> {
  if (set.length === 0 || (await trials.plan(set)) !== undefined) return set;
  if (set.length === 1 || trials.failure() !== undefined) return [];
  const middle = Math.ceil(set.length / 2);
  const head = await acceptable(trials, set.slice(0, middle));
  return [...head, ...(await acceptable(trials, set.slice(middle)))];
}

/** Plain columns first, so that what a server may refuse lies together. */
const byRisk = (a: Candidate, b: Candidate): number =>
  riskOf(a.index) - riskOf(b.index);

function riskOf(index: IndexDefinition): number {
  const isUnusual = index.keys.some(
    (key) => key.isExpression || key.operatorClass !== undefined,
  );
  return (
    Number(isUnusual) +
    Number(index.predicate !== undefined) +
    Number(index.method !== "btree")
  );
}

/** What the planner picks when everything is there, then without those, and so on. */
async function fillPool<Failure>(
  trials: Trials<Failure>,
  candidates: readonly Candidate[],
  limits: { readonly before: number; readonly rounds: number },
): Promise<readonly Choice[]> {
  const rounds: Choice[] = [];
  let remaining = candidates;
  while (rounds.length < limits.rounds && remaining.length > 0) {
    const trial = await trials.plan(remaining);
    if (trial === undefined || trial.used.length === 0) break;
    if (!isWorthwhile(limits.before, trial.cost)) break;
    rounds.push({ set: trial.used, trial });
    remaining = remaining.filter(
      (candidate) => !trial.used.includes(candidate),
    );
  }
  return rounds;
}

/** Leaves out, one by one, what brings less than the floor. */
async function thinOut<Failure>(
  trials: Trials<Failure>,
  set: readonly Candidate[],
): Promise<Choice | undefined> {
  const whole = await trials.plan(set);
  if (whole === undefined) return undefined;
  let kept: Choice = { set, trial: whole };
  for (const candidate of set) {
    if (kept.set.length === 1) break;
    const rest = kept.set.filter((other) => other !== candidate);
    const trial = await trials.plan(rest);
    if (trial !== undefined && !isWorthwhile(trial.cost, kept.trial.cost))
      kept = { set: rest, trial };
  }
  return kept;
}

async function tryPairs<Failure>(
  trials: Trials<Failure>,
  pool: readonly Candidate[],
): Promise<readonly Choice[]> {
  const pairs: Choice[] = [];
  for (const [at, first] of pool.entries())
    for (const second of pool.slice(at + 1)) {
      const trial = await trials.plan([first, second]);
      if (trial?.used.length === 2) pairs.push({ set: [first, second], trial });
    }
  return pairs;
}

/** Of the best per size, a larger set only where each size earns its floor. */
function pickBest(
  choices: readonly Choice[],
  input: SearchInput,
): Choice | undefined {
  let best: Choice | undefined;
  const sizes = [...new Set(choices.map((choice) => choice.set.length))].sort(
    (a, b) => a - b,
  );
  for (const size of sizes.filter((count) => count > 0)) {
    const ofSize = choices.filter((choice) => choice.set.length === size);
    const next = pickNarrowest(ofSize, input.isLimited);
    if (
      next !== undefined &&
      isWorthwhile(best?.trial.cost ?? input.before, next.trial.cost)
    )
      best = next;
  }
  return best;
}

function replaced(
  set: readonly Candidate[],
  old: Candidate,
  index: IndexDefinition,
): Candidate[] {
  return set.map((candidate) =>
    candidate === old ? { ...old, index } : candidate,
  );
}

/** The index without its last key; undefined where that key is the only one or keeps an order. */
function shortened(
  candidate: Candidate | undefined,
  isLimited: boolean,
): IndexDefinition | undefined {
  if (candidate === undefined || candidate.index.keys.length < 2)
    return undefined;
  if (isLimited && candidate.index.keys.at(-1)?.role === "sort")
    return undefined;
  return { ...candidate.index, keys: candidate.index.keys.slice(0, -1) };
}

/** Drops last keys as long as the cost stays equal. */
async function narrow<Failure>(
  trials: Trials<Failure>,
  choice: Choice,
  isLimited: boolean,
): Promise<Choice> {
  const limit = choice.trial.cost * (1 + equalCostShare);
  let current = choice;
  for (let at = 0; at < current.set.length; at += 1) {
    for (;;) {
      const candidate = current.set[at];
      const index = shortened(candidate, isLimited);
      if (candidate === undefined || index === undefined) break;
      const set = replaced(current.set, candidate, index);
      const trial = await trials.plan(set);
      if (trial?.used.length !== set.length || trial.cost > limit) break;
      current = { set, trial };
    }
  }
  return current;
}

/** Tries INCLUDE of the columns still missing, where that spares the visit to the table. */
async function widen<Failure>(
  trials: Trials<Failure>,
  choice: Choice,
  input: SearchInput,
): Promise<Choice> {
  let current = choice;
  for (const candidate of choice.set) {
    const included = input.includedFor(candidate);
    if (included.length === 0) continue;
    const set = replaced(current.set, candidate, {
      ...candidate.index,
      included,
    });
    const trial = await trials.plan(set);
    const saved = current.trial.cost - (trial?.cost ?? Infinity);
    const isEnough =
      saved >= input.before * minimumIncludeShare && saved >= minimumGainCost;
    if (trial?.used.length === set.length && isEnough) current = { set, trial };
  }
  return current;
}

async function tryAlone<Failure>(
  trials: Trials<Failure>,
  pool: readonly Candidate[],
): Promise<ReadonlyMap<Candidate, Trial>> {
  const alone = new Map<Candidate, Trial>();
  for (const candidate of pool) {
    const trial = await trials.plan([candidate]);
    if (trial !== undefined) alone.set(candidate, trial);
  }
  return alone;
}

export interface SearchInput {
  readonly candidates: readonly Candidate[];
  /** Cost without any of them. */
  readonly before: number;
  readonly effort: SearchEffort;
  /** The statement asks for its first rows only. */
  readonly isLimited: boolean;
  readonly includedFor: (candidate: Candidate) => readonly string[];
}

/**
 * The cheapest small set of indexes for one statement: the planner prunes the candidates
 * by planning with all of them at once, then each alone, pairs, and narrower or covering forms.
 */
export async function searchIndexes<Failure>(
  trials: Trials<Failure>,
  input: SearchInput,
): Promise<SearchOutcome> {
  const { before, effort } = input;
  const usable = await acceptable(trials, [...input.candidates].sort(byRisk));
  const refused = input.candidates.filter(
    (candidate) => !usable.includes(candidate),
  );
  const rounds = await fillPool(trials, usable, {
    before,
    rounds: effort.rounds,
  });
  const pool = rounds.flatMap((round) => round.set).slice(0, maximumPool);
  const alone = await tryAlone(trials, pool);
  const singles = [...alone]
    .filter(([, trial]) => trial.used.length === 1)
    .map(([candidate, trial]): Choice => ({ set: [candidate], trial }))
    .sort((a, b) => a.trial.cost - b.trial.cost);
  const paired = effort.pairs ? pool.slice(0, maximumPaired) : [];
  const pairs = await tryPairs(trials, paired);
  const whole = await thinOut(trials, rounds[0]?.set ?? []);
  const choices = [
    ...singles,
    ...pairs,
    ...(whole === undefined ? [] : [whole]),
  ];
  const best = pickBest(choices, input);
  if (best === undefined) return { best, alone, refused };
  const narrowed = await narrow(trials, best, input.isLimited);
  return { best: await widen(trials, narrowed, input), alone, refused };
}

/** A candidate's identity among variants of itself. */
export const isSameIndex = (a: Candidate, b: Candidate): boolean =>
  identityOf(a.index) === identityOf(b.index);
