import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Answer, DatabaseError, ServerInfo } from "../../app/database.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import { reportTo } from "../report.ts";
import { connectionCommands, type ConnectionCommand } from "./command-ids.ts";
import type { Parts } from "./parts.ts";
import { serverWords } from "./words.ts";

interface Remedy {
  readonly title: () => string;
  readonly command: ConnectionCommand;
}

const reconnect: Remedy = {
  title: () => vscode.l10n.t("Reconnect"),
  command: "reconnect",
};
const edit: Remedy = {
  title: () => vscode.l10n.t("Edit Connection…"),
  command: "edit",
};
const tryAgain: Remedy = {
  title: () => vscode.l10n.t("Try Again"),
  command: "demo",
};

/** The step that most likely helps, as a button. */
const remedies: Readonly<Partial<Record<DatabaseError["kind"], Remedy>>> = {
  authentication: {
    title: () => vscode.l10n.t("Enter Password…"),
    command: "password",
  },
  unknownDatabase: edit,
  tls: edit,
  misconfigured: edit,
  unreachable: reconnect,
  startingUp: reconnect,
  tooManyConnections: reconnect,
  connectionLost: reconnect,
  timedOut: reconnect,
};

/** Says what went wrong and offers the next step; a cancelled attempt needs no words. */
async function tellTrouble(
  profile: ConnectionProfile,
  error: DatabaseError,
  parts: Parts,
): Promise<void> {
  if (error.kind === "cancelled") return;
  const { what, next } = describeDatabaseError(
    error,
    profile.name,
    vscode.l10n.t,
  );
  const remedy =
    profile.target.engine === "demo" ? tryAgain : remedies[error.kind];
  const showLog = vscode.l10n.t("Show Log");
  const help = remedy?.title();
  const choice = await vscode.window.showErrorMessage(
    `${what} ${next}`,
    ...(help === undefined ? [] : [help]),
    showLog,
  );
  if (choice === undefined) return;
  if (choice === showLog) parts.log.show();
  else if (remedy !== undefined)
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
  if (profile.target.engine === "demo") parts.demo.allow();
  const answer = await whileConnecting(profile, (signal) =>
    parts.pool.connect(profile, signal),
  );
  if (!answer.ok)
    tellTrouble(profile, answer.error, parts).catch(reportTo(parts.log));
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
    tellTrouble(profile, answer.error, parts).catch(reportTo(parts.log));
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
