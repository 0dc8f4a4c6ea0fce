import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { AnalyzeLimits, Effects } from "../../app/database.ts";
import { formatCount } from "../../core/format.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";

/** What may happen next: the person's word, or the contract's. */
export type Consent = "run" | "runAndRollBack" | "explainInstead" | "cancel";

export interface ConsentQuestion {
  readonly profile: ConnectionProfile;
  readonly statement: ParsedStatement;
  readonly effects: Effects;
  readonly limits: AnalyzeLimits;
  readonly estimatedRows: number | undefined;
}

const writing: ReadonlySet<string> = new Set([
  "writes",
  "writesInCte",
  "selectInto",
  "locksRows",
]);

/** READ ONLY refuses writes and row locks alike, so both need the person's word. */
export const needsWriting = (statement: ParsedStatement): boolean =>
  statement.hazards.some((hazard) => writing.has(hazard.kind)) ||
  statement.verb === "createTableAs" ||
  statement.verb === "createMaterializedView";

const hasEffects = (effects: Effects): boolean =>
  effects.volatileFunctions.length + effects.triggers.length > 0;

function notUndone(question: ConsentQuestion): readonly string[] {
  const { effects } = question;
  return [
    ...(needsWriting(question.statement)
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
    ...effects.sequences.map((name) =>
      vscode.l10n.t("numbers taken from the sequence {0}", name),
    ),
  ];
}

function detailOf(question: ConsentQuestion): string {
  const { statement, limits, estimatedRows } = question;
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

async function refuse(profile: ConnectionProfile): Promise<Consent> {
  const instead = vscode.l10n.t("Explain Instead");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t("Statements that write are never analyzed on production."),
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

/** Asks where the safety contract says so: never for a plain read, never granted for a write on production. */
export async function askConsent(question: ConsentQuestion): Promise<Consent> {
  const { profile, statement } = question;
  const isWriting = needsWriting(statement);
  if (!isWriting && !hasEffects(question.effects)) return "run";
  if (isWriting && profile.environment === "production") return refuse(profile);
  const run = vscode.l10n.t("Run and Roll Back");
  const instead = vscode.l10n.t("Explain Instead");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      "Run this {0} on {1} ({2}) and roll it back?",
      statement.verb.toUpperCase(),
      profile.name,
      profile.environment,
    ),
    { modal: true, detail: detailOf(question) },
    run,
    instead,
  );
  if (answer === run) return isWriting ? "runAndRollBack" : "run";
  return answer === instead ? "explainInstead" : "cancel";
}
