import { walk } from "../plan/walk.ts";
import type { Plan } from "../plan/plan.ts";
import type { Candidate } from "./candidates.ts";
import { isCostly } from "./heuristics.ts";
import type { IndexDefinition } from "./suggestion.ts";

/** Building reads the whole table each time: a demo table of 300,000 rows takes about a second. */
const maximumBuiltPerTable = 3;

/** A table as a map key. */
export const tableOf = ({ schema, table }: IndexDefinition): string =>
  JSON.stringify([schema, table]);

/** Tables a plan spends little on cannot repay a real build: keeps those that are read or sorted at a price. */
function isWorthBuilding(plan: Plan, candidate: Candidate): boolean {
  return [...walk(plan)].some(
    (node) =>
      node.relation?.name === candidate.index.table && isCostly(plan, node),
  );
}

/** A shorter form is reached by dropping last keys, so it need not be built beside the longer one. */
function isShorterForm(
  candidate: Candidate,
  earlier: readonly Candidate[],
): boolean {
  const { keys, predicate } = candidate.index;
  return earlier.some(
    ({ index }) =>
      tableOf(index) === tableOf(candidate.index) &&
      index.predicate === predicate &&
      keys.every((key, at) => key.text === index.keys[at]?.text),
  );
}

/** The few that are worth a real build: on tables the plan spends on, each of a shape of its own. */
export function mostPromising(
  plan: Plan,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    const sameTable = kept.filter(
      ({ index }) => tableOf(index) === tableOf(candidate.index),
    );
    const isFull =
      sameTable.length >= maximumBuiltPerTable &&
      candidate.index.method !== "gin";
    if (
      isFull ||
      isShorterForm(candidate, kept) ||
      !isWorthBuilding(plan, candidate)
    )
      continue;
    kept.push(candidate);
  }
  return kept;
}
