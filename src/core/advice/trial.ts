import type { Plan } from "../plan/plan.ts";
import { walk } from "../plan/walk.ts";
import { parseExplain } from "../postgres/parse-explain.ts";
import type { Result } from "../result.ts";
import { identityOf, type Candidate } from "./candidates.ts";
import type { IndexDefinition } from "./suggestion.ts";

/** What a database answers when it plans with trial indexes present. */
export interface TrialAnswer {
  readonly plan: unknown;
  /** Names as they appear in the plan, in the order asked. */
  readonly names: readonly string[];
  readonly sizesBytes: readonly (number | undefined)[];
}

/** How indexes can be tried on this database. */
export interface Prover<Failure> {
  readonly kind: "hypopg" | "build" | "none";
  readonly hypopgVersion: string | undefined;
  readonly whatIf: (
    indexes: readonly IndexDefinition[],
  ) => Promise<Result<TrialAnswer, Failure>>;
}

/** One planning with a set of candidates present. */
export interface Trial {
  readonly cost: number;
  /** Those of the set that the plan reads. */
  readonly used: readonly Candidate[];
  readonly sizeOf: (candidate: Candidate) => number | undefined;
  readonly plan: unknown;
}

export interface Trials<Failure> {
  /** Undefined when the server refused the set, the plan was unreadable, or no planning is left. */
  readonly plan: (set: readonly Candidate[]) => Promise<Trial | undefined>;
  /** The failure that ended the trials: the connection, a cancel; not a refused index. */
  readonly failure: () => Failure | undefined;
  readonly plannings: () => number;
}

/** Kinds of failure that speak of the index, not of the connection. */
const refusals = new Set(["sql", "unsupported", "missingRight"]);

/** Total cost of a plan, in the planner's units; undefined when it tells none. */
export const costOf = (plan: Plan): number | undefined =>
  plan.root.estimate?.totalCost;

function readTrial(
  answer: TrialAnswer,
  set: readonly Candidate[],
): Trial | undefined {
  const plan = parseExplain(answer.plan);
  if (!plan.ok) return undefined;
  const cost = costOf(plan.value);
  if (cost === undefined) return undefined;
  const read = new Set([...walk(plan.value)].map((node) => node.index));
  return {
    cost,
    used: set.filter((_, at) => read.has(answer.names[at])),
    sizeOf: (candidate) => answer.sizesBytes[set.indexOf(candidate)],
    plan: answer.plan,
  };
}

/** Plans sets of candidates, each set once, at most `limit` plannings in all. */
export function createTrials<Failure extends { readonly kind: string }>(
  prover: Prover<Failure>,
  limit: number,
): Trials<Failure> {
  const known = new Map<string, Trial | undefined>();
  let failure: Failure | undefined;
  let plannings = 0;
  const run = async (set: readonly Candidate[]): Promise<Trial | undefined> => {
    if (failure !== undefined || plannings >= limit) return undefined;
    plannings += 1;
    const answer = await prover.whatIf(set.map((candidate) => candidate.index));
    if (answer.ok) return readTrial(answer.value, set);
    if (!refusals.has(answer.error.kind)) failure = answer.error;
    return undefined;
  };
  return {
    plan: async (set) => {
      const key = set
        .map((candidate) => identityOf(candidate.index))
        .sort()
        .join("\n");
      if (!known.has(key)) known.set(key, await run(set));
      return known.get(key);
    },
    failure: () => failure,
    plannings: () => plannings,
  };
}
