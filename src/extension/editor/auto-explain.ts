import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Explainer, PlanOutcome } from "./explainer.ts";
import {
  isSqlDocument,
  type EditorStatement,
  type StatementDocuments,
} from "./statements.ts";

export interface AutoExplainNeeds {
  readonly statements: StatementDocuments;
  readonly explainer: Explainer;
  readonly active: (uri: vscode.Uri) => ConnectionProfile | undefined;
  readonly connectionsChanged: vscode.Event<void>;
  /** What was suggested by rule may be proven now. */
  readonly copyAnswered: vscode.Event<unknown>;
}

// Longer than the pause between two keystrokes, shorter than a glance away.
const debounceMs = 600;

function visibleStatements(
  statements: StatementDocuments,
  editor: vscode.TextEditor,
): readonly EditorStatement[] {
  const { document } = editor;
  const ranges = editor.visibleRanges.map((range) => ({
    start: document.offsetAt(range.start),
    end: document.offsetAt(range.end),
  }));
  return statements
    .spans(document)
    .filter(
      (span) =>
        span.kind === "sql" &&
        ranges.some(
          (range) => span.start <= range.end && span.end >= range.start,
        ),
    )
    .map((span) => statements.read(document, span));
}

/** A server that does not answer one statement will not answer the next; a wrong statement says nothing about others. */
const isServerTrouble = (outcome: PlanOutcome): boolean =>
  !outcome.ok &&
  outcome.error.kind === "database" &&
  outcome.error.error.kind !== "sql";

const deservesAdvice = (outcome: PlanOutcome | undefined): boolean =>
  outcome?.ok === true && outcome.value.explained.findings.length > 0;

/** Plans first, so that every cost on screen is known before the first advice is worked out. */
async function explainAll(
  { explainer }: AutoExplainNeeds,
  profile: ConnectionProfile,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const text of texts) {
    if (signal.aborted) return;
    if (isServerTrouble(await explainer.plan(profile, text, signal))) return;
  }
  for (const text of texts) {
    if (signal.aborted) return;
    if (deservesAdvice(explainer.peek(profile, text)))
      await explainer.advise(profile, text, signal);
  }
}

/** Where only a hover may ask the server, the statements are read, so that the first hover has no grammar to load. */
async function readAll(
  { explainer }: AutoExplainNeeds,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const text of texts) {
    if (signal.aborted) return;
    await explainer.read(text);
  }
}

async function prepareVisible(
  needs: AutoExplainNeeds,
  editor: vscode.TextEditor,
  signal: AbortSignal,
): Promise<void> {
  const profile = needs.active(editor.document.uri);
  if (profile === undefined) return;
  const texts = visibleStatements(needs.statements, editor).map(
    ({ text }) => text,
  );
  if (profile.explainWhileTyping)
    await explainAll(needs, profile, texts, signal);
  else if (profile.explainOnHover) await readAll(needs, texts, signal);
}

/** Explains what is on screen, one statement at a time, after a pause, where the connection's switch allows it. */
export function startAutoExplain(
  needs: AutoExplainNeeds,
  report: (error: unknown) => void,
): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  let running: AbortController | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    running?.abort();
  };
  const schedule = (): void => {
    stop();
    timer = setTimeout(() => {
      const editor = vscode.window.activeTextEditor;
      if (editor === undefined || !isSqlDocument(editor.document)) return;
      running = new AbortController();
      prepareVisible(needs, editor, running.signal).catch(report);
    }, debounceMs);
  };
  const listening = vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(schedule),
    vscode.window.onDidChangeTextEditorVisibleRanges(schedule),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === vscode.window.activeTextEditor?.document)
        schedule();
    }),
    needs.connectionsChanged(schedule),
    needs.copyAnswered(schedule),
  );
  schedule();
  return vscode.Disposable.from(listening, { dispose: stop });
}
