import { l10n } from "vscode";
import {
  compare,
  summarize,
  type LevelSummary,
} from "../core/advice/calibration/compare.ts";
import type { Kept, ProofLevel } from "../core/advice/calibration/entry.ts";
import {
  formatBytes,
  formatChange,
  formatCost,
  formatFactor,
} from "../core/format.ts";
import { escapeMarkdown } from "./editor/markdown-text.ts";

function levelWords(level: ProofLevel): string {
  switch (level) {
    case "measured":
      return l10n.t("measured");
    case "planner":
      return l10n.t("proven by the planner");
    case "twin":
      return l10n.t("proven on the statistics");
    case "heuristic":
      return l10n.t("heuristic");
  }
}

/** A row of a table; its cells cannot end it. */
const row = (cells: readonly string[]): string =>
  `| ${cells.map(escapeMarkdown).join(" | ")} |`;

const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] => [
  row(head),
  `|${head.map(() => "---|").join("")}`,
  ...rows.map(row),
  "",
];

const summaryCells = (summary: LevelSummary): readonly string[] => [
  levelWords(summary.proof),
  String(summary.promised),
  String(summary.kept),
  String(summary.used),
  formatFactor(summary.costFactor),
  formatFactor(summary.sizeFactor),
];

function planWords(kept: Kept): string {
  const compared = compare(kept);
  if (compared === undefined) return l10n.t("not seen yet");
  if (!compared.isUsed) return l10n.t("index not used");
  return compared.isSameShape === false
    ? l10n.t("index used, another plan")
    : l10n.t("index used");
}

/** `12.4k (1.1×)`. */
const besides = (text: string, factor: number | undefined): string =>
  factor === undefined ? text : `${text} (${formatFactor(factor)})`;

function keptCells(kept: Kept): readonly string[] {
  const { promise, outcome } = kept;
  const compared = compare(kept);
  return [
    promise.at.slice(0, 10),
    promise.ddl,
    promise.statement,
    levelWords(promise.proof),
    formatChange(promise.costBefore, promise.costAfter),
    besides(formatCost(outcome?.cost), compared?.costFactor),
    formatBytes(promise.sizeBytes),
    besides(formatBytes(outcome?.sizeBytes), compared?.sizeFactor),
    planWords(kept),
  ];
}

const nothingYet = (): string =>
  l10n.t(
    "Nothing was promised yet: writing a suggestion as a migration keeps its promise here, and explaining the statement again after the migration has run compares it.",
  );

const renderLevels = (all: readonly Kept[]): readonly string[] =>
  table(
    [
      l10n.t("Proof"),
      l10n.t("Promised"),
      l10n.t("Built and seen"),
      l10n.t("Used by the plan"),
      l10n.t("Cost off by"),
      l10n.t("Size off by"),
    ],
    summarize(all).map(summaryCells),
  );

const renderAll = (all: readonly Kept[]): readonly string[] =>
  table(
    [
      l10n.t("Date"),
      l10n.t("Index"),
      l10n.t("Statement"),
      l10n.t("Proof"),
      l10n.t("Cost promised"),
      l10n.t("Cost that came"),
      l10n.t("Size promised"),
      l10n.t("Size that came"),
      l10n.t("Plan"),
    ],
    all.toReversed().map(keptCells),
  );

/** The log as a Markdown page; `all` is oldest first, the page newest first. */
export function renderCalibration(all: readonly Kept[]): string {
  const title = l10n.t("What was promised of indexes, and what came");
  const explanation = l10n.t(
    "Errors are factors, the greater figure over the smaller: 1× is a promise kept to the letter. The log stays on this machine and holds no literals.",
  );
  return [
    `# ${escapeMarkdown(title)}`,
    "",
    escapeMarkdown(all.length === 0 ? nothingYet() : explanation),
    "",
    ...(all.length === 0 ? [] : [...renderLevels(all), ...renderAll(all)]),
  ].join("\n");
}
