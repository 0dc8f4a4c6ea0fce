import type { TextSpan } from "../text-span.ts";
import { readOffsets } from "./offsets.ts";
import { isBody, readNumber, tagged } from "./syntax-tree.ts";
import type { Body, Tagged } from "./syntax-tree.ts";
import {
  depthStep,
  endOfName,
  nodeEnds,
  readSignificant,
} from "./token-ranges.ts";
import type { Range, Tokens } from "./token-ranges.ts";

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

/** A node with its type; type names stand in fields without a tag. */
function readNode(value: object): Tagged | undefined {
  const node = tagged(value);
  if (node || !isBody(value)) return node;
  return { tag: "typemod" in value ? "TypeName" : "", body: value };
}

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
    const node = readNode(value);
    const at = node && place(node.tag, node.body);
    if (at) {
      range.low = Math.min(range.low, at.low);
      range.high = Math.max(range.high, at.high);
    }
    for (const child of Object.values(node?.body ?? value)) pending.push(child);
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

interface Places {
  readonly rangeOf: (node: unknown) => Range;
  readonly indexAtByte: (byte: number) => number;
}

function readPlaces(sql: string, tokens: Tokens): Places {
  const offsets = readOffsets(sql);
  const indexAtByte = (byte: number): number =>
    tokens.indexAt(offsets.fromByte(byte));
  const place = (tag: string, body: Body): Range | undefined => {
    const byte = readNumber(body, "location");
    if (byte === undefined || byte < 0) return undefined;
    const low = indexAtByte(byte);
    return { low, high: nodeEnds.get(tag)?.(tokens, low) ?? low };
  };
  const rangeOf = (node: unknown): Range => {
    const range = { low: tokens.all.length, high: -1 };
    widen(range, node, place);
    if (range.high < 0) return { low: 0, high: tokens.all.length - 1 };
    balance(tokens, range);
    return range;
  };
  return { rangeOf, indexAtByte };
}

/** The nearest of some keywords left of a token, at most `reach` tokens away; the token itself when there is none. */
function findKeyword(
  tokens: Tokens,
  index: number,
  search: { readonly keywords: readonly string[]; readonly reach: number },
): number {
  for (let at = index; at >= Math.max(0, index - search.reach); at -= 1)
    if (search.keywords.includes(tokens.textAt(at).toLowerCase())) return at;
  return index;
}

function findName(tokens: Tokens, name: string, from: number): number {
  const wanted = name.toLowerCase();
  for (let at = from; at < tokens.all.length; at += 1)
    if (tokens.textAt(at).toLowerCase().replaceAll('"', "") === wanted)
      return at;
  return from;
}

function endOfWords(
  tokens: Tokens,
  index: number,
  words: readonly string[],
): number {
  let last = index;
  while (words.includes(tokens.textAt(last + 1).toLowerCase())) last += 1;
  return last;
}

/** Reads the tokens of a parsed text once; all spans are in UTF-16 units of `sql`. */
export function readSqlText(sql: string): SqlText {
  const tokens = readSignificant(sql);
  const { rangeOf, indexAtByte } = readPlaces(sql, tokens);
  const toSpan = (low: number, high: number): TextSpan => ({
    start: tokens.all[low]?.start ?? 0,
    end: tokens.all[Math.min(high, tokens.all.length - 1)]?.end ?? sql.length,
  });
  const nodeSpan = (node: unknown): TextSpan => {
    const { low, high } = rangeOf(node);
    return toSpan(low, high);
  };
  return {
    sql,
    nodeSpan,
    textOf: (node) => {
      const span = nodeSpan(node);
      return sql.slice(span.start, span.end);
    },
    nameSpan: (byte) => {
      const low = indexAtByte(byte ?? 0);
      return toSpan(low, endOfName(tokens, low));
    },
    spanFromKeyword: (node, keywords, reach) => {
      const { low, high } = rangeOf(node);
      return toSpan(findKeyword(tokens, low, { keywords, reach }), high);
    },
    withFollowing: (span, words) => {
      const last = tokens.indexAt(Math.max(span.start, span.end - 1));
      const end = toSpan(last, endOfWords(tokens, last, words)).end;
      return { start: span.start, end };
    },
    wordSpan: (name, from) => {
      const index = findName(tokens, name, tokens.indexAt(from));
      return toSpan(index, index);
    },
  };
}
