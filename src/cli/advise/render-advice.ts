import { renderCreateIndex } from "../../core/advice/render-ddl.ts";
import type { Proof } from "../../core/advice/suggestion.ts";
import type { AdvisedWorkload, Ending } from "../../app/advise-workload.ts";
import type {
  AdvisedIndex,
  WorkloadAdvice,
} from "../../core/advice/workload/workload-advice.ts";
import { formatBytes, formatChange, formatCost } from "../../core/format.ts";
import { english, sayText } from "../../core/words.ts";
import type { AdviseFormat } from "./arguments.ts";

/** An advice with what only the command line knows. */
export interface AdviceReport {
  readonly advice: AdvisedWorkload;
  readonly elapsedMs: number;
  readonly notes: readonly string[];
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

const notesOf = ({ advice, notes }: AdviceReport): readonly string[] => [
  ...notes,
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

function renderJson(report: AdviceReport): string {
  const { advice, elapsedMs } = report;
  const indexes = advice.indexes.map((advised) => ({
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
  }));
  const body = {
    baselineCost: advice.baselineCost,
    cost: advice.cost,
    relativeCost: relativeCost(advice),
    sizeBytes: advice.sizeBytes,
    explains: advice.plannings,
    elapsedMs: Math.round(elapsedMs),
    ended: advice.ending.kind,
    indexes,
    queries: advice.queries,
    frontier: advice.frontier.map(({ bytes, cost }) => ({ bytes, cost })),
    leftOut: advice.leftOut.map(({ name, reason }) => ({
      name,
      reason: sayText(reason, english),
    })),
    notes: notesOf(report),
  };
  return JSON.stringify(body, undefined, 2);
}

const queryList = (advised: AdvisedIndex, most: number): string => {
  const names = advised.queries
    .toSorted(
      (a, b) =>
        b.weight * (b.before - b.after) - a.weight * (a.before - a.after),
    )
    .map(({ name, before, after }) => `${name} ${formatChange(before, after)}`);
  const more = names.length - most;
  return (
    names.slice(0, most).join(", ") + (more > 0 ? `, and ${more} more` : "")
  );
};

const headline = ({ advice, elapsedMs }: AdviceReport): string => {
  const percent = Math.round((1 - relativeCost(advice)) * 1000) / 10;
  const seconds = Math.round(elapsedMs / 100) / 10;
  const queries = counted(advice.queries.length, "query", "queries");
  const indexes = counted(advice.indexes.length, "index", "indexes");
  const explains = counted(advice.plannings, "EXPLAIN", "EXPLAINs");
  return `Cost of ${queries} ${formatCost(advice.baselineCost)} → ${formatCost(advice.cost)} (−${percent} %) with ${indexes} of ${formatBytes(advice.sizeBytes)}; ${explains}, ${seconds} s.`;
};

const nothingToGain =
  "No index would make this workload cheaper by enough to be worth its bytes and its writes.";

function renderText(report: AdviceReport): string {
  const { advice } = report;
  const indexes = advice.indexes.map((advised) =>
    [
      ddlOf(advised) + ";",
      `    ${formatBytes(advised.sizeBytes)}, saves ${formatCost(advised.gain)}${advised.upkeep > 0 ? `, costs writes ${formatCost(advised.upkeep)}` : ""}; ${describeProof(advised.proof)}`,
      `    ${sayText(advised.why, english)}`,
      `    ${queryList(advised, 5)}`,
      ...advised.replaces.map(
        ({ schema, name }) => `    makes ${schema}.${name} superfluous`,
      ),
    ].join("\n"),
  );
  const leftOut = advice.leftOut.map(
    ({ name, reason }) => `Left out: ${name}: ${sayText(reason, english)}`,
  );
  const blocks = [
    advice.indexes.length === 0 && advice.queries.length > 0
      ? nothingToGain
      : headline(report),
    ...indexes,
    leftOut.join("\n"),
    notesOf(report).join("\n"),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** A comment to the end of the line: names hold whatever they like, also line breaks. */
const comment = (text: string): string =>
  `-- ${text.replaceAll(/[\n\r]+/g, " ")}`;

function renderSql(report: AdviceReport): string {
  const { indexes, leftOut } = report.advice;
  const lines = indexes.flatMap((advised) => [
    comment(
      `${formatBytes(advised.sizeBytes)}, saves ${formatCost(advised.gain)}: ${sayText(advised.why, english)}`,
    ),
    ...advised.replaces.map(({ schema, name }) =>
      comment(`Makes ${schema}.${name} superfluous.`),
    ),
    `${ddlOf(advised)};`,
  ]);
  return [
    comment(headline(report)),
    ...lines,
    ...leftOut.map(({ name, reason }) =>
      comment(`Left out: ${name}: ${sayText(reason, english)}`),
    ),
    ...notesOf(report).map(comment),
  ].join("\n");
}

const cell = (text: string): string =>
  text.replaceAll("|", String.raw`\|`).replaceAll("\n", " ");

function renderMarkdown(report: AdviceReport): string {
  const { advice } = report;
  const rows = advice.indexes.map(
    (advised) =>
      `| \`${cell(ddlOf(advised))}\` | ${formatBytes(advised.sizeBytes)} | ${formatCost(advised.gain)} | ${cell(queryList(advised, 3))} | ${advised.proof.kind} |`,
  );
  const leftOut = advice.leftOut.map(
    ({ name, reason }) => `- \`${name}\`: ${cell(sayText(reason, english))}`,
  );
  return [
    headline(report),
    "",
    "| Index | Size | Saves | Queries | Proof |",
    "| --- | ---: | ---: | --- | --- |",
    ...rows,
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
