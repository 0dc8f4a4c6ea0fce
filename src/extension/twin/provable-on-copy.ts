import { isUntried } from "../../core/advice/by-rule.ts";
import { hiddenFromCopy } from "../../core/advice/hidden-statistics.ts";
import type { Advice } from "../../core/advice/suggestion.ts";

/** True of suggestions by rule that would be tried if there were a copy of the statistics. */
export const isProvableOnCopy = ({ suggestions }: Advice): boolean =>
  suggestions.some(
    (one) =>
      isUntried(one) &&
      one.proof.kind === "heuristic" &&
      one.proof.reason !== hiddenFromCopy,
  );
