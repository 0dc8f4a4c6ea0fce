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

export interface StageNeeds {
  readonly memory: vscode.Memento;
  readonly show: (state: PanelState, title: string) => void;
}

/** One explaining or analyzing; what it says is only heard while no later one has begun. */
export interface Run {
  readonly session: PlanSession;
  readonly controller: AbortController;
  readonly signal: AbortSignal;
}

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
    interpreted: Omit<Interpreted, "session">,
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

function newRun(statement: EditorStatement, profile: ConnectionProfile): Run {
  const controller = new AbortController();
  const source = sourceOf(statement, profile);
  const { suppressed } = statement;
  return {
    session: { source, suppressed, shown: undefined },
    controller,
    signal: controller.signal,
  };
}

export function createStage({ memory, show }: StageNeeds): Stage {
  let session: PlanSession | undefined;
  let current: Run | undefined;
  const tell = (run: Run, state: PanelState): void => {
    if (current === run) show(state, `PlanLens: ${run.session.source.label}`);
  };
  return {
    session: () => session,
    lastPlace: () => session?.source ?? parsePlace(memory.get(placeKey)),
    begin: (statement, profile) => {
      current?.controller.abort();
      current = newRun(statement, profile);
      session = current.session;
      const { uri, offset } = session.source;
      void memory.update(placeKey, { uri, offset });
      setRunning(true);
      return current;
    },
    end: (run) => {
      if (current === run) setRunning(false);
    },
    running: (run, what, limitMs) => {
      const connection = run.session.source.profile.name;
      tell(run, { kind: "running", what, connection, limitMs });
    },
    trouble: (run, failure) => {
      tell(run, troubleState(failure, run.session.source.profile.name));
    },
    plan: async (run, interpreted) => {
      const parts = { ...interpreted, session: run.session };
      const planned = await withPlan(parts, memory);
      if (current !== run) return;
      session = planned;
      tell(run, { kind: "plan", view: planned.shown.view });
    },
    cancel: () => {
      current?.controller.abort();
    },
  };
}
