/** Says an English template in the reader's language, with the values in place of `{0}`, `{1}`, …; `vscode.l10n.t` is one. */
export type Translate = (
  template: string,
  ...values: readonly string[]
) => string;

/** A text to be said later: an English template and what stands in it. */
export interface Phrase {
  readonly template: string;
  readonly values: readonly Text[];
}

/** A bare string is looked up as it stands, so what a server wrote stays as it is. */
export type Text = string | Phrase;

export const phrase = (
  template: string,
  ...values: readonly Text[]
): Phrase => ({ template, values });

/** Marks texts that are translated where they are shown; `tools/l10n.mjs` gathers every string in the argument. */
export const words = <const Texts extends string | object>(
  texts: Texts,
): Texts => texts;

/** Puts the values into the template; a number without a value stays visible. */
export const fill = (template: string, values: readonly string[]): string =>
  template.replace(
    /\{(\d+)\}/gu,
    (whole, at: string) => values[Number(at)] ?? whole,
  );

/** The templates as they are written. */
export const english: Translate = (template, ...values) =>
  fill(template, values);

export function sayText(text: Text, translate: Translate): string {
  if (typeof text === "string") return translate(text);
  return translate(
    text.template,
    ...text.values.map((value) =>
      typeof value === "string" ? value : sayText(value, translate),
    ),
  );
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): Text {
  const last = names.at(-1) ?? "";
  return names.length < 2
    ? last
    : phrase("{0} and {1}", names.slice(0, -1).join(", "), last);
}
