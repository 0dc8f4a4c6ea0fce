import * as vscode from "vscode";
import type { AnalyzeLimits } from "../../app/database.ts";

export type EditorSwitch = "codeLens" | "hover" | "diagnostics";

/** `planlens.<name>.enabled`, on unless it was switched off. */
export function isEnabled(name: EditorSwitch, uri: vscode.Uri): boolean {
  return vscode.workspace
    .getConfiguration("planlens", uri)
    .get<boolean>(`${name}.enabled`, true);
}

function milliseconds(name: string, fallback: number): number {
  const value: unknown = vscode.workspace
    .getConfiguration("planlens")
    .get(name);
  return typeof value === "number" && value > 0 ? Math.round(value) : fallback;
}

/** Limits of a statement that is run; the fallbacks are those that the consent dialog of the design names. */
export const analyzeLimits = (): AnalyzeLimits => ({
  statementTimeoutMs: milliseconds("analyze.statementTimeoutMs", 30_000),
  lockTimeoutMs: milliseconds("analyze.lockTimeoutMs", 2_000),
});

export const slowQueryLimit = (): number =>
  milliseconds("slowQueries.limit", 100);
