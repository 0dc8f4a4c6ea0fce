import type * as vscode from "vscode";

/** For work that nobody waits for: what breaks there is told to the log, and never lost. */
export const reportTo =
  (log: Pick<vscode.LogOutputChannel, "error">): ((error: unknown) => void) =>
  (error) => {
    log.error(error instanceof Error ? error : String(error));
  };
