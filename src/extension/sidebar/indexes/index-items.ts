import * as vscode from "vscode";
import { formatBytes, formatChange } from "../../../core/format.ts";
import { fullKey } from "../../advice/advice-view.ts";
import { commandTable, type CommandName } from "../../command-ids.ts";
import { proofWords } from "../../editor/finding-words.ts";
import { escapeMarkdown, renderCodeBlock } from "../../editor/markdown-text.ts";
import type { JudgedIndex } from "../../../core/advice/index-use.ts";
import {
  isSuperfluous,
  rowId,
  type IndexFacts,
  type IndexRow,
  type SuggestedIndex,
} from "./index-rows.ts";
import { findingWords, useWords, verdictWords } from "./index-words.ts";

/** What an item is drawn from. */
export interface ItemParts {
  readonly facts: IndexFacts;
  /** By which counters was judged. */
  readonly window: string;
  readonly nowMs: number;
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

const commandFor = (
  name: CommandName,
  title: string,
  row: IndexRow,
): vscode.Command => ({
  command: commandTable[name],
  title,
  arguments: [row],
});

function group(
  row: IndexRow,
  label: string,
  count: number,
  icon: string,
): vscode.TreeItem {
  const item = new vscode.TreeItem(
    label,
    row.kind === "existing" ? Collapsed : Expanded,
  );
  item.description = String(count);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.accessibilityInformation = { label: `${label}, ${String(count)}` };
  return item;
}

function suggestedItem(
  { suggestion, from }: SuggestedIndex,
  row: IndexRow,
): vscode.TreeItem {
  const { index, proof, costBefore, costAfter, sizeBytes } = suggestion;
  const item = new vscode.TreeItem(`${index.table} ${fullKey(index)}`);
  const change =
    /\((.*)\)/u.exec(formatChange(costBefore, costAfter))?.[1] ?? "";
  item.description = [change, formatBytes(sizeBytes)]
    .filter((part) => part !== "")
    .join(" · ");
  item.iconPath = new vscode.ThemeIcon("lightbulb");
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(
    [
      from === "workspace"
        ? vscode.l10n.t("From the last advice for the workspace")
        : vscode.l10n.t("Suggested for a statement"),
      proofWords(proof, vscode.l10n.t),
    ].join(" · "),
  );
  item.tooltip = tooltip;
  item.contextValue = "suggested";
  item.command = commandFor(
    "previewSuggestedIndex",
    vscode.l10n.t("Preview Migration"),
    row,
  );
  return item;
}

function tooltipOf(
  judged: JudgedIndex,
  parts: ItemParts,
): vscode.MarkdownString {
  const { index } = judged;
  const said = [
    verdictWords(judged),
    useWords(index, parts.nowMs),
    parts.window,
  ].map(escapeMarkdown);
  return new vscode.MarkdownString(
    [renderCodeBlock(`${index.definition};`, "sql"), ...said].join("\n\n"),
  );
}

function indexItem(
  judged: JudgedIndex,
  row: IndexRow,
  parts: ItemParts,
): vscode.TreeItem {
  const { index, verdict } = judged;
  const item = new vscode.TreeItem(index.name, None);
  const isFinding = row.kind === "finding";
  item.description = isFinding
    ? [findingWords(verdict), formatBytes(index.sizeBytes)].join(" · ")
    : useWords(index, parts.nowMs);
  item.iconPath = new vscode.ThemeIcon(
    verdict.kind === "invalid"
      ? "error"
      : isSuperfluous(judged)
        ? "warning"
        : index.constraint !== undefined || index.unique
          ? "key"
          : "list-tree",
  );
  item.tooltip = tooltipOf(judged, parts);
  item.contextValue = isFinding ? "index droppable" : "index";
  item.command = commandFor(
    "openIndexDefinition",
    vscode.l10n.t("Open Definition"),
    row,
  );
  item.accessibilityInformation = {
    label: `${index.name}, ${index.table}, ${item.description}, ${verdictWords(judged)}`,
  };
  return item;
}

function tableItem(
  row: Extract<IndexRow, { kind: "table" }>,
  { judged }: IndexFacts,
): vscode.TreeItem {
  const own = judged.filter(
    ({ index }) => index.schema === row.schema && index.table === row.name,
  );
  const bytes = own.reduce((sum, { index }) => sum + index.sizeBytes, 0);
  const item = new vscode.TreeItem(
    row.schema === "public" ? row.name : `${row.schema}.${row.name}`,
    Collapsed,
  );
  item.description = `${String(own.length)} · ${formatBytes(bytes)}`;
  item.iconPath = new vscode.ThemeIcon("table");
  return item;
}

function drawn(row: IndexRow, parts: ItemParts): vscode.TreeItem {
  const { facts } = parts;
  switch (row.kind) {
    case "suggestions":
      return group(
        row,
        vscode.l10n.t("Suggested"),
        facts.suggested.length,
        "lightbulb",
      );
    case "superfluous": {
      const label = vscode.l10n.t("Redundant or unused");
      const { length } = facts.judged.filter(isSuperfluous);
      const item = group(row, label, length, "warning");
      item.tooltip = parts.window;
      return item;
    }
    case "existing":
      return group(
        row,
        vscode.l10n.t("Existing"),
        facts.judged.length,
        "list-tree",
      );
    case "table":
      return tableItem(row, facts);
    case "suggested":
      return suggestedItem(row.suggested, row);
    case "index":
    case "finding":
      return indexItem(row.judged, row, parts);
  }
}

/** The row as the tree shows it. */
export function itemForRow(row: IndexRow, parts: ItemParts): vscode.TreeItem {
  const item = drawn(row, parts);
  item.id = rowId(row);
  return item;
}
