import {
  adviseWorkload,
  type AdvisedWorkload,
  type AdviseWorkloadOptions,
} from "../../app/advise-workload.ts";
import { findDrops } from "../../app/find-drops.ts";
import {
  gatherWorkload,
  type GatheredStatement,
} from "../../app/gather-workload.ts";
import { formatChange, formatCount } from "../../core/format.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { loadSqlParser, type SqlParser } from "../../core/sql/parse.ts";
import type { WorkloadProgress } from "../../core/advice/workload/workload-advice.ts";
import { english } from "../../core/words.ts";
import { findStatements } from "../explain.ts";
import { printable } from "../printable.ts";
import { createProgress, type Progress } from "../progress.ts";
import { complaintOf, type Complaint } from "../wording.ts";
import {
  adviseUsage,
  parseAdviseArguments,
  type AdviseArguments,
} from "./arguments.ts";
import { explainLeftOut } from "./left-out.ts";
import { readSource } from "./open-source.ts";
import { renderAdvice } from "./render-advice.ts";
import { describeJudging, type JudgedDrops } from "./render-drops.ts";
import {
  nameStatements,
  type OpenPlanner,
  type Source,
  type SourceNeeds,
} from "./source.ts";

type Complain = (sentence: string) => void;

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

/** `42 %: 1,234 EXPLAINs, cost 182k → 118k (−35 %)` */
const describeProgress = ({
  share,
  plannings,
  baselineCost,
  cost,
}: WorkloadProgress): string =>
  `${Math.round(share * 100)} %: ${formatCount(plannings)} EXPLAINs, cost ${formatChange(baselineCost, cost)}`;

type Workload = readonly GatheredStatement<string>[];

/** Everything that the search needs and knows. */
interface Search {
  readonly asked: AdviseArguments;
  readonly parser: SqlParser;
  readonly workload: Workload;
  readonly planner: OpenPlanner;
  readonly usage: Source["usage"];
  readonly remarks: readonly string[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const budgetOf = ({ budget, budgetBytes }: AdviseArguments) =>
  budget === undefined || budgetBytes === undefined
    ? undefined
    : { bytes: budgetBytes, written: budget };

const noDrops = { drops: [], undecided: 0 } as const;

async function askPlanner(
  { database }: OpenPlanner,
  signal: AbortSignal,
): Promise<NonNullable<Source["usage"]>> {
  const told = await database.indexUse(signal);
  return told.ok ? told : failed(complaintOf(told.error, "The twin"));
}

/** Existing indexes that can go; what cannot be judged is no reason to withhold the rest of the advice. */
async function judgeExisting(
  { parser, workload, planner, usage, progress, signal }: Search,
  advice: AdvisedWorkload,
): Promise<JudgedDrops> {
  const { database } = planner;
  if (usage === undefined && signal.aborted)
    return { ...noDrops, judgedBy: [] };
  const told = usage ?? (await askPlanner(planner, signal));
  if (!told.ok)
    return {
      ...noDrops,
      judgedBy: [`Existing indexes were not judged. ${told.error.sentence}`],
    };
  const known = { usage: told.value, countsUse: usage !== undefined };
  const nowMs = Date.now();
  progress.say("Looking which existing indexes the plans read");
  const drops = await findDrops(
    { database, parser },
    known,
    { statements: workload, advice },
    { nowMs, signal },
  );
  progress.clear();
  return { ...drops, judgedBy: describeJudging(drops, known, nowMs) };
}

const isProse = (format: AdviseArguments["format"]): boolean =>
  format === "text" || format === "markdown";

async function tell(
  search: Search,
  advice: AdvisedWorkload,
  elapsedMs: number,
): Promise<Result<number, Complaint>> {
  const { asked, workload, planner, remarks } = search;
  const report = {
    advice: { ...advice, leftOut: advice.leftOut.map(explainLeftOut) },
    elapsedMs,
    budget: budgetOf(asked),
    titles: new Map(workload.map(({ name, place }) => [name, place])),
    notes: [...remarks, ...planner.notes],
    drops: await judgeExisting(search, advice),
  };
  const text = renderAdvice(report, asked.format);
  // SQL and JSON are for programs too, which need every name as it is.
  const isShown = process.stdout.isTTY || isProse(asked.format);
  process.stdout.write(`${isShown ? printable(text) : text}\n`);
  const { ending, leftOut } = advice;
  if (ending.kind === "failed")
    return failed(complaintOf(ending.error, "The server"));
  return succeeded(leftOut.length === 0 ? 0 : 1);
}

async function advise(search: Search): Promise<Result<number, Complaint>> {
  const { asked, parser, workload, planner, progress, signal } = search;
  const startedAt = performance.now();
  progress.say(`Planning ${workload.length} statements`);
  const advice = await adviseWorkload(
    { database: planner.database, parser },
    workload,
    {
      ...searchOptions(asked),
      onProgress: (now) => {
        progress.say(describeProgress(now));
      },
      translate: english,
    },
    signal,
  );
  progress.clear();
  return advice.ok
    ? tell(search, advice.value, performance.now() - startedAt)
    : failed(complaintOf(advice.error, "The server"));
}

async function adviseOn(
  source: Source,
  files: Source["found"],
  { asked, progress, signal }: SourceNeeds,
): Promise<Result<number, Complaint>> {
  const parser = await loadSqlParser();
  const workload = gatherWorkload(parser, [...files, ...source.found]);
  if (workload.length === 0)
    return failed({ sentence: source.withoutFound, code: 2 });
  const planner = await source.openPlanner();
  progress.clear();
  if (!planner.ok) return planner;
  const { usage, remarks = [] } = source;
  const search = {
    ...{ asked, parser, workload, usage, remarks },
    planner: planner.value,
  };
  try {
    return await advise({ ...search, progress, signal });
  } finally {
    await planner.value.close();
  }
}

async function run(
  needs: SourceNeeds,
  complain: Complain,
): Promise<Result<number, Complaint>> {
  const files = await findStatements(needs.asked.files, complain);
  if (!files.ok) return files;
  const source = await readSource(needs);
  needs.progress.clear();
  if (!source.ok) return source;
  try {
    return await adviseOn(source.value, nameStatements(files.value), needs);
  } finally {
    await source.value.close();
  }
}

/** Within this time an interruption that ended a program of ours is told to us too. */
const signalMs = 50;

/** 128 + SIGINT, as shells tell it: interrupted before there was anything to advise. */
const interrupted = 130;

/** `planlens advise …`; answers the exit code. */
export async function runAdvise(
  args: readonly string[],
  complain: Complain,
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
  const progress = createProgress(process.stderr);
  const done = await run({ asked: asked.value, progress, signal }, complain);
  progress.clear();
  if (done.ok) return done.value;
  // What broke off may have heard of the interruption before we did.
  await new Promise((resolve) => setTimeout(resolve, signalMs));
  complain(done.error.sentence);
  return signal.aborted ? interrupted : done.error.code;
}
