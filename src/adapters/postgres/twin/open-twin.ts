import type {
  Answer,
  Database,
  DatabaseError,
  SendLog,
  SlowQueries,
  WhatIfSession,
} from "../../../app/database.ts";
import type { Catalog, CatalogIndex } from "../../../core/catalog.ts";
import { failed, succeeded } from "../../../core/result.ts";
import type { Bundle } from "../../../core/twin/bundle.ts";
import type { ParseTree } from "../../../core/twin/check-ddl.ts";
import type { Remark } from "../../../core/twin/plan-build.ts";
import { words } from "../../../core/words.ts";
import { mapError } from "../errors.ts";
import { openPostgres } from "../open.ts";
import { buildTwin, type BuiltTwin } from "./build-twin.ts";
import { createTurns, type InTurn } from "./in-turn.ts";
import type { TwinPlace } from "./place.ts";
import type { EstimateSize } from "./size-trials.ts";
import { openTrials, trialPrefix, type Trials } from "./what-if.ts";

export interface TwinOptions {
  /** The connection's name, for the log. */
  readonly name: string;
  readonly log: SendLog;
  readonly estimateSize: EstimateSize;
  readonly parse: ParseTree;
}

/** A database without rows that plans like the bundle's source. */
export interface Twin {
  readonly database: Database;
  /** What the source has and the twin has not. */
  readonly remarks: readonly Remark[];
  readonly buildMs: number;
  /** Below `database`: for benchmarks, which plan without its log and limits. */
  readonly built: BuiltTwin;
}

/** Sends nothing when already given up; what the server or the network does becomes a value. */
async function guarded<Value>(
  twin: BuiltTwin,
  signal: AbortSignal,
  work: () => Answer<Value>,
): Answer<Value> {
  if (signal.aborted) return failed({ kind: "cancelled" });
  const startedAt = performance.now();
  try {
    // Waits for an embedded server that is started again; whatever else connects would be refused meanwhile.
    if (twin.admin.isLost()) await twin.admin.run("SELECT /* planlens */ 1");
    return await work();
  } catch (error) {
    return failed(
      mapError(error, {
        target: twin.target,
        elapsedMs: Math.round(performance.now() - startedAt),
        aborted: signal.aborted,
        phase: "run",
      }),
    );
  }
}

function readWorkload(bundle: Bundle, limit: number): SlowQueries {
  const queries = bundle.queries
    .filter(({ calls, meanMs }) => calls !== undefined && meanMs !== undefined)
    .map(({ name, sql, calls = 0, meanMs = 0 }) => ({
      queryId: name,
      text: sql,
      calls,
      totalMs: calls * meanMs,
      meanMs,
      maxMs: meanMs,
      stddevMs: 0,
      rows: 0,
      sharedHitBlocks: 0,
      sharedReadBlocks: 0,
    }))
    .sort((one, other) => other.totalMs - one.totalMs);
  return {
    queries: queries.slice(0, limit),
    totalMs: queries.reduce((sum, { totalMs }) => sum + totalMs, 0),
    since: undefined,
  };
}

interface Parts {
  readonly twin: BuiltTwin;
  readonly trials: Trials;
  readonly base: Database;
  readonly inTurn: InTurn;
}

const nothingToRun: DatabaseError = {
  kind: "unsupported",
  message: words(
    "A twin holds statistics and no rows: it can plan a statement, but running one would measure nothing",
  ),
};

/** What trial indexes that are switched on would change. */
type PlanMember =
  | "explain"
  | "explainWith"
  | "plannerFacts"
  | "catalog"
  | "analyze"
  | "openWhatIf";

/** The catalog as the source's is: trial indexes stay in the twin, switched off, between questions. */
function withoutTrials(catalog: Catalog): Catalog {
  const own = (indexes: readonly CatalogIndex[]): readonly CatalogIndex[] =>
    indexes.filter(({ name }) => !name.startsWith(trialPrefix));
  return {
    tables: catalog.tables.map((table) => ({
      ...table,
      indexes: own(table.indexes),
      ...(table.children === undefined
        ? {}
        : {
            children: table.children.map((child) => ({
              ...child,
              indexes: own(child.indexes),
            })),
          }),
    })),
  };
}

