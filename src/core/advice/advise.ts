import type { Catalog } from "../catalog.ts";
import type { Plan } from "../plan/plan.ts";
import { walk } from "../plan/walk.ts";
import { failed, succeeded, type Result } from "../result.ts";
import type { ParsedStatement } from "../sql/statement.ts";
import {
  foreignKeyCandidates,
  proposeCandidates,
  type Candidate,
} from "./candidates.ts";
import { findCoverage } from "./cover.ts";
import { pickByRules } from "./heuristics.ts";
import { isTinyInPlan, mostPromising, tableOf } from "./worth-building.ts";
import { includedColumns } from "./included-columns.ts";
import { chooseIndexName } from "./name.ts";
import { proofOf } from "./proof.ts";
import { renderIndexKey } from "./render-ddl.ts";
import { rejectTried } from "./rejected.ts";
import { searchIndexes, type Choice, type SearchEffort } from "./search.ts";
import type {
  Advice,
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
import { phrase, words, type Text } from "../words.ts";
import { explainOrder } from "./why.ts";

export interface AdviseInput<Failure> {
  /** Its columns resolved against the catalog. */
  readonly statement: ParsedStatement;
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly prover: Prover<Failure>;
}

/** The advisor's budget for one statement (design target: at most 60 EXPLAINs). */
const maximumPlannings = 60;
/** Building for real reads whole tables. */
const maximumBuilds = 12;

const efforts: Readonly<Record<"hypopg" | "twin" | "build", SearchEffort>> = {
  hypopg: { rounds: 3, pairs: true },
  twin: { rounds: 3, pairs: true },
  build: { rounds: 1, pairs: false },
};

interface Sorted {
  readonly open: readonly Candidate[];
  readonly rejected: readonly RejectedCandidate[];
}

/** Sets aside what exists or what a wider index already does. */
function setAsideExisting(candidates: readonly Candidate[]): Sorted {
  const open: Candidate[] = [];
  const rejected: RejectedCandidate[] = [];
  for (const candidate of candidates) {
    const coverage = findCoverage(candidate.index, candidate.table.indexes);
    if (coverage === undefined) open.push(candidate);
    else
      rejected.push({
        index: candidate.index,
        costAfter: undefined,
        reason: coverage.kind,
      });
  }
  return { open, rejected };
}

/** Why this database cannot try the index, in words; undefined when it can. */
function unprovableReason<Failure>(
  candidate: Candidate,
  prover: Prover<Failure>,
): Text | undefined {
  if (prover.kind === "none")
    return words(
      "this server has no HypoPG, so the planner could not be asked",
    );
  if (prover.kind === "build" || prover.kind === "twin") return undefined;
  const { method } = candidate.index;
  if (method === "gin" || method === "gist")
    return phrase("HypoPG cannot simulate {0} indexes", method.toUpperCase());
  return candidate.table.kind === "partitioned"
    ? words("HypoPG cannot simulate an index on a partitioned table")
    : undefined;
}

/** Relation names of one schema as far as the catalog tells, grown by each name given. */
function createNamer(catalog: Catalog): (index: IndexDefinition) => string {
  const given: string[] = [];
  return (index) => {
    const tables = catalog.tables.filter(
      (table) => table.schema === index.schema,
    );
    const taken = tables.flatMap((table) => [
      table.name,
      ...table.indexes.map(({ name }) => name),
    ]);
    const name = chooseIndexName(index, new Set([...taken, ...given]));
    given.push(name);
    return name;
  };
}

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

function suggestProven(
  step: Step,
  best: Choice,
  proof: Proof,
  name: string,
): Suggestion {
  const others = best.set.length > 1 && step.isJoint;
  const hasExpression = step.candidate.index.keys.some(
    (key) => key.isExpression,
  );
  const order = explainOrder(step.candidate.index);
  const why = hasExpression
    ? phrase(
        "{0} Until ANALYZE there are no statistics of the expression, so the gain is at least this.",
        order,
      )
    : order;
  return {
    index: step.candidate.index,
    name,
    costBefore: step.before,
    costAfter: step.after.cost,
    sizeBytes:
      step.after.sizeOf(step.candidate) ?? best.trial.sizeOf(step.candidate),
    proof,
    planAfter: step.after.plan,
    why: others
      ? phrase(
          "{0} This cost holds together with the other suggested index.",
          why,
        )
      : why,
  };
}

function suggestByRule(
  index: IndexDefinition,
  name: string,
  reason: Text,
): Suggestion {
  return {
    index,
    name,
    costBefore: undefined,
    costAfter: undefined,
    sizeBytes: undefined,
    proof: { kind: "heuristic", reason },
    planAfter: undefined,
    why: explainOrder(index),
  };
}

interface Proven {
  readonly suggestions: readonly Suggestion[];
  readonly rejected: readonly RejectedCandidate[];
}

const nothing: Proven = { suggestions: [], rejected: [] };

async function prove<Failure extends { readonly kind: string }>(
  input: AdviseInput<Failure>,
  open: readonly Candidate[],
  nameFor: (index: IndexDefinition) => string,
): Promise<Result<Proven, Failure>> {
  const { prover, statement, plan } = input;
  if (prover.kind === "none" || open.length === 0) return succeeded(nothing);
  const isBuilding = prover.kind === "build";
  const trials = createTrials(
    prover,
    isBuilding ? maximumBuilds : maximumPlannings,
  );
  const hasParameters = statement.placeholders.length > 0;
  const before = hasParameters ? (await trials.plan([]))?.cost : costOf(plan);
  if (before === undefined) return endedBy(trials, nothing);
  const outcome = await searchIndexes(trials, {
    candidates: isBuilding ? mostPromising(plan, open) : open,
    before,
    effort: efforts[prover.kind],
    isLimited: [...walk(plan)].some((node) => node.kind === "limit"),
    includedFor: (candidate) => includedColumns(statement, candidate),
  });
  const { best } = outcome;
  const steps =
    best === undefined ? [] : await tellInSteps(trials, best, before);
  const proof = proofOf(prover);
  return endedBy(trials, {
    suggestions: steps.flatMap((step) =>
      best === undefined
        ? []
        : suggestProven(step, best, proof, nameFor(step.candidate.index)),
    ),
    rejected: rejectTried(open, outcome, before),
  });
}

function endedBy<Failure>(
  trials: Trials<Failure>,
  proven: Proven,
): Result<Proven, Failure> {
  const failure = trials.failure();
  return failure === undefined ? succeeded(proven) : failed(failure);
}

/** Indexes for the keys that other tables hold on the target of a DELETE. */
function adviseOnForeignKeys<Failure>(
  input: AdviseInput<Failure>,
  nameFor: (index: IndexDefinition) => string,
): readonly Suggestion[] {
  const reason =
    "EXPLAIN does not price the foreign key checks of a DELETE: each deleted row reads this table in full";
  return foreignKeyCandidates(input.statement, input.catalog).map((index) => ({
    ...suggestByRule(index, nameFor(index), reason),
    why: `${renderIndexKey(index)} refers to the table deleted from, so each deleted row is looked up here.`,
  }));
}

function markPartitioned(suggestion: Suggestion, catalog: Catalog): Suggestion {
  const { schema, table } = suggestion.index;
  const isParent = catalog.tables.some(
    ({ kind, schema: inSchema, name }) =>
      kind === "partitioned" && inSchema === schema && name === table,
  );
  return isParent ? { ...suggestion, refusesConcurrently: true } : suggestion;
}

/** By rule of thumb, for what the database cannot try, on tables that no proven index helps. */
function adviseByRules<Failure>(
  input: AdviseInput<Failure>,
  unprovable: readonly Candidate[],
  proven: readonly Suggestion[],
): readonly { readonly index: IndexDefinition; readonly reason: Text }[] {
  const helped = new Set(proven.map(({ index }) => tableOf(index)));
  const open = unprovable.filter(({ index }) => !helped.has(tableOf(index)));
  return pickByRules(input.plan, open).map((candidate) => ({
    index: candidate.index,
    reason: unprovableReason(candidate, input.prover) ?? "",
  }));
}

/**
 * Indexes that would help one statement, best first, each with its proof, and what was tried and
 * lost. Plans at most 60 times. A failure of the connection (not of one index) is returned as it came.
 */
export async function adviseStatement<
  Failure extends { readonly kind: string },
>(input: AdviseInput<Failure>): Promise<Result<Advice, Failure>> {
  const { statement, catalog, prover } = input;
  const nameFor = createNamer(catalog);
  const { open, rejected } = setAsideExisting(
    proposeCandidates(statement, catalog).filter(
      (candidate) => !isTinyInPlan(input.plan, candidate),
    ),
  );
  const isProvable = (candidate: Candidate): boolean =>
    unprovableReason(candidate, prover) === undefined;
  const proven = await prove(input, open.filter(isProvable), nameFor);
  if (!proven.ok) return proven;
  const { suggestions } = proven.value;
  const unprovable = open.filter((candidate) => !isProvable(candidate));
  const byRule = adviseByRules(input, unprovable, suggestions);
  return succeeded({
    suggestions: [
      ...suggestions,
      ...byRule.map(({ index, reason }) =>
        suggestByRule(index, nameFor(index), reason),
      ),
      ...adviseOnForeignKeys(input, nameFor),
    ].map((suggestion) => markPartitioned(suggestion, input.catalog)),
    rejected: [...rejected, ...proven.value.rejected],
  });
}
