import * as vscode from "vscode";
import type { ConnectionProfile } from "../app/connection.ts";
import type { SqlParser } from "../core/sql/parse.ts";
import { createAdviceDesk, type AdviceDesk } from "./advice/advice-desk.ts";
import { createCalibration, type Calibration } from "./calibration.ts";
import { createCommandHandlers } from "./command-handlers.ts";
import { registerCommands } from "./command-table.ts";
import {
  createConnections,
  type Connections,
} from "./connections/connections.ts";
import { startAutoExplain } from "./editor/auto-explain.ts";
import { registerCodeLens } from "./editor/code-lens.ts";
import { startDiagnostics } from "./editor/diagnostics.ts";
import { createExplainer, type Explainer } from "./editor/explainer.ts";
import { createHighlighter } from "./editor/highlight.ts";
import { registerHover } from "./editor/hover.ts";
import {
  createMigrationActions,
  type MigrationActions,
} from "./editor/migration-actions.ts";
import {
  createMigrationFiles,
  type MigrationFiles,
} from "./editor/migration-files.ts";
import { registerQuickFixes } from "./editor/quick-fix.ts";
import {
  createStatementDocuments,
  type StatementDocuments,
} from "./editor/statements.ts";
import { createWhyNot, type WhyNotQuestion } from "./editor/why-not.ts";
import { createPanelHandlers } from "./panel/panel-handlers.ts";
import { createPanelHost } from "./panel/panel-host.ts";
import {
  createPlanController,
  type PlanController,
} from "./panel/plan-controller.ts";
import { keepLoaded } from "./keep-loaded.ts";
import { createReportPages } from "./report-pages.ts";
import { reportTo } from "./report.ts";
import type { IndexCommandNeeds } from "./sidebar/indexes/index-commands.ts";
import {
  createQueryDocuments,
  type QueryDocuments,
} from "./sidebar/query-documents.ts";
import { startIndexes } from "./sidebar/indexes/start-indexes.ts";
import {
  rememberSuggestions,
  type SuggestionMemory,
} from "./sidebar/indexes/suggestion-memory.ts";
import {
  createSlowQueryView,
  type SlowQueryView,
} from "./sidebar/slow-queries.ts";
import type { CopyQuestion } from "./twin/twin-host.ts";

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

interface Shared {
  readonly log: vscode.LogOutputChannel;
  readonly connections: Connections;
  readonly statements: StatementDocuments;
  readonly calibration: Calibration;
  readonly explainer: Explainer;
  readonly suggestions: SuggestionMemory;
  /** What the connection has and the copy of its statistics has not. */
  readonly remarks: (profile: ConnectionProfile) => readonly string[];
  /** Whether statistics may be copied. */
  readonly copyQuestion: CopyQuestion;
  readonly active: (uri?: vscode.Uri) => ConnectionProfile | undefined;
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

interface Panel {
  readonly controller: PlanController;
  readonly migrations: MigrationActions;
  readonly files: MigrationFiles;
  readonly dispose: () => void;
}

/** The plan panel and the migrations that it, the hover and the quick fix write. */
function startPanel(shared: Shared, context: vscode.ExtensionContext): Panel {
  const { explainer, log, calibration } = shared;
  const memory = context.workspaceState;
  const highlighter = createHighlighter();
  const files = createMigrationFiles(reportTo(log));
  const migrations = createMigrationActions({
    explainer,
    files,
    memory,
    written: calibration.writtenOn(explainer),
  });
  const handlers = createPanelHandlers({
    controller: () => controller,
    highlighter,
    migrations,
    log,
    send: (type, body) => {
      host.send(type, body);
    },
  });
  const host = createPanelHost({
    extensionUri: context.extensionUri,
    log,
    onClosed: () => {
      highlighter.clear();
      controller.panelClosed();
    },
    handlers,
  });
  const controller = createPlanController({ ...shared, ...host, memory });
  const parts = vscode.Disposable.from(controller, host, files, highlighter);
  return {
    controller,
    migrations,
    files,
    dispose: () => {
      parts.dispose();
    },
  };
}

interface Reports {
  readonly whyNot: WhyNotQuestion;
  readonly showCalibration: () => Promise<void>;
  readonly dispose: () => void;
}

/** Answers that are shown as pages beside the editor. */
function startReports({ explainer, calibration }: Shared): Reports {
  const pages = createReportPages();
  const whyNot = createWhyNot({ explainer, pages });
  return {
    whyNot,
    showCalibration: () => calibration.show(pages),
    dispose: () => {
      vscode.Disposable.from(whyNot, pages).dispose();
    },
  };
}

interface Views {
  readonly queries: QueryDocuments;
  readonly slowQueries: SlowQueryView;
  readonly advice: AdviceDesk;
  readonly indexes: IndexCommandNeeds;
  readonly dispose: () => void;
}

/** The views of the sidebar that read the connection in use, and the advice that one of them shows. */
function startViews(
  shared: Shared,
  panel: Panel,
  context: vscode.ExtensionContext,
): Views {
  const { connections, log } = shared;
  const reading = {
    active: () => shared.active(),
    open: (profile: ConnectionProfile) => connections.open(profile),
    isOpen: ({ id }: ConnectionProfile) => connections.isOpen(id),
    connectionsChanged: connections.onDidChange,
    report: reportTo(log),
  };
  const queries = createQueryDocuments();
  const slowQueries = createSlowQueryView(reading);
  const advice = createAdviceDesk({
    ...shared,
    ...panel,
    profile: (id) => connections.profile(id),
    queries,
    written: shared.calibration.writtenOn(shared.explainer),
    extensionUri: context.extensionUri,
    memory: context.workspaceState,
    now: Date.now,
  });
  const explained = shared.explainer.onDidChange;
  const given = { ...shared, ...panel, ...reading };
  const indexes = startIndexes({ ...given, advice, explained });
  const parts = vscode.Disposable.from(slowQueries, indexes, advice, queries);
  return {
    queries,
    slowQueries,
    advice,
    indexes,
    dispose: () => {
      parts.dispose();
    },
  };
}

/** What was suggested by rule is forgotten once it can be proven, and the plan on show is advised on anew. */
function followCopyAnswers(
  { copyQuestion, explainer, log }: Shared,
  { controller }: Panel,
): vscode.Disposable {
  return copyQuestion.onDidAnswer((answered) => {
    if (answered.isAllowed) explainer.forgetAdvice();
    controller.copyAnswered(answered).catch(reportTo(log));
  });
}

/** Panel, sidebar, and the commands that tie them together. */
function startSurfaces(
  shared: Shared,
  context: vscode.ExtensionContext,
): vscode.Disposable {
  const panel = startPanel(shared, context);
  const views = startViews(shared, panel, context);
  const reports = startReports(shared);
  const commands = registerCommands(
    createCommandHandlers({
      ...shared,
      ...panel,
      ...views,
      ...reports,
      extensionUri: context.extensionUri,
      memory: context.workspaceState,
      profile: (id) => shared.connections.profile(id),
    }),
  );
  return vscode.Disposable.from(
    followCopyAnswers(shared, panel),
    commands,
    views,
    reports,
    panel,
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
