import * as vscode from "vscode";
import type { StartDemo } from "./demo-host.ts";

/** Starts the demo under the extension's own storage, with a progress notification that can cancel it. */
export function createDemoStarter(context: vscode.ExtensionContext): StartDemo {
  const asset = (...parts: string[]): string =>
    vscode.Uri.joinPath(context.extensionUri, "dist", ...parts).fsPath;
  return async (signal) => {
    const { startDemo } = await import("../../adapters/demo/start-demo.ts");
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("Demo database"),
      cancellable: true,
    };
    return vscode.window.withProgress(options, async (progress, token) => {
      const abort = new AbortController();
      const cancel = token.onCancellationRequested(() => {
        abort.abort();
      });
      let done = 0;
      try {
        return await startDemo({
          folder: vscode.Uri.joinPath(context.globalStorageUri, "demo").fsPath,
          serverScript: asset("demo-server.js"),
          assetsFolder: asset("demo"),
          signal: AbortSignal.any([signal, abort.signal]),
          onProgress: (step) => {
            const percent = (100 * step.done) / Math.max(step.of, 1);
            progress.report({
              message: step.step,
              increment: Math.max(0, percent - done),
            });
            done = Math.max(done, percent);
          },
        });
      } finally {
        cancel.dispose();
      }
    });
  };
}
