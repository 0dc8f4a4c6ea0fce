import type { Plan } from "../plan/plan.ts";
import { walk } from "../plan/walk.ts";
import { failed, succeeded, type Result } from "../result.ts";
import type { ParsedStatement } from "../sql/statement.ts";
import { phrase } from "../words.ts";
import { findAlternatives } from "./alternatives.ts";
import type { Candidate } from "./candidates.ts";
import { includedColumns, withIncluded } from "./included-columns.ts";
import { proofOf } from "./proof.ts";
import { rejectTried } from "./rejected.ts";
import { searchByBuilding } from "./search-building.ts";
import { searchIndexes, type SearchEffort } from "./search.ts";
import type { Choice } from "./weigh.ts";
import type {
  Alternative,
  IndexDefinition,
  Proof,
  RejectedCandidate,
  Suggestion,
} from "./suggestion.ts";
import {
  costOf,
  createTrials,
  type Prover,
  type Trial,
  type Trials,
} from "./trial.ts";
import { upkeepFacts } from "./upkeep-facts.ts";
import { explainOrder } from "./why.ts";
import { findReplaced } from "./workload/replaced-indexes.ts";

export interface ProveInput<Failure> {
  readonly statement: ParsedStatement;
  /** The same beneath its views. */
  readonly read: ParsedStatement;
  readonly plan: Plan;
  readonly prover: Prover<Failure>;
  /** What the database can try. */
  readonly candidates: readonly Candidate[];
  readonly nameFor: (index: IndexDefinition) => string;
}

export interface Proven {
  readonly suggestions: readonly Suggestion[];
  readonly rejected: readonly RejectedCandidate[];
  /** Those that the server would not make. */
  readonly refused: readonly Candidate[];
}

/** The advisor's budget for one statement (design target: at most 60 EXPLAINs). */
const maximumPlannings = 60;
/** Planning takes longer with each index present. */
const maximumCovering = 40;

const efforts: Readonly<Record<"hypopg" | "twin" | "build", SearchEffort>> = {
  hypopg: { rounds: 4, pairs: true },
  twin: { rounds: 4, pairs: true },
  build: { rounds: 3, pairs: true },
};

interface Step {
  readonly before: number;
  readonly after: Trial;
  readonly candidate: Candidate;
  readonly isJoint: boolean;
}

/** Orders a chosen set so that each index is told with the cost it brings after those before it. */
async function tellInSteps<Failure>(
  trials: Trials<Failure>,
  best: Choice,
  before: number,
): Promise<readonly Step[]> {
  if (best.set.length !== 2)
    return best.set.map((candidate) => ({
      before,
      after: best.trial,
      candidate,
      isJoint: best.set.length > 1,
    }));
  const alone: { candidate: Candidate; trial: Trial | undefined }[] = [];
  for (const candidate of best.set)
    alone.push({ candidate, trial: await trials.plan([candidate]) });
  alone.sort(
    (a, b) => (a.trial?.cost ?? Infinity) - (b.trial?.cost ?? Infinity),
  );
  const [first, second] = alone;
  if (first === undefined || second === undefined) return [];
  const isUseful = first.trial !== undefined && first.trial.used.length === 1;
  const middle =
    isUseful && first.trial !== undefined ? first.trial : best.trial;
  return [
    { before, after: middle, candidate: first.candidate, isJoint: !isUseful },
    {
      before: isUseful ? middle.cost : before,
      after: best.trial,
      candidate: second.candidate,
      isJoint: true,
    },
  ];
}

function explain(
  index: IndexDefinition,
  told: { readonly hasExpression: boolean; readonly others: boolean },
): Suggestion["why"] {
  const order = explainOrder(index);
  const why = told.hasExpression
    ? phrase(
        "{0} Until ANALYZE there are no statistics of the expression, so the gain is at least this.",
        order,
      )
    : order;
  return told.others
    ? phrase(
        "{0} This cost holds together with the other suggested index.",
        why,
      )
    : why;
}

