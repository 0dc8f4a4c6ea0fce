import type { TextSpan } from "../../src/core/text-span.ts";
import { h } from "../dom.ts";
import type { TextMark } from "../layout/marked-text.ts";
import { cutText } from "../layout/marked-text.ts";
import type { SqlToken } from "../layout/sql-tokens.ts";
import { sqlTokens } from "../layout/sql-tokens.ts";

// A line this long comes from a generator; colouring it would cost thousands of elements.
const longestColoured = 2000;

/** Coloured and marked text of one span. */
export function sqlPieces(
  text: string,
  span: TextSpan,
  tokens: readonly SqlToken[],
  marks: readonly TextMark[] = [],
): readonly (Node | string)[] {
  const coloured = span.end - span.start <= longestColoured ? tokens : [];
  return cutText(text, span, coloured, marks).map((piece) => {
    if (piece.mark !== undefined) {
      return h("mark", { class: piece.mark }, piece.text);
    }
    return piece.token === undefined
      ? piece.text
      : h("span", { class: piece.token }, piece.text);
  });
}

// Enough for any head line; the rest is cut by its width anyway.
const longestLine = 400;

/** The statement on one line. */
export function oneLineSql(text: string): HTMLElement {
  const line = text.replace(/\s+/g, " ").trim().slice(0, longestLine);
  return h(
    "code",
    { class: "sql" },
    ...sqlPieces(line, { start: 0, end: line.length }, sqlTokens(line)),
  );
}

export function sqlBlock(text: string): HTMLElement {
  return h(
    "pre",
    { class: "codeblock sql" },
    ...sqlPieces(text, { start: 0, end: text.length }, sqlTokens(text)),
  );
}
