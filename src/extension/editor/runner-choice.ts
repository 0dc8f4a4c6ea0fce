import { sayText } from "../../core/words.ts";
import * as vscode from "vscode";
import { runners } from "../../core/migrations/catalogue.ts";
import { detectRunners } from "../../core/migrations/detect.ts";
import type {
  RunnerId,
  RunnerMatch,
  WorkspaceListing,
} from "../../core/migrations/migration.ts";

/** Which tool's files are written, and where (relative, forward slashes). */
export interface RunnerChoice {
  readonly runner: RunnerId;
  readonly folder: string;
}

const memoryKey = (workspace: vscode.Uri): string =>
  `planlens.migrations:${workspace.toString()}`;

const isRunner = (value: unknown): value is RunnerId =>
  runners.some((runner) => runner.id === value);

export const runnerTitle = (id: RunnerId): string =>
  runners.find((runner) => runner.id === id)?.title ?? id;

function remembered(
  memory: vscode.Memento,
  workspace: vscode.Uri,
): RunnerChoice | undefined {
  const kept = memory.get<unknown>(memoryKey(workspace));
  if (typeof kept !== "object" || kept === null) return undefined;
  const { runner, folder } = kept as Record<string, unknown>;
  return isRunner(runner) && typeof folder === "string"
    ? { runner, folder }
    : undefined;
}

/** Known without asking: what was chosen before, or the one tool that the files speak for. */
export function findRunner(
  memory: vscode.Memento,
  workspace: vscode.Uri,
  listing: WorkspaceListing,
): RunnerChoice | undefined {
  const kept = remembered(memory, workspace);
  if (kept !== undefined) return kept;
  const matches = detectRunners(listing);
  const [best, second] = matches;
  if (best === undefined || best.certainty === "ambiguous") return undefined;
  const isAlone =
    second === undefined ||
    (best.certainty === "certain" && second.certainty !== "certain");
  return isAlone ? { runner: best.runner, folder: best.folder } : undefined;
}

interface ChoiceItem extends vscode.QuickPickItem {
  readonly runner: RunnerId;
  readonly folder: string | undefined;
}

function items(matches: readonly RunnerMatch[]): ChoiceItem[] {
  const found = matches.map((match) => ({
    label: runnerTitle(match.runner),
    description: match.folder,
    detail: sayText(match.evidence, vscode.l10n.t),
    runner: match.runner,
    folder: match.folder,
  }));
  const rest = runners
    .filter((runner) => !matches.some((match) => match.runner === runner.id))
    .map((runner) => ({
      label: runner.title,
      description: vscode.l10n.t("in a folder you choose"),
      runner: runner.id,
      folder: undefined,
    }));
  return [...found, ...rest];
}

function folderTrouble(text: string): string | undefined {
  const isInside =
    !text.startsWith("/") &&
    !/^[a-z]:/iu.test(text) &&
    !text.split("/").includes("..");
  return text.trim() !== "" && isInside
    ? undefined
    : vscode.l10n.t(
        "Give a folder inside the workspace, for example db/migrations.",
      );
}

async function askFolder(): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Folder for new migrations"),
    prompt: vscode.l10n.t(
      "Relative to the workspace folder; made if it does not exist.",
    ),
    value: "migrations",
    validateInput: folderTrouble,
  });
  return text?.trim().replaceAll("\\", "/").replace(/\/+$/u, "");
}

/** Asks for tool and folder, and remembers the answer for this workspace. */
export async function askRunner(
  memory: vscode.Memento,
  workspace: vscode.Uri,
  listing: WorkspaceListing,
): Promise<RunnerChoice | undefined> {
  const matches = detectRunners(listing);
  const chosen = await vscode.window.showQuickPick(items(matches), {
    title: vscode.l10n.t("Which migration tool does this workspace use?"),
    placeHolder:
      matches.length === 0
        ? vscode.l10n.t("No migration folder was found here")
        : vscode.l10n.t("Asked once and remembered for this workspace"),
    ignoreFocusOut: true,
  });
  if (chosen === undefined) return undefined;
  const folder = chosen.folder ?? (await askFolder());
  if (folder === undefined) return undefined;
  const choice = { runner: chosen.runner, folder };
  await memory.update(memoryKey(workspace), choice);
  return choice;
}
