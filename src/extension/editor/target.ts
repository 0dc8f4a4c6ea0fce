import * as vscode from "vscode";
import { parsePlace } from "../command-ids.ts";
import {
  isSqlDocument,
  type EditorStatement,
  type StatementDocuments,
} from "./statements.ts";

async function atPlace(
  statements: StatementDocuments,
  place: { readonly uri: string; readonly offset: number },
): Promise<EditorStatement | undefined> {
  const document = await vscode.workspace.openTextDocument(
    vscode.Uri.parse(place.uri, true),
  );
  return statements.at(document, place.offset);
}

function atCursor(
  statements: StatementDocuments,
): EditorStatement | string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || !isSqlDocument(editor.document)) return undefined;
  const { document, selection } = editor;
  const start = document.offsetAt(selection.start);
  const end = document.offsetAt(selection.end);
  const touched = statements
    .spans(document)
    .filter((span) => span.start < end && span.end > start);
  if (!selection.isEmpty && touched.length > 1)
    return vscode.l10n.t(
      "One statement at a time. The selection holds {0}; nothing was sent.",
      touched.length,
    );
  return statements.at(document, document.offsetAt(selection.active));
}

/** The statement a command is about: the one it was given, else the one at the cursor. Tells the person when there is none. */
export async function findTarget(
  statements: StatementDocuments,
  argument: unknown,
): Promise<EditorStatement | undefined> {
  const place = parsePlace(argument);
  const found =
    place === undefined
      ? atCursor(statements)
      : await atPlace(statements, place);
  if (found !== undefined && typeof found !== "string") return found;
  void vscode.window.showInformationMessage(
    found ?? vscode.l10n.t("Put the cursor in a statement of an SQL file."),
  );
  return undefined;
}
