import type { Plan } from "../plan/plan.ts";
import { walk } from "../plan/walk.ts";
import { parseExplain } from "../postgres/parse-explain.ts";
import type { Result } from "../result.ts";
import type { Text } from "../words.ts";
import { identityOf, type Candidate } from "./candidates.ts";
import type { IndexDefinition } from "./suggestion.ts";
import { triedForms } from "./tried-forms.ts";

/** What a database answers when it plans with trial indexes present. */
export interface TrialAnswer {
  readonly plan: unknown;
  /** Names as they appear in the plan, in the order asked; undefined for one the server refuses. */
  readonly names: readonly (string | undefined)[];
  /** Of an index on a partitioned table: its parts, where plans tell those; in the order asked. */
  readonly partNames?: readonly (readonly string[])[];
  readonly sizesBytes: readonly (number | undefined)[];
}

/** How indexes can be tried on this database. */
export interface Prover<Failure> {
  readonly kind: "hypopg" | "twin" | "build" | "none";
  /** Why nothing can be tried where `kind` is "none"; absent: the server has no HypoPG. */
  readonly whyNone?: Text;
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
  /** Those that the server would not make; the plan is without them. */
  readonly refused: readonly Candidate[];
  readonly sizeOf: (candidate: Candidate) => number | undefined;
  readonly plan: unknown;
}

export interface Trials<Failure> {
  /** Undefined when the server refused the set, the plan was unreadable, or no planning is left. */
  readonly plan: (set: readonly Candidate[]) => Promise<Trial | undefined>;
  /** The failure that ended the trials: the connection, a cancel; not a refused index. */
  readonly failure: () => Failure | undefined;
}

/** Kinds of failure that speak of the statement, not of the connection. */
const refusals = new Set(["sql", "unsupported", "missingRight"]);

/** Total cost of a plan, in the planner's units; undefined when it tells none. */
export const costOf = (plan: Plan): number | undefined =>
  plan.root.estimate?.totalCost;

const identitiesOf = (set: readonly Candidate[]): ReadonlySet<string> =>
  new Set(set.map((candidate) => identityOf(candidate.index)));

/** A candidate with what is made to try it. */
interface TriedCandidate {
  readonly candidate: Candidate;
  readonly forms: readonly IndexDefinition[];
}

/** What the server says of each candidate, its forms together. */
interface Made {
  readonly candidate: Candidate;
  readonly names: readonly string[];
  readonly sizeBytes: number | undefined;
}

/** Of all tables together, forms of one index counted once; undefined where none has a size. */
function sizeOfForms(
  forms: readonly IndexDefinition[],
  sizes: readonly (number | undefined)[],
): number | undefined {
  const byTable = new Map<string, number>();
  for (const [at, { schema, table }] of forms.entries()) {
    const size = sizes[at];
    if (size !== undefined) byTable.set(JSON.stringify([schema, table]), size);
  }
  return byTable.size === 0
    ? undefined
    : [...byTable.values()].reduce((sum, size) => sum + size, 0);
}

function readMade(
  answer: TrialAnswer,
  set: readonly TriedCandidate[],
): readonly Made[] {
  let at = 0;
  return set.map(({ candidate, forms }) => {
    const names = answer.names.slice(at, at + forms.length);
    const sizes = answer.sizesBytes.slice(at, at + forms.length);
    at += forms.length;
    return {
      candidate,
      names: names.filter((name) => name !== undefined),
      sizeBytes: sizeOfForms(forms, sizes),
    };
  });
}

function readTrial(
  answer: TrialAnswer,
  set: readonly TriedCandidate[],
): Trial | undefined {
  const plan = parseExplain(answer.plan);
  if (!plan.ok) return undefined;
  const cost = costOf(plan.value);
  if (cost === undefined) return undefined;
  const read = new Set([...walk(plan.value)].map((node) => node.index));
  const made = readMade(answer, set);
  const sizes = new Map(
    made.map(({ candidate, sizeBytes }) => [
      identityOf(candidate.index),
      sizeBytes,
    ]),
  );
  const candidatesWhere = (test: (one: Made) => boolean) =>
    made.filter(test).map(({ candidate }) => candidate);
  return {
    cost,
    used: candidatesWhere(({ names }) => names.some((name) => read.has(name))),
    refused: candidatesWhere(({ names }) => names.length === 0),
    sizeOf: (candidate) => sizes.get(identityOf(candidate.index)),
    plan: answer.plan,
  };
}

interface Known {
  readonly planned: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
  readonly trial: Trial;
}

const holds = (
  outer: ReadonlySet<string>,
  inner: ReadonlySet<string>,
): boolean => [...inner].every((identity) => outer.has(identity));

/** What the planner did not use makes no difference: between the used and the planned set the plan is the same. */
function derive(
  known: readonly Known[],
  set: readonly Candidate[],
): Trial | undefined {
  const wanted = identitiesOf(set);
  const same = known.find(
    ({ planned, used }) => holds(planned, wanted) && holds(wanted, used),
  );
  if (same === undefined) return undefined;
  const used = set.filter((candidate) =>
    same.used.has(identityOf(candidate.index)),
  );
  return { ...same.trial, used };
}

/** Building for real reads whole tables: a demo table of 300,000 rows takes about a second. */
const maximumBuilt = 14;

/** Notes what is going to be built, each index once; false where it would be too many. */
function mayBuild(built: Set<string>, wanted: ReadonlySet<string>): boolean {
  const all = new Set([...built, ...wanted]);
  if (all.size > maximumBuilt) return false;
  for (const identity of all) built.add(identity);
  return true;
}

/** Plans sets of candidates, each outcome once, at most `limit` plannings in all. */
export function createTrials<Failure extends { readonly kind: string }>(
  prover: Prover<Failure>,
  limit: number,
): Trials<Failure> {
  const known: Known[] = [];
  const built = new Set<string>();
  let failure: Failure | undefined;
  let plannings = 0;
  const run = async (set: readonly Candidate[]): Promise<Trial | undefined> => {
    plannings += 1;
    const tried = set.map((candidate) => ({
      candidate,
      forms: triedForms(candidate, prover.kind),
    }));
    const answer = await prover.whatIf(tried.flatMap(({ forms }) => forms));
    if (answer.ok) return readTrial(answer.value, tried);
    if (!refusals.has(answer.error.kind)) failure = answer.error;
    return undefined;
  };
  return {
    plan: async (set) => {
      const derived = derive(known, set);
      if (derived !== undefined) return derived;
      if (failure !== undefined || plannings >= limit) return undefined;
      const planned = identitiesOf(set);
      if (prover.kind === "build" && !mayBuild(built, planned))
        return undefined;
      const trial = await run(set);
      if (trial !== undefined)
        known.push({ planned, used: identitiesOf(trial.used), trial });
      return trial;
    },
    failure: () => failure,
  };
}
