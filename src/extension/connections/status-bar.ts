import * as vscode from "vscode";
import type { ConnectionProfile, Environment } from "../../app/connection.ts";
import { connectionCommands } from "./command-ids.ts";
import type { ConnectionState } from "./pool.ts";
import { profileIcon, profileWord, serverWords, targetWords } from "./words.ts";

export interface StatusPorts {
  readonly active: (
    uri: vscode.Uri | undefined,
  ) => ConnectionProfile | undefined;
  /** True when the file has a connection of its own. */
  readonly isOwnOfFile: (uri: vscode.Uri) => boolean;
  readonly state: (id: string) => ConnectionState | undefined;
}

export interface StatusBar {
  readonly dispose: () => void;
  readonly refresh: () => void;
}

const backgrounds: Readonly<Record<Environment, string | undefined>> = {
  dev: undefined,
  staging: "statusBarItem.warningBackground",
  production: "statusBarItem.errorBackground",
};

const sqlLanguages: ReadonlySet<string> = new Set(["sql", "pgsql", "postgres"]);

function showNone(item: vscode.StatusBarItem): void {
  item.text = `$(plug) ${vscode.l10n.t("no connection")}`;
  item.tooltip = vscode.l10n.t(
    "PlanLens: choose a connection to see what queries cost.",
  );
  item.backgroundColor = undefined;
  item.color = undefined;
  item.accessibilityInformation = undefined;
}

function tooltipOf(
  profile: ConnectionProfile,
  ports: StatusPorts,
  isOwn: boolean,
): vscode.MarkdownString {
  const state = ports.state(profile.id);
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(`PlanLens: ${targetWords(profile.target)}\n\n`);
  if (state?.kind === "open" && state.info !== undefined)
    tooltip.appendText(`${serverWords(state.info)}\n\n`);
  tooltip.appendText(
    isOwn
      ? vscode.l10n.t("Chosen for this file. Click to change.")
      : vscode.l10n.t("Click to use another connection."),
  );
  return tooltip;
}

function themeColor(name: string | undefined): vscode.ThemeColor | undefined {
  return name === undefined ? undefined : new vscode.ThemeColor(name);
}

function showProfile(
  item: vscode.StatusBarItem,
  profile: ConnectionProfile,
  isInTrouble: boolean,
): void {
  const { environment, color, name } = profile;
  const background = backgrounds[environment];
  const isBundle = profile.target.engine === "bundle";
  const word = profileWord(profile);
  const mark = isInTrouble ? "debug-disconnect" : profileIcon(profile);
  const offline = isBundle ? ` · ${vscode.l10n.t("offline")}` : "";
  item.text = `$(${mark}) ${word}: ${name}${offline}`;
  item.backgroundColor = themeColor(background);
  // VS Code chooses the text colour over a background itself.
  item.color =
    background !== undefined || color === undefined
      ? undefined
      : themeColor(`charts.${color}`);
  item.accessibilityInformation = {
    label: `PlanLens, ${word}: ${name}${offline}`,
  };
}

function show(item: vscode.StatusBarItem, ports: StatusPorts): void {
  const document = vscode.window.activeTextEditor?.document;
  const profile = ports.active(document?.uri);
  const isOwn = document !== undefined && ports.isOwnOfFile(document.uri);
  item.command = isOwn ? connectionCommands.useForFile : connectionCommands.use;
  if (profile !== undefined) {
    showProfile(item, profile, ports.state(profile.id)?.kind === "trouble");
    item.tooltip = tooltipOf(profile, ports, isOwn);
    item.show();
    return;
  }
  showNone(item);
  if (sqlLanguages.has(document?.languageId ?? "")) item.show();
  else item.hide();
}

/** `production: edu-main`, coloured by environment, with a word and an icon besides. */
export function createStatusBar(ports: StatusPorts): StatusBar {
  const item = vscode.window.createStatusBarItem(
    "planlens.connection",
    vscode.StatusBarAlignment.Left,
    90,
  );
  item.name = vscode.l10n.t("PlanLens Connection");
  const refresh = (): void => {
    show(item, ports);
  };
  const disposables = vscode.Disposable.from(
    item,
    vscode.window.onDidChangeActiveTextEditor(refresh),
  );
  refresh();
  return {
    refresh,
    dispose: () => {
      disposables.dispose();
    },
  };
}
