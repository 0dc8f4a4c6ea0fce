import { quoteAlways } from "./quote-identifier.ts";
import type { ParsedStatement, TableReference } from "./statement.ts";

/** `(SELECT …)` in the view's place, under the name that the statement calls it by. */
function derived(reference: TableReference, definition: string): string {
  const query = definition.trim().replace(/;$/, "");
  // An alias of its own follows in the text.
  const name =
    reference.alias === undefined ? ` ${quoteAlways(reference.name)}` : "";
  return `(${query})${name}`;
}

/**
 * The text that is sent, with views replaced by their queries, by the id of the reference. Meant for
 * reading what lies beneath, not for sending.
 */
export function replaceViews(
  { sql, facts }: Pick<ParsedStatement, "sql" | "facts">,
  definitions: ReadonlyMap<number, string>,
): string {
  let text = sql;
  const backwards = [...facts.tables].sort(
    (a, b) => b.span.start - a.span.start,
  );
  for (const reference of backwards) {
    const definition = definitions.get(reference.id);
    if (definition === undefined) continue;
    const { start, end } = reference.span;
    text =
      text.slice(0, start) + derived(reference, definition) + text.slice(end);
  }
  return text;
}
