import { identityOf, type Candidate } from "./candidates.ts";
import type { IndexDefinition } from "./suggestion.ts";
import type { Trial } from "./trial.ts";

/**
 * A gain below a tenth is within the noise of the estimate: generic and literal cost of one
 * statement differ by up to a tenth for most of TPC-H (13 of 16 queries measured).
 */
const minimumGainShare = 0.1;
/** Six random page reads at PostgreSQL's default random_page_cost of 4: nobody notices less. */
export const minimumGainCost = 25;
/** Costs this near are equal; the narrower index is smaller and cheaper to write. */
export const equalCostShare = 0.05;
export interface Choice {
  readonly set: readonly Candidate[];
  readonly trial: Trial;
}

/** Enough to be worth an index: a share of the cost and an amount of it. */
export function isWorthwhile(before: number, after: number): boolean {
  return (
    after <= before * (1 - minimumGainShare) &&
    before - after >= minimumGainCost
  );
}

const literal = /'(?:[^']|'')*'/g;

function widthOfPredicate(predicate: string | undefined): number {
  if (predicate === undefined) return 0;
  return predicate
    .replaceAll(literal, "''")
    .split(" AND ")
    .reduce((sum, part) => sum + (/=| IN /.test(part) ? 1.5 : 0.75), 0);
}

/**
 * Rough width: keys and carried columns count one each, so that what is compared stands among the keys. A predicate
 * counts as less general: a NULL test or boolean less than one more key, one status among several more. Under LIMIT a
 * sort key after others costs nothing: without it the cost only holds for values as rare as those at hand.
 */
function widthOf(index: IndexDefinition, isLimited: boolean): number {
  const keys = index.keys.filter(
    (key, at) => !(isLimited && at > 0 && key.role === "sort"),
  );
  const expressions = keys.filter((key) => key.isExpression).length;
  const included = index.included.length;
  // Only proposed for long keys, of which it keeps four bytes.
  const hashed = index.method === "hash" ? -0.25 : 0;
  return (
    hashed +
    keys.length +
    expressions * 0.25 +
    included +
    widthOfPredicate(index.predicate)
  );
}

const widthOfSet = (set: readonly Candidate[], isLimited: boolean): number =>
  set.reduce((sum, candidate) => sum + widthOf(candidate.index, isLimited), 0);

const sortKeysOf = (set: readonly Candidate[]): number =>
  set
    .flatMap((candidate) => candidate.index.keys)
    .filter((key) => key.role === "sort").length;

const includedOfSet = (set: readonly Candidate[]): number =>
  set.reduce((sum, { index }) => sum + index.included.length, 0);

const rankOfSet = (set: readonly Candidate[]): number =>
  set.reduce((sum, candidate) => sum + candidate.rank, 0);

/** The narrowest of those whose cost is within a twentieth of the least. */
export function pickNarrowest(
  choices: readonly Choice[],
  isLimited: boolean,
): Choice | undefined {
  const least = Math.min(...choices.map((choice) => choice.trial.cost));
  return choices
    .filter((choice) => choice.trial.cost <= least * (1 + equalCostShare))
    .sort(
      (a, b) =>
        widthOfSet(a.set, isLimited) - widthOfSet(b.set, isLimited) ||
        (isLimited ? sortKeysOf(b.set) - sortKeysOf(a.set) : 0) ||
        includedOfSet(a.set) - includedOfSet(b.set) ||
        rankOfSet(a.set) - rankOfSet(b.set) ||
        a.trial.cost - b.trial.cost,
    )[0];
}

/** A candidate's identity among variants of itself. */
export const isSameIndex = (a: Candidate, b: Candidate): boolean =>
  identityOf(a.index) === identityOf(b.index);
