import type { Catalog, CatalogTable } from "../../catalog.ts";
import type { Result } from "../../result.ts";
import { findCatalogTable } from "../../sql/resolve-columns.ts";
import type { ParsedStatement } from "../../sql/statement.ts";
import type { Text } from "../../words.ts";
import { inheritingTables } from "../candidates.ts";
import { findCoverage } from "../cover.ts";
import { estimateIndexBytes } from "../size-model.ts";
import type { IndexDefinition, Proof } from "../suggestion.ts";
import type { TrialAnswer } from "../trial.ts";
import type { Choice, Exploration, WorkloadQuery } from "./exploration.ts";
import { exploreWorkload } from "./explore.ts";
import { tableKey } from "./pool.ts";
import { reportAdvice } from "./report-advice.ts";
import { isTiny } from "../tiny-table.ts";
import {
  estimateWrittenRows,
  upkeepOf,
  writesOf,
  type TableWrites,
  type WrittenTable,
} from "./upkeep.ts";
import { proposeWidely } from "./wide-candidates.ts";
import {
  notPlanned,
  type LeftOutQuery,
  type WorkloadAdvice,
  type WorkloadProgress,
} from "./workload-advice.ts";

export interface ResolvedQuery {
  readonly name: string;
  /** Its columns resolved against the catalog. */
  readonly statement: ParsedStatement;
  /** The same with its views replaced by their queries; absent where it reads none. */
  readonly reads?: ParsedStatement;
  /** Calls, or how much it counts. */
  readonly weight: number;
}

export interface AdviseWorkloadInput<Failure> {
  readonly queries: readonly ResolvedQuery[];
  readonly catalog: Catalog;
  /** `lane`: from 0 on; plannings of one lane follow each other. */
  readonly plan: (
    statement: ParsedStatement,
    indexes: readonly IndexDefinition[],
    lane: number,
  ) => Promise<Result<TrialAnswer, Failure>>;
  /** Lanes, which may plan at the same time. */
  readonly concurrency: number;
  /** Whether the planner can be shown indexes of the method. */
  readonly canTry: (method: IndexDefinition["method"]) => boolean;
  readonly proof: Proof;
  readonly options: WorkloadOptions;
  readonly serverVersion: number | undefined;
  /** Ends the search; the chosen set is still planned for every query. */
  readonly shouldStop: (phase: "search" | "weighing") => boolean;
  /** Ends everything. */
  readonly mustEnd: () => boolean;
  readonly onProgress: (progress: WorkloadProgress) => void;
  /** Why a query could not be planned. */
  readonly describe: (failure: Failure) => Text;
}

export interface WorkloadOptions {
  /** Undefined: as much as all tables together. */
  readonly budgetBytes: number | undefined;
  /** `model`: estimated real bytes; `planner`: what HypoPG says. */
  readonly sizes: "model" | "planner";
  readonly maximumColumns: number;
  readonly mayInclude: boolean;
  /** The weights are calls that the server has counted, so its counters of writes are of the same scale. */
  readonly countsCalls: boolean;
  readonly maximumPlannings: number;
  /** Rounds without a better set after which the search ends. */
  readonly patience: number;
}

const pageBytes = 8192;

const keyOf = ({ schema, name }: CatalogTable): string =>
  tableKey({ schema, table: name });

interface Found {
  readonly catalog: Catalog;
  readonly tables: ReadonlyMap<string, CatalogTable>;
}

function indexTables(catalog: Catalog): Found {
  const keyed = (table: CatalogTable): [string, CatalogTable] => [
    keyOf(table),
    table,
  ];
  const tables = new Map([
    ...catalog.tables.flatMap(inheritingTables).map(keyed),
    ...catalog.tables.map(keyed),
  ]);
  return { catalog, tables };
}

function toQuery(
  { name, statement, reads = statement, weight }: ResolvedQuery,
  { catalog, tables }: Found,
  { options, canTry }: Pick<AdviseWorkloadInput<unknown>, "options" | "canTry">,
): WorkloadQuery {
  const candidates = proposeWidely(reads, catalog, options).filter((index) => {
    const table = tables.get(tableKey(index));
    return (
      table !== undefined &&
      canTry(index.method) &&
      !isTiny(table) &&
      findCoverage(index, table.indexes) === undefined
    );
  });
  const read = reads.facts.tables.flatMap((reference) => {
    const table = findCatalogTable(catalog, reference);
    return table === undefined
      ? []
      : [table, ...inheritingTables(table)].map(keyOf);
  });
  return { name, statement, weight, candidates, tables: new Set(read) };
}

