import type { CatalogTable } from "../../catalog.ts";
import { chooseIndexName } from "../name.ts";
import type { Proof } from "../suggestion.ts";
import { explainOrder } from "../why.ts";
import { chooseSet } from "./choose-set.ts";
import { baselineOf, problemOf } from "./choose-known.ts";
import { bareCost, bytesOf, type Exploration } from "./exploration.ts";
import type { IndexSet } from "./known-plans.ts";
import { findOutweighed } from "./outweighed.ts";
import { findReplaced } from "./replaced-indexes.ts";
import { createTables, type Problem, type Tables } from "./problem.ts";
import {
  membersOf,
  startState,
  totalWithout,
  type State,
} from "./set-state.ts";
import type {
  AdvisedIndex,
  FrontierPoint,
  QueryCosts,
  WorkloadAdvice,
} from "./workload-advice.ts";

export interface ReportContext {
  /** By table key. */
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly proof: Proof;
}

/** Unweighted costs of each query that could be planned. */
function queryCosts<Failure>(
  search: Exploration<Failure>,
  state: State,
): readonly QueryCosts[] {
  return search.input.queries.flatMap(({ name, weight }, at) => {
    const before = bareCost(search, at);
    if (before === undefined) return [];
    const after = (state.costs[at] ?? 0) / weight;
    return [{ name, weight, before, after }];
  });
}

interface Told<Failure> {
  readonly search: Exploration<Failure>;
  readonly tables: Tables;
  readonly state: State;
  readonly context: ReportContext;
  readonly nameFor: (index: AdvisedIndex["index"]) => string;
}

/** Queries that cost more when the index is taken away from the set. */
function servedBy<Failure>(
  { search, tables, state }: Told<Failure>,
  number: number,
): readonly QueryCosts[] {
  const without = startState(
    tables,
    membersOf(tables, state).filter((other) => other !== number),
  );
  return search.input.queries.flatMap(({ name, weight }, at) => {
    const before = (without.costs[at] ?? 0) / weight;
    const after = (state.costs[at] ?? 0) / weight;
    return before > after * (1 + 1e-9) ? [{ name, weight, before, after }] : [];
  });
}

/** What the queries would cost more without it. */
const gainOf = (tables: Tables, state: State, number: number): number =>
  totalWithout(tables, state, number) -
  state.total +
  (tables.problem.upkeep[number] ?? 0);

function tell<Failure>(told: Told<Failure>, number: number): AdvisedIndex[] {
  const { search, tables, state, context } = told;
  const member = search.pool.all[number];
  if (member === undefined) return [];
  const { index, table: key } = member;
  const upkeep = search.input.upkeepOf(index);
  const table = context.tables.get(key);
  const replaces = table === undefined ? [] : findReplaced(index, table);
  return [
    {
      index,
      name: told.nameFor(index),
      ...(table?.kind === "partitioned"
        ? { refusesConcurrently: true as const }
        : {}),
      sizeBytes: bytesOf(search, number),
      proof: context.proof,
      gain: gainOf(tables, state, number),
      upkeep,
      queries: servedBy(told, number),
      why: explainOrder(index),
      replaces: replaces.map(({ name }) => ({ schema: index.schema, name })),
    },
  ];
}

/** Relation names of the schemas at hand, grown by each name given. */
function createNamer(
  tables: ReadonlyMap<string, CatalogTable>,
): (index: AdvisedIndex["index"]) => string {
  const taken = new Map<string, Set<string>>();
  for (const { schema, name, indexes } of tables.values()) {
    const names = taken.get(schema) ?? new Set();
    taken.set(schema, names.add(name));
    for (const index of indexes) names.add(index.name);
  }
  return (index) => {
    const names = taken.get(index.schema) ?? new Set();
    const name = chooseIndexName(index, names);
    taken.set(index.schema, names.add(name));
    return name;
  };
}

/** Shares of the budget at which the slider stops. */
const stops = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

interface Stop {
  readonly set: IndexSet;
  readonly bytes: number;
  readonly cost: number;
}

function frontierOf<Failure>(
  search: Exploration<Failure>,
  problem: Problem,
  chosen: Stop,
): readonly Stop[] {
  const smaller = stops.map((share) =>
    chooseSet(
      { ...problem, budgetBytes: problem.budgetBytes * share },
      { starts: [], disturbances: 5, random: search.random },
    ),
  );
  const bare: Stop = { set: [], bytes: 0, cost: baselineOf(search) };
  const sorted = [bare, ...smaller, chosen].sort((a, b) => a.bytes - b.bytes);
  // A larger set that costs no less is no stop.
  return sorted.filter(({ bytes, cost }) => {
    const isBeaten = sorted.some(
      (other) =>
        other.cost <= cost &&
        (other.bytes < bytes || (other.bytes === bytes && other.cost < cost)),
    );
    return !isBeaten && bytes <= chosen.bytes;
  });
}

interface Numbered {
  readonly number: number;
  readonly advised: AdvisedIndex;
}

/** What each index brings within the set it belongs to, largest gain first. */
function tellSet<Failure>(
  told: Told<Failure>,
  numbers: IndexSet,
): readonly Numbered[] {
  return numbers
    .flatMap((number) =>
      tell(told, number).map((advised) => ({ number, advised })),
    )
    .sort((a, b) => b.advised.gain - a.advised.gain);
}

/** Indexes of smaller sets that the chosen one has not, each told within the largest that has it. */
function tellOthers<Failure>(
  told: Told<Failure>,
  frontier: readonly Stop[],
  set: IndexSet,
): readonly Numbered[] {
  const seen = new Set(set);
  return frontier.toReversed().flatMap((stop) => {
    const fresh = stop.set.filter((number) => !seen.has(number));
    for (const number of fresh) seen.add(number);
    const state = startState(told.tables, stop.set);
    return tellSet({ ...told, state }, fresh);
  });
}

/** Puts an exploration into words and figures: the set, what each index brings, and smaller sets. */
export function reportAdvice<Failure>(
  search: Exploration<Failure>,
  context: ReportContext,
): Omit<WorkloadAdvice, "leftOut"> {
  const problem = problemOf(search);
  const tables = createTables(problem);
  const baselineCost = baselineOf(search);
  const state = startState(tables, search.best?.set ?? []);
  const nameFor = createNamer(context.tables);
  const told: Told<Failure> = { search, tables, state, context, nameFor };
  const set = membersOf(tables, state);
  const chosen: Stop = { set, bytes: state.bytes, cost: state.total };
  const frontier = frontierOf(search, problem, chosen);
  const indexes = tellSet(told, set);
  const alternatives = tellOthers(told, frontier, set);
  const outweighed = findOutweighed(search, problem, set);
  const all = [...indexes, ...alternatives];
  const position = new Map(all.map(({ number }, at) => [number, at]));
  return {
    baselineCost,
    cost: state.costs.reduce((sum, cost) => sum + cost, 0),
    sizeBytes: state.bytes,
    plannings: search.plannings,
    isCut: search.isCut,
    indexes: indexes.map(({ advised }) => advised),
    alternatives: alternatives.map(({ advised }) => advised),
    outweighed: tellSet({ ...told, ...outweighed }, outweighed.numbers).map(
      ({ advised }) => advised,
    ),
    queries: queryCosts(search, state),
    frontier: frontier.map(({ bytes, cost, set: members }): FrontierPoint => ({
      bytes,
      cost,
      members: members.flatMap((number) => position.get(number) ?? []),
    })),
  };
}
