import * as vscode from "vscode";
import type { JudgedIndex } from "../../../core/advice/index-use.ts";
import { useWords, verdictWords } from "./index-words.ts";

const indexScheme = "planlens-index";

/** Read-only documents with the definitions of indexes. */
export interface IndexDocuments {
  readonly show: (judged: JudgedIndex, window: string) => Promise<void>;
  readonly dispose: () => void;
}

const render = (judged: JudgedIndex, window: string, nowMs: number): string =>
  [
    ...[verdictWords(judged), useWords(judged.index, nowMs), window].map(
      (line) => `-- ${line}`,
    ),
    `${judged.index.definition};`,
    "",
  ].join("\n");

export function createIndexDocuments(now: () => number): IndexDocuments {
  // The one that is shown; a preview tab is reused anyway.
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const providing = vscode.workspace.registerTextDocumentContentProvider(
    indexScheme,
    {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? "",
    },
  );
  return {
    show: async (judged, window) => {
      const { schema, name } = judged.index;
      const uri = vscode.Uri.from({
        scheme: indexScheme,
        path: `/${schema}.${name}.sql`,
      });
      texts.set(uri.toString(), render(judged, window, now()));
      changed.fire(uri);
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.languages.setTextDocumentLanguage(document, "sql");
      await vscode.window.showTextDocument(document, { preview: true });
    },
    dispose: () => {
      providing.dispose();
      changed.dispose();
      texts.clear();
    },
  };
}
