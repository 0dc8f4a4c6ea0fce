import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type {
  ExplainFailure,
  ExplainPorts,
} from "../../app/explain-statement.ts";
import type { Advice } from "../../core/advice/suggestion.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { PanelState } from "../../protocol/messages.ts";
import { delay } from "../editor/cancellation.ts";
import type { Explainer, Planned } from "../editor/explainer.ts";
import type { EditorStatement } from "../editor/statements.ts";
import {
  analyzeStatement,
  asFailure,
  explainWithValues,
  serverWords,
  type ActionNeeds,
  type ActionOutcome,
} from "../editor/plan-actions.ts";
import {
  sourceOf,
  troubleState,
  withPlan,
  type Interpreted,
  type PlanSession,
} from "./plan-session.ts";

export interface PlanControllerNeeds {
  readonly explainer: Explainer;
  readonly memory: vscode.Memento;
  readonly show: (state: PanelState, title: string) => void;
}

/** Explains and analyzes into the panel, one statement at a time; a new one ends the one before. */
export interface PlanController extends vscode.Disposable {
  readonly session: () => PlanSession | undefined;
  readonly explain: (
    statement: EditorStatement,
    profile: ConnectionProfile,
  ) => Promise<void>;
  readonly explainWithValues: (
    statement: EditorStatement,
    profile: ConnectionProfile,
  ) => Promise<void>;
  readonly analyze: (
    statement: EditorStatement,
    profile: ConnectionProfile,
  ) => Promise<void>;
  /** Reaches the server. */
  readonly cancel: () => void;
}

type Action = (
  needs: ActionNeeds,
  text: string,
  signal: AbortSignal,
) => Promise<ActionOutcome>;

const runningContext = "planlens.running";
const noAdvice: Advice = { suggestions: [], rejected: [] };
// The plan does not wait longer for its suggestions than a person would; they follow.
const adviceWaitMs = 1_500;

interface Run {
  readonly session: PlanSession;
  readonly signal: AbortSignal;
  readonly isCurrent: () => boolean;
}

/** The panel's side of one controller: everything it says goes through here. */
function createStage(needs: PlanControllerNeeds): {
  readonly session: () => PlanSession | undefined;
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
} {
  let session: PlanSession | undefined;
  let current: AbortController | undefined;
  const titleOf = (run: Run): string => `PlanLens: ${run.session.source.label}`;
  const setRunning = (isRunning: boolean): void => {
    void vscode.commands.executeCommand(
      "setContext",
      runningContext,
      isRunning,
    );
  };
  return {
    session: () => session,
    begin: (statement, profile) => {
      current?.abort();
      const controller = new AbortController();
      current = controller;
      session = {
        source: sourceOf(statement, profile),
        suppressed: statement.suppressed,
        shown: undefined,
      };
      setRunning(true);
      return {
        session,
        signal: controller.signal,
        isCurrent: () => current === controller,
      };
    },
    end: (run) => {
      if (run.isCurrent()) setRunning(false);
    },
    running: (run, what, limitMs) => {
      if (!run.isCurrent()) return;
      const connection = run.session.source.profile.name;
      needs.show({ kind: "running", what, connection, limitMs }, titleOf(run));
    },
    trouble: (run, failure) => {
      if (run.isCurrent())
        needs.show(
          troubleState(failure, run.session.source.profile.name),
          titleOf(run),
        );
    },
    plan: async (run, interpreted) => {
      const planned = await withPlan(
        { ...interpreted, session: run.session },
        needs.memory,
      );
      if (!run.isCurrent()) return;
      session = planned;
      needs.show({ kind: "plan", view: planned.shown.view }, titleOf(run));
    },
    cancel: () => {
      current?.abort();
    },
  };
}

type Stage = ReturnType<typeof createStage>;

async function reach(
  explainer: Explainer,
  run: Run,
): Promise<
  Result<
    { readonly planned: Planned; readonly ports: ExplainPorts },
    ExplainFailure
  >
> {
  const { profile, text } = run.session.source;
  const planned = await explainer.plan(profile, text, run.signal);
  if (!planned.ok) return planned;
  const ports = asFailure(await explainer.ports(profile));
  return ports.ok
    ? succeeded({ planned: planned.value, ports: ports.value })
    : failed(ports.error);
}

/** The plan as soon as it is there; the suggestions with it, or after it when they take longer. */
async function explainInto(
  explainer: Explainer,
  stage: Stage,
  run: Run,
): Promise<void> {
  const { profile, text } = run.session.source;
  const reached = await reach(explainer, run);
  if (!reached.ok) {
    stage.trouble(run, reached.error);
    return;
  }
  const { explained } = reached.value.planned;
  const server = await serverWords(reached.value.ports, run.signal);
  const ran = vscode.l10n.t("Planned just now, nothing ran");
  const asked = explainer.advise(profile, text, run.signal);
  const inTime = await Promise.race([asked, delay(adviceWaitMs)]);
  const advice = inTime?.ok === true ? inTime.value : noAdvice;
  await stage.plan(run, { explained, advice, server, ran });
  if (inTime !== undefined) return;
  const late = await asked;
  if (late.ok && !run.signal.aborted)
    await stage.plan(run, { explained, advice: late.value, server, ran });
}

async function actInto(
  needs: PlanControllerNeeds,
  stage: Stage,
  run: Run,
  action: Action,
): Promise<boolean> {
  const { profile, text } = run.session.source;
  const ports = asFailure(await needs.explainer.ports(profile));
  if (!ports.ok) {
    stage.trouble(run, ports.error);
    return true;
  }
  const outcome = await action(
    {
      ports: ports.value,
      profile,
      memory: needs.memory,
      onRunning: (what, limitMs) => {
        stage.running(run, what, limitMs);
      },
    },
    text,
    run.signal,
  );
  if (outcome.kind === "explainInstead") return false;
  if (outcome.kind === "failed") stage.trouble(run, outcome.failure);
  if (outcome.kind === "done")
    await stage.plan(run, {
      ...outcome,
      server: await serverWords(ports.value, run.signal),
    });
  return true;
}

export function createPlanController(
  needs: PlanControllerNeeds,
): PlanController {
  const stage = createStage(needs);
  const withProgress = async (
    title: string,
    run: Run,
    work: () => Promise<void>,
  ): Promise<void> => {
    try {
      await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title },
        work,
      );
    } finally {
      stage.end(run);
    }
  };
  const explain: PlanController["explain"] = async (statement, profile) => {
    const run = stage.begin(statement, profile);
    const known = needs.explainer.peek(profile, statement.text);
    if (known?.ok !== true)
      stage.running(run, vscode.l10n.t("Explaining"), undefined);
    await withProgress(
      vscode.l10n.t("Explaining on {0}", profile.name),
      run,
      () => explainInto(needs.explainer, stage, run),
    );
  };
  const act = async (
    statement: EditorStatement,
    profile: ConnectionProfile,
    action: Action,
  ): Promise<void> => {
    const run = stage.begin(statement, profile);
    let isDone = true;
    await withProgress(
      vscode.l10n.t("PlanLens on {0}", profile.name),
      run,
      async () => {
        isDone = await actInto(needs, stage, run, action);
      },
    );
    if (!isDone) await explain(statement, profile);
  };
  return {
    session: stage.session,
    explain,
    explainWithValues: (statement, profile) =>
      act(statement, profile, explainWithValues),
    analyze: (statement, profile) => act(statement, profile, analyzeStatement),
    cancel: stage.cancel,
    dispose: stage.cancel,
  };
}
