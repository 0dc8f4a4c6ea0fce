import * as vscode from "vscode";
import type { WhyNotAnswer } from "../../app/why-not.ts";
import type { Cause } from "../../core/advice/why-not/cause.ts";
import { sayText } from "../../core/words.ts";
import { escapeMarkdown } from "./markdown-text.ts";
import type { EditorStatement } from "./statements.ts";

/** Marks the tokens until the text changes or the next answer comes; each tells its cause on hover. */
export interface WhyNotMarks {
  readonly dispose: () => void;
  readonly show: (statement: EditorStatement, answer: WhyNotAnswer) => void;
}

function markOf(
  { document, start }: EditorStatement,
  { span, sentence }: Cause,
): vscode.DecorationOptions[] {
  if (span === undefined) return [];
  const range = new vscode.Range(
    document.positionAt(start + span.start),
    document.positionAt(start + span.end),
  );
  const text = escapeMarkdown(sayText(sentence, vscode.l10n.t));
  return [{ range, hoverMessage: new vscode.MarkdownString(text) }];
}

export function createWhyNotMarks(): WhyNotMarks {
  const kind = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor(
      "editor.findMatchHighlightBackground",
    ),
    textDecoration: "underline",
    overviewRulerColor: new vscode.ThemeColor(
      "editorOverviewRuler.findMatchForeground",
    ),
  });
  const clear = (document?: vscode.TextDocument): void => {
    for (const editor of vscode.window.visibleTextEditors)
      if (document === undefined || editor.document === document)
        editor.setDecorations(kind, []);
  };
  const watching = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    clear(document);
  });
  return {
    show: (statement, { causes }) => {
      clear();
      const { document, start, text } = statement;
      // A mark on a text that was changed meanwhile would be a lie.
      if (!document.getText().startsWith(text, start)) return;
      const marks = causes.flatMap((cause) => markOf(statement, cause));
      for (const editor of vscode.window.visibleTextEditors)
        if (editor.document === document) editor.setDecorations(kind, marks);
    },
    dispose: () => {
      vscode.Disposable.from(watching, kind).dispose();
    },
  };
}
