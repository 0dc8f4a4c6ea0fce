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

/** What the panel shows and whose it is; the buttons act on that, not on a run that has shown nothing yet. */
function createShowing({ memory, show }: StageNeeds): {
  readonly session: Stage["session"];
  readonly lastPlace: Stage["lastPlace"];
  readonly isRunning: () => boolean;
  readonly put: (session: PlanSession, state: PanelState) => void;
} {
  let session: PlanSession | undefined;
  let isRunning = false;
  return {
    session: () => session,
    lastPlace: () => session?.source ?? parsePlace(memory.get(placeKey)),
    isRunning: () => isRunning,
    put: (next, state) => {
      session = next;
      isRunning = state.kind === "running";
      const { uri, offset, label } = next.source;
      void memory.update(placeKey, { uri, offset });
      show(state, `PlanLens: ${label}`);
    },
  };
}

export function createStage(needs: StageNeeds): Stage {
  const showing = createShowing(needs);
  let current: Run | undefined;
  const tell = (run: Run, state: PanelState): void => {
    if (current === run) showing.put(run.session, state);
  };
  const trouble = (run: Run, failure: ExplainFailure): void => {
    tell(run, troubleState(failure, run.session.source.profile.name));
  };
  return {
    session: showing.session,
    lastPlace: showing.lastPlace,
    begin: (statement, profile) => {
      current?.controller.abort();
      current = newRun(statement, profile);
      setRunning(true);
      return current;
    },
    end: (run) => {
      if (current !== run) return;
      setRunning(false);
      // It broke, or the person turned away after it had ended the run before: nobody else takes "running" off.
      if (showing.isRunning())
        trouble(run, { kind: "database", error: { kind: "cancelled" } });
    },
    running: (run, what, limitMs) => {
      const { name: connection } = run.session.source.profile;
      tell(run, { kind: "running", what, connection, limitMs });
    },
    trouble,
    plan: async (run, interpreted) => {
      const parts = { ...interpreted, session: run.session };
      const planned = await withPlan(parts, needs.memory);
      if (current === run)
        showing.put(planned, { kind: "plan", view: planned.shown.view });
    },
    cancel: () => {
      current?.controller.abort();
    },
  };
}
