import * as vscode from "vscode";
import type { ConnectionProfile } from "../app/connection.ts";
import { createAdviceDesk, type AdviceDesk } from "./advice/advice-desk.ts";
import { createCommandHandlers } from "./command-handlers.ts";
import { registerCommands } from "./command-table.ts";
import { createHighlighter } from "./editor/highlight.ts";
import {
  createMigrationActions,
  type MigrationActions,
} from "./editor/migration-actions.ts";
import {
  createMigrationFiles,
  type MigrationFiles,
} from "./editor/migration-files.ts";
import { createWhyNot, type WhyNotQuestion } from "./editor/why-not.ts";
import { createPanelHandlers } from "./panel/panel-handlers.ts";
import { createPanelHost } from "./panel/panel-host.ts";
import {
  createPlanController,
  type PlanController,
} from "./panel/plan-controller.ts";
import { createReportPages } from "./report-pages.ts";
import { reportTo } from "./report.ts";
import type { Shared } from "./shared.ts";
import type { IndexCommandNeeds } from "./sidebar/indexes/index-commands.ts";
import { startIndexes } from "./sidebar/indexes/start-indexes.ts";
import {
  createQueryDocuments,
  type QueryDocuments,
} from "./sidebar/query-documents.ts";
import {
  createSlowQueryView,
  type SlowQueryView,
} from "./sidebar/slow-queries.ts";

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
export function startSurfaces(
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
