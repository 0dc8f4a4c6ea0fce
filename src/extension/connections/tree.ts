import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import { connectionCommands } from "./command-ids.ts";
import type { Found } from "./offers.ts";
import type { ConnectionState } from "./pool.ts";
import { demoId } from "./stored-profile.ts";
import {
  connectionIcon,
  profileWord,
  serverWords,
  targetWords,
} from "./words.ts";

export type Row =
  | { readonly kind: "connection"; readonly profile: ConnectionProfile }
  | { readonly kind: "found"; readonly found: Found };

/** What the view shows, read anew at each refresh. */
export interface TreePorts {
  readonly profiles: () => readonly ConnectionProfile[];
  readonly activeId: () => string | undefined;
  readonly state: (id: string) => ConnectionState | undefined;
  readonly found: () => Promise<readonly Found[]>;
}

export interface ConnectionsView {
  readonly dispose: () => void;
  readonly refresh: () => void;
}

function descriptionOf(profile: ConnectionProfile, ports: TreePorts): string {
  const state = ports.state(profile.id);
  const words = [profileWord(profile)];
  if (profile.target.engine === "bundle") words.push(vscode.l10n.t("offline"));
  if (ports.activeId() === profile.id) words.push(vscode.l10n.t("in use"));
  if (state?.kind === "trouble") words.push(vscode.l10n.t("not reached"));
  else if (state?.info !== undefined) words.push(serverWords(state.info));
  return words.join(" · ");
}

function tooltipOf(
  profile: ConnectionProfile,
  ports: TreePorts,
): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown("**");
  tooltip.appendText(profile.name);
  tooltip.appendMarkdown("** · ");
  tooltip.appendText(`${descriptionOf(profile, ports)}\n\n`);
  tooltip.appendText(targetWords(profile.target));
  const state = ports.state(profile.id);
  if (state?.kind === "trouble") {
    const trouble = describeDatabaseError(
      state.error,
      profile.name,
      vscode.l10n.t,
    );
    tooltip.appendText(`\n\n${trouble.what}\n\n${trouble.next}`);
  }
  return tooltip;
}

/** Words that the menus' `when` clauses look for, in this order. */
function contextOf(profile: ConnectionProfile, ports: TreePorts): string {
  const isDemo = profile.id === demoId;
  const hasServer = !isDemo && profile.target.engine !== "bundle";
  const words = [
    ["active", ports.activeId() === profile.id],
    ["editable", hasServer],
    ["removable", true],
    ["password", hasServer],
    ["open", ports.state(profile.id)?.kind === "open"],
  ] as const;
  return [
    "connection",
    ...words.filter(([, holds]) => holds).map(([word]) => word),
  ].join(" ");
}

function connectionItem(
  profile: ConnectionProfile,
  ports: TreePorts,
): vscode.TreeItem {
  const item = new vscode.TreeItem(profile.name);
  item.id = `connection/${profile.id}`;
  item.description = descriptionOf(profile, ports);
  item.iconPath =
    ports.state(profile.id)?.kind === "trouble"
      ? new vscode.ThemeIcon(
          "debug-disconnect",
          new vscode.ThemeColor("list.errorForeground"),
        )
      : connectionIcon(profile);
  item.tooltip = tooltipOf(profile, ports);
  item.contextValue = contextOf(profile, ports);
  item.accessibilityInformation = {
    label: `${profile.name}, ${item.description}`,
  };
  return item;
}

function foundItem(found: Found): vscode.TreeItem {
  const item = new vscode.TreeItem(found.variable);
  item.id = `found/${found.key}`;
  item.description = vscode.l10n.t(
    "found in {0} · not connected",
    found.fileName,
  );
  item.iconPath = new vscode.ThemeIcon(
    "plug",
    new vscode.ThemeColor("disabledForeground"),
  );
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(
    `${found.where}\n\n${vscode.l10n.t("Not dialled until you choose it.")}`,
  );
  item.tooltip = tooltip;
  item.contextValue = "found";
  item.command = {
    title: vscode.l10n.t("Add Found Connection…"),
    command: connectionCommands.addFound,
    arguments: [{ kind: "found", found } satisfies Row],
  };
  return item;
}

/** With rows in it the view shows no welcome: say what the rows are for. */
function messageOf(connections: number, found: number): string {
  return connections === 0 && found > 0
    ? vscode.l10n.t(
        "Nothing is connected yet. Choose what was found in this folder, add a connection with +, or try the demo database (…).",
      )
    : "";
}

/** The Connections view; what was found in the folder comes last and is only offered. */
export function createConnectionsView(ports: TreePorts): ConnectionsView {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.TreeDataProvider<Row> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (row) =>
      row.kind === "connection"
        ? connectionItem(row.profile, ports)
        : foundItem(row.found),
    getChildren: async (row) => {
      if (row !== undefined) return [];
      const connections = ports
        .profiles()
        .map((profile): Row => ({ kind: "connection", profile }));
      const found = (await ports.found()).map((one): Row => ({
        kind: "found",
        found: one,
      }));
      view.message = messageOf(connections.length, found.length);
      return [...connections, ...found];
    },
  };
  const view = vscode.window.createTreeView("planlens.connections", {
    treeDataProvider: provider,
  });
  const disposables = vscode.Disposable.from(changed, view);
  return {
    refresh: () => {
      changed.fire();
    },
    dispose: () => {
      disposables.dispose();
    },
  };
}
