import type {
  ExplainedStatement,
  ExplainFailure,
} from "../app/explain-statement.ts";
import type { Trouble } from "../app/wording.ts";
import { renderCreateIndex } from "../core/advice/render-ddl.ts";
import type { Proof, Suggestion } from "../core/advice/suggestion.ts";
import { renderSentence } from "../core/findings/sentence.ts";
import { english, sayText } from "../core/words.ts";
import {
  formatBytes,
  formatChange,
  formatCost,
  formatCount,
} from "../core/format.ts";
import type { TextSpan } from "../core/text-span.ts";
import type { PlanNode } from "../core/plan/plan.ts";
import { renderPlanText } from "../core/plan/render-text.ts";
import type { ParameterHandling } from "../app/database.ts";
import type { Result } from "../core/result.ts";
import { renderPlace } from "./place.ts";
import { printable } from "./printable.ts";
import type { FileStatement } from "./sql-files.ts";
import {
  describeDatabaseError,
  describeParseFailure,
  sayTrouble,
} from "./wording.ts";

/** One statement of a file and what became of it. */
export interface StatementReport extends FileStatement {
  readonly outcome: Result<ExplainedStatement, ExplainFailure>;
  /** Where in the text the failure lies. */
  readonly failedAt: number | undefined;
}

export interface TextOptions {
  readonly connection: string;
  readonly summary: boolean;
}

/** A text on one line, cut at a width. */
export const oneLine = (text: string, width: number): string => {
  const flat = printable(text.replace(/\s+/g, " ").trim());
  return flat.length <= width ? flat : `${flat.slice(0, width - 1)}…`;
};

const indent = (text: string, by: string): string => text.replace(/^/gm, by);

/** Why a statement has no plan. */
export function describeFailure(
  failure: ExplainFailure,
  connection: string,
): Trouble {
  switch (failure.kind) {
    case "parse":
      return describeParseFailure(failure.failure);
    case "database":
      return describeDatabaseError(failure.error, connection);
    case "plan":
      return {
        what: `The server's plan could not be read: ${sayText(failure.detail, english)}`,
        next: "Report the plan's JSON.",
      };
  }
}

function describeProof(proof: Proof): string {
  switch (proof.kind) {
    case "measured":
      return `measured (${sayText(proof.how, english)})`;
    case "planner":
      return `proven by the planner (${sayText(proof.how, english)})`;
    case "twin":
      return `proven on a statistics twin (${sayText(proof.how, english)})`;
    case "heuristic":
      return `heuristic (${sayText(proof.reason, english)})`;
  }
}

function describeParameters(handling: ParameterHandling): string | undefined {
  switch (handling.kind) {
    case "none":
      return undefined;
    case "genericPlan":
      return "generic plan for any parameters";
    case "prepared":
      return "generic plan of a prepared statement";
    case "fromStatistics":
      return `planned with typical values: ${handling.values.join(", ")}`;
    case "given":
      return "planned with the values given";
  }
}

function suggestionLines(suggestion: Suggestion): string {
  const { costBefore, costAfter, sizeBytes, upkeep } = suggestion;
  const bytes = sizeBytes ?? upkeep?.estimatedBytes;
  const facts = [
    ...(costBefore === undefined || costAfter === undefined
      ? []
      : [`cost ${formatChange(costBefore, costAfter)}`]),
    ...(bytes === undefined ? [] : [`about ${formatBytes(bytes)}`]),
    describeProof(suggestion.proof),
  ];
  const ddl = renderCreateIndex(suggestion.index, suggestion.name, {
    concurrently: suggestion.refusesConcurrently !== true,
  });
  const why = sayText(suggestion.why, english);
  return `Create index: ${facts.join(", ")}\n    ${ddl.replace(/\n/g, "\n    ")}\n    ${why}`;
}

/** Indexes planned together are told together: the first one's cost does not hold without the others. */
const belongsToFirst = (
  suggestion: Suggestion,
  first: Suggestion | undefined,
): boolean =>
  suggestion === first ||
  (suggestion.planAfter !== undefined &&
    suggestion.planAfter === first?.planAfter);

