import type { Result } from "../../result.ts";
import type { ParsedStatement } from "../../sql/statement.ts";
import type { IndexDefinition } from "../suggestion.ts";
import type { TrialAnswer } from "../trial.ts";
import type { ChosenSet } from "./choose-set.ts";
import {
  createKnownPlans,
  type IndexSet,
  type KnownPlan,
  type KnownPlans,
} from "./known-plans.ts";
import { createPool, type Pool, type PoolIndex } from "./pool.ts";
import { createRandomSource, type RandomSource } from "./random-source.ts";
import { readTrialPlan } from "./trial-plan.ts";

export interface WorkloadQuery {
  readonly name: string;
  readonly statement: ParsedStatement;
  readonly weight: number;
  /** What might serve it, by promise. */
  readonly candidates: readonly IndexDefinition[];
  /** Tables it reads, as keys of the pool. */
  readonly tables: ReadonlySet<string>;
}

export interface ExploreInput<Failure> {
  readonly queries: readonly WorkloadQuery[];
  /** `lane`: from 0 on; plannings of one lane follow each other. */
  readonly plan: (
    query: WorkloadQuery,
    indexes: readonly IndexDefinition[],
    lane: number,
  ) => Promise<Result<TrialAnswer, Failure>>;
  /** Lanes, which may plan at the same time. */
  readonly concurrency: number;
  readonly bytesOf: (
    index: IndexDefinition,
    trialBytes: number | undefined,
  ) => number;
  readonly upkeepOf: (index: IndexDefinition) => number;
  readonly budgetBytes: number;
  readonly maximumColumns: number;
  readonly maximumPlannings: number;
  /** Rounds without a better set after which the search ends. */
  readonly patience: number;
  /** Ends the search, or the weighing after it; the chosen set is still planned once per query. */
  readonly shouldStop: (phase: "search" | "weighing") => boolean;
  /** Ends that too: somebody waits, or there is nobody to ask. */
  readonly mustEnd: () => boolean;
  /** Told after every choice of a set. */
  readonly onChoice: (choice: Choice) => void;
}

export interface Choice {
  readonly phase: string;
  readonly plannings: number;
  readonly baselineCost: number;
  readonly cost: number;
  readonly bytes: number;
  readonly indexCount: number;
}

/** A search under way: everything the planner has said, and the best set so far. */
export interface Exploration<Failure> {
  readonly input: ExploreInput<Failure>;
  readonly pool: Pool;
  /** By query. */
  readonly known: readonly KnownPlans[];
  /** By index number; filled when the planner first saw the index. */
  readonly bytes: number[];
  /** By index number, for those it has not seen. */
  readonly estimates: number[];
  /** Indexes that some plan has used. */
  readonly useful: Set<number>;
  readonly random: RandomSource;
  /** What the database answered last instead of a plan, by query. */
  readonly failures: Map<number, Failure>;
  plannings: number;
  /** Looking for a set, planning it once per query, finding what each of its members brings. */
  phase: "search" | "confirming" | "weighing";
  /** A limit ended the search, which would have gone on. */
  isCut: boolean;
  best: ChosenSet | undefined;
}

export function startExploration<Failure>(
  input: ExploreInput<Failure>,
): Exploration<Failure> {
  return {
    input,
    pool: createPool(),
    known: input.queries.map(createKnownPlans),
    bytes: [],
    estimates: [],
    useful: new Set(),
    random: createRandomSource(1),
    failures: new Map(),
    plannings: 0,
    phase: "search",
    isCut: false,
    best: undefined,
  };
}

/** Of the plannings, and of the time; the rest is for weighing what was found. */
export const searchShare = 0.9;

export function isExhausted<Failure>({
  input,
  plannings,
  phase,
}: Exploration<Failure>): boolean {
  const share = phase === "search" ? searchShare : 1;
  if (plannings >= input.maximumPlannings * share || input.mustEnd())
    return true;
  return phase !== "confirming" && input.shouldStop(phase);
}

export const numbersOf = (members: readonly PoolIndex[]): IndexSet =>
  members.map(({ number }) => number).sort((a, b) => a - b);

/** Bytes of an index: as the planner's trial told, or estimated before it has seen it. */
export function bytesOf<Failure>(
  { bytes, estimates, pool, input }: Exploration<Failure>,
  number: number,
): number {
  const told = bytes[number] ?? estimates[number];
  if (told !== undefined) return told;
  const member = pool.all[number];
  const estimate =
    member === undefined ? Infinity : input.bytesOf(member.index, undefined);
  estimates[number] = estimate;
  return estimate;
}

