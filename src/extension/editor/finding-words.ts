import type {
  Advice,
  Proof,
  Suggestion,
} from "../../core/advice/suggestion.ts";
import type { Finding, Sentence } from "../../core/findings/finding.ts";
import { renderSentence, sentenceParts } from "../../core/findings/sentence.ts";
import { sayText, type Translate } from "../../core/words.ts";
import { formatChange } from "../../core/format.ts";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { ParameterHandling } from "../../app/database.ts";
import {
  describeDatabaseError,
  describeParseFailure,
  type Trouble,
} from "../../app/wording.ts";
import type { ExplainFailure } from "../../app/explain-statement.ts";
import { escapeMarkdown } from "./markdown-text.ts";

/** The sentence as plain text. */
export function sentenceText(sentence: Sentence, t: Translate): string {
  return renderSentence(sentence, t);
}

/** The sentence as Markdown: escaped, strong values bold. */
export function sentenceMarkdown(sentence: Sentence, t: Translate): string {
  return sentenceParts(sentence, t)
    .map(({ text, strong }) =>
      strong ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text),
    )
    .join("");
}

export function proofWords(proof: Proof, t: Translate): string {
  switch (proof.kind) {
    case "measured":
      return t("measured");
    case "planner":
      return t("proven by the planner");
    case "twin":
      return t("proven on the statistics");
    case "heuristic":
      return t("heuristic");
  }
}

/** `HypoPG 1.4`, or why nothing could prove it. */
export const proofDetail = (proof: Proof, t: Translate): string =>
  sayText(proof.kind === "heuristic" ? proof.reason : proof.how, t);

/** `cost 182k → 3.9k (−98 %)`; undefined when it was not planned. */
export function gainWords(
  suggestion: Suggestion,
  t: Translate,
): string | undefined {
  const { costBefore, costAfter } = suggestion;
  return costBefore === undefined || costAfter === undefined
    ? undefined
    : t("cost {0}", formatChange(costBefore, costAfter));
}

/** What the first suggestion saves, `−98 %`; undefined when unknown. */
export function gainPercent(advice: Advice): string | undefined {
  const [best] = advice.suggestions;
  if (best?.costBefore === undefined || best.costAfter === undefined)
    return undefined;
  const change = formatChange(best.costBefore, best.costAfter);
  return /\(([^)]+)\)$/u.exec(change)?.[1];
}

/** Why a statement cannot be run on this connection; undefined where it can. */
export const noAnalyzeWords = (
  { target }: Pick<ConnectionProfile, "target">,
  t: Translate,
): string | undefined =>
  target.engine === "bundle"
    ? t(
        "A statistics bundle holds no rows: it can plan a statement, but running one would measure nothing.",
      )
    : undefined;

export function parameterWords(
  handling: ParameterHandling,
  t: Translate,
): string | undefined {
  switch (handling.kind) {
    case "none":
      return undefined;
    case "genericPlan":
      return t("generic plan");
    case "prepared":
      return t("prepared with inferred types");
    case "fromStatistics":
      return t(
        "with values from the statistics: {0}",
        handling.values.join(", "),
      );
    case "given":
      return t(
        "with {0}",
        handling.values.map((value) => value ?? "NULL").join(", "),
      );
  }
}

export function describeFailure(
  failure: ExplainFailure,
  connection: string,
  t: Translate,
): Trouble {
  switch (failure.kind) {
    case "parse":
      return describeParseFailure(failure.failure, t);
    case "database":
      return describeDatabaseError(failure.error, connection, t);
    case "plan":
      return {
        what: t("The plan could not be read: {0}", sayText(failure.detail, t)),
        next: t("The log has what the server sent."),
      };
  }
}

/** Highest share first, as ranked by the catalogue; what a comment switched off is left out. */
export function visibleFindings(
  findings: readonly Finding[],
  suppressed: ReadonlySet<string>,
): readonly Finding[] {
  return findings.filter((finding) => !suppressed.has(finding.rule));
}
