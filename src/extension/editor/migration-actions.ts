import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Catalog } from "../../core/catalog.ts";
import type { Suggestion } from "../../core/advice/suggestion.ts";
import type { Explainer } from "./explainer.ts";
import { describeFailure } from "./finding-words.ts";
import { draftMigration, workspaceOf } from "./migration-draft.ts";
import type { MigrationFiles } from "./migration-files.ts";
import { askRunner } from "./runner-choice.ts";
import type { EditorStatement } from "./statements.ts";
import { listWorkspace } from "./workspace-listing.ts";

export interface MigrationActionNeeds {
  readonly explainer: Explainer;
  readonly files: MigrationFiles;
  readonly memory: vscode.Memento;
}

/** From a suggestion to a file. */
export interface MigrationActions {
  /** Best suggestion of a statement, or the one at `at`: previewed, then written. */
  readonly forStatement: (
    statement: EditorStatement,
    profile: ConnectionProfile,
    at: number,
  ) => Promise<void>;
  /** Resolves to the path when it was written. */
  readonly forSuggestion: (
    chosen: {
      readonly suggestion: Suggestion;
      readonly catalog: Catalog;
      readonly near: vscode.Uri;
    },
    how: "preview" | "write",
  ) => Promise<string | undefined>;
  readonly chooseFolder: (near: vscode.Uri | undefined) => Promise<void>;
}

async function adviseWithProgress(
  needs: MigrationActionNeeds,
  statement: EditorStatement,
  profile: ConnectionProfile,
): Promise<ReturnType<Explainer["advise"]>> {
  const controller = new AbortController();
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Window,
      title: vscode.l10n.t("Looking for an index on {0}", profile.name),
    },
    () => needs.explainer.advise(profile, statement.text, controller.signal),
  );
}

async function confirmConflicts(
  conflicts: readonly string[],
): Promise<boolean> {
  if (conflicts.length === 0) return true;
  const write = vscode.l10n.t("Write Anyway");
  const answer = await vscode.window.showWarningMessage(
    conflicts.join(" "),
    { modal: true },
    write,
  );
  return answer === write;
}

export function createMigrationActions(
  needs: MigrationActionNeeds,
): MigrationActions {
  const forSuggestion: MigrationActions["forSuggestion"] = async (
    chosen,
    how,
  ) => {
    const draft = await draftMigration(chosen, needs.memory);
    if (draft === undefined) return undefined;
    if (how === "preview") return needs.files.preview(draft);
    return (await confirmConflicts(draft.conflicts))
      ? needs.files.write(draft)
      : undefined;
  };
  return {
    forSuggestion,
    forStatement: async (statement, profile, at) => {
      const { text, document } = statement;
      const planned = needs.explainer.peek(profile, text);
      const advice = await adviseWithProgress(needs, statement, profile);
      const known = planned ?? needs.explainer.peek(profile, text);
      if (!advice.ok || known?.ok !== true) {
        const { what, next } = advice.ok
          ? { what: "", next: "" }
          : describeFailure(advice.error, profile.name);
        void vscode.window.showWarningMessage(`${what} ${next}`.trim());
        return;
      }
      const suggestion = advice.value.suggestions[at];
      if (suggestion === undefined) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t(
            "No index makes this query cheaper; {0} tried.",
            advice.value.rejected.length,
          ),
        );
        return;
      }
      await forSuggestion(
        {
          suggestion,
          catalog: known.value.explained.catalog,
          near: document.uri,
        },
        "preview",
      );
    },
    chooseFolder: async (near) => {
      const workspace =
        near === undefined
          ? vscode.workspace.workspaceFolders?.[0]?.uri
          : workspaceOf(near);
      if (workspace === undefined) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t(
            "Open a folder first: a migration is written into the workspace.",
          ),
        );
        return;
      }
      await askRunner(needs.memory, workspace, await listWorkspace(workspace));
    },
  };
}