/** The members of a set that stand on the query's tables. */
export function relevantTo<Failure>(
  { pool }: Exploration<Failure>,
  query: WorkloadQuery,
  set: Iterable<number>,
): readonly PoolIndex[] {
  const members: PoolIndex[] = [];
  for (const number of set) {
    const member = pool.all[number];
    if (member !== undefined && query.tables.has(member.table))
      members.push(member);
  }
  return members;
}

/** The cost without any index of the pool; undefined when the query could not be planned. */
export const bareCost = <Failure>(
  { known }: Exploration<Failure>,
  at: number,
): number | undefined => known[at]?.exact([])?.cost;

/**
 * The planner's answer for a query with a set present, asked only when it does not follow from
 * earlier ones. Undefined when it cannot be asked any more, or refuses.
 */
export async function planWith<Failure>(
  search: Exploration<Failure>,
  at: number,
  set: Iterable<number>,
): Promise<KnownPlan | undefined> {
  const query = search.input.queries[at];
  const known = search.known[at];
  if (query === undefined || known === undefined) return undefined;
  const members = relevantTo(search, query, set);
  const earlier = known.exact(numbersOf(members));
  if (earlier !== undefined) return earlier;
  // A query that could not be planned without anything is not asked again.
  const isRefused = known.count() === 0 && search.failures.has(at);
  if (isRefused || isExhausted(search)) return undefined;
  search.plannings += 1;
  const answer = await search.input.plan(
    query,
    members.map(({ index }) => index),
    at % search.input.concurrency,
  );
  if (answer.ok) return note(search, known, members, answer.value);
  search.failures.set(at, answer.error);
  return undefined;
}

/**
 * Runs a job for each query, those of a lane in order, the lanes at the same time. So that the same input gives
 * the same search, a job changes nothing that another one reads: whatever adds to the pool or draws is done before.
 */
export async function forEachQuery<Failure>(
  { input }: Exploration<Failure>,
  job: (at: number) => Promise<void>,
): Promise<void> {
  const { queries, concurrency } = input;
  const run = async (lane: number): Promise<void> => {
    for (let at = lane; at < queries.length; at += concurrency) await job(at);
  };
  await Promise.all(
    Array.from({ length: concurrency }, (_, lane) => run(lane)),
  );
}

function note<Failure>(
  search: Exploration<Failure>,
  known: KnownPlans,
  members: readonly PoolIndex[],
  answer: TrialAnswer,
): KnownPlan | undefined {
  const plan = readTrialPlan(answer.plan);
  if (plan === undefined) return undefined;
  const used: PoolIndex[] = [];
  members.forEach((member, at) => {
    const name = answer.names[at];
    if (name === undefined) return;
    search.bytes[member.number] ??= search.input.bytesOf(
      member.index,
      answer.sizesBytes[at],
    );
    const told = [name, ...(answer.partNames?.[at] ?? [])];
    if (told.some((one) => plan.indexNames.has(one))) used.push(member);
  });
  for (const { number } of used) search.useful.add(number);
  const noted: KnownPlan = {
    planned: new Set(members.map(({ number }) => number)),
    used: numbersOf(used),
    cost: plan.cost,
  };
  known.add(noted);
  return noted;
}

/** Another round is worth its planning while it saves at least this share of the query's cost. */
const minimumRoundGain = 0.01;

export interface Rounds {
  readonly candidates: readonly number[];
  readonly rounds: number;
  /** Present in every round. */
  readonly always?: IndexSet;
}

/** Plans with everything at once, then without what was used, and so on: each round a next best plan. */
export async function planInRounds<Failure>(
  search: Exploration<Failure>,
  at: number,
  { candidates, rounds, always = [] }: Rounds,
): Promise<void> {
  const bare = bareCost(search, at);
  if (bare === undefined) return;
  let left = candidates.filter((number) => !always.includes(number));
  for (let round = 0; round < rounds && left.length > 0; round += 1) {
    const plan = await planWith(search, at, [...left, ...always]);
    if (plan === undefined || plan.cost > bare * (1 - minimumRoundGain)) return;
    const rest = left.filter((number) => !plan.used.includes(number));
    if (rest.length === left.length) return;
    left = rest;
  }
}
