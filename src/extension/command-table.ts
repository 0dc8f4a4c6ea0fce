import * as vscode from "vscode";
import { commandTable, type CommandName } from "./command-ids.ts";

/** One handler per command of the table: a forgotten one does not compile. */
export type CommandHandlers = {
  readonly [Name in CommandName]: (argument: unknown) => unknown;
};

/** Registers all of them; disposing takes all of them away. */
export function registerCommands(handlers: CommandHandlers): vscode.Disposable {
  const names = Object.keys(commandTable) as CommandName[];
  return vscode.Disposable.from(
    ...names.map((name) =>
      vscode.commands.registerCommand(commandTable[name], handlers[name]),
    ),
  );
}
