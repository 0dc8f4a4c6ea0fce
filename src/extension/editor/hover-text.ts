import type { ConnectionProfile } from "../../app/connection.ts";
import type { Advice, Suggestion } from "../../core/advice/suggestion.ts";
import { renderCreateIndex } from "../../core/advice/render-ddl.ts";
import type { Finding } from "../../core/findings/finding.ts";
import {
  formatBytes,
  formatCost,
  formatCount,
  formatShare,
} from "../../core/format.ts";
import { sayText, type Translate } from "../../core/words.ts";
import { commandTable, type StatementPlace } from "../command-ids.ts";
import { isProvableOnCopy } from "../twin/provable-on-copy.ts";
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
  /** Nobody said whether the statistics may be copied, on which suggestions could be proven. */
  readonly isCopyOpen: boolean;
  readonly profile: ConnectionProfile;
  readonly place: StatementPlace;
  readonly nowMs: number;
  readonly t: Translate;
}

function ageWords(ageMs: number, t: Translate): string {
  const seconds = Math.round(ageMs / 1000);
  if (seconds < 2) return t("planned just now");
  return seconds < 60
    ? t("planned {0} s ago", String(seconds))
    : t("planned {0} min ago", String(Math.round(seconds / 60)));
}

function figuresLine(content: HoverContent): string {
  const { t } = content;
  const { estimate } = content.planned.explained.plan.root;
  const parts = [
    estimate === undefined
      ? undefined
      : t(
          "cost {0}, about {1} rows",
          formatCost(estimate.totalCost),
          formatCount(estimate.rowsPerLoop),
        ),
    t(
      "{0} on {1}",
      ageWords(content.nowMs - content.planned.plannedAt, t),
      content.profile.name,
    ),
    parameterWords(content.planned.explained.parameters, t),
  ].filter((part) => part !== undefined);
  return t("Statement: {0}", escapeMarkdown(parts.join(" · ")));
}

function findingLine({ findings, t }: HoverContent): string {
  const [worst] = findings;
  if (worst === undefined)
    return escapeMarkdown(t("Nothing stands out in this plan."));
  const share =
    worst.share > 0
      ? ` ${t("{0} of the cost.", formatShare(worst.share))}`
      : "";
  return `${sentenceMarkdown(worst.sentence, t)}${escapeMarkdown(share)}`;
}

function suggestionLines(
  suggestion: Suggestion,
  t: Translate,
): readonly string[] {
  const gain = gainWords(suggestion, t);
  const title =
    gain === undefined ? t("Create an index") : t("Create an index: {0}", gain);
  const size =
    suggestion.sizeBytes === undefined
      ? ""
      : ` · ${formatBytes(suggestion.sizeBytes)}`;
  const proof = `${proofWords(suggestion.proof, t)} (${proofDetail(suggestion.proof, t)})${size}`;
  const ddl = renderCreateIndex(suggestion.index, suggestion.name, {
    concurrently: suggestion.refusesConcurrently !== true,
  });
  return [
    `**${escapeMarkdown(title)}**, ${escapeMarkdown(proof)}`,
    renderCodeBlock(ddl, "sql"),
  ];
}

function adviceLines({ advice, t }: HoverContent): readonly string[] {
  if (advice === undefined) return [escapeMarkdown(t("Looking for an index…"))];
  const notes = (advice.notes ?? []).map((note) =>
    escapeMarkdown(sayText(note, t)),
  );
  const [best] = advice.suggestions;
  if (best !== undefined) return [...suggestionLines(best, t), ...notes];
  if (advice.rejected.length === 0) return notes;
  const none = t(
    "No index makes this query cheaper; {0} tried.",
    String(advice.rejected.length),
  );
  return [escapeMarkdown(none), ...notes];
}

function copyLines({
  advice,
  isCopyOpen,
  profile,
  t,
}: HoverContent): readonly string[] {
  if (!isCopyOpen || advice === undefined || !isProvableOnCopy(advice))
    return [];
  const allow = renderCommandLink(
    t("Allow copying…"),
    commandTable.askToCopy,
    profile.id,
  );
  return [
    `${escapeMarkdown(t("A copy of the statistics would prove what is suggested."))} ${allow}`,
  ];
}

function linkLine(content: HoverContent): string {
  const { t } = content;
  const [worst] = content.findings;
  const links = [
    renderCommandLink(t("Open plan"), commandTable.explain, content.place),
  ];
  if ((content.advice?.suggestions.length ?? 0) > 0)
    links.unshift(
      renderCommandLink(
        t("Write migration"),
        commandTable.writeMigration,
        content.place,
      ),
    );
  if (worst !== undefined)
    links.push(
      renderCommandLink(
        t("About {0}", worst.rule),
        commandTable.openRule,
        worst.rule,
      ),
    );
  return links.join(" &nbsp; ");
}

/** Finding, figures, best suggestion, links; at most twelve lines (look.md). Every part that a user or server wrote is escaped. */
export function renderHover(content: HoverContent): string {
  const head = `${findingLine(content)}  \n${figuresLine(content)}`;
  const advice = [...adviceLines(content), ...copyLines(content)].join("\n\n");
  return [head, advice, linkLine(content)]
    .filter((part) => part !== "")
    .join("\n\n---\n\n");
}

/** One quiet sentence instead of figures. */
export function renderQuiet(sentence: string): string {
  return escapeMarkdown(sentence);
}
