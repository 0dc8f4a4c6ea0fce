import * as vscode from "vscode";
import type { SqlParser } from "../core/sql/parse.ts";
import { createCalibration } from "./calibration.ts";
import { createConnections } from "./connections/connections.ts";
import { startAutoExplain } from "./editor/auto-explain.ts";
import { registerCodeLens } from "./editor/code-lens.ts";
import { startDiagnostics } from "./editor/diagnostics.ts";
import { createExplainer } from "./editor/explainer.ts";
import { registerHover } from "./editor/hover.ts";
import { registerQuickFixes } from "./editor/quick-fix.ts";
import { createStatementDocuments } from "./editor/statements.ts";
import { keepLoaded } from "./keep-loaded.ts";
import { reportTo } from "./report.ts";
import type { Shared } from "./shared.ts";
import { rememberSuggestions } from "./sidebar/indexes/suggestion-memory.ts";
import { startSurfaces } from "./surfaces.ts";

/** What tests may hold on to. */
export interface PlanLensApi {
  /** Resolves when everything is registered. */
  readonly ready: Promise<void>;
}

/** The grammar is 1 MB of WebAssembly: loaded when the first statement is read. */
async function loadParser(): Promise<SqlParser> {
  const { loadSqlParser } = await import("../core/sql/parse.ts");
  return loadSqlParser();
}

/** Hover, lenses, squiggles, quick fixes, and the planning that feeds them. */
function startEditor(shared: Shared): vscode.Disposable {
  const { connections, explainer } = shared;
  const changed = new vscode.EventEmitter<void>();
  const announce = (): void => {
    changed.fire();
  };
  const parts = { ...shared, changed: changed.event, now: Date.now };
  return vscode.Disposable.from(
    changed,
    explainer.onDidChange(announce),
    connections.onDidChange(announce),
    registerHover(parts),
    registerCodeLens(parts),
    registerQuickFixes(parts),
    startDiagnostics(parts),
    startAutoExplain(
      {
        ...parts,
        connectionsChanged: connections.onDidChange,
        copyAnswered: shared.copyQuestion.onDidAnswer,
      },
      reportTo(shared.log),
    ),
  );
}

/** Called by the editor when an SQL file opens, a view shows, or a command is chosen. */
export function activate(context: vscode.ExtensionContext): PlanLensApi {
  const log = vscode.window.createOutputChannel("PlanLens", { log: true });
  const connections = createConnections(context, log);
  const changed = new vscode.EventEmitter<void>();
  const calibration = createCalibration({
    storage: context.globalStorageUri,
    now: Date.now,
    report: reportTo(log),
  });
  const { explainer, suggestions } = rememberSuggestions(
    calibration.watch(
      createExplainer({
        open: (profile) => connections.open(profile),
        parser: keepLoaded(loadParser).get,
        changed,
        now: Date.now,
      }),
    ),
  );
  const shared: Shared = {
    log,
    connections,
    statements: createStatementDocuments(),
    explainer,
    suggestions,
    calibration,
    remarks: (profile) => connections.remarks(profile),
    copyQuestion: connections.copyQuestion,
    active: (uri) => connections.active(uri),
  };
  // Taken apart in the opposite order: whoever uses a connection goes before it.
  context.subscriptions.push(
    log,
    connections,
    shared.statements,
    changed,
    startEditor(shared),
    startSurfaces(shared, context),
  );
  return { ready: Promise.resolve() };
}
