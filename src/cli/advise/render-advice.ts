import { renderCreateIndex } from "../../core/advice/render-ddl.ts";
import type { Proof } from "../../core/advice/suggestion.ts";
import type { AdvisedWorkload, Ending } from "../../app/advise-workload.ts";
import type {
  AdvisedIndex,
  WorkloadAdvice,
} from "../../core/advice/workload/workload-advice.ts";
import {
  formatBytes,
  formatChange,
  formatCost,
  formatCount,
} from "../../core/format.ts";
import { english, sayText } from "../../core/words.ts";
import type { AdviseFormat } from "./arguments.ts";
import {
  ddlOfDrop,
  describeDrop,
  dropJson,
  dropLines,
  renderDropsText,
  type JudgedDrops,
} from "./render-drops.ts";

/** An advice with what only the command line knows. */
export interface AdviceReport {
  readonly advice: AdvisedWorkload;
  readonly elapsedMs: number;
  /** In bytes, and as it was given. */
  readonly budget:
    { readonly bytes: number; readonly written: string } | undefined;
  /** What stands for a query before people, by its name. */
  readonly titles: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  readonly drops: JudgedDrops;
}

const ddlOf = ({ index, name, refusesConcurrently }: AdvisedIndex): string =>
  renderCreateIndex(index, name, {
    concurrently: refusesConcurrently !== true,
  });

const endings: Readonly<Record<Ending["kind"], string | undefined>> = {
  complete: undefined,
  timeLimit:
    "The search ended at its time limit (--time-limit): this is the best so far.",
  planningLimit:
    "The search ended at its number of EXPLAINs (--max-explains): this is the best so far.",
  interrupted: "The search was interrupted: this is the best so far.",
  failed:
    "The search ended when the connection was lost: this is the best so far.",
};

/** What makes the advice poorer: to be read before it. */
const warningsOf = ({ advice }: AdviceReport): readonly string[] =>
  advice.notes.map((note) => sayText(note, english));

const notesOf = ({ advice, notes, drops }: AdviceReport): readonly string[] => [
  ...notes,
  ...drops.judgedBy,
  ...[endings[advice.ending.kind] ?? []].flat(),
];

const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

const relativeCost = ({ baselineCost, cost }: WorkloadAdvice): number =>
  baselineCost === 0 ? 1 : cost / baselineCost;

function describeProof(proof: Proof): string {
  return sayText(
    proof.kind === "heuristic" ? proof.reason : proof.how,
    english,
  );
}

const indexJson = (advised: AdvisedIndex): object => ({
  ddl: ddlOf(advised),
  table: `${advised.index.schema}.${advised.index.table}`,
  sizeBytes: advised.sizeBytes,
  proof: advised.proof.kind,
  how: describeProof(advised.proof),
  gain: advised.gain,
  upkeep: advised.upkeep,
  why: sayText(advised.why, english),
  replaces: advised.replaces,
  queries: advised.queries.map(({ name, before, after }) => ({
    name,
    before,
    after,
  })),
});

function renderJson(report: AdviceReport): string {
  const { advice, elapsedMs } = report;
  const body = {
    baselineCost: advice.baselineCost,
    cost: advice.cost,
    relativeCost: relativeCost(advice),
    sizeBytes: advice.sizeBytes,
    explains: advice.plannings,
    elapsedMs: Math.round(elapsedMs),
    ended: advice.ending.kind,
    indexes: advice.indexes.map(indexJson),
    outweighed: advice.outweighed.map((one) => ({
      ddl: ddlOf(one),
      table: `${one.index.schema}.${one.index.table}`,
      gain: one.gain,
      upkeep: one.upkeep,
    })),
    drops: report.drops.drops.map(dropJson),
    queries: advice.queries,
    frontier: advice.frontier.map(({ bytes, cost }) => ({ bytes, cost })),
    leftOut: advice.leftOut.map(({ name, reason }) => ({
      name,
      reason: sayText(reason, english),
    })),
    notes: [...warningsOf(report), ...notesOf(report)],
  };
  return JSON.stringify(body, undefined, 2);
}

const titleFor = ({ titles }: AdviceReport, name: string): string =>
  titles.get(name) ?? name;

/** Each query with its cost, what gains most first; at most so many, and how many more. */
function queryLines(
  report: AdviceReport,
  { queries }: AdvisedIndex,
  most: number,
): readonly string[] {
  const lines = queries
    .toSorted(
      (a, b) =>
        b.weight * (b.before - b.after) - a.weight * (a.before - a.after),
    )
    .map(
      ({ name, weight, before, after }) =>
        `${titleFor(report, name)}: ${formatChange(before, after)}${weight === 1 ? "" : ` × ${formatCount(weight)}`}`,
    );
  const more = lines.length - most;
  return more > 0
    ? [
        ...lines.slice(0, most),
        `and ${counted(more, "more query", "more queries")}`,
      ]
    : lines;
}

const leftOutLines = (report: AdviceReport): readonly string[] =>
  report.advice.leftOut.map(
    ({ name, reason }) =>
      `Left out: ${titleFor(report, name)}: ${sayText(reason, english)}`,
  );

/** `; 2 statements left out`, nothing where all were planned. */
const leftOutCount = ({ leftOut }: WorkloadAdvice): string =>
  leftOut.length === 0
    ? ""
    : `; ${counted(leftOut.length, "statement was left out", "statements were left out")}`;

/** A whole page and the tree's first one: no index is smaller. */
const smallestIndexBytes = 2 * 8192;

