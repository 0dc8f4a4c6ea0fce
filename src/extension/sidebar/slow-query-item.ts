import * as vscode from "vscode";
import type { SlowQuery } from "../../app/database.ts";
import { formatCount, formatMs, formatShare } from "../../core/format.ts";
import { commandTable } from "../command-ids.ts";
import { escapeMarkdown, renderCodeBlock } from "../editor/markdown-text.ts";
import {
  cacheHit,
  slowQueryDescription,
  slowQueryLabel,
} from "./slow-query-words.ts";

function tooltip(query: SlowQuery): vscode.MarkdownString {
  const hit = cacheHit(query);
  const figures = [
    vscode.l10n.t("total {0}", formatMs(query.totalMs)),
    vscode.l10n.t(
      "mean {0} ± {1}",
      formatMs(query.meanMs),
      formatMs(query.stddevMs),
    ),
    vscode.l10n.t("longest {0}", formatMs(query.maxMs)),
    vscode.l10n.t("{0} calls", formatCount(query.calls)),
    vscode.l10n.t("{0} rows", formatCount(query.rows)),
    vscode.l10n.t("{0} of blocks from cache", formatShare(hit)),
  ].join(" · ");
  const text =
    query.text.length > 2_000 ? `${query.text.slice(0, 2_000)}…` : query.text;
  return new vscode.MarkdownString(
    `${renderCodeBlock(text, "sql")}\n\n${escapeMarkdown(figures)}`,
  );
}

/** One row of the view; `totalMs` is that of all statements. */
export function itemFor(query: SlowQuery, totalMs: number): vscode.TreeItem {
  const item = new vscode.TreeItem(slowQueryLabel(query.text));
  item.id = query.queryId;
  item.description = slowQueryDescription(query, totalMs);
  item.iconPath = new vscode.ThemeIcon("database");
  item.tooltip = tooltip(query);
  item.contextValue = "slowQuery";
  item.accessibilityInformation = {
    label: `${slowQueryLabel(query.text)}, ${slowQueryDescription(query, totalMs)}`,
  };
  item.command = {
    command: commandTable.openSlowQuery,
    title: vscode.l10n.t("Open"),
    arguments: [query.queryId],
  };
  return item;
}
