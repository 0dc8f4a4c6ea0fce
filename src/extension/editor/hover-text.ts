import { l10n } from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Advice, Suggestion } from "../../core/advice/suggestion.ts";
import { renderCreateIndex } from "../../core/advice/render-ddl.ts";
import type { Finding } from "../../core/findings/finding.ts";
import { formatBytes, formatCost, formatCount } from "../../core/format.ts";
import { commandTable, type StatementPlace } from "../command-ids.ts";
import type { Planned } from "./explainer.ts";
import {
  gainWords,
  parameterWords,
  proofDetail,
  proofWords,
  sentenceMarkdown,
} from "./finding-words.ts";
import {
  escapeMarkdown,
  renderCodeBlock,
  renderCommandLink,
} from "./markdown-text.ts";

/** All a hover tells. `advice` undefined: still being looked for. */
export interface HoverContent {
  readonly planned: Planned;
  readonly findings: readonly Finding[];
  readonly advice: Advice | undefined;
  readonly profile: ConnectionProfile;
  readonly place: StatementPlace;
  readonly nowMs: number;
}

function ageWords(ageMs: number): string {
  const seconds = Math.round(ageMs / 1000);
  if (seconds < 2) return l10n.t("planned just now");
  return seconds < 60
    ? l10n.t("planned {0} s ago", seconds)
    : l10n.t("planned {0} min ago", Math.round(seconds / 60));
}

function figuresLine(content: HoverContent): string {
  const { estimate } = content.planned.explained.plan.root;
  const parts = [
    estimate === undefined
      ? undefined
      : l10n.t(
          "cost {0}, about {1} rows",
          formatCost(estimate.totalCost),
          formatCount(estimate.rowsPerLoop),
        ),
    l10n.t(
      "{0} on {1}",
      ageWords(content.nowMs - content.planned.plannedAt),
      content.profile.name,
    ),
    parameterWords(content.planned.explained.parameters),
  ].filter((part) => part !== undefined);
  return l10n.t("Statement: {0}", escapeMarkdown(parts.join(" · ")));
}

function findingLine(content: HoverContent): string {
  const [worst] = content.findings;
  if (worst === undefined)
    return escapeMarkdown(l10n.t("Nothing stands out in this plan."));
  const share =
    worst.share > 0
      ? ` ${l10n.t("{0} % of the cost.", Math.round(worst.share * 100))}`
      : "";
  return `${sentenceMarkdown(worst.sentence)}${escapeMarkdown(share)}`;
}

function suggestionLines(suggestion: Suggestion): readonly string[] {
  const gain = gainWords(suggestion);
  const title =
    gain === undefined
      ? l10n.t("Create an index")
      : l10n.t("Create an index: {0}", gain);
  const size =
    suggestion.sizeBytes === undefined
      ? ""
      : ` · ${formatBytes(suggestion.sizeBytes)}`;
  const proof = `${proofWords(suggestion.proof)} (${proofDetail(suggestion.proof)})${size}`;
  const ddl = renderCreateIndex(suggestion.index, suggestion.name, {
    concurrently: suggestion.refusesConcurrently !== true,
  });
  return [
    `**${escapeMarkdown(title)}**, ${escapeMarkdown(proof)}`,
    renderCodeBlock(ddl, "sql"),
  ];
}

function adviceLines(advice: Advice | undefined): readonly string[] {
  if (advice === undefined)
    return [escapeMarkdown(l10n.t("Looking for an index…"))];
  const [best] = advice.suggestions;
  if (best !== undefined) return suggestionLines(best);
  return advice.rejected.length === 0
    ? []
    : [
        escapeMarkdown(
          l10n.t(
            "No index makes this query cheaper; {0} tried.",
            advice.rejected.length,
          ),
        ),
      ];
}

function linkLine(content: HoverContent): string {
  const [worst] = content.findings;
  const links = [
    renderCommandLink(l10n.t("Open plan"), commandTable.explain, content.place),
  ];
  if ((content.advice?.suggestions.length ?? 0) > 0)
    links.unshift(
      renderCommandLink(
        l10n.t("Write migration"),
        commandTable.writeMigration,
        content.place,
      ),
    );
  if (worst !== undefined)
    links.push(
      renderCommandLink(
        l10n.t("About {0}", worst.rule),
        commandTable.openRule,
        worst.rule,
      ),
    );
  return links.join(" &nbsp; ");
}

/** Finding, figures, best suggestion, links; at most twelve lines (look.md). Every part that a user or server wrote is escaped. */
export function renderHover(content: HoverContent): string {
  const head = `${findingLine(content)}  \n${figuresLine(content)}`;
  const advice = adviceLines(content.advice).join("\n\n");
  return [head, advice, linkLine(content)]
    .filter((part) => part !== "")
    .join("\n\n---\n\n");
}

/** One quiet sentence instead of figures. */
export function renderQuiet(sentence: string): string {
  return escapeMarkdown(sentence);
}
