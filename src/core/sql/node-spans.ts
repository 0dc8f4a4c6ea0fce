import type { TextSpan } from "../text-span.ts";
import { isInsignificant, readTokens } from "./lexer.ts";
import type { Token } from "./lexer.ts";
import { readOffsets } from "./offsets.ts";
import { readNumber, tagged } from "./syntax-tree.ts";
import type { Body } from "./syntax-tree.ts";

/**
 * Where syntax nodes stand in their text. Nodes carry the byte offset of their
 * first token and no end; ends are found among the tokens.
 */
export interface SqlText {
  readonly sql: string;
  /** The whole of a node; the whole text for a node without a place. */
  readonly nodeSpan: (node: unknown) => TextSpan;
  readonly textOf: (node: unknown) => string;
  /** The (dotted) name at a byte offset. */
  readonly nameSpan: (byte: number | undefined) => TextSpan;
  /** From one of the keywords, at most `reach` tokens before a node, to the node's end. */
  readonly spanFromKeyword: (
    node: unknown,
    keywords: readonly string[],
    reach: number,
  ) => TextSpan;
  /** Widens a span over the words that directly follow it. */
  readonly withFollowing: (
    span: TextSpan,
    words: readonly string[],
  ) => TextSpan;
  /** The first token with this name from an offset on. */
  readonly wordSpan: (name: string, from: number) => TextSpan;
}

/** A range of token indexes, both ends included. */
interface Range {
  low: number;
  high: number;
}

interface Tokens {
  readonly all: readonly Token[];
  readonly textAt: (index: number) => string;
  readonly indexAt: (unit: number) => number;
}

const multiWordType =
  /^(?:double precision|character varying|bit varying|national character varying|national character|(?:time|timestamp) (?:\( \d+ \) )?with(?:out)? time zone)/;

function readSignificant(sql: string): Tokens {
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

const depthStep = (text: string): number => {
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

function endOfName(tokens: Tokens, index: number): number {
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

const ends = new Map<string, (tokens: Tokens, index: number) => number>([
  ["ColumnRef", endOfName],
  ["RangeVar", endOfName],
  ["FuncCall", endOfCall],
  ["CaseExpr", endOfCase],
  ["CollateClause", (tokens, index) => endOfName(tokens, index + 1)],
  // A negative constant is one node and two tokens.
  [
    "A_Const",
    (tokens, index) => (tokens.textAt(index) === "-" ? index + 1 : index),
  ],
]);

/** Takes in every place below a value; types stand in untagged fields. */
function widen(
  range: Range,
  root: unknown,
  place: (tag: string, body: Body) => Range | undefined,
): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null) continue;
    const node = tagged(value);
    const body = node ? node.body : (value as Body);
    const tag = node?.tag ?? ("typemod" in body ? "TypeName" : "");
    const at = Array.isArray(value) ? undefined : place(tag, body);
    range.low = Math.min(range.low, at?.low ?? range.low);
    range.high = Math.max(range.high, at?.high ?? range.high);
    for (const child of Object.values(body)) pending.push(child);
  }
}

/** Brackets that open or close within the range are taken in with their partners. */
function balance(tokens: Tokens, range: Range): void {
  let depth = 0;
  let lowest = 0;
  for (let index = range.low; index <= range.high; index += 1) {
    depth += depthStep(tokens.textAt(index));
    lowest = Math.min(lowest, depth);
  }
  let missing = -lowest;
  while (missing > 0 && range.low > 0) {
    range.low -= 1;
    missing -= depthStep(tokens.textAt(range.low));
  }
  depth -= lowest;
  while (depth > 0 && range.high < tokens.all.length - 1) {
    range.high += 1;
    depth += depthStep(tokens.textAt(range.high));
  }
}

/** Reads the tokens of a parsed text once; all spans are in UTF-16 units of `sql`. */
export function readSqlText(sql: string): SqlText {
  const tokens = readSignificant(sql);
  const offsets = readOffsets(sql);
  const toSpan = (low: number, high: number): TextSpan => ({
    start: tokens.all[low]?.start ?? 0,
    end: tokens.all[Math.min(high, tokens.all.length - 1)]?.end ?? sql.length,
  });
  const place = (tag: string, body: Body): Range | undefined => {
    const byte = readNumber(body, "location");
    if (byte === undefined || byte < 0) return undefined;
    const low = tokens.indexAt(offsets.fromByte(byte));
    const end = tag === "TypeName" ? endOfType : ends.get(tag);
    return { low, high: end ? end(tokens, low) : low };
  };
  const rangeOf = (node: unknown): Range => {
    const range = { low: tokens.all.length, high: -1 };
    widen(range, node, place);
    if (range.high < 0) return { low: 0, high: tokens.all.length - 1 };
    balance(tokens, range);
    return range;
  };
  const nodeSpan = (node: unknown): TextSpan => {
    const { low, high } = rangeOf(node);
    return toSpan(low, high);
  };
  const wordAt = (index: number): string => tokens.textAt(index).toLowerCase();
  return {
    sql,
    nodeSpan,
    textOf: (node) => {
      const span = nodeSpan(node);
      return sql.slice(span.start, span.end);
    },
    nameSpan: (byte) => {
      const low = tokens.indexAt(offsets.fromByte(byte ?? 0));
      return toSpan(low, endOfName(tokens, low));
    },
    spanFromKeyword: (node, keywords, reach) => {
      const { low, high } = rangeOf(node);
      for (let index = low; index >= Math.max(0, low - reach); index -= 1)
        if (keywords.includes(wordAt(index))) return toSpan(index, high);
      return toSpan(low, high);
    },
    withFollowing: (span, words) => {
      let last = tokens.indexAt(Math.max(span.start, span.end - 1));
      while (words.includes(wordAt(last + 1))) last += 1;
      return { start: span.start, end: toSpan(last, last).end };
    },
    wordSpan: (name, from) => {
      const first = tokens.indexAt(from);
      const index = tokens.all.findIndex(
        (_, at) =>
          at >= first && wordAt(at).replaceAll('"', "") === name.toLowerCase(),
      );
      return index < 0 ? toSpan(first, first) : toSpan(index, index);
    },
  };
}
