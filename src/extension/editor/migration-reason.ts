import type { Proof, Suggestion } from "../../core/advice/suggestion.ts";
import { formatChange } from "../../core/format.ts";

function proofWords(proof: Proof): string {
  switch (proof.kind) {
    case "measured":
      return proof.how;
    case "planner":
      return `planned with ${proof.how}`;
    case "heuristic":
      return `not proven: ${proof.reason}`;
  }
}

/** One line for a migration's header: cost before and after where known, and the proof. */
export function reasonFor({
  costBefore,
  costAfter,
  proof,
}: Pick<Suggestion, "costBefore" | "costAfter" | "proof">): string {
  const words = proofWords(proof);
  return costBefore === undefined || costAfter === undefined
    ? `${words.charAt(0).toUpperCase()}${words.slice(1)}`
    : `Cost ${formatChange(costBefore, costAfter)}, ${words}`;
}
