import * as vscode from "vscode";
import type { Draft, DraftField } from "./draft.ts";
import { fieldWord } from "./field-words.ts";
import {
  askText,
  type Frame,
  type Reply,
  type TextQuestion,
} from "./quick-input.ts";

/** One question of the form: the draft with the answer in it, or that the person goes back or leaves. */
export type Ask = (frame: Frame, draft: Draft) => Promise<Reply<Draft>>;

export const mapReply = <From, To>(
  reply: Reply<From>,
  change: (value: From) => To,
): Reply<To> =>
  reply.kind === "value"
    ? { kind: "value", value: change(reply.value) }
    : reply;

/** A question for one line of text. */
export async function askLine(
  frame: Frame,
  question: TextQuestion,
  change: (text: string) => Draft,
): Promise<Reply<Draft>> {
  return mapReply(await askText(frame, question), change);
}

/** Says what is needed where nothing was written. */
export const needed =
  (field: DraftField) =>
  (text: string): string | undefined =>
    text.trim() === ""
      ? vscode.l10n.t("{0} is needed.", fieldWord(field))
      : undefined;
