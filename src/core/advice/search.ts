import { type Candidate } from "./candidates.ts";
import {
  bareOf,
  earnsIncluded,
  replaced,
  settleIncluded,
} from "./settle-included.ts";
import type { IndexDefinition } from "./suggestion.ts";
import type { Trial, Trials } from "./trial.ts";
import {
  equalCostShare,
  isSameIndex,
  isWorthwhile,
  pickNarrowest,
  type Choice,
} from "./weigh.ts";

const maximumPool = 12;
const maximumPaired = 5;

export interface SearchOutcome {
  readonly best: Choice | undefined;
  /** Every candidate tried alone, with its cost. */
  readonly alone: ReadonlyMap<Candidate, Trial>;
  readonly refused: readonly Candidate[];
}

/** Rounds of planning with everything at once; building for real affords fewer. */
export interface SearchEffort {
  readonly rounds: number;
  readonly pairs: boolean;
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
      : [{ ...candidate, index: bareOf(candidate.index) }, candidate],
  );
  return forms.filter(
    (candidate, at) =>
      forms.findIndex((other) => isSameIndex(other, candidate)) === at,
  );
}

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
  const bareCost = (candidate: Candidate): number =>
    [...alone].find(([other]) =>
      isSameIndex(other, { ...candidate, index: bareOf(candidate.index) }),
    )?.[1].cost ?? input.before;
  const singles = [...alone]
    .filter(
      ([candidate, trial]) =>
        trial.used.length === 1 &&
        (candidate.index.included.length === 0 ||
          earnsIncluded({
            without: input.before,
            bare: bareCost(candidate),
            covering: trial.cost,
          })),
    )
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
  const settled = await settleIncluded(trials, best, input.includedFor);
  if (!isWorthwhile(before, settled.trial.cost))
    return { best: undefined, alone, refused };
  const narrowed = await narrow(trials, settled, input.isLimited);
  return { best: narrowed, alone, refused };
}
