import { noteHiddenStatistics } from "../core/advice/hidden-statistics.ts";
import { isTriedByHypopg } from "../core/advice/provable.ts";
import { proofOf } from "../core/advice/proof.ts";
import { withRolesFor } from "../core/advice/read-roles.ts";
import type { Proof } from "../core/advice/suggestion.ts";
import { explainOrder } from "../core/advice/why.ts";
import {
  adviseOnWorkload,
  type WorkloadOptions,
} from "../core/advice/workload/advise-workload.ts";
import { collectNeeds } from "../core/advice/table-needs.ts";
import { searchShare } from "../core/advice/workload/exploration.ts";
import { noteUnanalyzed } from "../core/advice/supposed-size.ts";
import type {
  AdvisedIndex,
  QueryCosts,
  WorkloadAdvice,
  WorkloadProgress,
} from "../core/advice/workload/workload-advice.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import {
  english,
  phrase,
  sayText,
  words,
  type Text,
  type Translate,
} from "../core/words.ts";
import type { DatabaseError, ServerInfo } from "./database.ts";
import {
  concurrencyOf,
  createPlannerPool,
  type PlannerPool,
} from "./planner-pool.ts";
import {
  describeFailure,
  readWorkload,
  type Workload,
  type WorkloadPorts,
  type WorkloadStatement,
} from "./read-workload.ts";
import { supposeSizes } from "./suppose-sizes.ts";
import { readBeneathViews } from "./workload-views.ts";

export interface AdviseWorkloadOptions extends Partial<WorkloadOptions> {
  readonly timeLimitMs: number;
  readonly onProgress: (progress: WorkloadProgress) => void;
  /** Says why a query was left out. */
  readonly translate: Translate;
}

const usualOptions: WorkloadOptions = {
  budgetBytes: undefined,
  sizes: "model",
  maximumColumns: 3,
  mayInclude: true,
  countsCalls: false,
  maximumPlannings: 10_000,
  patience: 3,
};

const noProof: DatabaseError = {
  kind: "unsupported",
  message: words(
    "this server has no HypoPG to try indexes with; advise on a twin of it instead",
  ),
};

const proofIn = ({
  whatIf,
  hypopgVersion,
}: Pick<ServerInfo, "whatIf" | "hypopgVersion">): Proof =>
  proofOf({ kind: whatIf, hypopgVersion });

/** What ended a search: nothing better was to be found, or one of its limits. */
export type Ending =
  | { readonly kind: "complete" }
  | { readonly kind: "timeLimit" }
  | { readonly kind: "planningLimit" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly error: DatabaseError };

export interface AdvisedWorkload extends WorkloadAdvice {
  readonly ending: Ending;
  /** Whole sentences about what the advice rests on. */
  readonly notes: readonly Text[];
}

interface Stopper {
  readonly shouldStop: (phase: "search" | "weighing") => boolean;
  readonly mustEnd: () => boolean;
  readonly ending: (advice: Pick<WorkloadAdvice, "isCut">) => Ending;
}

/** Asked before every planning; remembers why it said so first. */
function createStopper(
  planner: PlannerPool,
  limits: {
    readonly startedAt: number;
    readonly timeLimitMs: number;
  },
  signal: AbortSignal,
): Stopper {
  const { startedAt, timeLimitMs } = limits;
  let stopped: Ending | undefined;
  const isLate = (share: number): boolean =>
    Date.now() - startedAt > timeLimitMs * share;
  const endedEarly = (): Ending | undefined => {
    const error = planner.ending();
    if (signal.aborted) return { kind: "interrupted" };
    return error === undefined ? undefined : { kind: "failed", error };
  };
  const look = (): Ending | undefined =>
    endedEarly() ?? (isLate(searchShare) ? { kind: "timeLimit" } : undefined);
  return {
    shouldStop: (phase) =>
      phase === "weighing" ? isLate(1) : (stopped ??= look()) !== undefined,
    mustEnd: () => signal.aborted || planner.ending() !== undefined,
    ending: ({ isCut }) =>
      stopped ?? endedEarly() ?? { kind: isCut ? "planningLimit" : "complete" },
  };
}

/** The reason of each index in the words of the queries that gain by it, the most first. */
function explainForReaders(
  advice: WorkloadAdvice,
  { queries, catalog }: Workload,
): WorkloadAdvice {
  const statements = new Map(
    queries.map(({ name, statement }) => [name, statement]),
  );
  const gainOf = ({ weight, before, after }: QueryCosts): number =>
    weight * (before - after);
  const explain = (advised: AdvisedIndex): AdvisedIndex => {
    const readers = advised.queries
      .toSorted((one, other) => gainOf(other) - gainOf(one))
      .flatMap(({ name }) => statements.get(name) ?? []);
    const index = withRolesFor(advised.index, readers, catalog);
    return { ...advised, why: explainOrder(index) };
  };
  return {
    ...advice,
    indexes: advice.indexes.map(explain),
    alternatives: advice.alternatives.map(explain),
    outweighed: advice.outweighed.map(explain),
  };
}

