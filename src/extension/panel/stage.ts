import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { ExplainFailure } from "../../app/explain-statement.ts";
import type { PanelState } from "../../protocol/messages.ts";
import { parsePlace, type StatementPlace } from "../command-ids.ts";
import type { EditorStatement } from "../editor/statements.ts";
import {
  sourceOf,
  troubleState,
  withPlan,
  type Interpreted,
  type PlanSession,
} from "./plan-session.ts";
import { createRunTurns, type Run as SessionRun } from "./run-turns.ts";

export interface StageNeeds {
  readonly memory: vscode.Memento;
  readonly show: (state: PanelState, title: string) => void;
  /** What the connection has and the copy of its statistics has not. */
  readonly remarks: (profile: ConnectionProfile) => readonly string[];
}

/** One explaining or analyzing. */
export type Run = SessionRun<PlanSession>;

/** What is on show, and the only way to change it. */
export interface Stage {
  readonly session: () => PlanSession | undefined;
  readonly lastPlace: () => StatementPlace | undefined;
  readonly begin: (
    statement: EditorStatement,
    profile: ConnectionProfile,
  ) => Run;
  readonly end: (run: Run) => void;
  readonly running: (
    run: Run,
    what: string,
    limitMs: number | undefined,
  ) => void;
  readonly trouble: (run: Run, failure: ExplainFailure) => void;
  readonly plan: (
    run: Run,
    interpreted: Omit<Interpreted, "session" | "remarks">,
  ) => Promise<void>;
  readonly cancel: () => void;
}

const placeKey = "planlens.panelPlace";

function setRunning(isRunning: boolean): void {
  void vscode.commands.executeCommand(
    "setContext",
    "planlens.running",
    isRunning,
  );
}

function newSession(
  statement: EditorStatement,
  profile: ConnectionProfile,
): PlanSession {
  const { suppressed } = statement;
  return {
    source: sourceOf(statement, profile),
    suppressed,
    shown: undefined,
  };
}

const troubleOf = (session: PlanSession, failure: ExplainFailure): PanelState =>
  troubleState(failure, session.source.profile.name);

export function createStage({ memory, show, remarks }: StageNeeds): Stage {
  const turns = createRunTurns<PlanSession, PanelState>({
    show: ({ source: { uri, offset, label } }, state) => {
      void memory.update(placeKey, { uri, offset });
      show(state, `PlanLens: ${label}`);
    },
    setRunning,
    givenUp: (session) =>
      troubleOf(session, { kind: "database", error: { kind: "cancelled" } }),
  });
  return {
    session: turns.shown,
    lastPlace: () => turns.shown()?.source ?? parsePlace(memory.get(placeKey)),
    begin: (statement, profile) => turns.begin(newSession(statement, profile)),
    end: turns.end,
    running: (run, what, limitMs) => {
      const { name: connection } = run.session.source.profile;
      turns.tell(run, { kind: "running", what, connection, limitMs });
    },
    trouble: (run, failure) => {
      turns.tell(run, troubleOf(run.session, failure));
    },
    plan: async (run, interpreted) => {
      const { session } = run;
      const left = remarks(session.source.profile);
      const parts = { ...interpreted, session, remarks: left };
      const planned = await withPlan(parts, memory);
      turns.tell(run, { kind: "plan", view: planned.shown.view }, planned);
    },
    cancel: turns.cancel,
  };
}