/** Rows that each writing statement touches, noted when it is first planned. */
function createWriteLog(found: Found): {
  readonly note: (query: WorkloadQuery, plan: unknown) => void;
  readonly of: (table: string) => readonly TableWrites[];
} {
  const writes = new Map<WorkloadQuery, TableWrites>();
  return {
    note: (query, plan) => {
      if (writes.has(query)) return;
      const target = query.statement.facts.tables.find((one) => one.isTarget);
      const table = target && findCatalogTable(found.catalog, target);
      if (table === undefined) return;
      const key = tableKey({ schema: table.schema, table: table.name });
      const rows = estimateWrittenRows(plan);
      const written = writesOf(query.statement, key, query.weight, rows);
      if (written !== undefined) writes.set(query, written);
    },
    of: (table) => [...writes.values()].filter((one) => one.table === table),
  };
}

/** The server's counters stand in for writes that the workload does not hold, where its weights are calls too. */
const describeWrites = <Failure>(
  { options, serverVersion }: AdviseWorkloadInput<Failure>,
  table: CatalogTable,
  writes: readonly TableWrites[],
): WrittenTable => ({
  table,
  writes,
  counted:
    options.countsCalls && writes.length === 0 ? table.writes : undefined,
  serverVersion,
});

const heapBytes = ({ tables }: Found): number =>
  [...tables.values()].reduce((sum, { pages }) => sum + pages * pageBytes, 0);

/** Two plannings each make the first list; the rest of the work is guessed from the number of queries. */
const typicalPlanningsPerQuery = 40;

function createShare(
  expectedPlannings: number,
): (choice: Choice) => WorkloadProgress {
  let share = 0;
  return ({ plannings, baselineCost, cost, bytes, indexCount }) => {
    share = Math.max(share, Math.min(0.99, plannings / expectedPlannings));
    return {
      share,
      plannings,
      baselineCost,
      cost,
      sizeBytes: bytes,
      indexCount,
    };
  };
}

/** The model's bytes, or HypoPG's when asked for those. */
function sizeIndex<Failure>(
  input: AdviseWorkloadInput<Failure>,
  table: CatalogTable | undefined,
  index: IndexDefinition,
  trialBytes: number | undefined,
): number {
  if (input.options.sizes === "planner" && trialBytes !== undefined)
    return trialBytes;
  return table === undefined
    ? (trialBytes ?? Infinity)
    : estimateIndexBytes(index, table, input.serverVersion);
}

function listLeftOut<Failure>(
  { input, known, failures }: Exploration<Failure>,
  describe: (failure: Failure) => Text,
): readonly LeftOutQuery[] {
  return input.queries.flatMap(({ name }, at) => {
    if (known[at]?.exact([]) !== undefined) return [];
    const failure = failures.get(at);
    const reason = failure === undefined ? notPlanned : describe(failure);
    return [{ name, reason }];
  });
}

/**
 * The cheapest set of indexes for a workload within the budget, with what each brings. A query that
 * the server refuses to plan is left out with the reason; it never ends the run. `shouldStop` ends
 * it at any moment with the best so far.
 */
export async function adviseOnWorkload<Failure>(
  input: AdviseWorkloadInput<Failure>,
): Promise<WorkloadAdvice> {
  const { options, catalog, proof } = input;
  const found = indexTables(catalog);
  const { tables } = found;
  const queries = input.queries.map((query) => toQuery(query, found, input));
  const writes = createWriteLog(found);
  const expected = queries.length * typicalPlanningsPerQuery;
  const progress = createShare(Math.min(options.maximumPlannings, expected));
  const search = await exploreWorkload<Failure>({
    ...options,
    concurrency: input.concurrency,
    queries,
    budgetBytes: options.budgetBytes ?? heapBytes(found),
    shouldStop: input.shouldStop,
    mustEnd: input.mustEnd,
    plan: async (query, indexes, lane) => {
      const answer = await input.plan(query.statement, indexes, lane);
      if (answer.ok) writes.note(query, answer.value.plan);
      return answer;
    },
    bytesOf: (index, trialBytes) =>
      sizeIndex(input, tables.get(tableKey(index)), index, trialBytes),
    upkeepOf: (index) => {
      const key = tableKey(index);
      const table = tables.get(key);
      return table === undefined
        ? 0
        : upkeepOf(index, describeWrites(input, table, writes.of(key)));
    },
    onChoice: (choice) => {
      input.onProgress(progress(choice));
    },
  });
  const leftOut = listLeftOut(search, input.describe);
  return { ...reportAdvice(search, { tables, proof }), leftOut };
}
