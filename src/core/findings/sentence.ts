import type { Sentence } from "./finding.ts";

interface Value {
  readonly text: string;
  readonly strong: boolean;
}

/** What the eye should catch: a name, the decisive number. */
export const strong = (text: string): Value => ({ text, strong: true });

export const plain = (text: string): Value => ({ text, strong: false });

/** `{0}`, `{1}`, … in the template stand for the values in order. */
export const sentence = (
  template: string,
  ...values: readonly Value[]
): Sentence => ({ template, values });

type SentencePart = Value;

/** The sentence cut into runs of plain and strong text, for front ends that set parts bold. */
function sentenceParts(from: Sentence): readonly SentencePart[] {
  return from.template
    .split(/(\{\d+\})/u)
    .filter((piece) => piece !== "")
    .map((piece) => {
      const number = /^\{(\d+)\}$/u.exec(piece)?.[1];
      if (number === undefined) return plain(piece);
      return from.values[Number(number)] ?? plain("–");
    });
}

/** The sentence as one line of text. */
export function renderSentence(from: Sentence): string {
  return sentenceParts(from)
    .map((part) => part.text)
    .join("");
}
