import { isInsignificant, readTokens } from "./lexer.ts";
import type { Token } from "./lexer.ts";

/** A range of token indexes, both ends included. */
export interface Range {
  low: number;
  high: number;
}

export interface Tokens {
  readonly all: readonly Token[];
  readonly textAt: (index: number) => string;
  readonly indexAt: (unit: number) => number;
}

const multiWordType =
  /^(?:double precision|character varying|bit varying|national character varying|national character|(?:time|timestamp) (?:\( \d+ \) )?with(?:out)? time zone)/;

export function readSignificant(sql: string): Tokens {
  const all = readTokens(sql).filter((token) => !isInsignificant(token));
  const textAt = (index: number): string => {
    const token = all[index];
    return token ? sql.slice(token.start, token.end) : "";
  };
  const indexAt = (unit: number): number => {
    let low = 0;
    let high = all.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((all[middle]?.start ?? 0) <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return { all, textAt, indexAt };
}

export const depthStep = (text: string): number => {
  if (text === "(" || text === "[") return 1;
  return text === ")" || text === "]" ? -1 : 0;
};

/** Index of the bracket that closes the one at `open`. */
function closing(tokens: Tokens, open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.all.length; index += 1) {
    depth += depthStep(tokens.textAt(index));
    if (depth === 0) return index;
  }
  return tokens.all.length - 1;
}

export function endOfName(tokens: Tokens, index: number): number {
  let last = index;
  while (tokens.textAt(last + 1) === ".") last += 2;
  return last;
}

function endOfCase(tokens: Tokens, index: number): number {
  let depth = 0;
  for (let at = index; at < tokens.all.length; at += 1) {
    const text = tokens.textAt(at).toLowerCase();
    if (text === "case") depth += 1;
    if (text === "end") depth -= 1;
    if (depth === 0) return at;
  }
  return index;
}

function endOfType(tokens: Tokens, index: number): number {
  const ahead = Array.from({ length: 7 }, (_, step) =>
    tokens.textAt(index + step),
  ).join(" ");
  const words = multiWordType.exec(ahead.toLowerCase())?.[0].split(" ").length;
  let last = words === undefined ? endOfName(tokens, index) : index + words - 1;
  while (/^[([]$/.test(tokens.textAt(last + 1)))
    last = closing(tokens, last + 1);
  return last;
}

/** `lower(…)`; a function without parentheses is SQL syntax such as AT TIME ZONE. */
function endOfCall(tokens: Tokens, index: number): number {
  const name = endOfName(tokens, index);
  return tokens.textAt(name + 1) === "(" ? closing(tokens, name + 1) : index;
}

/** Last token of a node that begins at a token, by node type; its first token when the type is not listed. */
export const nodeEnds: ReadonlyMap<
  string,
  (tokens: Tokens, index: number) => number
> = new Map<string, (tokens: Tokens, index: number) => number>([
  ["ColumnRef", endOfName],
  ["RangeVar", endOfName],
  ["FuncCall", endOfCall],
  ["CaseExpr", endOfCase],
  ["TypeName", endOfType],
  ["CollateClause", (tokens, index) => endOfName(tokens, index + 1)],
  // A negative constant is one node and two tokens.
  [
    "A_Const",
    (tokens, index) => (tokens.textAt(index) === "-" ? index + 1 : index),
  ],
]);
