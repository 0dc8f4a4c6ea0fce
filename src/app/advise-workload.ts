import { proofOf } from "../core/advice/proof.ts";
import type { IndexDefinition } from "../core/advice/suggestion.ts";
import {
  adviseOnWorkload,
  type ResolvedQuery,
  type WorkloadOptions,
} from "../core/advice/workload/advise-workload.ts";
import type {
  LeftOutQuery,
  WorkloadAdvice,
  WorkloadProgress,
} from "../core/advice/workload/workload-advice.ts";
import type { Catalog } from "../core/catalog.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import type { SqlParser } from "../core/sql/parse.ts";
import { resolveColumns } from "../core/sql/resolve-columns.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import { words, type Translate } from "../core/words.ts";
import type {
  Answer,
  Database,
  DatabaseError,
  WhatIfAnswer,
  WhatIfSession,
} from "./database.ts";
import { describeDatabaseError, describeParseFailure } from "./wording.ts";

/** A statement to advise on; `weight` is its calls, or how much it counts. */
interface Statement {
  /** For people: file and line, or the query's id. */
  readonly name: string;
  readonly text: string;
  readonly weight: number;
}

export interface AdviseWorkloadPorts {
  readonly database: Database;
  readonly parser: SqlParser;
}

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
  maximumPlannings: 10_000,
};

interface Read {
  readonly queries: readonly ResolvedQuery[];
  readonly catalog: Catalog;
  readonly leftOut: readonly LeftOutQuery[];
}

function parseAll(
  parser: SqlParser,
  statements: readonly Statement[],
  translate: Translate,
): Pick<Read, "queries" | "leftOut"> {
  const queries: ResolvedQuery[] = [];
  const leftOut: LeftOutQuery[] = [];
  for (const { name, text, weight } of statements) {
    const parsed = parser.parse(text);
    if (parsed.ok) queries.push({ name, statement: parsed.value, weight });
    else {
      const { what } = describeParseFailure(parsed.error, translate);
      leftOut.push({ name, reason: what });
    }
  }
  return { queries, leftOut };
}

async function readQueries(
  { database, parser }: AdviseWorkloadPorts,
  statements: readonly Statement[],
  translate: Translate,
  signal: AbortSignal,
): Answer<Read> {
  const { queries, leftOut } = parseAll(parser, statements, translate);
  const tables = queries.flatMap(({ statement }) => statement.facts.tables);
  const catalog = await database.catalog(tables, signal);
  if (!catalog.ok) return catalog;
  const resolved = queries.map((query) => {
    const facts = resolveColumns(query.statement.facts, catalog.value);
    return { ...query, statement: { ...query.statement, facts } };
  });
  return succeeded({ queries: resolved, catalog: catalog.value, leftOut });
}

/** Failures of one statement; any other speaks of the connection and ends the search. */
const ofOneStatement: ReadonlySet<DatabaseError["kind"]> = new Set([
  "sql",
  "unsupported",
  "missingRight",
  "readOnlyViolation",
  "timedOut",
]);

interface Planner {
  readonly plan: (
    statement: ParsedStatement,
    indexes: readonly IndexDefinition[],
  ) => Answer<WhatIfAnswer>;
  /** What ended the search before its time. */
  readonly ending: () => DatabaseError | undefined;
}

function createPlanner(session: WhatIfSession, signal: AbortSignal): Planner {
  let ending: DatabaseError | undefined;
  return {
    plan: async (statement, indexes) => {
      const answer = await session.plan(statement, indexes, signal);
      if (!answer.ok && !ofOneStatement.has(answer.error.kind))
        ending = answer.error;
      return answer;
    },
    ending: () => ending,
  };
}

const noProof: DatabaseError = {
  kind: "unsupported",
  message: words(
    "this server has no HypoPG to try indexes with; advise on a twin of it instead",
  ),
};

/**
 * The cheapest set of indexes for these statements within the budget, tried on the database's planner.
 * An aborted signal, the time limit and a lost connection end the search with the best set so far; only
 * when nothing could be planned is the failure returned. Statements that cannot be read or planned are
 * left out, each with its reason.
 */
export async function adviseWorkload(
  ports: AdviseWorkloadPorts,
  statements: readonly Statement[],
  options: AdviseWorkloadOptions,
  signal: AbortSignal,
): Promise<Result<WorkloadAdvice, DatabaseError>> {
  const { timeLimitMs, onProgress, translate, ...given } = options;
  const endsAt = Date.now() + timeLimitMs;
  const info = await ports.database.info(signal);
  if (!info.ok) return info;
  if (info.value.whatIf === "none") return failed(noProof);
  const read = await readQueries(ports, statements, translate, signal);
  if (!read.ok) return read;
  const session = ports.database.openWhatIf();
  const planner = createPlanner(session, signal);
  try {
    const advice = await adviseOnWorkload<DatabaseError>({
      ...read.value,
      plan: planner.plan,
      proof: proofOf({
        kind: info.value.whatIf,
        hypopgVersion: info.value.hypopgVersion,
      }),
      options: { ...usualOptions, ...given },
      serverVersion: info.value.versionNumber,
      shouldStop: () =>
        signal.aborted || Date.now() > endsAt || planner.ending() !== undefined,
      onProgress,
      describe: (failure) => describeDatabaseError(failure, "", translate).what,
    });
    const ending = planner.ending();
    const isPlanned = advice.queries.length > 0 || statements.length === 0;
    if (ending !== undefined && !isPlanned) return failed(ending);
    const leftOut = [...read.value.leftOut, ...advice.leftOut];
    return succeeded({ ...advice, leftOut });
  } finally {
    await session.close();
  }
}