/** Imagined indexes are trial indexes, switched on for a session that plans under other settings. */
const explainWithTrials =
  ({ twin, trials, base, inTurn }: Parts): Database["explainWith"] =>
  (statement, { indexes, trials: asked }, signal) =>
    inTurn(() =>
      guarded(twin, signal, async () => {
        const on = await trials.switchOn(indexes);
        const trial = { indexes: [], trials: asked };
        const tried = await base.explainWith(statement, trial, signal);
        return tried.ok ? succeeded({ ...tried.value, ...on }) : tried;
      }),
    );

/** Trial indexes are switched on for everybody: a plan without them waits its turn and switches them off. */
function planMembers({
  twin,
  trials,
  base,
  inTurn,
}: Parts): Pick<Database, PlanMember> {
  const planWith =
    (values: readonly (string | null)[] | undefined): WhatIfSession["plan"] =>
    (statement, indexes, signal) =>
      inTurn(() =>
        guarded(twin, signal, () => trials.plan(statement, indexes, values)),
      );
  /** In turn, with no trial index on. */
  const bare = <Value>(
    signal: AbortSignal,
    work: () => Answer<Value>,
  ): Answer<Value> =>
    inTurn(() =>
      guarded(twin, signal, async () => {
        await trials.switchOff();
        return work();
      }),
    );
  return {
    explain: (statement, values, signal) =>
      bare(signal, () => base.explain(statement, values, signal)),
    explainWith: explainWithTrials({ twin, trials, base, inTurn }),
    plannerFacts: (tables, signal) =>
      bare(signal, () => base.plannerFacts(tables, signal)),
    catalog: (tables, signal) =>
      bare(signal, async () => {
        const catalog = await base.catalog(tables, signal);
        return catalog.ok ? succeeded(withoutTrials(catalog.value)) : catalog;
      }),
    analyze: () => Promise.resolve(failed(nothingToRun)),
    // Trial indexes are kept between calls anyway; a plan without them switches them off.
    openWhatIf: (values) => ({
      plan: planWith(values),
      close: () => Promise.resolve(),
    }),
  };
}

/** What a twin tells of itself and of its source. */
const ownMembers = (
  base: Database,
  bundle: Bundle,
  isEmbedded: boolean,
): Pick<Database, "info" | "indexUse" | "slowQueries"> => ({
  info: async (signal) => {
    const info = await base.info(signal);
    return info.ok
      ? succeeded({
          ...info.value,
          whatIf: "twin" as const,
          twin: { sourceVersion: bundle.server.versionText, isEmbedded },
        })
      : info;
  },
  indexUse: async (signal) => {
    const use = await base.indexUse(signal);
    return use.ok
      ? succeeded({
          ...use.value,
          indexes: use.value.indexes.filter(
            ({ name }) => !name.startsWith(trialPrefix),
          ),
        })
      : use;
  },
  slowQueries: (limit) =>
    Promise.resolve(succeeded(readWorkload(bundle, limit))),
});

/**
 * Builds a bundle's twin on a server of one's own and opens it. Closing it drops it; the server stays.
 */
export async function openTwin(
  bundle: Bundle,
  place: TwinPlace,
  options: TwinOptions,
): Answer<Twin> {
  const built = await buildTwin(bundle, place, options.parse);
  if (!built.ok) return built;
  const twin = built.value;
  const base = openPostgres(twin.target, {
    name: options.name,
    log: options.log,
    password: () => Promise.resolve(place.password),
    singleSession: place.singleSession,
  });
  const trials = openTrials(twin, options.estimateSize);
  const inTurn = createTurns();
  const parts = { twin, trials, base, inTurn };
  const database: Database = {
    ...base,
    ...planMembers(parts),
    ...ownMembers(base, bundle, place.singleSession),
    close: () =>
      inTurn(async () => {
        await base.close();
        await twin.drop();
      }),
  };
  const { remarks, buildMs } = twin;
  return succeeded({ database, remarks, buildMs, built: twin });
}
