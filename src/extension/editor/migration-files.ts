import path from "node:path";
import * as vscode from "vscode";
import type { MigrationDraft } from "./migration-draft.ts";
import { previewScheme, renderPreview } from "./migration-preview.ts";
import { createPreviewTurns, type PreviewTurn } from "./preview-turns.ts";
import { runnerTitle } from "./runner-choice.ts";

/** Shows drafts, writes them, and takes them back. */
export interface MigrationFiles {
  readonly dispose: () => void;
  /** Opens the files as one text, and asks. Resolves to the first path when they were written. */
  readonly preview: (draft: MigrationDraft) => Promise<string | undefined>;
  /** Writes at once. Resolves to the first path. */
  readonly write: (draft: MigrationDraft) => Promise<string | undefined>;
  /** The person said yes in the preview that is open. */
  readonly confirm: () => void;
}

const targetOf = (draft: MigrationDraft, file: string): vscode.Uri =>
  vscode.Uri.joinPath(draft.workspace, ...file.split("/"));

async function isThere(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

async function applyFiles(draft: MigrationDraft): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const file of draft.migration.files) {
    const uri = targetOf(draft, file.path);
    if (await isThere(uri)) {
      await vscode.window.showWarningMessage(
        vscode.l10n.t("{0} exists already; nothing was written.", file.path),
      );
      return false;
    }
    edit.createFile(uri, {
      overwrite: false,
      contents: new TextEncoder().encode(file.content),
    });
  }
  return vscode.workspace.applyEdit(edit);
}

/** Takes back only what still reads as it was written. */
async function undo(draft: MigrationDraft): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  for (const file of draft.migration.files) {
    const uri = targetOf(draft, file.path);
    if (!(await isThere(uri))) continue;
    const text = new TextDecoder().decode(
      await vscode.workspace.fs.readFile(uri),
    );
    if (text === file.content)
      edit.deleteFile(uri, { ignoreIfNotExists: true });
    else
      await vscode.window.showWarningMessage(
        vscode.l10n.t("{0} was edited since; it is left as it is.", file.path),
      );
  }
  await vscode.workspace.applyEdit(edit);
}

async function tellWritten(draft: MigrationDraft): Promise<void> {
  const [first] = draft.migration.files;
  if (first === undefined) return;
  const open = vscode.l10n.t("Open");
  const back = vscode.l10n.t("Undo");
  const name = nameOf(first.path);
  const { length } = draft.migration.files;
  const answer = await vscode.window.showInformationMessage(
    length > mostNamed
      ? vscode.l10n.t(
          "Migrations written: {0} files, the first is {1}. Nothing was applied yet.",
          length,
          name,
        )
      : vscode.l10n.t("Migration written: {0}. Nothing was applied yet.", name),
    open,
    back,
  );
  if (answer === open)
    await vscode.window.showTextDocument(targetOf(draft, first.path));
  if (answer === back) await undo(draft);
}

// A question with more names than these is not read.
const mostNamed = 3;

const nameOf = (file: string): string => file.split("/").at(-1) ?? file;

function questionFor(draft: MigrationDraft): string {
  const { migration, conflicts } = draft;
  const [first, ...others] = migration.files;
  const tool = runnerTitle(migration.runner);
  const folder = first?.path.split("/").slice(0, -1).join("/") ?? "";
  if (others.length > mostNamed)
    return [
      vscode.l10n.t(
        "Write {0} files for {1} into {2}?",
        migration.files.length,
        tool,
        folder,
      ),
      ...conflicts,
    ].join(" ");
  const names = [
    first?.path ?? "",
    ...others.map((file) => nameOf(file.path)),
  ].join(", ");
  // What the tool's ways mean for the file stands in the file and in the panel.
  return [vscode.l10n.t("Write {0} for {1}?", names, tool), ...conflicts].join(
    " ",
  );
}

async function closePreview(): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputText &&
        input.uri.scheme === previewScheme,
    );
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

/** Named for people, since it is the tab's title; the ending chooses the language. */
function previewUri({ migration: { files } }: MigrationDraft): vscode.Uri {
  const first = nameOf(files[0]?.path ?? "");
  const title =
    files.length > mostNamed
      ? `${vscode.l10n.t("Preview: {0} files", files.length)}${path.extname(first)}`
      : vscode.l10n.t("Preview: {0}", first);
  return vscode.Uri.from({ scheme: previewScheme, path: `/${title}` });
}

async function openPreview(draft: MigrationDraft): Promise<void> {
  const document = await vscode.workspace.openTextDocument(previewUri(draft));
  await vscode.window.showTextDocument(document, {
    preview: false,
    viewColumn: vscode.ViewColumn.One,
  });
}

async function ask(draft: MigrationDraft): Promise<boolean> {
  const write = vscode.l10n.t("Write Migration");
  const show =
    draft.conflicts.length > 0
      ? vscode.window.showWarningMessage
      : vscode.window.showInformationMessage;
  const answer = await show(
    questionFor(draft),
    write,
    vscode.l10n.t("Discard"),
  );
  return answer === write;
}

/** A question that is answered after a later preview took its place writes nothing, and says so. */
async function askFor(
  draft: MigrationDraft,
  turn: PreviewTurn,
): Promise<"confirmed" | "discarded"> {
  const isWanted = await ask(draft);
  if (isWanted && !turn.isCurrent())
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        "Another preview took the place of this one, so nothing was written. Ask for the migration again.",
      ),
    );
  return isWanted ? "confirmed" : "discarded";
}

async function write(
  draft: MigrationDraft,
  report: (error: unknown) => void,
): Promise<string | undefined> {
  if (!(await applyFiles(draft))) return undefined;
  // Its buttons may wait for long; the caller does not.
  tellWritten(draft).catch(report);
  return draft.migration.files[0]?.path;
}

/** `report` hears what breaks in the notice after writing, for which nobody waits. */
export function createMigrationFiles(
  report: (error: unknown) => void,
): MigrationFiles {
  const turns = createPreviewTurns<MigrationDraft>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const providing = vscode.workspace.registerTextDocumentContentProvider(
    previewScheme,
    {
      onDidChange: changed.event,
      provideTextDocumentContent: () =>
        renderPreview(turns.current()?.migration.files ?? []),
    },
  );
  return {
    write: (draft) => write(draft, report),
    preview: async (draft) => {
      const turn = turns.begin(draft);
      // What an earlier preview showed is not what its question would write now.
      await closePreview();
      changed.fire(previewUri(draft));
      if (turn.isCurrent()) await openPreview(draft);
      if (!turn.isCurrent()) return undefined;
      const answer = await Promise.race([turn.outcome, askFor(draft, turn)]);
      if (!turn.isCurrent()) return undefined;
      await closePreview();
      turn.end();
      return answer === "confirmed" ? write(draft, report) : undefined;
    },
    confirm: turns.confirm,
    dispose: () => {
      providing.dispose();
      changed.dispose();
    },
  };
}
