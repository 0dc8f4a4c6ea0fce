import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { ExplainFailure } from "../../app/explain-statement.ts";
import type { Advice } from "../../core/advice/suggestion.ts";
import type { PanelState } from "../../protocol/messages.ts";
import { parsePlace, type StatementPlace } from "../command-ids.ts";
import type { EditorStatement } from "../editor/statements.ts";
import { isProvableOnCopy } from "../twin/provable-on-copy.ts";
import type { CopyQuestion } from "../twin/twin-host.ts";
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
  readonly copyQuestion: Pick<CopyQuestion, "isOpen">;
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
  readonly plan: (run: Run, shown: ShownPlan) => Promise<void>;
  /** The plan on show; undefined while there is none, or none of this window. */
  readonly told: () => Told | undefined;
  /** There is no panel any more, so there is no plan on show. */
  readonly close: () => void;
  readonly cancel: () => void;
}

/** A plan with its suggestions. */
export interface ShownPlan extends Omit<Interpreted, "session" | "remarks"> {
  /** Looks for the suggestions once more; undefined when none can be told. */
  readonly adviseAgain: (signal: AbortSignal) => Promise<Advice | undefined>;
}

interface Told {
  readonly run: Run;
  readonly plan: ShownPlan;
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

function interpretedAs(
  { remarks, copyQuestion }: StageNeeds,
  { session }: Run,
  plan: ShownPlan,
): Interpreted {
  const { profile } = session.source;
  const offer = offerFor(plan, copyQuestion.isOpen(profile));
  return { ...offer, ...plan, session, remarks: remarks(profile) };
}

/** Nothing is offered while suggestions are still looked for: they may come proven. */
const offerFor = (
  { adviceComing, advice }: ShownPlan,
  isOpen: boolean,
): Pick<Interpreted, "copy"> =>
  isOpen && adviceComing !== true && isProvableOnCopy(advice)
    ? { copy: "unanswered" }
    : {};

export function createStage(needs: StageNeeds): Stage {
  const { memory, show } = needs;
  let told: (Told & { readonly as: PlanSession }) | undefined;
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
    plan: async (run, plan) => {
      const planned = await withPlan(interpretedAs(needs, run, plan), memory);
      told = { run, plan, as: planned };
      turns.tell(run, { kind: "plan", view: planned.shown.view }, planned);
    },
    told: () => (told?.as === turns.shown() ? told : undefined),
    close: () => {
      told = undefined;
    },
    cancel: turns.cancel,
  };
}
