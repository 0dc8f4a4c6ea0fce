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
import { sayText, type Text, type Translate } from "../../core/words.ts";
import type { Finding } from "../../core/findings/finding.ts";
import { findMarks } from "../../core/plan/marks.ts";
import type { PlanView, SuggestionView } from "../../protocol/messages.ts";
import { shownEnvironment } from "../connections/shown-environment.ts";
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
  readonly copy?: PlanView["copy"];
  readonly server: string;
  readonly remarks: readonly string[];
  readonly ran: string;
  readonly target: (suggestion: Suggestion) => MigrationTarget | undefined;
  readonly t: Translate;
}

const roleWords = (
  role: IndexDefinition["keys"][number]["role"],
  t: Translate,
): string =>
  ({
    equality: t("equality"),
    join: t("join"),
    sort: t("sort"),
    range: t("range"),
    group: t("group"),
    containment: t("containment"),
    textSearch: t("text search"),
    prefix: t("prefix"),
    pattern: t("pattern"),
    nearest: t("nearest"),
    any: t("any, the condition finds the rows"),
  })[role];

const rejectionWords = (
  reason: RejectedCandidate["reason"],
  t: Translate,
): string =>
  ({
    notUsed: t("the planner does not use it"),
    smallGain: t("gains too little"),
    weaker: t("gains less than the suggestion"),
    exists: t("exists already"),
    covered: t("a wider index covers it"),
    failed: t("could not be tried"),
  })[reason];

/** A partial index looks like a whole one without its condition. */
function keyTextOf(index: IndexDefinition): string {
  const where =
    index.predicate === undefined ? "" : ` WHERE ${index.predicate}`;
  return `${renderIndexKey(index)}${where}`;
}

const otherView = (
  {
    index,
    costAfter,
    estimatedBytes,
    isSmallest,
    isCheapestToWrite,
  }: Alternative,
  t: Translate,
): SuggestionView["others"][number] => ({
  keyText: keyTextOf(index),
  costAfter,
  sizeBytes: estimatedBytes,
  note: [
    ...(isSmallest ? [t("smallest")] : []),
    ...(isCheapestToWrite ? [t("cheapest to write")] : []),
  ].join(", "),
});

/** What is told of a suggestion only where it was tried. */
function triedParts(
  { upkeep, makesRedundant = [], alternatives = [] }: Suggestion,
  t: Translate,
): Pick<SuggestionView, "upkeep" | "replaces" | "others"> {
  return {
    upkeep: upkeep && {
      buildMs: upkeep.estimatedBuildMs,
      entriesWritten: upkeep.entriesWritten,
      hotUpdatesAtRisk: upkeep.hotUpdatesAtRisk,
    },
    replaces: makesRedundant,
    others: alternatives.map((other) => otherView(other, t)),
  };
}

/** What is cheaper still did not lose for its cost. */
function rejectedView(
  { index, costAfter, reason }: RejectedCandidate,
  winner: Suggestion,
  t: Translate,
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
        ? t("gains hardly more than the simpler one")
        : rejectionWords(reason, t),
  };
}

const shownDdl = ({ index, name, refusesConcurrently }: Suggestion): string =>
  renderCreateIndex(index, name, {
    concurrently: refusesConcurrently !== true,
  });

const keyView = (
  { text, descending, role }: IndexDefinition["keys"][number],
  t: Translate,
): SuggestionView["keys"][number] => ({
  text: descending ? `${text} DESC` : text,
  role: roleWords(role, t),
});

function suggestionView(
  suggestion: Suggestion,
  id: number,
  parts: PlanViewParts,
): SuggestionView {
  const { index, proof } = suggestion;
  const { t } = parts;
  const keyText = renderIndexKey(index);
  const target = parts.target(suggestion);
  const tried = triedParts(suggestion, t);
  const helping = new Set(tried.others.map((other) => other.keyText));
  return {
    ...tried,
    id,
    title: t("Index on {0} {1}", index.table, keyText),
    keyText,
    table: index.table,
    keys: index.keys.map((key) => keyView(key, t)),
    predicate: index.predicate,
    proof: proof.kind,
    proofDetail: proofDetail(proof, t),
    costBefore: suggestion.costBefore,
    costAfter: suggestion.costAfter,
    sizeBytes: suggestion.sizeBytes,
    why: sayText(suggestion.why, t),
    ddl: shownDdl(suggestion),
    runner: target?.runner,
    path: target?.path,
    notes: target?.notes.map((note) => sayText(note, t)) ?? [
      t(
        "If the build fails, an INVALID index of this name is left: drop it, then run the migration again.",
      ),
    ],
    rejected: parts.advice.rejected
      .map((candidate) => rejectedView(candidate, suggestion, t))
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
    ...(parts.copy === undefined ? {} : { copy: parts.copy }),
    query: {
      text: source.text,
      firstLine: source.firstLine,
      sourceLabel: source.label,
    },
    connection: {
      name: source.profile.name,
      environment: shownEnvironment(source.profile),
      server: parts.server,
    },
    noAnalyze: noAnalyzeWords(source.profile, parts.t),
    remarks: parts.remarks,
    adviceNotes: (parts.advice.notes ?? []).map((note) =>
      sayText(note, parts.t),
    ),
    ran: parts.ran,
    parameters: parameterWords(explained.parameters, parts.t),
    marks: findMarks(explained.plan, explained.statement),
  };
}