function suggestProven(
  step: Step,
  best: Choice,
  proof: Proof,
  told: {
    readonly name: string;
    readonly alternatives: readonly Alternative[];
  },
): Suggestion {
  const { candidate } = step;
  const others = best.set.length > 1 && step.isJoint;
  const hasExpression = candidate.index.keys.some((key) => key.isExpression);
  const upkeep = upkeepFacts(candidate);
  return {
    index: candidate.index,
    ...told,
    ...(hasExpression ? { isAtLeast: true } : {}),
    upkeep,
    makesRedundant: findReplaced(candidate.index, candidate.table).map(
      (existing) => existing.name,
    ),
    costBefore: step.before,
    costAfter: step.after.cost,
    sizeBytes:
      proof.kind === "planner"
        ? upkeep.estimatedBytes
        : (step.after.sizeOf(candidate) ?? best.trial.sizeOf(candidate)),
    proof,
    planAfter: step.after.plan,
    why: explain(candidate.index, { hasExpression, others }),
  };
}

/** The most promising candidates once more with all that the statement reads, so that the planner may prefer them. */
const coveringForms = <Failure>({
  read,
  candidates,
}: ProveInput<Failure>): readonly Candidate[] =>
  candidates
    .flatMap((candidate) => withIncluded(read, candidate))
    .slice(0, maximumCovering);

function endedBy<Failure>(
  trials: Trials<Failure>,
  proven: Proven,
): Result<Proven, Failure> {
  const failure = trials.failure();
  return failure === undefined ? succeeded(proven) : failed(failure);
}

/** Tells each index of the best set with its proof and what could stand in its place. */
async function tellSuggestions<Failure>(
  trials: Trials<Failure>,
  input: ProveInput<Failure>,
  best: Choice,
  before: number,
): Promise<readonly Suggestion[]> {
  const { candidates: others, prover, nameFor } = input;
  const mayPlan = prover.kind !== "build";
  const suggestions: Suggestion[] = [];
  for (const step of await tellInSteps(trials, best, before)) {
    const { candidate } = step;
    const asked = { best, candidate, others, before, mayPlan };
    const alternatives = await findAlternatives(trials, asked);
    const told = { name: nameFor(candidate.index), alternatives };
    suggestions.push(suggestProven(step, best, proofOf(prover), told));
  }
  return suggestions;
}

/** Cost without any trial index. What is planned without values is compared with a plan without values. */
async function costBefore<Failure>(
  trials: Trials<Failure>,
  { statement, plan }: ProveInput<Failure>,
): Promise<number | undefined> {
  const hasParameters = statement.placeholders.length > 0;
  return hasParameters ? (await trials.plan([]))?.cost : costOf(plan);
}

const nothing: Proven = { suggestions: [], rejected: [], refused: [] };

/** Suggestions that the database's own planner confirms, each after those it builds upon, and what lost. */
export async function prove<Failure extends { readonly kind: string }>(
  input: ProveInput<Failure>,
): Promise<Result<Proven, Failure>> {
  const { prover, plan, candidates } = input;
  const { kind } = prover;
  if (kind === "none" || candidates.length === 0) return succeeded(nothing);
  const trials = createTrials(prover, maximumPlannings);
  const before = await costBefore(trials, input);
  if (before === undefined) return endedBy(trials, nothing);
  const asked = {
    ...{ candidates, before, effort: efforts[kind] },
    isLimited: [...walk(plan)].some((node) => node.kind === "limit"),
    includedFor: (candidate: Candidate) =>
      includedColumns(input.read, candidate),
  };
  const covering = (candidate: Candidate): readonly Candidate[] =>
    withIncluded(input.read, candidate);
  const outcome =
    kind === "build"
      ? await searchByBuilding(trials, { ...asked, plan, covering })
      : await searchIndexes(trials, {
          ...asked,
          candidates: [...candidates, ...coveringForms(input)],
        });
  const { best } = outcome;
  return endedBy(trials, {
    suggestions:
      best === undefined
        ? []
        : await tellSuggestions(trials, input, best, before),
    rejected: rejectTried(candidates, outcome, before),
    refused: outcome.refused,
  });
}
