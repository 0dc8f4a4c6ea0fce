import { sayText, type Text, type Translate } from "../words.ts";
import type { Sentence } from "./finding.ts";

interface Value {
  readonly text: Text;
  readonly strong: boolean;
}

/** What the eye should catch: a name, the decisive number. */
export const strong = (text: Text): Value => ({ text, strong: true });

export const plain = (text: Text): Value => ({ text, strong: false });

/** `{0}`, `{1}`, … in the template stand for the values in order. */
export const sentence = (
  template: string,
  ...values: readonly Value[]
): Sentence => ({ template, values });

export interface SentencePart {
  readonly text: string;
  readonly strong: boolean;
}

/** A value in the reader's language; a name stays as it is. */
const sayValue = (text: Text, translate: Translate): string =>
  typeof text === "string" ? text : sayText(text, translate);

/** The sentence cut into runs of plain and strong text, for front ends that set parts bold. */
export function sentenceParts(
  from: Sentence,
  translate: Translate,
): readonly SentencePart[] {
  return translate(from.template)
    .split(/(\{\d+\})/u)
    .filter((piece) => piece !== "")
    .map((piece) => {
      const number = /^\{(\d+)\}$/u.exec(piece)?.[1];
      if (number === undefined) return { text: piece, strong: false };
      const value = from.values[Number(number)];
      return value === undefined
        ? { text: "–", strong: false }
        : { text: sayValue(value.text, translate), strong: value.strong };
    });
}

/** The sentence as one line of text. */
export function renderSentence(from: Sentence, translate: Translate): string {
  return sentenceParts(from, translate)
    .map((part) => part.text)
    .join("");
}
