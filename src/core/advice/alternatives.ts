import { identityOf, type Candidate } from "./candidates.ts";
import { blockRangesOf } from "./candidates/block-ranges.ts";
import { isWorthwhile, type Choice } from "./weigh.ts";
import { estimateIndexBytes } from "./size-model.ts";
import type { Alternative } from "./suggestion.ts";
import type { Trial, Trials } from "./trial.ts";

export interface AlternativesInput {
  readonly best: Choice;
  /** Of the best set, the one to be replaced. */
  readonly candidate: Candidate;
  readonly others: readonly Candidate[];
  /** Cost without any of them. */
  readonly before: number;
  /** False where a planning reads whole tables. */
  readonly mayPlan: boolean;
}

/** Enough to choose from; the first ones are those of most promise. */
const maximumTried = 6;

interface Tried {
  readonly candidate: Candidate;
  readonly trial: Trial;
  readonly bytes: number;
}

const isOnSameTable = (one: Candidate, other: Candidate): boolean =>
  one.index.table === other.index.table &&
  one.index.schema === other.index.schema;

/** Shorter, without carried columns, whole instead of partial, and by block ranges. */
function variantsOf({
  best,
  candidate,
  others,
}: AlternativesInput): readonly Candidate[] {
  const { index } = candidate;
  const [first] = index.keys;
  const forms = [
    ...(index.included.length > 0 ? [{ ...index, included: [] }] : []),
    ...(index.keys.length > 1 && first !== undefined
      ? [{ ...index, keys: [first], included: [] }]
      : []),
    ...(index.predicate === undefined
      ? []
      : [{ ...index, predicate: undefined }]),
    ...blockRangesOf(candidate),
  ].map((form) => ({ ...candidate, index: form }));
  const near = others.filter(
    (other) =>
      isOnSameTable(other, candidate) &&
      other.index.included.length === 0 &&
      !best.set.some(
        ({ index: own }) => identityOf(own) === identityOf(other.index),
      ),
  );
  return [...forms, ...near].filter(
    (one, at, all) =>
      identityOf(one.index) !== identityOf(index) &&
      all.findIndex(
        (other) => identityOf(other.index) === identityOf(one.index),
      ) === at,
  );
}

async function tryInPlace<Failure>(
  trials: Trials<Failure>,
  input: AlternativesInput,
): Promise<readonly Tried[]> {
  const { best, candidate, before } = input;
  const tried: Tried[] = [];
  for (const variant of variantsOf(input).slice(0, maximumTried)) {
    const set = best.set.map((one) => (one === candidate ? variant : one));
    const trial = await trials.plan(set);
    if (trial === undefined || !trial.used.includes(variant)) continue;
    if (!isWorthwhile(before, trial.cost)) continue;
    const bytes = estimateIndexBytes(variant.index, variant.table);
    tried.push({ candidate: variant, trial, bytes });
  }
  return tried;
}

/** An entry written costs by its width; one that a predicate leaves out, or a block range stands for, costs nothing. */
const writeBytes = ({ candidate, bytes }: Tried): number =>
  bytes / Math.max(1, candidate.table.estimatedRows ?? 1);

function tell(
  tried: Tried,
  isBest: { readonly size: boolean; readonly writes: boolean },
): Alternative {
  return {
    index: tried.candidate.index,
    costAfter: tried.trial.cost,
    estimatedBytes: tried.bytes,
    isSmallest: isBest.size,
    isCheapestToWrite: isBest.writes,
  };
}

/**
 * Other indexes that help too, the cheapest plan first: what a person may prefer for its size or its
 * writes. Costs hold with the other suggested indexes present.
 */
export async function findAlternatives<Failure>(
  trials: Trials<Failure>,
  input: AlternativesInput,
): Promise<readonly Alternative[]> {
  if (!input.mayPlan) return [];
  const tried = await tryInPlace(trials, input);
  const own: Tried = {
    candidate: input.candidate,
    trial: input.best.trial,
    bytes: estimateIndexBytes(input.candidate.index, input.candidate.table),
  };
  const all = [own, ...tried];
  const smallest = Math.min(...all.map(({ bytes }) => bytes));
  const lightest = Math.min(...all.map(writeBytes));
  return [...tried]
    .sort((a, b) => a.trial.cost - b.trial.cost)
    .map((one) =>
      tell(one, {
        size: one.bytes === smallest && own.bytes > smallest,
        writes: writeBytes(one) === lightest && writeBytes(own) > lightest,
      }),
    );
}
