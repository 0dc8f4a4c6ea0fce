import * as vscode from "vscode";
import { commandTable } from "../command-ids.ts";
import type { Highlighter } from "../editor/highlight.ts";
import type { MigrationActions } from "../editor/migration-actions.ts";
import type { HostMessages } from "../../protocol/messages.ts";
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

async function openSource(source: PanelSource): Promise<void> {
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

/** What the buttons of the panel do; each acts on the statement that is shown. */
export function createPanelHandlers(
  needs: PanelHandlerNeeds,
): Omit<PanelHandlers, "ready"> {
  const run = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      needs.log.error(error instanceof Error ? error : String(error));
    });
  };
  const command = (
    name: keyof typeof commandTable,
    argument?: unknown,
  ): void => {
    run(
      Promise.resolve(
        vscode.commands.executeCommand(commandTable[name], argument),
      ),
    );
  };
  const session = (): ReturnType<PlanController["session"]> =>
    needs.controller().session();
  const place = (): unknown => {
    const source = session()?.source;
    return source && { uri: source.uri, offset: source.offset };
  };
  const migrate = async (
    suggestionId: number,
    how: "preview" | "write",
  ): Promise<void> => {
    const now = session();
    const suggestion = now?.shown?.advice.suggestions[suggestionId];
    if (now?.shown === undefined || suggestion === undefined) return;
    const path = await needs.migrations.forSuggestion(
      {
        suggestion,
        catalog: now.shown.explained.catalog,
        near: vscode.Uri.parse(now.source.uri),
      },
      how,
    );
    if (path !== undefined)
      needs.send("migrationWritten", { suggestionId, path });
  };
  return {
    explain: () => {
      command("explain", place());
    },
    analyze: () => {
      command("analyze", place());
    },
    cancel: () => {
      needs.controller().cancel();
    },
    selectNode: ({ nodeId }) => {
      const now = session();
      if (now?.shown !== undefined)
        needs.highlighter.show(now.source, now.shown.view.marks, nodeId);
    },
    writeMigration: ({ suggestionId }) => {
      run(migrate(suggestionId, "write"));
    },
    previewMigration: ({ suggestionId }) => {
      run(migrate(suggestionId, "preview"));
    },
    openSource: () => {
      const source = session()?.source;
      if (source !== undefined) run(openSource(source));
    },
    openRule: ({ rule }) => {
      command("openRule", rule);
    },
    copy: ({ text }) => {
      run(Promise.resolve(vscode.env.clipboard.writeText(text)));
    },
    showLog: () => {
      needs.log.show();
    },
    reconnect: () => {
      command("explain", place());
    },
  };
}
