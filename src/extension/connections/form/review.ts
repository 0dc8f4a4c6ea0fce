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
import { pickOne, whileBusy, type Frame, type Reply } from "./quick-input.ts";
import type { Choice } from "./starting-choice.ts";

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

const missing = (field: DraftField): Outcome => ({
  ok: false,
  what: vscode.l10n.t("{0} is needed.", fieldWord(field)),
  next: undefined,
});

async function runTest(
  draft: Draft,
  frame: Frame,
  ports: ReviewPorts,
): Promise<Outcome> {
  const profile = profileFromDraft(draft, ports.takenIds());
  if (!profile.ok) return missing(profile.error);
  const answer = await whileBusy(
    frame,
    vscode.l10n.t("Connecting to {0}…", draft.name),
    (signal) => ports.test(profile.value, draft.password, signal),
  );
  if (answer.ok)
    return { ok: true, what: serverWords(answer.value), next: undefined };
  const trouble = describeDatabaseError(
    answer.error,
    draft.name,
    vscode.l10n.t,
  );
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

interface Sheet {
  readonly draft: Draft;
  readonly outcome: Outcome | undefined;
}

/** One action; the sheet as it is afterwards, or the end. */
async function act(
  action: Action,
  sheet: Sheet,
  frame: Frame,
  ports: ReviewPorts,
): Promise<Sheet | Reply<Reviewed>> {
  const { draft } = sheet;
  if (action === "test")
    return { draft, outcome: await runTest(draft, frame, ports) };
  if (typeof action === "object") {
    const changed = await questions[action.field](
      { ...frame, canGoBack: true },
      draft,
    );
    if (changed.kind === "cancelled") return changed;
    return changed.kind === "back"
      ? sheet
      : { draft: changed.value, outcome: undefined };
  }
  const done = finish(draft, action === "use", ports);
  if (typeof done === "object") return { kind: "value", value: done };
  return { draft, outcome: missing(done) };
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
  let sheet: Sheet = {
    draft: first,
    outcome: ports.testFirst ? await runTest(first, frame, ports) : undefined,
  };
  for (;;) {
    const reply: Reply<Action> = await pickOne(frame, {
      placeholder: vscode.l10n.t("Save, test, or choose what to change"),
      choices: reviewChoices(sheet.draft, sheet.outcome),
    });
    if (reply.kind !== "value") return reply;
    const next = await act(reply.value, sheet, frame, ports);
    if ("kind" in next) return next;
    sheet = next;
  }
}
