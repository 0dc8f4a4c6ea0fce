import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { CopyAnswer } from "./copy-consent.ts";

function question({ name, environment }: ConnectionProfile): string {
  return environment === "production"
    ? vscode.l10n.t(
        "{0} is production and has no HypoPG. Copy its statistics into a local, empty database to prove index suggestions there? The copy has no rows, but common values and histogram bounds of the tables, and is deleted with the connection.",
        name,
      )
    : vscode.l10n.t(
        "{0} has no HypoPG. Copy its statistics into a local, empty database to prove index suggestions there? The copy has no rows, but common values and histogram bounds of the tables, and is deleted with the connection.",
        name,
      );
}

/**
 * Asked beside what the person is doing, where nothing waits for it; in a dialog, which cannot get out of sight, where
 * something does. Undefined when it was closed.
 */
export async function askToCopy(
  profile: ConnectionProfile,
  isAwaited: boolean,
): Promise<CopyAnswer | undefined> {
  const choices: readonly (readonly [string, CopyAnswer])[] = [
    [vscode.l10n.t("Copy"), "all"],
    [vscode.l10n.t("Copy, Hide Texts"), "withoutTexts"],
    [vscode.l10n.t("Do Not Copy"), "nothing"],
  ];
  const show =
    profile.environment === "production"
      ? vscode.window.showWarningMessage
      : vscode.window.showInformationMessage;
  const chosen = await show(
    question(profile),
    { modal: isAwaited },
    ...choices.map(([words]) => words),
  );
  return choices.find(([words]) => words === chosen)?.[1];
}
