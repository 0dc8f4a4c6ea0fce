import * as vscode from "vscode";
import type { ConnectionProfile } from "../../../app/connection.ts";
import type { Found, Offers } from "../offers.ts";
import {
  draftFromProfile,
  emptyDraft,
  questionsOf,
  withTarget,
  type Draft,
  type Source,
} from "./draft.ts";
import { startChoices, type Start } from "./start-choices.ts";
import { questions } from "./questions.ts";
import { pickOne, type Frame, type Reply } from "./quick-input.ts";
import { reviewDraft, type Reviewed, type TestProfile } from "./review.ts";

/** What the form needs from its surroundings. */
export interface FormPorts {
  readonly offers: () => Promise<Offers>;
  readonly test: TestProfile;
  readonly takenIds: () => ReadonlySet<string>;
}

/** A finished form, or the wish for the demo; undefined: given up. */
export type FormResult = Reviewed | "demo" | undefined;

function startingDraft(
  start: Exclude<Start, "demo">,
  offers: Offers,
): { readonly source: Exclude<Source, "demo">; readonly draft: Draft } {
  const empty = emptyDraft(offers.user);
  if (typeof start === "object") {
    const source = "found" in start ? "found" : "service";
    const offer =
      "found" in start
        ? offers.found[start.found]
        : offers.services[start.service];
    const draft =
      offer === undefined
        ? empty
        : withTarget(empty, offer.target, offer.password);
    return { source, draft };
  }
  if (start === "mongodb")
    return { source: start, draft: { ...empty, engine: "mongodb" } };
  if (start === "environment" && offers.environment !== undefined)
    // PGPASSWORD is read at each start, like psql does: nothing to store.
    return {
      source: start,
      draft: withTarget(empty, offers.environment.target, undefined),
    };
  return { source: start === "environment" ? "parts" : start, draft: empty };
}

const addTitle = (): string => vscode.l10n.t("Add Connection");

/**
 * Asks the questions of a source one after the other. `drafts` is the form before each question, the last one as it
 * stands; it grows with every answer and shrinks with every "back", which from the first question leads to the caller.
 */
async function askInTurn(
  source: Exclude<Source, "demo">,
  drafts: Draft[],
): Promise<Reply<Draft>> {
  const fields = questionsOf[source];
  for (;;) {
    const draft = drafts.at(-1);
    if (draft === undefined) return { kind: "back" };
    const field = fields[drafts.length - 1];
    if (field === undefined) return { kind: "value", value: draft };
    const frame: Frame = {
      title: addTitle(),
      step: drafts.length + 1,
      totalSteps: fields.length + 2,
      canGoBack: true,
    };
    const reply = await questions[field](frame, draft);
    if (reply.kind === "cancelled") return reply;
    if (reply.kind === "back") drafts.pop();
    else drafts.push(reply.value);
  }
}

async function askAndReview(
  start: Exclude<Start, "demo">,
  offers: Offers,
  ports: FormPorts,
): Promise<Reply<Reviewed>> {
  const { source, draft } = startingDraft(start, offers);
  const drafts = [draft];
  for (;;) {
    const filled = await askInTurn(source, drafts);
    if (filled.kind !== "value") return filled;
    const reviewed = await reviewDraft(filled.value, {
      ...ports,
      title: addTitle(),
      testFirst: true,
    });
    if (reviewed.kind !== "back") return reviewed;
    drafts.pop();
  }
}

/** The whole form for a new connection. `preset` skips the question where it comes from. */
export async function addConnection(
  ports: FormPorts,
  preset?: Found,
): Promise<FormResult> {
  const offers = await ports.offers();
  const presetIndex =
    preset === undefined
      ? -1
      : offers.found.findIndex(({ key }) => key === preset.key);
  let start: Start | undefined =
    presetIndex < 0 ? undefined : { found: presetIndex };
  for (;;) {
    if (start === undefined) {
      const frame: Frame = {
        title: addTitle(),
        step: 1,
        totalSteps: undefined,
        canGoBack: false,
      };
      const chosen = await pickOne(frame, {
        placeholder: vscode.l10n.t("Where is the database?"),
        choices: startChoices(offers),
      });
      if (chosen.kind !== "value") return undefined;
      start = chosen.value;
    }
    if (start === "demo") return "demo";
    const reply: Reply<Reviewed> = await askAndReview(start, offers, ports);
    if (reply.kind !== "back")
      return reply.kind === "value" ? reply.value : undefined;
    start = undefined;
  }
}

/** The review of an existing connection: every field can be changed, nothing is asked in turn. */
export async function editConnection(
  profile: ConnectionProfile,
  password: string | undefined,
  ports: FormPorts,
): Promise<Reviewed | undefined> {
  const title = vscode.l10n.t("Edit {0}", profile.name);
  const reply = await reviewDraft(draftFromProfile(profile, password), {
    ...ports,
    title,
    testFirst: false,
  });
  return reply.kind === "value" ? reply.value : undefined;
}
