import {
  adviseWorkload,
  type AdviseWorkloadOptions,
} from "../../app/advise-workload.ts";
import type { Database, DatabaseError } from "../../app/database.ts";
import type { WorkloadStatement } from "../../app/read-workload.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { loadSqlParser } from "../../core/sql/parse.ts";
import { splitStatements } from "../../core/sql/split.ts";
import { english } from "../../core/words.ts";
import { lineOf, readSqlFiles, type SqlFile } from "../explain-files.ts";
import type { Complaint } from "../twin/export-command.ts";
import {
  adviseUsage,
  parseAdviseArguments,
  type AdviseArguments,
} from "./arguments.ts";
import { mostStatements, openSource, type OpenSource } from "./open-source.ts";
import { renderAdvice } from "./render-advice.ts";

/** Several statements on one line are told apart by their column. */
function nameOf(
  file: SqlFile,
  start: number,
  taken: ReadonlySet<string>,
): string {
  const line = lineOf(file.text, start);
  const name = `${file.name}:${line}`;
  const lineStart = file.text.lastIndexOf("\n", start - 1) + 1;
  return taken.has(name) ? `${name}:${start - lineStart + 1}` : name;
}

function statementsOf(file: SqlFile): readonly WorkloadStatement[] {
  const taken = new Set<string>();
  const statements: WorkloadStatement[] = [];
  for (const { kind, start, end } of splitStatements(file.text)) {
    if (kind === "metaCommand") continue;
    const name = nameOf(file, start, taken);
    taken.add(name);
    statements.push({ name, text: file.text.slice(start, end), weight: 1 });
  }
  return statements;
}

async function readFiles(
  names: readonly string[],
): Promise<Result<readonly WorkloadStatement[], Complaint>> {
  const files = await readSqlFiles(names);
  if (!files.ok) return failed({ sentence: files.error, code: 2 });
  return succeeded(files.value.flatMap(statementsOf));
}

function complaintOf(error: DatabaseError): Complaint {
  const { what, next } = describeDatabaseError(error, "The server", english);
  return { sentence: `${what} ${next}`, code: 3 };
}

async function readCounted(
  database: Database,
  signal: AbortSignal,
): Promise<Result<readonly WorkloadStatement[], Complaint>> {
  const slow = await database.slowQueries(mostStatements, signal);
  if (!slow.ok) return failed(complaintOf(slow.error));
  return succeeded(
    slow.value.queries.map(({ queryId, text, calls }) => ({
      name: queryId,
      text,
      weight: Math.max(1, calls),
    })),
  );
}

/** Files and counted statements as asked for; without either the bundle's own queries. */
async function readWorkload(
  asked: AdviseArguments,
  { database, queries }: OpenSource,
  signal: AbortSignal,
): Promise<Result<readonly WorkloadStatement[], Complaint>> {
  const files = await readFiles(asked.files);
  if (!files.ok) return files;
  const counted = asked.fromStatements
    ? await readCounted(database, signal)
    : succeeded([]);
  if (!counted.ok) return counted;
  const given = [...files.value, ...counted.value];
  if (given.length > 0 || asked.files.length > 0 || asked.fromStatements)
    return succeeded(given);
  return succeeded(
    queries
      .filter(({ counted: isCounted }) => isCounted || asked.allQueries)
      .map(({ name, sql, calls }) => ({
        name,
        text: sql,
        weight: Math.max(1, calls ?? 1),
      })),
  );
}

const noWorkload: Complaint = {
  sentence:
    "There is no statement to advise on: give FILE.sql, --from-statements, or a bundle that holds queries.",
  code: 2,
};

const searchOptions = (
  asked: AdviseArguments,
): Omit<AdviseWorkloadOptions, "onProgress" | "translate"> => ({
  budgetBytes: asked.budgetBytes,
  sizes: asked.sizes === "hypopg" ? "planner" : "model",
  maximumColumns: asked.maximumColumns,
  countsCalls: asked.fromStatements,
  mayInclude: asked.mayInclude,
  timeLimitMs: asked.timeLimitMs,
  maximumPlannings: asked.maximumPlannings ?? usualPlannings,
});

/** More than a search of TPC-DS within a minute needs. */
const usualPlannings = 10_000;

async function advise(
  asked: AdviseArguments,
  source: OpenSource,
  signal: AbortSignal,
): Promise<Result<number, Complaint>> {
  const statements = await readWorkload(asked, source, signal);
  if (!statements.ok) return statements;
  if (statements.value.length === 0) return failed(noWorkload);
  const startedAt = performance.now();
  const advice = await adviseWorkload(
    { database: source.database, parser: await loadSqlParser() },
    statements.value,
    {
      ...searchOptions(asked),
      onProgress: showProgress,
      translate: english,
    },
    signal,
  );
  clearProgress();
  if (!advice.ok) return failed(complaintOf(advice.error));
  const report = {
    advice: advice.value,
    elapsedMs: performance.now() - startedAt,
    notes: source.notes,
  };
  process.stdout.write(`${renderAdvice(report, asked.format)}\n`);
  const { ending, leftOut } = advice.value;
  if (ending.kind === "failed") return failed(complaintOf(ending.error));
  return succeeded(leftOut.length === 0 ? 0 : 1);
}

/** One line on a terminal, rewritten in place; nothing where standard error is a file. */
function showProgress(progress: {
  readonly share: number;
  readonly plannings: number;
  readonly baselineCost: number;
  readonly cost: number;
}): void {
  if (!process.stderr.isTTY) return;
  const { share, plannings, baselineCost, cost } = progress;
  const saved = baselineCost === 0 ? 0 : (1 - cost / baselineCost) * 100;
  process.stderr.write(
    `\r\u001B[K${Math.round(share * 100)} %: ${plannings} EXPLAINs, cost −${saved.toFixed(1)} %`,
  );
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
}

/** Within this time an interruption that ended a program of ours is told to us too. */
const signalMs = 50;

/** 128 + SIGINT, as shells tell it: interrupted before there was anything to advise. */
const interrupted = 130;

/** `planlens advise …`; answers the exit code. */
export async function runAdvise(
  args: readonly string[],
  complain: (sentence: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const asked = parseAdviseArguments(args);
  if (!asked.ok) {
    complain(`${asked.error} See planlens advise --help.`);
    return 2;
  }
  if (asked.value === "help") {
    process.stdout.write(adviseUsage);
    return 0;
  }
  const finish = async ({ sentence, code }: Complaint): Promise<number> => {
    // What broke off may have heard of the interruption before we did.
    await new Promise((resolve) => setTimeout(resolve, signalMs));
    complain(sentence);
    return signal.aborted ? interrupted : code;
  };
  const source = await openSource(asked.value, signal);
  if (!source.ok) return finish(source.error);
  try {
    const done = await advise(asked.value, source.value, signal);
    return done.ok ? done.value : await finish(done.error);
  } finally {
    await source.value.close();
  }
}
