import type { TextSpan } from "../core/text-span.ts";
import { lineOf, type FileStatement } from "./sql-files.ts";

/** Where a part of a statement stands in its file. */
export interface Place {
  readonly line: number;
  /** One-based, in UTF-16 units. */
  readonly column: number;
  readonly text: string;
}

/** The line of `text` in which the span begins, and how far the span goes there. */
function lineAround(text: string, span: TextSpan) {
  const from = text.lastIndexOf("\n", span.start - 1) + 1;
  const end = text.indexOf("\n", from);
  const to = end < 0 ? text.length : end;
  return {
    from,
    source: text.slice(from, to).replace(/\r$/u, ""),
    length: Math.max(1, Math.min(span.end, to) - span.start),
  };
}

/** `span` counts in the statement's own text. */
export function placeOf(
  { text, line, column }: FileStatement,
  span: TextSpan,
): Place {
  const { from } = lineAround(text, span);
  return {
    line: line + lineOf(text, span.start) - 1,
    column: span.start - from + (from === 0 ? column : 1),
    text: text.slice(span.start, span.end),
  };
}

/** The line with the span underlined, indented below a sentence. */
export function renderPlace(statement: FileStatement, span: TextSpan): string {
  const number = String(placeOf(statement, span).line);
  const margin = " ".repeat(number.length);
  const { from, source, length } = lineAround(statement.text, span);
  const indent = source.slice(0, span.start - from).replace(/[^\t]/gu, " ");
  return [
    `     ${number} | ${source}`,
    `     ${margin} | ${indent}${"^".repeat(length)}`,
  ].join("\n");
}
