/**
 * Reading the conditions the server deparsed, as far as names of columns go. A condition can be
 * megabytes long (an IN list, a pasted document), so each reading passes over it once.
 */

/** Empties string literals, so that a word inside one is not taken for a column. */
export const withoutLiterals = (expression: string): string =>
  // A doubled quote reads as two literals side by side, which comes to the same.
  expression.replace(/"[^"]*"|'[^']*'/gu, (quoted) =>
    quoted.startsWith('"') ? quoted : "''",
  );

/** A name as the server writes it, bare or with its qualifiers; not a call, not the end of another name. */
const dottedName =
  /(?<![\w$."])(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)(?:\.(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*))*(?![\w$".(])/gu;

const namePart = /"(?:[^"]|"")+"|[^."]+/gu;

const unquoted = (part: string): string =>
  part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;

/** Says whether `column` occurs bare or qualified with `alias`; a column of another table does not count. */
export type Mentions = (column: string, alias: string | undefined) => boolean;

/** Reads an expression once, for many questions. */
export function readMentions(expression: string): Mentions {
  const bare = new Set<string>();
  const qualified = new Map<string, Set<string>>();
  // Each spelling once: a list of comparisons repeats few names very often.
  for (const name of new Set(withoutLiterals(expression).match(dottedName))) {
    const parts = (name.match(namePart) ?? []).map(unquoted);
    const [first = "", column] = parts;
    if (column === undefined) bare.add(first);
    else if (parts.length === 2)
      qualified.set(first, (qualified.get(first) ?? new Set()).add(column));
  }
  return (column, alias) =>
    bare.has(column) ||
    (alias !== undefined && qualified.get(alias)?.has(column) === true);
}

/** One question about one expression; see readMentions for several. */
export const mentionsColumn = (
  expression: string,
  column: string,
  alias: string | undefined,
): boolean => readMentions(expression)(column, alias);
