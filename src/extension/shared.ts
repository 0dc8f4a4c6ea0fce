import type * as vscode from "vscode";
import type { ConnectionProfile } from "../app/connection.ts";
import type { Calibration } from "./calibration.ts";
import type { Connections } from "./connections/connections.ts";
import type { Explainer } from "./editor/explainer.ts";
import type { StatementDocuments } from "./editor/statements.ts";
import type { SuggestionMemory } from "./sidebar/indexes/suggestion-memory.ts";
import type { CopyQuestion } from "./twin/twin-host.ts";

/** What every part of the extension works with. */
export interface Shared {
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
