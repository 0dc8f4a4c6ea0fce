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
/** INCLUDE makes every entry wider: it has to save a fifth of what is left without it, and a hundredth of what the statement costs today. */
const minimumIncludeShare = 0.2;
const minimumIncludeShareOfBefore = 0.01;
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

interface Pool {
  readonly rounds: readonly Choice[];
  readonly refused: readonly Candidate[];
}

/** What the planner picks when everything is there, then without those, and so on. */
async function fillPool<Failure>(
  trials: Trials<Failure>,
  candidates: readonly Candidate[],
  limits: { readonly before: number; readonly rounds: number },
): Promise<Pool> {
  const rounds: Choice[] = [];
  let remaining = candidates;
  let refused: readonly Candidate[] = [];
  while (rounds.length < limits.rounds && remaining.length > 0) {
    const trial = await trials.plan(remaining);
    if (rounds.length === 0) refused = trial?.refused ?? [];
    if (trial === undefined || trial.used.length === 0) break;
    if (!isWorthwhile(limits.before, trial.cost)) break;
    rounds.push({ set: trial.used, trial });
    const spent = [...trial.used, ...refused];
    remaining = remaining.filter((candidate) => !spent.includes(candidate));
  }
  return { rounds, refused };
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

/** Whether carrying columns along is worth the wider entries. */
function earnsIncluded(
  before: number,
  bare: number | undefined,
  covering: number,
): boolean {
  if (bare === undefined) return true;
  const saved = bare - covering;
  return (
    saved >= minimumGainCost &&
    saved >= bare * minimumIncludeShare &&
    saved >= before * minimumIncludeShareOfBefore
  );
}

/** Decides per index whether the columns still missing are carried along, so that the table need not be visited. */
async function settleIncluded<Failure>(
  trials: Trials<Failure>,
  choice: Choice,
  input: SearchInput,
): Promise<Choice> {
  let current = choice;
  for (let at = 0; at < choice.set.length; at += 1) {
    const candidate = current.set[at];
    if (candidate === undefined) continue;
    const planWith = async (included: readonly string[]): Promise<Choice> => {
      const index = { ...candidate.index, included };
      const set = replaced(current.set, candidate, index);
      const trial = await trials.plan(set);
      const isRead = trial?.used.length === set.length;
      return isRead ? { set, trial } : current;
    };
    const included = input.includedFor(candidate);
    if (included.length === 0 && candidate.index.included.length === 0)
      continue;
    const bare = await planWith([]);
    const covering = await planWith(
      included.length === 0 ? candidate.index.included : included,
    );
    const { cost } = covering.trial;
    const isBare = bare.set[at]?.index.included.length === 0;
    current =
      isBare && !earnsIncluded(input.before, bare.trial.cost, cost)
        ? bare
        : covering;
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

/** Without carried columns, so that both forms are known alone. */
function withBareForms(pool: readonly Candidate[]): readonly Candidate[] {
  const forms = pool.flatMap((candidate) =>
    candidate.index.included.length === 0
      ? [candidate]
      : [candidate, { ...candidate, index: bareOf(candidate.index) }],
  );
  return forms.filter(
    (candidate, at) =>
      forms.findIndex((other) => isSameIndex(other, candidate)) === at,
  );
}

const bareOf = (index: IndexDefinition): IndexDefinition => ({
  ...index,
  included: [],
});

async function gatherChoices<Failure>(
  trials: Trials<Failure>,
  rounds: readonly Choice[],
  input: SearchInput,
): Promise<{
  readonly choices: readonly Choice[];
  readonly alone: ReadonlyMap<Candidate, Trial>;
}> {
  const used = rounds.flatMap((round) => round.set);
  const pool = withBareForms(used).slice(0, maximumPool);
  const alone = await tryAlone(trials, pool);
  const singles = [...alone]
    .filter(([, trial]) => trial.used.length === 1)
    .map(([candidate, trial]): Choice => ({ set: [candidate], trial }));
  const paired = input.effort.pairs ? pool.slice(0, maximumPaired) : [];
  const pairs = await tryPairs(trials, paired);
  const whole = await thinOut(trials, rounds[0]?.set ?? []);
  const joint = whole === undefined ? [] : [whole];
  return { choices: [...singles, ...pairs, ...joint], alone };
}

/**
 * The cheapest small set of indexes for one statement: the planner prunes the candidates
 * by planning with all of them at once, then each alone, pairs, and narrower or covering forms.
 */
export async function searchIndexes<Failure>(
  trials: Trials<Failure>,
  input: SearchInput,
): Promise<SearchOutcome> {
  const { before, effort, candidates } = input;
  const { rounds, refused } = await fillPool(trials, candidates, {
    before,
    rounds: effort.rounds,
  });
  const { choices, alone } = await gatherChoices(trials, rounds, input);
  const best = pickBest(choices, input);
  if (best === undefined) return { best, alone, refused };
  const settled = await settleIncluded(trials, best, input);
  const narrowed = await narrow(trials, settled, input.isLimited);
  return { best: narrowed, alone, refused };
}

/** A candidate's identity among variants of itself. */
export const isSameIndex = (a: Candidate, b: Candidate): boolean =>
  identityOf(a.index) === identityOf(b.index);
