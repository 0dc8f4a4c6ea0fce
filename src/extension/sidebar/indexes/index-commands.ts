import * as vscode from "vscode";
import type { ConnectionProfile } from "../../../app/connection.ts";
import {
  renderCreateIndex,
  renderDropIndex,
} from "../../../core/advice/render-ddl.ts";
import type { Suggestion } from "../../../core/advice/suggestion.ts";
import type { CommandName } from "../../command-ids.ts";
import type { CommandHandlers } from "../../command-table.ts";
import type { IndexRow } from "./index-rows.ts";
import type { IndexView } from "./index-view.ts";

export interface IndexCommandNeeds {
  readonly view: IndexView;
  /** Previews the migration, then writes it. */
  readonly migrate: (
    suggestion: Suggestion,
    profile: ConnectionProfile,
  ) => Promise<void>;
}

type IndexCommand = Extract<CommandName, `${string}Index${string}`>;

/** What a row stands for as SQL: the index that could be, or the end of the one that is. */
function sqlOf(row: IndexRow | undefined): string | undefined {
  if (row?.kind === "suggested") {
    const { index, name } = row.suggested.suggestion;
    return `${renderCreateIndex(index, name, { concurrently: true })};\n`;
  }
  if (row?.kind !== "finding" && row?.kind !== "index") return undefined;
  const { index } = row.judged;
  // PostgreSQL refuses CONCURRENTLY for an index of a partitioned table.
  const concurrently = !index.isPartitioned;
  return `${renderDropIndex(index, index.name, { concurrently, ifExists: true })};\n`;
}

/** What the rows of the Indexes view can do. */
export function indexHandlers({
  view,
  migrate,
}: IndexCommandNeeds): Pick<CommandHandlers, IndexCommand> {
  const copy = async (argument: unknown): Promise<void> => {
    const sql = sqlOf(view.find(argument));
    if (sql === undefined) return;
    await vscode.env.clipboard.writeText(sql);
    vscode.window.setStatusBarMessage(vscode.l10n.t("Copied"), 3_000);
  };
  return {
    refreshIndexes: view.refresh,
    openIndexDefinition: view.openDefinition,
    copyDropIndex: copy,
    copyCreateIndex: copy,
    previewSuggestedIndex: async (argument) => {
      const row = view.find(argument);
      const profile = view.profile();
      if (row?.kind === "suggested" && profile !== undefined)
        await migrate(row.suggested.suggestion, profile);
    },
  };
}
