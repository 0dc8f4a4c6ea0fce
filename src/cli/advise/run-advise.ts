import {
  adviseWorkload,
  type AdviseWorkloadOptions,
} from "../../app/advise-workload.ts";
import type { Database } from "../../app/database.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { loadSqlParser } from "../../core/sql/parse.ts";
import { splitStatements } from "../../core/sql/split.ts";
import { english } from "../../core/words.ts";
import { lineOf, readSqlFiles } from "../explain-files.ts";
import type { Complaint } from "../twin/export-command.ts";
import {
  adviseUsage,
  parseAdviseArguments,
  type AdviseArguments,
} from "./arguments.ts";
import { mostStatements, openSource, type OpenSource } from "./open-source.ts";
import { renderAdvice } from "./render-advice.ts";

interface Statement {
  readonly name: string;
  readonly text: string;
  readonly weight: number;
}

async function readFiles(
  names: readonly string[],
): Promise<Result<readonly Statement[], Complaint>> {
  const files = await readSqlFiles(names);
  if (!files.ok) return failed({ sentence: files.error, code: 2 });
  return succeeded(
    files.value.flatMap(({ name, text }) =>
      splitStatements(text)
        .filter((span) => span.kind === "sql")
        .map((span) => ({
          name: `${name}:${lineOf(text, span.start)}`,
          text: text.slice(span.start, span.end),
          weight: 1,
        })),
    ),
  );
}

async function readCounted(
  database: Database,
  signal: AbortSignal,
): Promise<Result<readonly Statement[], Complaint>> {
  const slow = await database.slowQueries(mostStatements, signal);
  if (!slow.ok) {
    const { what, next } = describeDatabaseError(
      slow.error,
      "The server",
      english,
    );
    return failed({ sentence: `${what} ${next}`, code: 3 });
  }
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
): Promise<Result<readonly Statement[], Complaint>> {
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
        weight: calls ?? 1,
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
  if (!advice.ok) {
    const { what, next } = describeDatabaseError(
      advice.error,
      "The server",
      english,
    );
    return failed({ sentence: `${what} ${next}`, code: 3 });
  }
  const report = {
    advice: advice.value,
    elapsedMs: performance.now() - startedAt,
    notes: source.notes,
  };
  process.stdout.write(`${renderAdvice(report, asked.format)}\n`);
  return succeeded(advice.value.leftOut.length === 0 ? 0 : 1);
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
  const source = await openSource(asked.value, signal);
  if (!source.ok) {
    complain(source.error.sentence);
    return source.error.code;
  }
  try {
    const done = await advise(asked.value, source.value, signal);
    if (done.ok) return done.value;
    complain(done.error.sentence);
    return done.error.code;
  } finally {
    await source.value.close();
  }
}
