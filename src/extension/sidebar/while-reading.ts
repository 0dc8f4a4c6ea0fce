import * as vscode from "vscode";

/** Draws the bar of work under way over a view. */
export const whileReadingIn =
  (viewId: string) =>
  <Value>(work: () => Promise<Value>): PromiseLike<Value> =>
    vscode.window.withProgress({ location: { viewId } }, work);
