import type { Proof, Suggestion } from "../../core/advice/suggestion.ts";
import { english, sayText } from "../../core/words.ts";
import { formatChange } from "../../core/format.ts";

function proofWords(proof: Proof): string {
  switch (proof.kind) {
    case "measured":
      return sayText(proof.how, english);
    case "planner":
      return `planned with ${sayText(proof.how, english)}`;
    case "twin":
      return sayText(proof.how, english);
    case "heuristic":
      return `not proven: ${sayText(proof.reason, english)}`;
  }
}

/** One line for a migration's header, in English as the file's other comments: cost before and after where known, and the proof. */
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