function describeNothing({ advice, budget }: AdviceReport): string {
  const isOutweighed = advice.outweighed.length > 0;
  if (budget === undefined)
    return isOutweighed
      ? "No index would save this workload's reads more than its writes would pay for it"
      : "No index would make this workload cheaper by enough to be worth its bytes and its writes";
  return budget.bytes < smallestIndexBytes
    ? `--budget ${budget.written} has no room for an index, of which the smallest takes ${formatBytes(smallestIndexBytes)}; give more, or leave it out`
    : `No index that fits into --budget ${budget.written} would make this workload cheaper by enough to be worth its writes; more may leave room for one that would`;
}

function describeGain({ advice }: AdviceReport): string {
  const queries = counted(advice.queries.length, "query", "queries");
  const indexes = counted(advice.indexes.length, "index", "indexes");
  return `Cost of ${queries} ${formatChange(advice.baselineCost, advice.cost)} with ${indexes} of ${formatBytes(advice.sizeBytes)}`;
}

const describeResult = (report: AdviceReport): string => {
  const { queries, indexes } = report.advice;
  if (queries.length === 0) return "No statement could be planned";
  return indexes.length === 0 ? describeNothing(report) : describeGain(report);
};

const headline = (report: AdviceReport): string => {
  const { advice, elapsedMs } = report;
  const seconds = Math.round(elapsedMs / 100) / 10;
  const explains = counted(advice.plannings, "EXPLAIN", "EXPLAINs");
  return `${describeResult(report)}${leftOutCount(advice)}. ${explains}, ${seconds} s.`;
};

const outweighedLines = ({ advice }: AdviceReport): readonly string[] =>
  advice.outweighed.map(
    (one) =>
      `Not worth its writes: ${ddlOf(one)} saves ${formatCost(one.gain)}, costs writes ${formatCost(one.upkeep)}`,
  );

const upkeepOf = ({ upkeep }: AdvisedIndex): readonly string[] =>
  upkeep > 0 ? [`costs writes ${formatCost(upkeep)}`] : [];

const figuresOf = (advised: AdvisedIndex): string =>
  [
    formatBytes(advised.sizeBytes),
    `saves ${formatCost(advised.gain)}`,
    ...upkeepOf(advised),
  ].join(", ");

function renderText(report: AdviceReport): string {
  const { advice } = report;
  const indexes = advice.indexes.map((advised) =>
    [
      `${ddlOf(advised)};`,
      `    ${figuresOf(advised)}; ${describeProof(advised.proof)}`,
      `    ${sayText(advised.why, english)}`,
      ...queryLines(report, advised, 5).map((line) => `    ${line}`),
    ].join("\n"),
  );
  const blocks = [
    [headline(report), ...warningsOf(report)].join("\n"),
    ...indexes,
    outweighedLines(report).join("\n"),
    renderDropsText(report.drops),
    leftOutLines(report).join("\n"),
    notesOf(report).join("\n"),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** A comment to the end of the line: names hold whatever they like, also line breaks. */
const comment = (text: string): string =>
  `-- ${text.replaceAll(/[\n\r]+/g, " ")}`;

function renderSql(report: AdviceReport): string {
  const lines = report.advice.indexes.flatMap((advised) => [
    comment(`${figuresOf(advised)}: ${sayText(advised.why, english)}`),
    `${ddlOf(advised)};`,
  ]);
  return [
    comment(headline(report)),
    ...warningsOf(report).map(comment),
    ...lines,
    ...outweighedLines(report).map(comment),
    ...dropLines(report.drops).map(comment),
    ...leftOutLines(report).map(comment),
    ...notesOf(report).map(comment),
  ].join("\n");
}

const cell = (text: string): string =>
  text.replaceAll("|", String.raw`\|`).replaceAll("\n", " ");

function renderMarkdown(report: AdviceReport): string {
  const { advice } = report;
  const rows = advice.indexes.map(
    (advised) =>
      `| \`${cell(ddlOf(advised))}\` | ${formatBytes(advised.sizeBytes)} | ${[formatCost(advised.gain), ...upkeepOf(advised)].join(", ")} | ${queryLines(report, advised, 3).map(cell).join("<br>")} | ${advised.proof.kind} |`,
  );
  const table = [
    "| Index | Size | Saves | Queries | Proof |",
    "| --- | ---: | ---: | --- | --- |",
    ...rows,
  ];
  const drops = report.drops.drops.map(
    (drop) =>
      `| \`${cell(ddlOfDrop(drop))}\` | ${formatBytes(drop.index.sizeBytes)} | ${cell(describeDrop(drop))} |`,
  );
  const leftOut = advice.leftOut.map(
    ({ name, reason }) =>
      `- \`${cell(titleFor(report, name))}\`: ${cell(sayText(reason, english))}`,
  );
  return [
    headline(report),
    ...warningsOf(report).flatMap((note) => ["", note]),
    ...(rows.length === 0 ? [] : ["", ...table]),
    ...outweighedLines(report).flatMap((line) => ["", line]),
    ...(drops.length === 0
      ? []
      : [...["", "| Can go | Size | Why |", "| --- | ---: | --- |"], ...drops]),
    ...(leftOut.length === 0 ? [] : ["", "Left out:", "", ...leftOut]),
    ...notesOf(report).flatMap((note) => ["", note]),
  ].join("\n");
}

const renderers: Readonly<
  Record<AdviseFormat, (report: AdviceReport) => string>
> = {
  text: renderText,
  json: renderJson,
  sql: renderSql,
  markdown: renderMarkdown,
};

/** The advice in one of the formats, without a closing line break. */
export const renderAdvice = (
  report: AdviceReport,
  format: AdviseFormat,
): string => renderers[format](report);
