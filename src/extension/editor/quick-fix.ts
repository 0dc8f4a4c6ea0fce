import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Advice, Suggestion } from "../../core/advice/suggestion.ts";
import { commandTable } from "../command-ids.ts";
import { abortOn, delay } from "./cancellation.ts";
import { diagnosticSource } from "./diagnostics.ts";
import type { Explainer } from "./explainer.ts";
import { gainWords, proofWords } from "./finding-words.ts";
import { placeOf } from "./hover.ts";
import {
  sqlSelector,
  type EditorStatement,
  type StatementDocuments,
} from "./statements.ts";
import { renderSuppression } from "./suppressions.ts";

export interface QuickFixNeeds {
  readonly statements: StatementDocuments;
  readonly explainer: Explainer;
  readonly active: (uri: vscode.Uri) => ConnectionProfile | undefined;
}

// The light bulb may take its time, Ctrl+. may not: what is not known by then is left out.
const adviceWaitMs = 2_500;

function createIndexAction(
  statement: EditorStatement,
  found: { readonly suggestion: Suggestion; readonly at: number },
  diagnostics: vscode.Diagnostic[],
): vscode.CodeAction {
  const { suggestion, at } = found;
  const gain = gainWords(suggestion, vscode.l10n.t);
  const proof = proofWords(suggestion.proof, vscode.l10n.t);
  const title =
    gain === undefined
      ? vscode.l10n.t("Create index {0}, {1}", suggestion.name, proof)
      : vscode.l10n.t("Create index: {0}, {1}", gain, proof);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = diagnostics;
  action.isPreferred = at === 0;
  action.command = {
    title,
    command: commandTable.writeMigration,
    arguments: [{ ...placeOf(statement), suggestion: at }],
  };
  return action;
}

/** Asks which index, so nothing is planned for the light bulb itself. */
function whyNotAction(statement: EditorStatement): vscode.CodeAction {
  const title = vscode.l10n.t("Why not my index?");
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = {
    title,
    command: commandTable.whyNot,
    arguments: [placeOf(statement)],
  };
  return action;
}

function suppressAction(
  statement: EditorStatement,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction | undefined {
  const rule =
    typeof diagnostic.code === "object" ? String(diagnostic.code.value) : "";
  if (rule === "") return undefined;
  const { document, start } = statement;
  const line = document.lineAt(document.positionAt(start).line);
  const indent = /^\s*/u.exec(line.text)?.[0] ?? "";
  const action = new vscode.CodeAction(
    vscode.l10n.t("Suppress {0} here", rule),
    vscode.CodeActionKind.QuickFix,
  );
  action.diagnostics = [diagnostic];
  action.edit = new vscode.WorkspaceEdit();
  const at = document.positionAt(start);
  // A statement that begins in the middle of a line gets a line of its own.
  const isFirst = at.character === indent.length;
  action.edit.insert(
    document.uri,
    isFirst ? line.range.start : at,
    isFirst
      ? renderSuppression(rule, indent)
      : `\n${renderSuppression(rule, "")}`,
  );
  return action;
}

async function adviceFor(
  needs: QuickFixNeeds,
  statement: EditorStatement,
  token: vscode.CancellationToken,
): Promise<Advice | undefined> {
  const profile = needs.active(statement.document.uri);
  if (profile === undefined) return undefined;
  const known = needs.explainer.peekAdvice(profile, statement.text);
  if (known !== undefined) return known;
  // A light bulb alone does not make the server work: only what was explained before is advised on.
  if (needs.explainer.peek(profile, statement.text)?.ok !== true)
    return undefined;
  const { signal, dispose } = abortOn(token);
  try {
    const asked = needs.explainer.advise(profile, statement.text, signal);
    const answer = await Promise.race([asked, delay(adviceWaitMs)]);
    return answer?.ok === true ? answer.value : undefined;
  } finally {
    dispose();
  }
}

async function provide(
  needs: QuickFixNeeds,
  statement: EditorStatement,
  context: vscode.CodeActionContext,
  token: vscode.CancellationToken,
): Promise<vscode.CodeAction[]> {
  const mine = context.diagnostics.filter(
    (diagnostic) => diagnostic.source === diagnosticSource,
  );
  const advice = await adviceFor(needs, statement, token);
  const fixes = (advice?.suggestions ?? []).map((suggestion, at) =>
    createIndexAction(statement, { suggestion, at }, mine),
  );
  const suppressions = mine.flatMap(
    (diagnostic) => suppressAction(statement, diagnostic) ?? [],
  );
  const questions = mine.length === 0 ? [] : [whyNotAction(statement)];
  return [...fixes, ...questions, ...suppressions];
}

export function registerQuickFixes(needs: QuickFixNeeds): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    sqlSelector,
    {
      provideCodeActions: (document, range, context, token) => {
        const statement = needs.statements.at(
          document,
          document.offsetAt(range.start),
        );
        return statement === undefined
          ? []
          : provide(needs, statement, context, token);
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}