/** The statements with the tables that they read, also beneath views. */
async function readAll(
  ports: WorkloadPorts,
  statements: readonly WorkloadStatement[],
  translate: Translate,
  signal: AbortSignal,
): ReturnType<typeof readWorkload> {
  const named = await readWorkload(ports, statements, translate, signal);
  return named.ok ? readBeneathViews(ports, named.value, signal) : named;
}

const mostNamed = 5;

/** Searches in texts, documents and ranges want indexes that HypoPG cannot show the planner. */
function noteUntried(
  { queries, catalog }: Workload,
  { whatIf }: ServerInfo,
): readonly Text[] {
  if (whatIf !== "hypopg") return [];
  const searching = queries.filter(({ statement, reads = statement }) =>
    collectNeeds(reads, catalog).some(({ searches }) => searches.length > 0),
  );
  if (searching.length === 0) return [];
  const names = searching.slice(0, mostNamed).map(({ name }) => name);
  const more = searching.length > mostNamed ? ", …" : "";
  return [
    phrase(
      "HypoPG cannot try GIN, GiST and SP-GiST indexes, so none was looked for. Explain these statements one by one: {0}.",
      `${names.join(", ")}${more}`,
    ),
  ];
}

/** What makes the advice poorer because this role may not see it; each told once. */
function noteHidden({ queries, catalog }: Workload): readonly Text[] {
  const notes = queries.flatMap(({ statement, reads = statement }) =>
    noteHiddenStatistics(reads, catalog),
  );
  return [
    ...new Map(notes.map((note) => [sayText(note, english), note])).values(),
  ];
}

/** What a search works with, once the statements are read. */
interface Search {
  readonly ports: WorkloadPorts;
  readonly read: Workload;
  readonly info: ServerInfo;
  readonly options: Pick<AdviseWorkloadOptions, "onProgress" | "translate">;
  readonly asked: WorkloadOptions;
  readonly planner: PlannerPool;
  readonly stopper: Stopper;
}

async function search(
  given: Search,
): Promise<Result<AdvisedWorkload, DatabaseError>> {
  const { ports, read, info, options, asked, planner, stopper } = given;
  const questions = {
    parser: ports.parser,
    shouldStop: () => stopper.shouldStop("search"),
    plan: (statement: ParsedStatement) => planner.plan(statement, [], 0),
  };
  const supposed = await supposeSizes(questions, read.catalog.tables);
  const workload = { ...read, catalog: supposed.size(read.catalog) };
  const advice = await adviseOnWorkload<DatabaseError>({
    ...workload,
    ...stopper,
    plan: planner.plan,
    concurrency: concurrencyOf(info),
    canTry: (method) => info.whatIf !== "hypopg" || isTriedByHypopg(method),
    proof: proofIn(info),
    options: asked,
    serverVersion: info.versionNumber,
    onProgress: options.onProgress,
    describe: (failure) => describeFailure(failure, options.translate),
  });
  const error = planner.ending();
  if (error && advice.queries.length === 0) return failed(error);
  return succeeded({
    ...explainForReaders(advice, workload),
    plannings: advice.plannings + supposed.plannings,
    leftOut: [...read.leftOut, ...advice.leftOut],
    ending: stopper.ending(advice),
    notes: [
      ...noteHidden(workload),
      ...noteUnanalyzed(workload.catalog.tables),
      ...noteUntried(workload, info),
    ],
  });
}

/**
 * The cheapest set of indexes for these statements within the budget, tried on the database's planner.
 * An aborted signal, the time limit and a lost connection end the search with the best set so far; only
 * when nothing could be planned is the failure returned. Statements that cannot be read or planned are
 * left out, each with its reason.
 */
export async function adviseWorkload(
  ports: WorkloadPorts,
  statements: readonly WorkloadStatement[],
  options: AdviseWorkloadOptions,
  signal: AbortSignal,
): Promise<Result<AdvisedWorkload, DatabaseError>> {
  const { timeLimitMs, translate, ...given } = options;
  const asked = { ...usualOptions, ...given };
  const startedAt = Date.now();
  const info = await ports.database.info(signal);
  if (!info.ok) return info;
  if (info.value.whatIf === "none") return failed(noProof);
  const read = await readAll(ports, statements, translate, signal);
  if (!read.ok) return read;
  const planner = createPlannerPool(
    () => ports.database.openWhatIf(),
    concurrencyOf(info.value),
    signal,
  );
  const limits = { startedAt, timeLimitMs };
  const stopper = createStopper(planner, limits, signal);
  const known = { ports, read: read.value, info: info.value, asked };
  try {
    return await search({ ...known, options, planner, stopper });
  } finally {
    await planner.close();
  }
}
