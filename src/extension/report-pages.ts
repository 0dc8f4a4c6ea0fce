import * as vscode from "vscode";

const reportScheme = "planlens-report";

/** Read-only pages that are made on request and shown rendered, beside the editor. */
export interface ReportPages {
  readonly dispose: () => void;
  /** A page of this name that is open already shows the new text. */
  readonly show: (name: string, markdown: string) => Promise<void>;
}

/** Beside a text; from a page or panel, which stand beside one already, in their place. */
async function open(uri: vscode.Uri): Promise<void> {
  const isInText = vscode.window.activeTextEditor !== undefined;
  try {
    await vscode.commands.executeCommand(
      isInText ? "markdown.showPreviewToSide" : "markdown.showPreview",
      uri,
    );
  } catch {
    // The Markdown preview is an extension of its own, and can be switched off.
    await vscode.window.showTextDocument(uri, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    });
  }
}

export function createReportPages(): ReportPages {
  const pages = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const providing = vscode.workspace.registerTextDocumentContentProvider(
    reportScheme,
    {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => pages.get(uri.path) ?? "",
    },
  );
  return {
    show: async (name, markdown) => {
      const uri = vscode.Uri.from({
        scheme: reportScheme,
        path: `/${name.replace(/[\\/:*?"<>|]+/gu, "")}.md`,
      });
      pages.set(uri.path, markdown);
      changed.fire(uri);
      await open(uri);
    },
    dispose: () => {
      providing.dispose();
      changed.dispose();
      pages.clear();
    },
  };
}
