import { l10n } from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { ExplainedStatement } from "../../app/explain-statement.ts";
import type {
  Advice,
  Alternative,
  IndexDefinition,
  RejectedCandidate,
  Suggestion,
} from "../../core/advice/suggestion.ts";
import {
  renderCreateIndex,
  renderIndexKey,
} from "../../core/advice/render-ddl.ts";
import { sayText, type Text } from "../../core/words.ts";
import type { Finding } from "../../core/findings/finding.ts";
import { findMarks } from "../../core/plan/marks.ts";
import type { PlanView, SuggestionView } from "../../protocol/messages.ts";
import {
  noAnalyzeWords,
  parameterWords,
  proofDetail,
} from "../editor/finding-words.ts";

/** Where the shown statement comes from. */
export interface PanelSource {
  readonly uri: string;
  readonly offset: number;
  readonly text: string;
  /** One-based. */
  readonly firstLine: number;
  readonly label: string;
  readonly profile: ConnectionProfile;
}

/** Where a migration would be written, as far as it is known without asking. */
export interface MigrationTarget {
  readonly runner: string;
  readonly path: string;
  /** What the tool's own ways mean for this file, one sentence each. */
  readonly notes: readonly Text[];
}

export interface PlanViewParts {
  readonly source: PanelSource;
  readonly explained: ExplainedStatement;
  readonly findings: readonly Finding[];
  readonly advice: Advice;
  readonly adviceComing?: true;
  readonly server: string;
  readonly remarks: readonly string[];
  readonly ran: string;
  readonly target: (suggestion: Suggestion) => MigrationTarget | undefined;
}

const roleWords = (role: IndexDefinition["keys"][number]["role"]): string =>
  ({
    equality: l10n.t("equality"),
    join: l10n.t("join"),
    sort: l10n.t("sort"),
    range: l10n.t("range"),
    group: l10n.t("group"),
    containment: l10n.t("containment"),
    textSearch: l10n.t("text search"),
    prefix: l10n.t("prefix"),
    pattern: l10n.t("pattern"),
    nearest: l10n.t("nearest"),
  })[role];

const rejectionWords = (reason: RejectedCandidate["reason"]): string =>
  ({
    notUsed: l10n.t("the planner does not use it"),
    smallGain: l10n.t("gains too little"),
    weaker: l10n.t("gains less than the suggestion"),
    exists: l10n.t("exists already"),
    covered: l10n.t("a wider index covers it"),
    failed: l10n.t("could not be tried"),
  })[reason];

/** A partial index looks like a whole one without its condition. */
function keyTextOf(index: IndexDefinition): string {
  const where =
    index.predicate === undefined ? "" : ` WHERE ${index.predicate}`;
  return `${renderIndexKey(index)}${where}`;
}

const otherView = ({
  index,
  costAfter,
  estimatedBytes,
  isSmallest,
  isCheapestToWrite,
}: Alternative): SuggestionView["others"][number] => ({
  keyText: keyTextOf(index),
  costAfter,
  sizeBytes: estimatedBytes,
  note: [
    ...(isSmallest ? [l10n.t("smallest")] : []),
    ...(isCheapestToWrite ? [l10n.t("cheapest to write")] : []),
  ].join(", "),
});

/** What is told of a suggestion only where it was tried. */
function triedParts({
  upkeep,
  makesRedundant = [],
  alternatives = [],
}: Suggestion): Pick<SuggestionView, "upkeep" | "replaces" | "others"> {
  return {
    upkeep: upkeep && {
      buildMs: upkeep.estimatedBuildMs,
      entriesWritten: upkeep.entriesWritten,
      hotUpdatesAtRisk: upkeep.hotUpdatesAtRisk,
    },
    replaces: makesRedundant,
    others: alternatives.map(otherView),
  };
}

/** What is cheaper still did not lose for its cost. */
function rejectedView(
  { index, costAfter, reason }: RejectedCandidate,
  winner: Suggestion,
): SuggestionView["rejected"][number] {
  const isCheaper =
    costAfter !== undefined &&
    winner.costAfter !== undefined &&
    costAfter <= winner.costAfter;
  return {
    keyText: keyTextOf(index),
    costAfter,
    reason:
      reason === "weaker" && isCheaper
        ? l10n.t("gains hardly more than the simpler one")
        : rejectionWords(reason),
  };
}

const shownDdl = ({ index, name, refusesConcurrently }: Suggestion): string =>
  renderCreateIndex(index, name, {
    concurrently: refusesConcurrently !== true,
  });

function suggestionView(
  suggestion: Suggestion,
  id: number,
  parts: PlanViewParts,
): SuggestionView {
  const { index, proof } = suggestion;
  const keyText = renderIndexKey(index);
  const target = parts.target(suggestion);
  const tried = triedParts(suggestion);
  const helping = new Set(tried.others.map((other) => other.keyText));
  return {
    ...tried,
    id,
    title: l10n.t("Index on {0} {1}", index.table, keyText),
    keyText,
    table: index.table,
    keys: index.keys.map((key) => ({
      text: key.descending ? `${key.text} DESC` : key.text,
      role: roleWords(key.role),
    })),
    predicate: index.predicate,
    proof: proof.kind,
    proofDetail: proofDetail(proof),
    costBefore: suggestion.costBefore,
    costAfter: suggestion.costAfter,
    sizeBytes: suggestion.sizeBytes,
    why: sayText(suggestion.why, l10n.t),
    ddl: shownDdl(suggestion),
    runner: target?.runner,
    path: target?.path,
    notes: target?.notes.map((note) => sayText(note, l10n.t)) ?? [
      l10n.t(
        "If the build fails, an INVALID index of this name is left: drop it, then run the migration again.",
      ),
    ],
    rejected: parts.advice.rejected
      .map((candidate) => rejectedView(candidate, suggestion))
      .filter((rejected) => !helping.has(rejected.keyText)),
  };
}

/** Everything the panel draws, in one message. */
export function buildPlanView(parts: PlanViewParts): PlanView {
  const { source, explained } = parts;
  return {
    plan: explained.plan,
    findings: parts.findings,
    suggestions: parts.advice.suggestions.map((suggestion, id) =>
      suggestionView(suggestion, id, parts),
    ),
    ...(parts.adviceComing === true ? { adviceComing: true } : {}),
    query: {
      text: source.text,
      firstLine: source.firstLine,
      sourceLabel: source.label,
    },
    connection: {
      name: source.profile.name,
      environment: source.profile.environment,
      server: parts.server,
    },
    noAnalyze: noAnalyzeWords(source.profile),
    remarks: parts.remarks,
    ran: parts.ran,
    parameters: parameterWords(explained.parameters),
    marks: findMarks(explained.plan, explained.statement),
  };
}
