import type { Text } from "../../core/words.ts";
import * as vscode from "vscode";
import type { Suggestion } from "../../core/advice/suggestion.ts";
import type { Catalog } from "../../core/catalog.ts";
import { renderMigration } from "../../core/migrations/catalogue.ts";
import {
  type Conflict,
  findConflicts,
  needsConcurrently,
} from "../../core/migrations/conflicts.ts";
import type {
  Migration,
  WorkspaceListing,
} from "../../core/migrations/migration.ts";
import { conflictWords } from "./conflict-words.ts";
import { reasonFor } from "./migration-reason.ts";
import { askRunner, findRunner, type RunnerChoice } from "./runner-choice.ts";
import { listWorkspace } from "./workspace-listing.ts";

/** A migration that is not written yet. */
export interface MigrationDraft {
  readonly workspace: vscode.Uri;
  readonly migration: Migration;
  /** One sentence each. */
  readonly conflicts: readonly string[];
}

export interface DraftRequest {
  readonly suggestion: Suggestion;
  readonly catalog: Catalog;
  /** Document the statement stands in; it decides between the folders of a workspace. */
  readonly near: vscode.Uri;
}

export function workspaceOf(near: vscode.Uri): vscode.Uri | undefined {
  return (
    vscode.workspace.getWorkspaceFolder(near) ??
    vscode.workspace.workspaceFolders?.[0]
  )?.uri;
}

const conflictsOf = (
  { suggestion, catalog }: DraftRequest,
  listing: WorkspaceListing,
): readonly Conflict[] =>
  findConflicts(listing, catalog, suggestion.index, suggestion.name);

function render(
  request: DraftRequest,
  choice: RunnerChoice,
  listing: WorkspaceListing,
): Migration {
  const { suggestion } = request;
  return renderMigration(choice.runner, {
    index: suggestion.index,
    name: suggestion.name,
    folder: choice.folder,
    concurrently: needsConcurrently(conflictsOf(request, listing)),
    now: new Date(),
    listing,
    reason: reasonFor(suggestion),
  });
}

/** First file that would be written for each suggestion, when no question has to be asked for it. */
export async function foreseeTargets(
  requests: readonly DraftRequest[],
  memory: vscode.Memento,
): Promise<
  readonly {
    readonly suggestion: Suggestion;
    readonly runner: RunnerChoice["runner"];
    readonly path: string;
    readonly notes: readonly Text[];
  }[]
> {
  const [any] = requests;
  const workspace = any === undefined ? undefined : workspaceOf(any.near);
  if (workspace === undefined) return [];
  const listing = await listWorkspace(workspace);
  const choice = findRunner(memory, workspace, listing);
  if (choice === undefined) return [];
  return requests.flatMap((request) => {
    const { files, notes } = render(request, choice, listing);
    const [first] = files;
    const { suggestion } = request;
    const { runner } = choice;
    return first === undefined
      ? []
      : [{ suggestion, runner, path: first.path, notes }];
  });
}

/** The listing as it will be once the migration is written: the next one's number goes on from there. */
const listingWith = (
  listing: WorkspaceListing,
  { files }: Migration,
): WorkspaceListing => ({
  paths: [...listing.paths, ...files.map(({ path }) => path)],
  contents: {
    ...listing.contents,
    ...Object.fromEntries(files.map(({ path, content }) => [path, content])),
  },
});

/** One migration per request, each numbered after the one before. */
function renderAll(
  requests: readonly DraftRequest[],
  choice: RunnerChoice,
  first: WorkspaceListing,
): Omit<MigrationDraft, "workspace"> {
  let listing = first;
  const migrations: Migration[] = [];
  const conflicts: string[] = [];
  for (const request of requests) {
    conflicts.push(...conflictsOf(request, listing).map(conflictWords));
    const migration = render(request, choice, listing);
    migrations.push(migration);
    listing = listingWith(listing, migration);
  }
  return {
    migration: {
      runner: choice.runner,
      files: migrations.flatMap(({ files }) => files),
      notes: [...new Set(migrations.flatMap(({ notes }) => notes))],
    },
    conflicts: [...new Set(conflicts)],
  };
}

/** Renders the files for the workspace's own tool, asking for it where the files do not say. Undefined when the person left. */
export async function draftMigrations(
  requests: readonly DraftRequest[],
  memory: vscode.Memento,
): Promise<MigrationDraft | undefined> {
  const [any] = requests;
  if (any === undefined) return undefined;
  const workspace = workspaceOf(any.near);
  if (workspace === undefined) {
    await vscode.window.showWarningMessage(
      vscode.l10n.t(
        "Open a folder first: a migration is written into the workspace.",
      ),
    );
    return undefined;
  }
  const listing = await listWorkspace(workspace);
  const choice =
    findRunner(memory, workspace, listing) ??
    (await askRunner(memory, workspace, listing));
  if (choice === undefined) return undefined;
  return { workspace, ...renderAll(requests, choice, listing) };
}
