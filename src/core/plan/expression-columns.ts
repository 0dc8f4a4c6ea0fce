/** Reading the conditions the server deparsed, as far as names of columns go. */

/** Blanks string literals so that a word inside one is not taken for a column. */
export const withoutLiterals = (expression: string): string =>
  expression.replace(
    /'(?:[^']|'')*'/gu,
    (literal) => `'${" ".repeat(Math.max(0, literal.length - 2))}'`,
  );

const escape = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");

const identifier = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/u.test(name)
    ? `(?:"${escape(name)}"|${escape(name)})`
    : `"${escape(name.replaceAll('"', '""'))}"`;

/** True when `column` occurs in the expression bare or qualified with `alias`; a column of another table does not count. */
export function mentionsColumn(
  expression: string,
  column: string,
  alias: string | undefined,
): boolean {
  const qualifier = alias === undefined ? "" : `(?:${identifier(alias)}\\.)?`;
  const pattern = new RegExp(
    `(?<![\\w$."])${qualifier}${identifier(column)}(?![\\w$".(])`,
    "u",
  );
  return pattern.test(withoutLiterals(expression));
}
