import * as vscode from "vscode";
import { commandTable, type CommandName } from "../command-ids.ts";
import type { Highlighter } from "../editor/highlight.ts";
import type { MigrationActions } from "../editor/migration-actions.ts";
import type { HostMessages } from "../../protocol/messages.ts";
import { reportTo } from "../report.ts";
import type { PlanController } from "./plan-controller.ts";
import type { PanelSource } from "./plan-view.ts";
import type { PanelHandlers } from "./transport.ts";

export interface PanelHandlerNeeds {
  readonly controller: () => PlanController;
  readonly highlighter: Highlighter;
  readonly migrations: MigrationActions;
  readonly log: vscode.LogOutputChannel;
  readonly send: <Type extends keyof HostMessages>(
    type: Type,
    body: HostMessages[Type],
  ) => void;
}

async function openSource(source: PanelSource | undefined): Promise<void> {
  if (source === undefined) return;
  const document = await vscode.workspace.openTextDocument(
    vscode.Uri.parse(source.uri, true),
  );
  const found = document.getText().indexOf(source.text);
  const at = document.positionAt(found === -1 ? source.offset : found);
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(at, at),
  });
}

interface PanelActions {
  readonly run: (work: Thenable<unknown>) => void;
  readonly command: (name: CommandName, argument?: unknown) => void;
  readonly migrate: (suggestionId: number, how: "preview" | "write") => void;
}

async function migrate(
  needs: PanelHandlerNeeds,
  suggestionId: number,
  how: "preview" | "write",
): Promise<void> {
  const now = needs.controller().session();
  const suggestion = now?.shown?.advice.suggestions[suggestionId];
  if (now?.shown === undefined || suggestion === undefined) return;
  const { explained } = now.shown;
  const { catalog } = explained;
  const made = { explained, profile: now.source.profile };
  const near = vscode.Uri.parse(now.source.uri);
  const path = await needs.migrations.forSuggestion(
    { suggestion, catalog, near, made },
    how,
  );
  if (path !== undefined)
    needs.send("migrationWritten", { suggestionId, path });
}

function createActions(needs: PanelHandlerNeeds): PanelActions {
  const run: PanelActions["run"] = (work) => {
    work.then(undefined, reportTo(needs.log));
  };
  return {
    run,
    command: (name, argument) => {
      run(vscode.commands.executeCommand(commandTable[name], argument));
    },
    migrate: (suggestionId, how) => {
      run(migrate(needs, suggestionId, how));
    },
  };
}

type AskingHandlers = Pick<
  PanelHandlers,
  "explain" | "reconnect" | "analyze" | "askToCopy"
>;

/** Those that stand for a command. */
function commandHandlers(
  controller: PanelHandlerNeeds["controller"],
  command: PanelActions["command"],
): AskingHandlers {
  const explain = (): void => {
    command("explain", controller().lastPlace());
  };
  return {
    explain,
    reconnect: explain,
    analyze: () => {
      command("analyze", controller().lastPlace());
    },
    askToCopy: () => {
      command("askToCopy", controller().session()?.source.profile.id);
    },
  };
}

/** What the buttons of the panel do; each acts on the statement that is shown. */
export function createPanelHandlers(
  needs: PanelHandlerNeeds,
): Omit<PanelHandlers, "ready"> {
  const { run, command, migrate: write } = createActions(needs);
  return {
    ...commandHandlers(needs.controller, command),
    cancel: () => {
      needs.controller().cancel();
    },
    selectNode: ({ nodeId }) => {
      highlight(needs, nodeId);
    },
    writeMigration: ({ suggestionId }) => {
      write(suggestionId, "write");
    },
    previewMigration: ({ suggestionId }) => {
      write(suggestionId, "preview");
    },
    openSource: () => {
      run(openSource(needs.controller().session()?.source));
    },
    openRule: ({ rule }) => {
      command("openRule", rule);
    },
    copy: ({ text }) => {
      run(vscode.env.clipboard.writeText(text));
    },
    showLog: () => {
      needs.log.show();
    },
  };
}

function highlight(needs: PanelHandlerNeeds, nodeId: number): void {
  const now = needs.controller().session();
  if (now?.shown !== undefined)
    needs.highlighter.show(now.source, now.shown.view.marks, nodeId);
}
