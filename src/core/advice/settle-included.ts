import type { Candidate } from "./candidates.ts";
import type { IndexDefinition } from "./suggestion.ts";
import type { Trials } from "./trial.ts";
import { isWorthwhile, minimumGainCost, type Choice } from "./weigh.ts";

/** INCLUDE makes every entry wider: it has to save a sixth of what is left without it, and 25 random page reads. */
const minimumIncludeShare = 1 / 6;
const minimumIncludeCost = 100;
/** Of a cheap statement it has to save the half, and what any index has to. */
const minimumCheapShare = 0.5;
/**
 * An index that only pays by the columns it carries stands beside one that finds the rows, or on a small table. Chosen
 * between what such indexes save in 250 cases of test/bench/statements: 125 where the best by hand is no index at all,
 * 2,946 and more where the index stays in the set that is offered.
 */
const minimumCarrierCost = 500;

/** The set with another definition in one candidate's place. */
export function replaced(
  set: readonly Candidate[],
  old: Candidate,
  index: IndexDefinition,
): Candidate[] {
  return set.map((candidate) =>
    candidate === old ? { ...old, index } : candidate,
  );
}

/** The same index with nothing carried along. */
export const bareOf = (index: IndexDefinition): IndexDefinition => ({
  ...index,
  included: [],
});

interface CarryingCosts {
  /** Without the index. */
  readonly without: number;
  /** With the index, nothing carried along. */
  readonly bare: number;
  readonly covering: number;
}

/** Whether carrying columns along is worth the wider entries. */
export function earnsIncluded({
  without,
  bare,
  covering,
}: CarryingCosts): boolean {
  const saved = bare - covering;
  if (!isWorthwhile(without, bare) && saved < minimumCarrierCost) return false;
  return saved >= minimumIncludeCost
    ? saved >= bare * minimumIncludeShare
    : saved >= minimumGainCost && saved >= bare * minimumCheapShare;
}

/** The set with one index replaced, planned; undefined when the plan does not read all of it. */
async function planReplaced<Failure>(
  trials: Trials<Failure>,
  set: readonly Candidate[],
  old: Candidate,
  index: IndexDefinition,
): Promise<{ readonly choice: Choice; readonly isRead: boolean } | undefined> {
  const changed = replaced(set, old, index);
  const trial = await trials.plan(changed);
  if (trial === undefined) return undefined;
  const isRead = trial.used.length === changed.length;
  return { choice: { set: changed, trial }, isRead };
}

/** Decides for one index whether the columns still missing are carried along, so that the table need not be visited. */
async function settleOne<Failure>(
  trials: Trials<Failure>,
  choice: Choice,
  candidate: Candidate,
  missing: readonly string[],
): Promise<Choice> {
  const { index } = candidate;
  const included = missing.length > 0 ? missing : index.included;
  if (included.length === 0) return choice;
  const { set } = choice;
  const bare = await planReplaced(trials, set, candidate, bareOf(index));
  const full = { ...index, included };
  const covering = await planReplaced(trials, set, candidate, full);
  const rest = set.filter((other) => other !== candidate);
  const without = await trials.plan(rest);
  if (!bare || !covering || !without) return choice;
  const costs = {
    without: without.cost,
    bare: bare.choice.trial.cost,
    covering: covering.choice.trial.cost,
  };
  if (covering.isRead && earnsIncluded(costs)) return covering.choice;
  return bare.isRead ? bare.choice : { set: rest, trial: without };
}

/** The set with the columns carried along that are worth it, and without an index that only they made useful. */
export async function settleIncluded<Failure>(
  trials: Trials<Failure>,
  choice: Choice,
  includedFor: (candidate: Candidate) => readonly string[],
): Promise<Choice> {
  let current = choice;
  for (const { index } of choice.set) {
    const candidate = current.set.find((one) => one.index === index);
    if (candidate === undefined) continue;
    const missing = includedFor(candidate);
    current = await settleOne(trials, current, candidate, missing);
  }
  return current;
}
