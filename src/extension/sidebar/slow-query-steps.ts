import * as vscode from "vscode";
import { commandTable, type CommandName } from "../command-ids.ts";
import type { Step } from "./slow-query-state.ts";

const shown: Readonly<
  Record<
    Step["step"],
    {
      readonly title: () => string;
      readonly icon: string;
      readonly command: CommandName;
    }
  >
> = {
  copy: {
    title: () => vscode.l10n.t("Copy Statement"),
    icon: "copy",
    command: "copySlowQueryRemedy",
  },
  refresh: {
    title: () => vscode.l10n.t("Refresh"),
    icon: "refresh",
    command: "refreshSlowQueries",
  },
  log: {
    title: () => vscode.l10n.t("Show Log"),
    icon: "output",
    command: "showLog",
  },
};

/** The step as a row that does it when clicked. */
export function itemForStep({ step }: Step): vscode.TreeItem {
  const { title, icon, command } = shown[step];
  const item = new vscode.TreeItem(title());
  item.id = `step/${step}`;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = "step";
  item.command = { title: title(), command: commandTable[command] };
  return item;
}
