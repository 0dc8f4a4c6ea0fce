import type { Candidate } from "./candidates.ts";
import { isSameIndex, isWorthwhile, type SearchOutcome } from "./search.ts";
import type { RejectedCandidate } from "./suggestion.ts";

/** A list of all that was never used helps nobody; the first ones answer "why not mine?". */
const maximumUnused = 8;

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
  const tried = lost.flatMap((candidate): RejectedCandidate[] => {
    const trial = outcome.alone.get(candidate);
    if (trial === undefined) return [];
    const isUsed = trial.used.length > 0;
    const reason = isWorthwhile(before, trial.cost) ? "weaker" : "smallGain";
    return [
      {
        index: candidate.index,
        costAfter: trial.cost,
        reason: isUsed ? reason : "notUsed",
      },
    ];
  });
  const refused = outcome.refused.map(({ index }): RejectedCandidate => ({
    index,
    costAfter: undefined,
    reason: "failed",
  }));
  const unused = lost
    .filter(
      (candidate) =>
        !outcome.alone.has(candidate) && !outcome.refused.includes(candidate),
    )
    .slice(0, maximumUnused)
    .map(({ index }): RejectedCandidate => ({
      index,
      costAfter: undefined,
      reason: "notUsed",
    }));
  tried.sort((a, b) => (a.costAfter ?? Infinity) - (b.costAfter ?? Infinity));
  return [...tried, ...refused, ...unused];
}