/** None for a statement that writes and hands out nothing: its estimate of 0 is not what it writes. */
function describeRows({ kind, estimate }: PlanNode): readonly string[] {
  const rows = estimate?.rowsPerLoop;
  if (kind === "modifyTable" && rows === 0) return [];
  return [`about ${formatCount(rows)} ${rows === 1 ? "row" : "rows"}`];
}

function explainedLines(
  explained: ExplainedStatement,
  options: TextOptions,
): string[] {
  const estimate = explained.plan.root.estimate;
  const handling = describeParameters(explained.parameters);
  const figures = [
    `cost ${formatCost(estimate?.totalCost)}`,
    ...describeRows(explained.plan.root),
    ...(handling === undefined ? [] : [handling]),
  ].join(" · ");
  const findings = explained.findings
    .slice(0, options.summary ? 1 : 3)
    .map(
      (finding) =>
        `${renderSentence(finding.sentence, english)} [${finding.rule}]`,
    );
  const suggestions = explained.advice.suggestions
    .filter((suggestion, _at, all) =>
      options.summary ? belongsToFirst(suggestion, all[0]) : true,
    )
    .map(suggestionLines);
  const plan = options.summary
    ? []
    : [`Plan:\n${indent(renderPlanText(explained.plan), "    ")}`];
  return [figures, ...findings, ...suggestions, ...plan];
}

/** The word or sign that stands there. */
function tokenAt(text: string, at: number): TextSpan {
  const [token = ""] = /^(?:[\w$]+|"[^"]*"|\S)/u.exec(text.slice(at)) ?? [];
  return { start: at, end: at + token.length };
}

/** One statement as text for a terminal. */
export function renderStatement(
  report: StatementReport,
  options: TextOptions,
): string {
  const head = `${report.file}:${report.line}  ${oneLine(report.text, 90)}`;
  if (report.outcome.ok) {
    return [
      head,
      ...explainedLines(report.outcome.value, options).map(
        (line) => `  ${line}`,
      ),
    ].join("\n");
  }
  const trouble = describeFailure(report.outcome.error, options.connection);
  return [
    head,
    `  ${sayTrouble(trouble)}`,
    ...(report.failedAt === undefined
      ? []
      : [renderPlace(report, tokenAt(report.text, report.failedAt))]),
  ].join("\n");
}

/** The command line speaks English, to people and to programs. */
const englishProof = (proof: Proof): object =>
  proof.kind === "heuristic"
    ? { kind: proof.kind, reason: sayText(proof.reason, english) }
    : { kind: proof.kind, how: sayText(proof.how, english) };

function jsonOutcome(report: StatementReport, connection: string): object {
  if (!report.outcome.ok) {
    return {
      error: {
        kind: report.outcome.error.kind,
        ...describeFailure(report.outcome.error, connection),
      },
    };
  }
  const { plan, findings, advice, parameters } = report.outcome.value;
  return {
    cost: plan.root.estimate?.totalCost,
    estimatedRows: plan.root.estimate?.rowsPerLoop,
    parameters,
    findings: findings.map((finding) => ({
      rule: finding.rule,
      severity: finding.severity,
      share: finding.share,
      sentence: renderSentence(finding.sentence, english),
      nodeId: finding.nodeId,
      span: finding.span,
    })),
    suggestions: advice.suggestions.map((suggestion) => ({
      ddl: renderCreateIndex(suggestion.index, suggestion.name, {
        concurrently: suggestion.refusesConcurrently !== true,
      }),
      name: suggestion.name,
      costBefore: suggestion.costBefore,
      costAfter: suggestion.costAfter,
      sizeBytes: suggestion.sizeBytes,
      proof: englishProof(suggestion.proof),
      why: sayText(suggestion.why, english),
    })),
    plan: plan.source,
  };
}

/** The whole run as one JSON document; `version` grows when a field changes its meaning. */
export function renderJson(
  reports: readonly StatementReport[],
  connection: string,
  server: string,
): string {
  const statements = reports.map((report) => ({
    file: report.file,
    line: report.line,
    text: report.text,
    ...jsonOutcome(report, connection),
  }));
  return JSON.stringify(
    { version: 1, connection, server, statements },
    undefined,
    2,
  );
}
