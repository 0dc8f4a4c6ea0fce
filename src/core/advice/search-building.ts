import type { Plan } from "../plan/plan.ts";
import { parseExplain } from "../postgres/parse-explain.ts";
import { identityOf, type Candidate } from "./candidates.ts";
import {
  searchIndexes,
  type SearchInput,
  type SearchOutcome,
} from "./search.ts";
import type { Trials } from "./trial.ts";
import { mostPromising } from "./worth-building.ts";

/**
 * Tables that only matter once others are helped get a few indexes, of those that may be built at all. As many as one
 * table gets at first (maximumBuiltPerTable), to bound the time: the cases of test/bench/statements ask for two at most.
 */
const maximumMore = 4;

export interface BuildingInput extends SearchInput {
  readonly plan: Plan;
  /** The candidate with what the statement reads beside its keys; none where that cannot answer it alone. */
  readonly covering: (candidate: Candidate) => readonly Candidate[];
}

/** It finds no rows and only has them in an order, which pays for all rows only where the table is not visited. */
const onlyArranges = ({ index }: Candidate): boolean =>
  index.predicate === undefined &&
  index.keys.every(({ role }) => role === "sort" || role === "group");

function worthBuilding(
  plan: Plan,
  { candidates, isLimited, covering }: BuildingInput,
): readonly Candidate[] {
  return mostPromising(plan, candidates).flatMap((candidate) => {
    const forms =
      isLimited || !onlyArranges(candidate) ? [] : covering(candidate);
    return forms.length > 0 ? forms : [candidate];
  });
}

/** What is worth building once the indexes found so far are there. */
function findMore(
  outcome: SearchOutcome,
  tried: readonly Candidate[],
  input: BuildingInput,
): readonly Candidate[] {
  const left = parseExplain(outcome.best?.trial.plan);
  if (!left.ok) return [];
  const known = new Set(tried.map(({ index }) => identityOf(index)));
  return worthBuilding(left.value, input)
    .filter(({ index }) => !known.has(identityOf(index)))
    .slice(0, maximumMore);
}

/** The search where each index is made for real: with few candidates, and once more with those that matter then. */
export async function searchByBuilding<Failure>(
  trials: Trials<Failure>,
  input: BuildingInput,
): Promise<SearchOutcome> {
  const tried = worthBuilding(input.plan, input);
  const first = await searchIndexes(trials, { ...input, candidates: tried });
  const more = findMore(first, tried, input);
  if (first.best === undefined || more.length === 0) return first;
  const candidates = [...first.best.set, ...more];
  const next = await searchIndexes(trials, { ...input, candidates });
  const isBetter = (next.best?.trial.cost ?? Infinity) < first.best.trial.cost;
  return {
    best: isBetter ? next.best : first.best,
    alone: new Map([...first.alone, ...next.alone]),
    refused: [...first.refused, ...next.refused],
  };
}
