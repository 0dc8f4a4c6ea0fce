import * as vscode from "vscode";
import type { PlanView } from "../../protocol/messages.ts";
import type { PanelSource } from "../panel/plan-view.ts";

/** Marks in the editor what the chosen operation evaluates, and the table it reads. */
export interface Highlighter extends vscode.Disposable {
  readonly show: (
    source: PanelSource,
    marks: PlanView["marks"],
    nodeId: number,
  ) => void;
  readonly clear: () => void;
}

const themed = (id: string): vscode.ThemeColor => new vscode.ThemeColor(id);

function editorOf(source: PanelSource): vscode.TextEditor | undefined {
  return vscode.window.visibleTextEditors.find(
    (editor) => editor.document.uri.toString() === source.uri,
  );
}

export function createHighlighter(): Highlighter {
  const condition = vscode.window.createTextEditorDecorationType({
    backgroundColor: themed("editor.findMatchHighlightBackground"),
    textDecoration: "underline",
    overviewRulerColor: themed("editorOverviewRuler.findMatchForeground"),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
  });
  const table = vscode.window.createTextEditorDecorationType({
    border: "1px dashed",
    borderColor: themed("editor.foreground"),
  });
  const clear = (): void => {
    for (const editor of vscode.window.visibleTextEditors) {
      editor.setDecorations(condition, []);
      editor.setDecorations(table, []);
    }
  };
  return {
    show: (source, marks, nodeId) => {
      clear();
      const editor = editorOf(source);
      if (editor === undefined) return;
      const { document } = editor;
      const start = currentOffset(document, source);
      if (start === undefined) return;
      const ranges = (kind: "condition" | "table"): vscode.Range[] =>
        marks
          .filter((mark) => mark.nodeId === nodeId && mark.kind === kind)
          .map(
            ({ span }) =>
              new vscode.Range(
                document.positionAt(start + span.start),
                document.positionAt(start + span.end),
              ),
          );
      const conditions = ranges("condition");
      const tables = ranges("table");
      editor.setDecorations(condition, conditions);
      editor.setDecorations(table, tables);
      const first = tables[0] ?? conditions[0];
      if (first !== undefined)
        editor.revealRange(
          first,
          vscode.TextEditorRevealType.InCenterIfOutsideViewport,
        );
    },
    clear,
    dispose: () => {
      condition.dispose();
      table.dispose();
    },
  };
}

/** Where the statement stands now; undefined when it was changed since, for then no mark would be true. */
function currentOffset(
  document: vscode.TextDocument,
  source: PanelSource,
): number | undefined {
  const text = document.getText();
  if (text.startsWith(source.text, source.offset)) return source.offset;
  const found = text.indexOf(source.text);
  return found === -1 ? undefined : found;
}
