import type { Suggestion } from "../../core/advice/suggestion.ts";
import type {
  AdvisedIndex,
  QueryCosts,
  WorkloadAdvice,
} from "../../core/advice/workload/workload-advice.ts";
import type { AdviceRecord } from "./advice-record.ts";

/** All indexes that some set holds, those of the advised set first; a position is an index's id. */
export const everyIndex = (advice: WorkloadAdvice): readonly AdvisedIndex[] => [
  ...advice.indexes,
  ...advice.alternatives,
];

/** All indexes of an advice as suggestions; their costs are those of the whole workload, without one alone and with all. */
export const suggestionsOf = ({
  advice,
}: Pick<AdviceRecord, "advice">): readonly Suggestion[] =>
  everyIndex(advice).map((advised) => ({
    index: advised.index,
    name: advised.name,
    costBefore: advice.cost + advised.gain,
    costAfter: advice.cost,
    sizeBytes: advised.sizeBytes,
    proof: advised.proof,
    planAfter: undefined,
    why: advised.why,
  }));

/** A statement of the workload, and what one index of a set promises for it. */
export interface SetPromise {
  readonly text: string;
  /** With the costs of this statement: today, and with the set. */
  readonly suggestion: Suggestion;
}

// Each is planned again when it is kept; what saves less than these tells little about the planner.
const mostPerIndex = 20;

export const savedBy = ({ weight, before, after }: QueryCosts): number =>
  weight * (before - after);

/** Names of the queries whose cost with the whole set needs an index that was not chosen. */
function brokenBy(
  { indexes }: WorkloadAdvice,
  chosen: ReadonlySet<number>,
): ReadonlySet<string> {
  const left = indexes.filter((_, id) => !chosen.has(id));
  return new Set(
    left.flatMap(({ queries }) => queries.map(({ name }) => name)),
  );
}

/**
 * What the chosen indexes promise, by statement. A cost was told for the whole advised set: where a statement needs an
 * index of it that was left out, and for indexes of other sets, nothing was promised.
 */
export function promisesOf(
  record: Pick<AdviceRecord, "advice" | "statements">,
  ids: readonly number[],
): readonly SetPromise[] {
  const { advice, statements } = record;
  const broken = brokenBy(advice, new Set(ids));
  const texts = new Map(statements.map(({ name, text }) => [name, text]));
  const today = new Map(advice.queries.map((query) => [query.name, query]));
  const suggestions = suggestionsOf(record);
  return ids.flatMap((id) => {
    const suggestion = suggestions[id];
    const served = advice.indexes[id]?.queries ?? [];
    if (suggestion === undefined) return [];
    return served
      .filter(({ name }) => !broken.has(name))
      .toSorted((one, other) => savedBy(other) - savedBy(one))
      .slice(0, mostPerIndex)
      .flatMap(({ name, before, after }) => {
        const text = texts.get(name);
        const costBefore = today.get(name)?.before ?? before;
        return text === undefined
          ? []
          : [
              {
                text,
                suggestion: { ...suggestion, costBefore, costAfter: after },
              },
            ];
      });
  });
}
