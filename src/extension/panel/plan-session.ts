import * as vscode from "vscode";
import type {
  ExplainedStatement,
  ExplainFailure,
} from "../../app/explain-statement.ts";
import type { Advice, Suggestion } from "../../core/advice/suggestion.ts";
import { describeFailure } from "../editor/finding-words.ts";
import { foreseeTargets } from "../editor/migration-draft.ts";
import { runnerTitle } from "../editor/runner-choice.ts";
import type { EditorStatement } from "../editor/statements.ts";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import { visibleFindings } from "../editor/finding-words.ts";
import type { PanelState, PlanView } from "../../protocol/messages.ts";
import {
  buildPlanView,
  type MigrationTarget,
  type PanelSource,
} from "./plan-view.ts";

/** What the panel shows now; its buttons act on it. */
export interface PlanSession {
  readonly source: PanelSource;
  readonly suppressed: ReadonlySet<string>;
  readonly shown:
    | {
        readonly explained: ExplainedStatement;
        readonly advice: Advice;
        readonly view: PlanView;
      }
    | undefined;
}

export function sourceOf(
  statement: EditorStatement,
  profile: ConnectionProfile,
): PanelSource {
  const { document, start, text } = statement;
  const firstLine = document.positionAt(start).line + 1;
  const name = document.uri.path.split("/").at(-1) ?? "";
  return {
    uri: document.uri.toString(),
    offset: start,
    text,
    firstLine,
    label: `${name}:${String(firstLine)}`,
    profile,
  };
}

export interface Interpreted {
  readonly session: PlanSession;
  readonly explained: ExplainedStatement;
  readonly advice: Advice;
  /** It follows. */
  readonly adviceComing?: true;
  readonly server: string;
  /** What the source has and the copy of its statistics has not. */
  readonly remarks: readonly string[];
  readonly ran: string;
  /** A copy of the statistics would prove suggestions: nobody said whether it may be made, or it is being made. */
  readonly copy?: PlanView["copy"];
}

/** Targets per suggestion, worked out before the view is built: listing the workspace waits for files. */
async function targetsFor(
  interpreted: Interpreted,
  memory: vscode.Memento,
): Promise<ReadonlyMap<Suggestion, MigrationTarget>> {
  const near = vscode.Uri.parse(interpreted.session.source.uri);
  const { catalog } = interpreted.explained;
  const targets = await foreseeTargets(
    interpreted.advice.suggestions.map((suggestion) => ({
      suggestion,
      catalog,
      near,
    })),
    memory,
  );
  return new Map(
    targets.map(({ suggestion, runner, path, notes }) => [
      suggestion,
      { runner: runnerTitle(runner), path, notes },
    ]),
  );
}

/** The session with its plan. */
export async function withPlan(
  interpreted: Interpreted,
  memory: vscode.Memento,
): Promise<
  PlanSession & { readonly shown: NonNullable<PlanSession["shown"]> }
> {
  const { session, explained, advice } = interpreted;
  const targets = await targetsFor(interpreted, memory);
  const view = buildPlanView({
    source: session.source,
    explained,
    findings: visibleFindings(explained.findings, session.suppressed),
    advice,
    ...(interpreted.adviceComing === true ? { adviceComing: true } : {}),
    ...(interpreted.copy === undefined ? {} : { copy: interpreted.copy }),
    server: interpreted.server,
    remarks: interpreted.remarks,
    ran: interpreted.ran,
    target: (suggestion) => targets.get(suggestion),
    t: vscode.l10n.t,
  });
  return { ...session, shown: { explained, advice, view } };
}

type TroubleAction = Extract<
  PanelState,
  { kind: "trouble" }
>["actions"][number];

type TroubleCommand = TroubleAction["command"];

const commandsByError: Readonly<
  Record<DatabaseError["kind"], readonly TroubleCommand[]>
> = {
  sql: ["showInEditor", "explain"],
  unreachable: ["reconnect", "showLog"],
  connectionLost: ["reconnect", "showLog"],
  authentication: ["reconnect", "showLog"],
  startingUp: ["reconnect", "showLog"],
  tooManyConnections: ["reconnect", "showLog"],
  timedOut: ["explain"],
  readOnlyViolation: ["explain"],
  refusedOnProduction: ["explain"],
  cancelled: ["explain"],
  unknownDatabase: ["showLog"],
  tls: ["showLog"],
  missingRight: ["showLog"],
  missingExtension: ["showLog"],
  unsupported: ["showLog"],
  misconfigured: ["showLog"],
};

function commandsFor(failure: ExplainFailure): readonly TroubleCommand[] {
  switch (failure.kind) {
    case "parse":
      return ["showInEditor"];
    case "plan":
      return ["showLog"];
    case "database":
      return commandsByError[failure.error.kind];
  }
}

function actionsFor(failure: ExplainFailure): readonly TroubleAction[] {
  const labels: Readonly<Record<TroubleCommand, string>> = {
    explain: vscode.l10n.t("Explain Again"),
    analyze: vscode.l10n.t("Analyze…"),
    showInEditor: vscode.l10n.t("Show in Editor"),
    showLog: vscode.l10n.t("Show Log"),
    reconnect: vscode.l10n.t("Reconnect"),
  };
  return commandsFor(failure).map((command) => ({
    command,
    label: labels[command],
  }));
}

export function troubleState(
  failure: ExplainFailure,
  connection: string,
): PanelState {
  const { what, next } = describeFailure(failure, connection, vscode.l10n.t);
  return {
    kind: "trouble",
    title: what,
    detail: next,
    actions: actionsFor(failure),
  };
}
