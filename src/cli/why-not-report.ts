import type { WhyNotAnswer } from "../app/why-not.ts";
import type { Cause } from "../core/advice/why-not/cause.ts";
import { formatBytes, formatCost } from "../core/format.ts";
import type { TextSpan } from "../core/text-span.ts";
import { english, sayText } from "../core/words.ts";
import { lineOf } from "./explain-files.ts";

/** One statement of a file. */
export interface AskedStatement {
  readonly file: string;
  /** One-based line of its first character. */
  readonly line: number;
  readonly text: string;
}

interface Place {
  readonly line: number;
  /** One-based, in UTF-16 units. */
  readonly column: number;
  readonly text: string;
  /** The line on which it begins, and how far it goes there. */
  readonly source: string;
  readonly length: number;
}

function placeOf({ text, line }: AskedStatement, span: TextSpan): Place {
  const from = text.lastIndexOf("\n", span.start - 1) + 1;
  const end = text.indexOf("\n", from);
  const to = end < 0 ? text.length : end;
  return {
    line: line + lineOf(text, span.start) - 1,
    column: span.start - from + 1,
    text: text.slice(span.start, span.end),
    source: text.slice(from, to),
    length: Math.max(1, Math.min(span.end, to) - span.start),
  };
}

/** The line with its token underlined. */
function renderPlace(place: Place): string {
  const number = String(place.line);
  const margin = " ".repeat(number.length);
  const indent = place.source
    .slice(0, place.column - 1)
    .replace(/[^\t]/gu, " ");
  return [
    `     ${number} | ${place.source}`,
    `     ${margin} | ${indent}${"^".repeat(place.length)}`,
  ].join("\n");
}

function renderCause(
  statement: AskedStatement,
  cause: Cause,
  at: number,
): string {
  const said = `  ${at + 1}. ${sayText(cause.sentence, english)}`;
  return cause.span === undefined
    ? said
    : `${said}\n${renderPlace(placeOf(statement, cause.span))}`;
}

function renderFigures({ evidence, sizeBytes, exists }: WhyNotAnswer): string {
  const parts = [
    `cost ${formatCost(evidence.costChosen)}`,
    ...(evidence.costWithIndex === undefined
      ? []
      : [`with the index ${formatCost(evidence.costWithIndex)}`]),
    ...(sizeBytes === undefined
      ? []
      : [`index ${exists ? "" : "about "}${formatBytes(sizeBytes)}`]),
  ];
  return parts.join(" · ");
}

/** For people: the answer, its figures, and each cause with its token underlined. */
export function renderWhyNotText(
  statement: AskedStatement,
  answer: WhyNotAnswer,
): string {
  return [
    `${statement.file}:${statement.line}  ${sayText(answer.sentence, english)}`,
    `  ${renderFigures(answer)}`,
    ...answer.causes.map((cause, at) => renderCause(statement, cause, at)),
  ].join("\n");
}

function causeJson(statement: AskedStatement, cause: Cause): unknown {
  const place = cause.span && placeOf(statement, cause.span);
  return {
    kind: cause.kind,
    sentence: sayText(cause.sentence, english),
    token: place && {
      text: place.text,
      line: place.line,
      column: place.column,
    },
    indexKey: cause.indexKey,
    ...cause.evidence,
  };
}

/** For programs; keys are stable, lines and columns start at 1. */
export function renderWhyNotJson(
  statement: AskedStatement,
  answer: WhyNotAnswer,
): string {
  const { index, exists, sizeBytes, isUsed, sentence, evidence } = answer;
  return JSON.stringify(
    {
      file: statement.file,
      line: statement.line,
      index: { name: index.name, table: index.table, exists, sizeBytes },
      used: isUsed,
      sentence: sayText(sentence, english),
      costChosen: evidence.costChosen,
      costWithIndex: evidence.costWithIndex,
      causes: answer.causes.map((cause) => causeJson(statement, cause)),
    },
    undefined,
    2,
  );
}
