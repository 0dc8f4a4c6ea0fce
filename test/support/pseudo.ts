import { readFileSync } from "node:fs";
import { fill, type Translate } from "../../src/core/words.ts";

const bundle = JSON.parse(
  readFileSync("l10n/bundle.l10n.json", "utf8"),
) as Readonly<Record<string, string>>;

/** Placeholders and codicons stay. */
const kept = /\{\d+\}|\$\([a-z-]+\)/u;

// U+FF41 stands as far from "ａ" as U+0041 from "A": every letter gets its fullwidth form.
const widen = (text: string): string =>
  text.replace(/[A-Za-z]/gu, (letter) =>
    String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0),
  );

const pseudo = (text: string): string =>
  text
    .split(new RegExp(`(${kept.source})`, "u"))
    .map((part) => (kept.test(part) ? part : widen(part)))
    .join("");

/** A language without one Latin letter: what is still in Latin letters did not go through the bundle. */
export const pseudoBundle: Readonly<Record<string, string>> =
  Object.fromEntries(Object.keys(bundle).map((text) => [text, pseudo(text)]));

/** As `vscode.l10n.t` with that language. */
export const pseudoTranslate: Translate = (template, ...values) =>
  fill(pseudoBundle[template] ?? template, values);

const wordsOf = (text: string): readonly string[] =>
  text.match(/[A-Za-z]{2,}/gu) ?? [];

/** Units, and what every language keeps. */
const everywhere = "ms min kB MB GB";

/** Words in Latin letters that none of the names explains. */
export function untranslated(
  text: string,
  names: readonly string[],
): readonly string[] {
  const known = new Set([...names, everywhere].flatMap(wordsOf));
  return wordsOf(text).filter((word) => !known.has(word));
}
