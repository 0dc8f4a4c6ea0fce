import { l10n } from "vscode";
import type { WhyNotAnswer } from "../../app/why-not.ts";
import type { Cause } from "../../core/advice/why-not/cause.ts";
import { formatBytes, formatCost, formatCount } from "../../core/format.ts";
import { sayText } from "../../core/words.ts";
import { escapeMarkdown, renderCodeBlock } from "./markdown-text.ts";

function renderToken(
  answer: WhyNotAnswer,
  cause: Cause,
  firstLine: number,
): readonly string[] {
  const { span } = cause;
  if (span === undefined) return [];
  const { original } = answer.statement;
  const above = original.slice(0, span.start).split("\n").length - 1;
  const token = original.slice(span.start, span.end);
  return [
    "",
    `   ${l10n.t("Line {0}:", firstLine + above)}`,
    "",
    renderCodeBlock(token, "sql").replaceAll(/^/gmu, "   "),
  ];
}

function renderFigures(answer: WhyNotAnswer): readonly string[] {
  const { evidence, sizeBytes, exists } = answer;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [l10n.t("Cost of the plan chosen"), formatCost(evidence.costChosen)],
    [
      l10n.t("Cost of the cheapest plan found that reads the index"),
      evidence.costWithIndex === undefined
        ? undefined
        : formatCost(evidence.costWithIndex),
    ],
    [l10n.t("Rows of the table"), formatCount(evidence.tableRows)],
    [
      exists
        ? l10n.t("Size of the index")
        : l10n.t("Size of the index, estimated"),
      sizeBytes === undefined ? undefined : formatBytes(sizeBytes),
    ],
  ];
  const shown = rows.filter(([, value]) => value !== undefined);
  return [
    "| | |",
    "|---|---:|",
    ...shown.map(
      ([label, value]) =>
        `| ${escapeMarkdown(label)} | ${escapeMarkdown(value ?? "")} |`,
    ),
  ];
}

/** Where the statement was planned, and on which line of its file it begins. */
interface WhyNotPlace {
  readonly connection: string;
  /** One-based. */
  readonly firstLine: number;
}

/** The answer as a Markdown page; everything that is not ours is escaped. */
export function renderWhyNot(answer: WhyNotAnswer, place: WhyNotPlace): string {
  return [
    `# ${escapeMarkdown(sayText(answer.sentence, l10n.t))}`,
    "",
    ...answer.causes.flatMap((cause, at) => [
      `${at + 1}. ${escapeMarkdown(sayText(cause.sentence, l10n.t))}`,
      ...renderToken(answer, cause, place.firstLine),
      "",
    ]),
    ...renderFigures(answer),
    "",
    escapeMarkdown(
      l10n.t(
        "Planned on {0}, under changed planner settings too; nothing was run. Cost is the planner's estimate, not time.",
        place.connection,
      ),
    ),
    "",
    renderCodeBlock(answer.statement.original.trim(), "sql"),
    "",
  ].join("\n");
}
