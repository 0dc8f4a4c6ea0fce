import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Answer, DatabaseError, ServerInfo } from "../../app/database.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import { connectionCommands, type ConnectionCommand } from "./command-ids.ts";
import type { Parts } from "./parts.ts";
import { serverWords } from "./words.ts";

/** The step that most likely helps, as a button. */
function remedyOf(
  error: DatabaseError,
): { readonly title: string; readonly command: ConnectionCommand } | undefined {
  switch (error.kind) {
    case "authentication":
      return { title: vscode.l10n.t("Enter Password…"), command: "password" };
    case "unknownDatabase":
    case "tls":
    case "misconfigured":
      return { title: vscode.l10n.t("Edit Connection…"), command: "edit" };
    case "unreachable":
    case "startingUp":
    case "tooManyConnections":
    case "connectionLost":
    case "timedOut":
      return { title: vscode.l10n.t("Reconnect"), command: "reconnect" };
    default:
      return undefined;
  }
}

/** Says what went wrong and offers the next step; a cancelled attempt needs no words. */
export async function tellTrouble(
  profile: ConnectionProfile,
  error: DatabaseError,
  parts: Parts,
): Promise<void> {
  if (error.kind === "cancelled") return;
  const { what, next } = describeDatabaseError(error, profile.name);
  const isDemo = profile.target.engine === "demo";
  const remedy = isDemo
    ? { title: vscode.l10n.t("Try Again"), command: "demo" as const }
    : remedyOf(error);
  const showLog = vscode.l10n.t("Show Log");
  const buttons = [...(remedy === undefined ? [] : [remedy.title]), showLog];
  const choice = await vscode.window.showErrorMessage(
    `${what} ${next}`,
    ...buttons,
  );
  if (choice === showLog) parts.log.show();
  else if (choice !== undefined && remedy !== undefined)
    await vscode.commands.executeCommand(
      connectionCommands[remedy.command],
      profile.id,
    );
}

/** Opens the connection, because a person asked for it; progress in the status bar. */
export async function dial(
  profile: ConnectionProfile,
  parts: Parts,
): Promise<boolean> {
  const answer = await whileConnecting(profile, (signal) =>
    parts.pool.connect(profile, signal),
  );
  if (!answer.ok) void tellTrouble(profile, answer.error, parts);
  return answer.ok;
}

/** Connects apart from the open database, says what is there, hangs up. */
export async function testConnection(
  profile: ConnectionProfile,
  parts: Parts,
): Promise<void> {
  if (profile.target.engine === "demo") {
    if (await dial(profile, parts))
      void vscode.window.showInformationMessage(
        vscode.l10n.t("{0} works.", profile.name),
      );
    return;
  }
  const password = await parts.passwords.get(profile);
  const answer = await whileConnecting(profile, (signal) =>
    parts.form.test(profile, password, signal),
  );
  if (!answer.ok) {
    void tellTrouble(profile, answer.error, parts);
    return;
  }
  void vscode.window.showInformationMessage(
    vscode.l10n.t("{0} works: {1}.", profile.name, serverWords(answer.value)),
  );
}

function whileConnecting(
  profile: ConnectionProfile,
  connect: (signal: AbortSignal) => Answer<ServerInfo>,
): Answer<ServerInfo> {
  const options = {
    location: vscode.ProgressLocation.Window,
    title: vscode.l10n.t("Connecting to {0}…", profile.name),
  };
  return Promise.resolve(
    vscode.window.withProgress(options, () =>
      connect(new AbortController().signal),
    ),
  );
}
