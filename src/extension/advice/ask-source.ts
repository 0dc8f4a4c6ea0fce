import * as vscode from "vscode";
import type { WorkloadSource } from "./advice-record.ts";

const memoryKey = "planlens.adviceSource";

interface SourceItem extends vscode.QuickPickItem {
  readonly source: WorkloadSource;
}

const items = (): SourceItem[] => [
  {
    source: "files",
    label: vscode.l10n.t("SQL files of this workspace"),
    detail: vscode.l10n.t("Every query counts once; migrations are left out"),
  },
  {
    source: "server",
    label: vscode.l10n.t("Queries that the server counted"),
    detail: vscode.l10n.t("From pg_stat_statements, weighted by calls"),
  },
  {
    source: "both",
    label: vscode.l10n.t("Both"),
    detail: vscode.l10n.t(
      "A query of a file has the calls that the server counted for it",
    ),
  },
];

/** Asks where the queries come from; what was chosen last stands first. Undefined when the person turned away. */
export async function askSource(
  memory: vscode.Memento,
): Promise<WorkloadSource | undefined> {
  const last = memory.get<unknown>(memoryKey);
  const offered = items()
    .map((item) =>
      item.source === last
        ? { ...item, description: vscode.l10n.t("as last time") }
        : item,
    )
    .toSorted(
      (one, other) =>
        Number(other.source === last) - Number(one.source === last),
    );
  const chosen = await vscode.window.showQuickPick(offered, {
    title: vscode.l10n.t("Which queries shall the indexes be for?"),
    placeHolder: vscode.l10n.t("The queries are planned, none is run"),
  });
  if (chosen !== undefined) await memory.update(memoryKey, chosen.source);
  return chosen?.source;
}
