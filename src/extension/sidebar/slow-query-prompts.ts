import * as vscode from "vscode";
import type { SlowQueryOrder } from "./slow-query-words.ts";

/** Undefined when the person turned away. */
export async function askOrder(
  now: SlowQueryOrder,
): Promise<SlowQueryOrder | undefined> {
  const orders: readonly {
    readonly label: string;
    readonly order: SlowQueryOrder;
  }[] = [
    { label: vscode.l10n.t("Total time"), order: "total" },
    { label: vscode.l10n.t("Mean time"), order: "mean" },
    { label: vscode.l10n.t("Calls"), order: "calls" },
  ];
  const chosen = await vscode.window.showQuickPick(
    orders.map((item) =>
      item.order === now
        ? { ...item, description: vscode.l10n.t("now") }
        : item,
    ),
    { title: vscode.l10n.t("Sort slow queries by") },
  );
  return chosen?.order;
}

/** The filter as it was when the person turned away. */
export async function askFilter(now: string): Promise<string> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Filter slow queries"),
    prompt: vscode.l10n.t("Part of the query's text"),
    value: now,
  });
  return text ?? now;
}
