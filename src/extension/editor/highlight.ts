import * as vscode from "vscode";
import type { PlanView } from "../../protocol/messages.ts";
import type { PanelSource } from "../panel/plan-view.ts";

/** Marks in the editor what the chosen operation evaluates, and the table it reads. */
export interface Highlighter {
  readonly dispose: () => void;
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

function rangesOf(
  document: vscode.TextDocument,
  start: number,
  marks: PlanView["marks"],
): vscode.Range[] {
  return marks.map(
    ({ span }) =>
      new vscode.Range(
        document.positionAt(start + span.start),
        document.positionAt(start + span.end),
      ),
  );
}

function createDecorations(): Readonly<
  Record<"condition" | "table", vscode.TextEditorDecorationType>
> {
  return {
    condition: vscode.window.createTextEditorDecorationType({
      backgroundColor: themed("editor.findMatchHighlightBackground"),
      textDecoration: "underline",
      overviewRulerColor: themed("editorOverviewRuler.findMatchForeground"),
      overviewRulerLane: vscode.OverviewRulerLane.Center,
    }),
    table: vscode.window.createTextEditorDecorationType({
      border: "1px dashed",
      borderColor: themed("editor.foreground"),
    }),
  };
}

export function createHighlighter(): Highlighter {
  const decorations = createDecorations();
  const kinds = ["condition", "table"] as const;
  const clear = (): void => {
    for (const editor of vscode.window.visibleTextEditors)
      for (const kind of kinds) editor.setDecorations(decorations[kind], []);
  };
  return {
    clear,
    show: (source, marks, nodeId) => {
      clear();
      const editor = editorOf(source);
      const start = editor && currentOffset(editor.document, source);
      if (editor === undefined || start === undefined) return;
      const mine = marks.filter((mark) => mark.nodeId === nodeId);
      for (const kind of kinds) {
        const marked = mine.filter((mark) => mark.kind === kind);
        const ranges = rangesOf(editor.document, start, marked);
        editor.setDecorations(decorations[kind], ranges);
        const [first] = ranges;
        if (first !== undefined)
          editor.revealRange(
            first,
            vscode.TextEditorRevealType.InCenterIfOutsideViewport,
          );
      }
    },
    dispose: () => {
      for (const kind of kinds) decorations[kind].dispose();
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
