import { isInsignificant, readToken } from "./lexer.ts";
import type { Token } from "./lexer.ts";

/**
 * How deep the grammar may nest. Its WebAssembly was measured to run out of stack at 8,600 chained
 * operators, joins or set operations, its fingerprint at 900 and less; beyond some thirty such
 * accidents it answers nothing anymore, so a statement that may cause one is not given to it.
 */
export const deepestRead = 6000;
export const deepestFingerprint = 400;

/** Stack that one level takes, in that of one operator. */
const weights = { bracket: 1, case: 1, query: 3 } as const;

const setOperations = new Set(["union", "intersect", "except"]);
/** Between these, operators do not nest: AND and OR become one list each. */
const separators = new Set([
  "and",
  "or",
  "when",
  "then",
  "else",
  "on",
  "where",
]);
const wordOperators = new Set(
  "not is isnull notnull collate at like ilike similar between in".split(" "),
);

/** What nests at one bracket or CASE; chains lean to the left, so each link is a level. */
interface Level {
  readonly opener: "(" | "case";
  base: number;
  hasQuery: boolean;
  operators: number;
  joins: number;
  setOperations: number;
}

const openLevel = (opener: Level["opener"], base: number): Level => ({
  opener,
  base,
  hasQuery: false,
  operators: 0,
  joins: 0,
  setOperations: 0,
});

const depthOf = (level: Level): number =>
  level.base + level.operators + level.joins + level.setOperations;

/** Queries of one UNION stand side by side. */
function noteQuery(level: Level): void {
  if (!level.hasQuery) level.base += weights.query;
  level.hasQuery = true;
}

function noteWord(levels: Level[], level: Level, word: string): void {
  if (word === "case")
    levels.push(openLevel("case", depthOf(level) + weights.case));
  else if (word === "end" && level.opener === "case") levels.pop();
  else if (word === "select") noteQuery(level);
  else if (word === "join") level.joins += 1;
  else if (setOperations.has(word)) {
    level.setOperations += 1;
    level.joins = 0;
    level.operators = 0;
  } else if (separators.has(word)) level.operators = 0;
  else if (wordOperators.has(word)) level.operators += 1;
}

function noteSymbol(levels: Level[], level: Level, symbol: string): void {
  if (symbol === "(" || symbol === "[")
    levels.push(openLevel("(", depthOf(level) + weights.bracket));
  else if (symbol === ")" || symbol === "]") {
    if (levels.length > 1) levels.pop();
  } else if (symbol === ",") level.operators = 0;
  else if (symbol !== ".") level.operators += 1;
}

/** Several characters of one operator count once. */
const continues = (previous: Token | undefined, token: Token): boolean =>
  previous?.kind === "symbol" && previous.end === token.start;

function noteToken(
  levels: Level[],
  token: Token,
  input: { readonly text: string; readonly previous: Token | undefined },
): void {
  const level = levels.at(-1);
  if (level === undefined) return;
  const written = input.text.slice(token.start, token.end);
  if (token.kind === "word") noteWord(levels, level, written.toLowerCase());
  if (token.kind !== "symbol") return;
  const isBracket = /[()[\],]/u.test(written);
  if (isBracket || !continues(input.previous, token))
    noteSymbol(levels, level, written);
}

/** Levels that a text may nest, never fewer than it does up to deepestRead; beyond, it stops counting. */
export function nestingOf(text: string): number {
  const levels = [openLevel("(", 0)];
  let deepest = 0;
  let previous: Token | undefined;
  let token = readToken(text, 0);
  while (token && deepest <= deepestRead) {
    if (!isInsignificant(token)) {
      noteToken(levels, token, { text, previous });
      const level = levels.at(-1);
      deepest = Math.max(deepest, level ? depthOf(level) : 0);
      previous = token;
    }
    token = readToken(text, token.end);
  }
  return deepest;
}
