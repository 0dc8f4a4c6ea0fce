import type { Kept, ProofLevel } from "./entry.ts";

/** How far what came is from what was promised; a factor of 1 is a promise kept to the letter. */
export interface Comparison {
  /** The greater over the smaller; undefined where one side is unknown. */
  readonly costFactor: number | undefined;
  readonly sizeFactor: number | undefined;
  readonly isUsed: boolean;
  /** Undefined when no plan was promised. */
  readonly isSameShape: boolean | undefined;
}

function factorOf(
  promised: number | undefined,
  came: number | undefined,
): number | undefined {
  if (promised === undefined || came === undefined) return undefined;
  if (promised <= 0 || came <= 0) return promised === came ? 1 : undefined;
  return Math.max(promised / came, came / promised);
}

/** Undefined while nothing came of it. */
export function compare({ promise, outcome }: Kept): Comparison | undefined {
  if (outcome === undefined) return undefined;
  return {
    costFactor: factorOf(promise.costAfter, outcome.cost),
    sizeFactor: factorOf(promise.sizeBytes, outcome.sizeBytes),
    isUsed: outcome.isUsed,
    isSameShape:
      promise.shape.length === 0
        ? undefined
        : promise.shape.join("\n") === outcome.shape.join("\n"),
  };
}

/** The promises of one proof level together. */
export interface LevelSummary {
  readonly proof: ProofLevel;
  readonly promised: number;
  readonly kept: number;
  /** Of those kept, how many plans read the index. */
  readonly used: number;
  /** Geometric means; undefined without a known factor. */
  readonly costFactor: number | undefined;
  readonly sizeFactor: number | undefined;
}

function geometricMean(
  factors: readonly (number | undefined)[],
): number | undefined {
  const known = factors.flatMap((factor) => factor ?? []);
  if (known.length === 0) return undefined;
  const sum = known.reduce((total, factor) => total + Math.log(factor), 0);
  return Math.exp(sum / known.length);
}

const strongestFirst: readonly ProofLevel[] = [
  "measured",
  "planner",
  "twin",
  "heuristic",
];

/** One summary for each level that has promises, the strongest proof first. */
export const summarize = (all: readonly Kept[]): readonly LevelSummary[] =>
  strongestFirst.flatMap((proof) => {
    const own = all.filter(({ promise }) => promise.proof === proof);
    if (own.length === 0) return [];
    const compared = own.flatMap((kept) => compare(kept) ?? []);
    return [
      {
        proof,
        promised: own.length,
        kept: compared.length,
        used: compared.filter(({ isUsed }) => isUsed).length,
        costFactor: geometricMean(compared.map((one) => one.costFactor)),
        sizeFactor: geometricMean(compared.map((one) => one.sizeFactor)),
      },
    ];
  });
