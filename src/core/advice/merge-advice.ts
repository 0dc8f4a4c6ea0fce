import { isUntried } from "./by-rule.ts";
import { identityOf } from "./candidates.ts";
import { chooseIndexName } from "./name.ts";
import { isTriedByHypopg } from "./provable.ts";
import type { Advice, Suggestion } from "./suggestion.ts";
import { tableOf } from "./worth-building.ts";

/** What is left of the cost; nothing is said of what was not tried. */
const shareLeft = ({ costBefore, costAfter }: Suggestion): number =>
  costBefore === undefined || costAfter === undefined
    ? 1
    : costAfter / costBefore;

/** Proven on the copy, and not what the server's own planner has judged better or worse already. */
function pickFromCopy(own: Advice, copy: Advice): readonly Suggestion[] {
  const proven = own.suggestions.filter(
    ({ proof }) => proof.kind === "planner",
  );
  const known = new Set(proven.map(({ index }) => identityOf(index)));
  const helped = new Set(proven.map(({ index }) => tableOf(index)));
  const untried = own.suggestions.filter(isUntried);
  const open = new Set(untried.map(({ index }) => identityOf(index)));
  return copy.suggestions.filter(({ index, proof }) => {
    const identity = identityOf(index);
    if (proof.kind !== "twin" || known.has(identity)) return false;
    const isOpen = !isTriedByHypopg(index.method) || open.has(identity);
    return isOpen || !helped.has(tableOf(index));
  });
}

function nameApart(
  suggestions: readonly Suggestion[],
  taken: (schema: string) => readonly string[],
): readonly Suggestion[] {
  const given: string[] = [];
  return suggestions.map((suggestion) => {
    const { index, name } = suggestion;
    const names = new Set([...taken(index.schema), ...given]);
    const free = names.has(name) ? chooseIndexName(index, names) : name;
    given.push(free);
    return { ...suggestion, name: free };
  });
}

/**
 * Advice whose proofs come from the server's HypoPG, with what HypoPG cannot try proven on a copy of the statistics
 * instead of told by rule of thumb. What the copy's planner would not use either is left out. `taken` tells the names of
 * relations in a schema.
 */
export function mergeAdvice(
  own: Advice,
  copy: Advice,
  taken: (schema: string) => readonly string[],
): Advice {
  const kept = own.suggestions.filter(({ proof }) => proof.kind === "planner");
  const proven = [...kept, ...pickFromCopy(own, copy)].sort(
    (a, b) => shareLeft(a) - shareLeft(b),
  );
  const byRule = own.suggestions.filter(
    (one) => one.proof.kind === "heuristic" && !isUntried(one),
  );
  const rejected = copy.rejected.filter(
    ({ index }) => !isTriedByHypopg(index.method),
  );
  return {
    suggestions: nameApart([...proven, ...byRule], taken),
    rejected: [...own.rejected, ...rejected],
  };
}
