import type { WhyNotAnswer } from "../app/why-not.ts";
import type { Cause } from "../core/advice/why-not/cause.ts";
import { formatBytes, formatCost } from "../core/format.ts";
import { english, sayText } from "../core/words.ts";
import { placeOf, renderPlace } from "./place.ts";
import type { FileStatement } from "./sql-files.ts";

function renderCause(
  statement: FileStatement,
  cause: Cause,
  at: number,
): string {
  const said = `  ${at + 1}. ${sayText(cause.sentence, english)}`;
  return cause.span === undefined
    ? said
    : `${said}\n${renderPlace(statement, cause.span)}`;
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
  statement: FileStatement,
  answer: WhyNotAnswer,
  notes: readonly string[],
): string {
  return [
    `${statement.file}:${statement.line}  ${sayText(answer.sentence, english)}`,
    `  ${renderFigures(answer)}`,
    ...answer.causes.map((cause, at) => renderCause(statement, cause, at)),
    ...notes.map((note) => `  ${note}`),
  ].join("\n");
}

function causeJson(statement: FileStatement, cause: Cause): unknown {
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
  statement: FileStatement,
  answer: WhyNotAnswer,
  notes: readonly string[],
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
      note: notes.length === 0 ? undefined : notes.join(" "),
      causes: answer.causes.map((cause) => causeJson(statement, cause)),
    },
    undefined,
    2,
  );
}
