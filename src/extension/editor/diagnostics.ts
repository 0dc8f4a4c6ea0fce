import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { ExplainFailure } from "../../app/explain-statement.ts";
import type { Finding } from "../../core/findings/finding.ts";
import { commandTable } from "../command-ids.ts";
import { readSettings } from "../settings.ts";
import type { Explainer } from "./explainer.ts";
import { sentenceText, visibleFindings } from "./finding-words.ts";
import {
  isSqlDocument,
  type EditorStatement,
  type StatementDocuments,
} from "./statements.ts";

export interface DiagnosticNeeds {
  readonly statements: StatementDocuments;
  readonly explainer: Explainer;
  readonly active: (uri: vscode.Uri) => ConnectionProfile | undefined;
  readonly changed: vscode.Event<void>;
}

export const diagnosticSource = "PlanLens";
// Few, scored tips are loved; a wall of warnings is not (look.md, "Reasons").
const maximumPerStatement = 3;

const severities = {
  problem: vscode.DiagnosticSeverity.Warning,
  warning: vscode.DiagnosticSeverity.Information,
  note: vscode.DiagnosticSeverity.Hint,
} as const satisfies Record<Finding["severity"], vscode.DiagnosticSeverity>;

function rangeIn(
  statement: EditorStatement,
  span: { readonly start: number; readonly end: number } | undefined,
): vscode.Range {
  if (span === undefined) {
    const first = /^\w+/u.exec(statement.text)?.[0].length ?? 1;
    return rangeIn(statement, { start: 0, end: first });
  }
  const { document, start } = statement;
  return new vscode.Range(
    document.positionAt(start + span.start),
    document.positionAt(start + span.end),
  );
}

const ruleUri = (rule: string): vscode.Uri =>
  vscode.Uri.parse(
    `command:${commandTable.openRule}?${encodeURIComponent(JSON.stringify([rule]))}`,
  );

function findingDiagnostic(
  statement: EditorStatement,
  finding: Finding,
): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    rangeIn(statement, finding.span),
    sentenceText(finding.sentence, vscode.l10n.t),
    severities[finding.severity],
  );
  diagnostic.source = diagnosticSource;
  diagnostic.code = { value: finding.rule, target: ruleUri(finding.rule) };
  return diagnostic;
}

/** Only what is wrong with the text itself is marked; an absent server is no fault of the statement. */
function failureDiagnostic(
  statement: EditorStatement,
  failure: ExplainFailure,
): readonly vscode.Diagnostic[] {
  const found = failurePlace(failure);
  if (found === undefined) return [];
  const rest = statement.text.slice(found.at);
  const length = /^(?:\w+|"[^"]*"|.)/su.exec(rest)?.[0].length ?? 0;
  const start = length === 0 ? Math.max(0, found.at - 1) : found.at;
  const diagnostic = new vscode.Diagnostic(
    rangeIn(statement, { start, end: start + Math.max(1, length) }),
    found.message,
    vscode.DiagnosticSeverity.Error,
  );
  diagnostic.source = diagnosticSource;
  return [diagnostic];
}

function failurePlace(
  failure: ExplainFailure,
): { readonly at: number; readonly message: string } | undefined {
  if (failure.kind === "parse" && failure.failure.kind === "syntax")
    return { at: failure.failure.at, message: failure.failure.message };
  if (failure.kind !== "database" || failure.error.kind !== "sql")
    return undefined;
  const { at, message, hint } = failure.error;
  return at === undefined
    ? undefined
    : { at, message: hint === undefined ? message : `${message}. ${hint}` };
}

function diagnosticsOf(
  needs: DiagnosticNeeds,
  statement: EditorStatement,
  profile: ConnectionProfile,
): readonly vscode.Diagnostic[] {
  const outcome = needs.explainer.peek(profile, statement.text);
  if (outcome === undefined) return [];
  if (!outcome.ok) return failureDiagnostic(statement, outcome.error);
  return visibleFindings(outcome.value.explained.findings, statement.suppressed)
    .slice(0, maximumPerStatement)
    .map((finding) => findingDiagnostic(statement, finding));
}

/** Keeps the squiggles of the visible SQL editors in step with the cache. */
export function startDiagnostics(needs: DiagnosticNeeds): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("planlens");
  const refresh = (document: vscode.TextDocument): void => {
    const profile = needs.active(document.uri);
    if (
      profile === undefined ||
      !isSqlDocument(document) ||
      !readSettings(document.uri).diagnostics
    ) {
      collection.delete(document.uri);
      return;
    }
    collection.set(
      document.uri,
      needs.statements
        .spans(document)
        .filter((span) => span.kind === "sql")
        .flatMap((span) =>
          diagnosticsOf(needs, needs.statements.read(document, span), profile),
        ),
    );
  };
  const refreshAll = (): void => {
    for (const editor of vscode.window.visibleTextEditors)
      refresh(editor.document);
  };
  return vscode.Disposable.from(
    collection,
    needs.changed(refreshAll),
    vscode.window.onDidChangeVisibleTextEditors(refreshAll),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (isSqlDocument(event.document)) refresh(event.document);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      collection.delete(document.uri);
    }),
  );
}
