import type * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Database, DatabaseError } from "../../app/database.ts";
import type { Result } from "../../core/result.ts";

/** The connections of this window: which exist, which one a file uses, and the open database behind each. */
export interface Connections extends vscode.Disposable {
  /** The list, the active one or the state of one of them changed. */
  readonly onDidChange: vscode.Event<void>;
  list(): readonly ConnectionProfile[];
  profile(id: string): ConnectionProfile | undefined;
  /** Active for this file, else for the workspace. */
  active(uri?: vscode.Uri): ConnectionProfile | undefined;
  /** Opened once, shared, self-reconnecting. */
  open(profile: ConnectionProfile): Promise<Result<Database, DatabaseError>>;
}

/** Registers the commands, the view and the status bar item of connections; disposed with the result. */
export declare function createConnections(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Connections;
