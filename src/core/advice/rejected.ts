import type { Candidate } from "./candidates.ts";
import type { SearchOutcome } from "./search.ts";
import { isSameIndex, isWorthwhile } from "./weigh.ts";
import type { RejectedCandidate } from "./suggestion.ts";

/** A list of all that was never used helps nobody; the first ones answer "why not mine?". */
const maximumUnused = 8;

function judge(
  candidate: Candidate,
  outcome: SearchOutcome,
  before: number,
): RejectedCandidate[] {
  const { index } = candidate;
  const trial = outcome.alone.get(candidate);
  if (trial === undefined) return [];
  if (trial.used.length === 0)
    return [{ index, costAfter: trial.cost, reason: "notUsed" }];
  const reason = isWorthwhile(before, trial.cost) ? "weaker" : "smallGain";
  return [{ index, costAfter: trial.cost, reason }];
}

/** What was tried and lost, the cheapest first, each with its reason. */
export function rejectTried(
  candidates: readonly Candidate[],
  outcome: SearchOutcome,
  before: number,
): readonly RejectedCandidate[] {
  const chosen = outcome.best?.set ?? [];
  const lost = candidates.filter(
    (candidate) => !chosen.some((other) => isSameIndex(candidate, other)),
  );
  const untold = (
    { index }: Candidate,
    reason: "failed" | "notUsed",
  ): RejectedCandidate => ({ index, costAfter: undefined, reason });
  const tried = lost.flatMap((candidate) => judge(candidate, outcome, before));
  const unused = lost.filter(
    (candidate) =>
      !outcome.alone.has(candidate) && !outcome.refused.includes(candidate),
  );
  return [
    ...tried.sort(
      (a, b) => (a.costAfter ?? Infinity) - (b.costAfter ?? Infinity),
    ),
    ...outcome.refused.map((candidate) => untold(candidate, "failed")),
    ...unused
      .slice(0, maximumUnused)
      .map((candidate) => untold(candidate, "notUsed")),
  ];
}
