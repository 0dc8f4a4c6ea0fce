import * as vscode from "vscode";
import type { ConnectionProfile } from "../app/connection.ts";
import type { CommandName } from "./command-ids.ts";
import type { CommandHandlers } from "./command-table.ts";
import type { AdviceDesk } from "./advice/advice-desk.ts";
import type { Explainer } from "./editor/explainer.ts";
import type { MigrationActions } from "./editor/migration-actions.ts";
import type { MigrationFiles } from "./editor/migration-files.ts";
import type {
  EditorStatement,
  StatementDocuments,
} from "./editor/statements.ts";
import { noAnalyzeWords } from "./editor/finding-words.ts";
import { forgetValues } from "./editor/remembered-values.ts";
import type { WhyNotQuestion } from "./editor/why-not.ts";
import { findTarget } from "./editor/target.ts";
import type { PlanController } from "./panel/plan-controller.ts";
import { openRule } from "./rules.ts";
import {
  indexHandlers,
  type IndexCommandNeeds,
} from "./sidebar/indexes/index-commands.ts";
import type { QueryDocuments } from "./sidebar/query-documents.ts";
import type { SlowQueryView } from "./sidebar/slow-queries.ts";
import type { CopyQuestion } from "./twin/twin-host.ts";

export interface CommandNeeds {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** Of the workspace; holds the values that were given to parameters. */
  readonly memory: vscode.Memento;
  readonly statements: StatementDocuments;
  readonly explainer: Explainer;
  readonly active: (uri?: vscode.Uri) => ConnectionProfile | undefined;
  /** Of the settings, by its id. */
  readonly profile: (id: string) => ConnectionProfile | undefined;
  readonly copyQuestion: Pick<CopyQuestion, "ask">;
  readonly controller: PlanController;
  readonly migrations: MigrationActions;
  readonly files: MigrationFiles;
  readonly slowQueries: SlowQueryView;
  readonly queries: QueryDocuments;
  readonly advice: AdviceDesk;
  readonly indexes: IndexCommandNeeds;
  readonly whyNot: WhyNotQuestion;
  readonly showCalibration: () => Promise<void>;
}

type OnStatement = (
  statement: EditorStatement,
  profile: ConnectionProfile,
) => Promise<void>;

async function tellNoConnection(): Promise<void> {
  const add = vscode.l10n.t("Add Connection…");
  const demo = vscode.l10n.t("Try the Demo Database");
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t("No connection is in use, so nothing can be planned."),
    add,
    demo,
  );
  if (answer === add)
    await vscode.commands.executeCommand("planlens.connections.add");
  if (answer === demo)
    await vscode.commands.executeCommand("planlens.connections.demo");
}

/** Which of several suggestions; the first unless a quick fix says otherwise. */
function suggestionAt(argument: unknown): number {
  if (typeof argument !== "object" || argument === null) return 0;
  const { suggestion } = argument as Record<string, unknown>;
  return typeof suggestion === "number" && Number.isSafeInteger(suggestion)
    ? suggestion
    : 0;
}

async function openSlowQuery(
  needs: CommandNeeds,
  queryId: unknown,
): Promise<void> {
  const found = needs.slowQueries.find(queryId);
  if (found === undefined) return;
  const document = await vscode.workspace.openTextDocument(
    needs.queries.uriFor(found.profile.id, found.query),
  );
  await vscode.languages.setTextDocumentLanguage(document, "sql");
  await vscode.window.showTextDocument(document, { preview: true });
  const statement = needs.statements.at(document, 0);
  if (statement !== undefined)
    await needs.controller.explain(statement, found.profile);
}

type StatementHandler = (argument: unknown) => Promise<void>;

/** Finds the statement and the connection first, and says what is missing when one is. */
function onStatement(
  needs: CommandNeeds,
): (work: OnStatement) => StatementHandler {
  return (work) => async (argument) => {
    const statement = await findTarget(needs.statements, argument);
    if (statement === undefined) return;
    const profile = needs.active(statement.document.uri);
    if (profile === undefined) await tellNoConnection();
    else await work(statement, profile);
  };
}

type SlowQueryCommand = Extract<CommandName, `${string}SlowQuer${string}`>;

function slowQueryHandlers(
  needs: CommandNeeds,
): Pick<CommandHandlers, SlowQueryCommand> {
  const { slowQueries } = needs;
  return {
    refreshSlowQueries: slowQueries.refresh,
    sortSlowQueries: slowQueries.sort,
    filterSlowQueries: slowQueries.filter,
    clearSlowQueryFilter: slowQueries.clearFilter,
    openSlowQuery: (queryId) => openSlowQuery(needs, queryId),
    copySlowQueryRemedy: slowQueries.copyRemedy,
  };
}

const openWalkthrough = (): Thenable<unknown> =>
  vscode.commands.executeCommand(
    "workbench.action.openWalkthrough",
    "planlens.planlens#start",
  );

async function forgetRemembered(memory: vscode.Memento): Promise<void> {
  const count = await forgetValues(memory);
  void vscode.window.showInformationMessage(
    count === 0
      ? vscode.l10n.t("No parameter values are remembered in this workspace.")
      : vscode.l10n.t(
          "Parameter values forgotten; number of queries that had some: {0}.",
          count,
        ),
  );
}

async function adviseWorkspace({
  active,
  advice,
}: CommandNeeds): Promise<void> {
  const profile = active(vscode.window.activeTextEditor?.document.uri);
  if (profile === undefined) await tellNoConnection();
  else await advice.advise(profile);
}

/** A page that was drawn before the window was loaded again does not say which connection it means. */
async function askToCopy(
  { profile, active, copyQuestion }: CommandNeeds,
  id: unknown,
): Promise<void> {
  const meant = typeof id === "string" ? profile(id) : active();
  if (meant !== undefined) await copyQuestion.ask(meant);
}

export function createCommandHandlers(needs: CommandNeeds): CommandHandlers {
  const { controller, migrations, files, extensionUri, log } = needs;
  const withStatement = onStatement(needs);
  return {
    ...slowQueryHandlers(needs),
    ...indexHandlers(needs.indexes),
    askToCopy: (id) => askToCopy(needs, id),
    adviseWorkspace: () => adviseWorkspace(needs),
    showAdvice: needs.advice.show,
    explain: withStatement(controller.explain),
    explainWithValues: withStatement(controller.explainWithValues),
    analyze: withStatement(async (statement, profile) => {
      const refusal = noAnalyzeWords(profile, vscode.l10n.t);
      if (refusal === undefined) await controller.analyze(statement, profile);
      else void vscode.window.showInformationMessage(refusal);
    }),
    cancel: controller.cancel,
    writeMigration: (argument) =>
      withStatement((statement, profile) =>
        migrations.forStatement(statement, profile, suggestionAt(argument)),
      )(argument),
    whyNot: withStatement(needs.whyNot.ask),
    showCalibration: needs.showCalibration,
    confirmMigration: files.confirm,
    openRule: (rule) => openRule(extensionUri, rule),
    chooseMigrationFolder: () =>
      migrations.chooseFolder(vscode.window.activeTextEditor?.document.uri),
    forgetValues: () => forgetRemembered(needs.memory),
    showLog: () => {
      log.show();
    },
    openWalkthrough,
  };
}
