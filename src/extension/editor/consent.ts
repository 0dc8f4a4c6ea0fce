import * as vscode from "vscode";
import type { Consent, ConsentQuestion } from "../../app/analyze-statement.ts";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { AnalyzeLimits } from "../../app/database.ts";
import { formatCount } from "../../core/format.ts";

function notUndone(question: ConsentQuestion): readonly string[] {
  const { effects } = question;
  return [
    ...(question.writes
      ? [
          vscode.l10n.t(
            "the time the changed rows stay locked for other writers",
          ),
        ]
      : []),
    ...effects.triggers.map((name) =>
      vscode.l10n.t("what the trigger {0} sends to other systems", name),
    ),
    ...effects.volatileFunctions.map((name) =>
      vscode.l10n.t("what the function {0} does outside of the database", name),
    ),
    ...effects.foreignTables.map((name) =>
      vscode.l10n.t(
        "what the server of the foreign table {0} does to read or write it",
        name,
      ),
    ),
    ...effects.sequences.map((name) =>
      vscode.l10n.t("numbers taken from the sequence {0}", name),
    ),
  ];
}

function detailOf(question: ConsentQuestion, limits: AnalyzeLimits): string {
  const { statement, estimatedRows } = question;
  const text = statement.original.replace(/\s+/gu, " ").trim();
  const rows =
    estimatedRows === undefined
      ? ""
      : `${vscode.l10n.t("About {0} rows.", formatCount(estimatedRows))} `;
  const bounds = vscode.l10n.t(
    "Stops after {0} s, waits at most {1} s for a lock.",
    limits.statementTimeoutMs / 1000,
    limits.lockTimeoutMs / 1000,
  );
  const rest = notUndone(question).map((line) => `• ${line}`);
  return [
    text.length > 400 ? `${text.slice(0, 399)}…` : text,
    `${rows}${bounds}`,
    "",
    vscode.l10n.t("The rollback does not undo:"),
    ...rest,
  ].join("\n");
}

/** Says that the contract refuses the run on this connection, and offers what runs nothing. */
export async function tellRefusal(
  profile: ConnectionProfile,
): Promise<Exclude<Consent, "run">> {
  const instead = vscode.l10n.t("Explain Instead");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      "Statements that write, call functions that may, or read foreign tables are never analyzed on production.",
    ),
    {
      modal: true,
      detail: vscode.l10n.t(
        "{0} is marked as production. An estimate comes from EXPLAIN, which runs nothing.",
        profile.name,
      ),
    },
    instead,
  );
  return answer === instead ? "explainInstead" : "cancel";
}

/** The native dialog in which a person agrees to one run. */
export async function askConsent(
  question: ConsentQuestion,
  profile: ConnectionProfile,
  limits: AnalyzeLimits,
): Promise<Consent> {
  const run = vscode.l10n.t("Run and Roll Back");
  const instead = vscode.l10n.t("Explain Instead");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      "Run this {0} on {1} ({2}) and roll it back?",
      question.statement.verb.toUpperCase(),
      profile.name,
      profile.environment,
    ),
    { modal: true, detail: detailOf(question, limits) },
    run,
    instead,
  );
  if (answer === run) return "run";
  return answer === instead ? "explainInstead" : "cancel";
}
