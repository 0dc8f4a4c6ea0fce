import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type {
  ExplainFailure,
  ExplainPorts,
} from "../../app/explain-statement.ts";
import type { Advice } from "../../core/advice/suggestion.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { delay } from "../editor/cancellation.ts";
import type { Explainer, Planned } from "../editor/explainer.ts";
import type { EditorStatement } from "../editor/statements.ts";
import {
  adviceFor,
  analyzeStatement,
  asFailure,
  explainWithValues,
  serverWords,
  type ActionNeeds,
  type ActionOutcome,
} from "../editor/plan-actions.ts";
import type { StatementPlace } from "../command-ids.ts";
import { readSettings } from "../settings.ts";
import type { CopyAnswered } from "../twin/twin-host.ts";
import type { PlanSession } from "./plan-session.ts";
import { createStage, type Run, type Stage, type StageNeeds } from "./stage.ts";

export interface PlanControllerNeeds extends StageNeeds {
  readonly explainer: Explainer;
}

type OnStatement = (
  statement: EditorStatement,
  profile: ConnectionProfile,
) => Promise<void>;

/** Explains and analyzes into the panel, one statement at a time; a new one ends the one before. */
export interface PlanController {
  readonly session: () => PlanSession | undefined;
  /** Where the statement on show stands, also after the window was loaded again. */
  readonly lastPlace: () => StatementPlace | undefined;
  readonly explain: OnStatement;
  readonly explainWithValues: OnStatement;
  readonly analyze: OnStatement;
  /** Somebody said whether statistics may be copied: shows what comes of it. */
  readonly copyAnswered: (answered: CopyAnswered) => Promise<void>;
  /** The panel was closed, and is not opened again by what comes late. */
  readonly panelClosed: () => void;
  /** Reaches the server. */
  readonly cancel: () => void;
  readonly dispose: () => void;
}

type Action = (
  needs: ActionNeeds,
  text: string,
  signal: AbortSignal,
) => Promise<ActionOutcome>;

const noAdvice: Advice = { suggestions: [], rejected: [] };
// The plan does not wait longer for its suggestions than a person would; they follow.
const adviceWaitMs = 1_500;

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
  const planned = await explainer.renew(profile, text, run.signal);
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
  const adviseAgain = async (
    signal: AbortSignal,
  ): Promise<Advice | undefined> => {
    const advice = await explainer.advise(profile, text, signal);
    return advice.ok ? advice.value : undefined;
  };
  const server = await serverWords(reached.value.ports, run.signal);
  const ran = vscode.l10n.t("Planned just now, nothing ran");
  const asked = explainer.advise(profile, text, run.signal);
  const inTime = await Promise.race([asked, delay(adviceWaitMs)]);
  const advice = inTime?.ok === true ? inTime.value : noAdvice;
  const shown = { explained, advice, server, ran, adviseAgain };
  if (inTime !== undefined) {
    await stage.plan(run, shown);
    return;
  }
  await stage.plan(run, { ...shown, adviceComing: true });
  const late = await asked;
  if (run.signal.aborted) return;
  await stage.plan(run, { ...shown, advice: late.ok ? late.value : noAdvice });
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
      limits: readSettings(),
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
      adviseAgain: (signal) =>
        adviceFor(ports.value, outcome.explained, signal),
    });
  return true;
}

/** The plan stays; what was suggested by rule is looked for anew where a copy may be made to prove it. */
async function adviseAnew(
  stage: Stage,
  { profile, isAllowed }: CopyAnswered,
): Promise<void> {
  const told = stage.told();
  if (told?.run.session.source.profile.id !== profile.id) return;
  const { run, plan } = told;
  // What is looked for already is shown, with what is to be said of a copy then, when it is found.
  if (!isAllowed && plan.adviceComing === true) return;
  if (isAllowed) await stage.plan(run, { ...plan, copy: "coming" });
  const found = isAllowed ? await plan.adviseAgain(run.signal) : undefined;
  if (stage.told()?.run !== run) return;
  const { explained, server, ran, adviseAgain } = plan;
  const advice = found ?? plan.advice;
  await stage.plan(run, { explained, advice, server, ran, adviseAgain });
}

async function withProgress<Value>(
  title: string,
  work: () => Promise<Value>,
): Promise<Value> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title },
    work,
  );
}

export function createPlanController(
  needs: PlanControllerNeeds,
): PlanController {
  const stage = createStage(needs);
  const explain: OnStatement = async (statement, profile) => {
    const run = stage.begin(statement, profile);
    const known = needs.explainer.peek(profile, statement.text);
    if (known?.ok !== true)
      stage.running(run, vscode.l10n.t("Explaining"), undefined);
    await withProgress(vscode.l10n.t("Explaining on {0}", profile.name), () =>
      explainInto(needs.explainer, stage, run),
    ).finally(() => {
      stage.end(run);
    });
  };
  const act =
    (action: Action): OnStatement =>
    async (statement, profile) => {
      const run = stage.begin(statement, profile);
      const isDone = await withProgress(
        vscode.l10n.t("PlanLens on {0}", profile.name),
        () => actInto(needs, stage, run, action),
      ).finally(() => {
        stage.end(run);
      });
      if (!isDone) await explain(statement, profile);
    };
  return {
    session: stage.session,
    lastPlace: stage.lastPlace,
    explain,
    explainWithValues: act(explainWithValues),
    analyze: act(analyzeStatement),
    copyAnswered: (answered) => adviseAnew(stage, answered),
    panelClosed: stage.close,
    cancel: stage.cancel,
    dispose: stage.cancel,
  };
}
