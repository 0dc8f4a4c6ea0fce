import * as vscode from "vscode";
import type { ConnectionProfile } from "../../../app/connection.ts";
import type { Answer, ServerInfo } from "../../../app/database.ts";
import { describeDatabaseError } from "../../../app/wording.ts";
import { serverWords } from "../words.ts";
import {
  fieldsOf,
  profileFromDraft,
  type Draft,
  type DraftField,
} from "./draft.ts";
import { fieldValue, fieldWord } from "./field-words.ts";
import { questions } from "./questions.ts";
import {
  pickOne,
  whileBusy,
  type Choice,
  type Frame,
  type Reply,
} from "./quick-input.ts";

/** Connects with this profile and password, asks who is there, and hangs up. */
export type TestProfile = (
  profile: ConnectionProfile,
  password: string | undefined,
  signal: AbortSignal,
) => Answer<ServerInfo>;

/** A connection ready to be kept. */
export interface Reviewed {
  readonly profile: ConnectionProfile;
  readonly password: string | undefined;
  /** Use it in this workspace from now on. */
  readonly use: boolean;
}

export interface ReviewPorts {
  readonly title: string;
  readonly testFirst: boolean;
  readonly test: TestProfile;
  readonly takenIds: () => ReadonlySet<string>;
}

type Action = "use" | "save" | "test" | { readonly field: DraftField };

/** What the last test said. */
type Outcome = {
  readonly what: string;
  readonly next: string | undefined;
  readonly ok: boolean;
};

function testChoice(outcome: Outcome | undefined): Choice<Action> {
  if (outcome === undefined)
    return { label: vscode.l10n.t("$(debug-start) Test"), value: "test" };
  return {
    label: outcome.ok
      ? vscode.l10n.t("$(pass) Works: {0}", outcome.what)
      : vscode.l10n.t("$(error) {0}", outcome.what),
    ...(outcome.next === undefined ? {} : { detail: outcome.next }),
    description: vscode.l10n.t("Test Again"),
    value: "test",
  };
}

function reviewChoices(
  draft: Draft,
  outcome: Outcome | undefined,
): readonly Choice<Action>[] {
  const test = testChoice(outcome);
  const keep: readonly Choice<Action>[] = [
    { label: vscode.l10n.t("$(check) Save and Use Here"), value: "use" },
    { label: vscode.l10n.t("$(save) Save"), value: "save" },
  ];
  const fields = fieldsOf(draft).map((field): Choice<Action> => ({
    label: fieldWord(field),
    description: fieldValue(field, draft),
    value: { field },
  }));
  return [
    ...(outcome?.ok === false ? [test, ...keep] : [...keep, test]),
    { label: vscode.l10n.t("Change") },
    ...fields,
  ];
}

async function runTest(
  draft: Draft,
  frame: Frame,
  ports: ReviewPorts,
): Promise<Outcome> {
  const profile = profileFromDraft(draft, ports.takenIds());
  if (!profile.ok)
    return {
      ok: false,
      what: vscode.l10n.t("{0} is needed.", fieldWord(profile.error)),
      next: undefined,
    };
  const answer = await whileBusy(
    frame,
    vscode.l10n.t("Connecting to {0}…", draft.name),
    (signal) => ports.test(profile.value, draft.password, signal),
  );
  if (answer.ok)
    return { ok: true, what: serverWords(answer.value), next: undefined };
  const trouble = describeDatabaseError(answer.error, draft.name);
  return { ok: false, what: trouble.what, next: trouble.next };
}

function finish(
  draft: Draft,
  use: boolean,
  ports: ReviewPorts,
): Reviewed | DraftField {
  const profile = profileFromDraft(draft, ports.takenIds());
  return profile.ok
    ? { profile: profile.value, password: draft.password, use }
    : profile.error;
}

/** Shows all that is known, tests, lets each field be changed, until it is saved or given up. */
export async function reviewDraft(
  first: Draft,
  ports: ReviewPorts,
): Promise<Reply<Reviewed>> {
  const frame: Frame = {
    title: ports.title,
    step: undefined,
    totalSteps: undefined,
    canGoBack: ports.testFirst,
  };
  const fieldFrame: Frame = { ...frame, canGoBack: true };
  let draft = first;
  let outcome = ports.testFirst
    ? await runTest(draft, frame, ports)
    : undefined;
  for (;;) {
    const reply: Reply<Action> = await pickOne(frame, {
      placeholder: vscode.l10n.t("Save, test, or choose what to change"),
      choices: reviewChoices(draft, outcome),
    });
    if (reply.kind !== "value") return reply;
    const action = reply.value;
    if (action === "test") outcome = await runTest(draft, frame, ports);
    else if (typeof action === "object") {
      const changed = await questions[action.field](fieldFrame, draft);
      if (changed.kind === "cancelled") return changed;
      if (changed.kind === "value") {
        draft = changed.value;
        outcome = undefined;
      }
    } else {
      const done = finish(draft, action === "use", ports);
      if (typeof done === "object") return { kind: "value", value: done };
      outcome = {
        ok: false,
        what: vscode.l10n.t("{0} is needed.", fieldWord(done)),
        next: undefined,
      };
    }
  }
}
