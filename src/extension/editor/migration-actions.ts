import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Catalog } from "../../core/catalog.ts";
import type { Suggestion } from "../../core/advice/suggestion.ts";
import type { WrittenSuggestion } from "../calibration.ts";
import type { Explainer } from "./explainer.ts";
import { describeFailure } from "./finding-words.ts";
import {
  draftMigrations,
  workspaceOf,
  type MigrationDraft,
} from "./migration-draft.ts";
import type { MigrationFiles } from "./migration-files.ts";
import { askRunner } from "./runner-choice.ts";
import type { EditorStatement } from "./statements.ts";
import { listWorkspace } from "./workspace-listing.ts";

export interface MigrationActionNeeds {
  readonly explainer: Explainer;
  readonly files: MigrationFiles;
  readonly memory: vscode.Memento;
  readonly written: (written: readonly WrittenSuggestion[]) => void;
}

/** A suggestion, what it is about, and the file it is wanted for. */
export interface SuggestionPlace {
  readonly suggestion: Suggestion;
  readonly catalog: Catalog;
  readonly near: vscode.Uri;
  /** The statement it was made for, where it was made for one; its promise is kept. */
  readonly made?: Pick<WrittenSuggestion, "explained" | "profile">;
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
    chosen: SuggestionPlace,
    how: "preview" | "write",
  ) => Promise<string | undefined>;
  /** Several at once: one migration each, previewed and written together. Resolves to the first path. */
  readonly forSuggestions: (
    chosen: readonly SuggestionPlace[],
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

/** The suggestion asked for, or a sentence why there is none. */
async function findSuggestion(
  needs: MigrationActionNeeds,
  asked: { readonly statement: EditorStatement; readonly at: number },
  profile: ConnectionProfile,
): Promise<SuggestionPlace | string> {
  const { statement, at } = asked;
  const advice = await adviseWithProgress(needs, statement, profile);
  if (!advice.ok) {
    const { what, next } = describeFailure(
      advice.error,
      profile.name,
      vscode.l10n.t,
    );
    return `${what} ${next}`;
  }
  const known = await needs.explainer.plan(
    profile,
    statement.text,
    new AbortController().signal,
  );
  const suggestion = advice.value.suggestions[at];
  return suggestion === undefined || !known.ok
    ? vscode.l10n.t(
        "No index makes this query cheaper; {0} tried.",
        advice.value.rejected.length,
      )
    : {
        suggestion,
        catalog: known.value.explained.catalog,
        near: statement.document.uri,
        made: { explained: known.value.explained, profile },
      };
}

async function chooseFolder(
  memory: vscode.Memento,
  near: vscode.Uri | undefined,
): Promise<void> {
  const workspace =
    near === undefined
      ? vscode.workspace.workspaceFolders?.[0]?.uri
      : workspaceOf(near);
  if (workspace === undefined)
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        "Open a folder first: a migration is written into the workspace.",
      ),
    );
  else await askRunner(memory, workspace, await listWorkspace(workspace));
}

async function bringAbout(
  files: MigrationFiles,
  draft: MigrationDraft,
  how: "preview" | "write",
): Promise<string | undefined> {
  if (how === "preview") return files.preview(draft);
  return (await confirmConflicts(draft.conflicts))
    ? files.write(draft)
    : undefined;
}

export function createMigrationActions(
  needs: MigrationActionNeeds,
): MigrationActions {
  const forSuggestions: MigrationActions["forSuggestions"] = async (
    chosen,
    how,
  ) => {
    const draft = await draftMigrations(chosen, needs.memory);
    if (draft === undefined) return undefined;
    const path = await bringAbout(needs.files, draft, how);
    if (path !== undefined)
      needs.written(
        chosen.flatMap(({ suggestion, made }) =>
          made === undefined ? [] : [{ suggestion, ...made }],
        ),
      );
    return path;
  };
  const forSuggestion: MigrationActions["forSuggestion"] = (chosen, how) =>
    forSuggestions([chosen], how);
  return {
    forSuggestion,
    forSuggestions,
    forStatement: async (statement, profile, at) => {
      const found = await findSuggestion(needs, { statement, at }, profile);
      if (typeof found === "string")
        void vscode.window.showInformationMessage(found);
      else await forSuggestion(found, "preview");
    },
    chooseFolder: (near) => chooseFolder(needs.memory, near),
  };
}
