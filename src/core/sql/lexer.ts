/**
 * A total lexer for PostgreSQL text: every text has tokens, also one that is
 * being typed. Used for splitting, placeholders and the ends of syntax nodes.
 * Offsets are UTF-16 units. It assumes standard_conforming_strings = on, the
 * server's default since 9.1.
 */
export type TokenKind =
  | "blank"
  | "comment"
  /** Any quoted constant, dollar quotes included. */
  | "string"
  | "quotedIdentifier"
  | "word"
  | "number"
  /** `$1`. */
  | "parameter"
  /** `${…}`, `#{…}`, `{{ … }}`. */
  | "hole"
  /** One character of an operator or of punctuation. */
  | "symbol";

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

const blank = /[ \t\n\r\f\v\uFEFF]+/y;
const word = /[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/y;
const number = /(?:\d[\w]*(?:\.(?!\.)\w*)?|\.\d\w*)(?:(?<=\d[eE])[+-]\d+)?/y;
const lineComment = /--[^\n\r]*/y;
const parameter = /\$\d+/y;
const dollarQuote = /\$(?:[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$/y;
const stringStart = /(?:[eE]|[bBxXnN]|[uU]&)?'/y;
const unicodeIdentifierStart = /[uU]&"/y;

const matchEnd = (
  pattern: RegExp,
  text: string,
  at: number,
): number | undefined => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
};

/** End of a quoted text whose quote is doubled inside; the end of the text when it is not closed. */
function endOfQuoted(text: string, from: number, quote: string): number {
  let at = from;
  for (;;) {
    const close = text.indexOf(quote, at);
    if (close < 0) return text.length;
    if (text[close + 1] !== quote) return close + 1;
    at = close + 2;
  }
}

function endOfEscapeString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\\") at += 1;
    else if (character === "'") {
      if (text[at + 1] !== "'") return at + 1;
      at += 1;
    }
  }
  return text.length;
}

function endOfBlockComment(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith("/*", at)) {
      depth += 1;
      at += 1;
    } else if (text.startsWith("*/", at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

const holeOpeners = new Set(["${", "#{", "{{"]);

/** More is no template hole; without a bound, each of many unclosed ones would read to the end of the text. */
const longestHole = 2000;

/**
 * End of a template hole, undefined when it is not closed. It never looks past
 * a semicolon or a backslash, so what follows a statement cannot change it;
 * the incremental splitter relies on that.
 */
function endOfHole(text: string, at: number): number | undefined {
  if (!holeOpeners.has(text.slice(at, at + 2))) return undefined;
  let depth = 0;
  const limit = Math.min(text.length, at + longestHole);
  for (let position = at; position < limit; position += 1) {
    const character = text[position];
    if (character === ";" || character === "\\") return undefined;
    if (character === "{") depth += 1;
    if (character !== "}") continue;
    depth -= 1;
    if (depth === 0) return position + 1;
  }
  return undefined;
}

function quotedToken(text: string, at: number): Token | undefined {
  const opened = matchEnd(stringStart, text, at);
  if (opened !== undefined) {
    const escapes = text[at] === "e" || text[at] === "E";
    const end = escapes
      ? endOfEscapeString(text, opened)
      : endOfQuoted(text, opened, "'");
    return { kind: "string", start: at, end };
  }
  const identifier =
    text[at] === '"' ? at + 1 : matchEnd(unicodeIdentifierStart, text, at);
  if (identifier === undefined) return undefined;
  return {
    kind: "quotedIdentifier",
    start: at,
    end: endOfQuoted(text, identifier, '"'),
  };
}

function dollarToken(text: string, at: number): Token | undefined {
  const parameterEnd = matchEnd(parameter, text, at);
  if (parameterEnd !== undefined)
    return { kind: "parameter", start: at, end: parameterEnd };
  const opened = matchEnd(dollarQuote, text, at);
  if (opened === undefined) return undefined;
  const close = text.indexOf(text.slice(at, opened), opened);
  const end = close < 0 ? text.length : close + (opened - at);
  return { kind: "string", start: at, end };
}

function blankOrComment(text: string, at: number): Token | undefined {
  const blankEnd = matchEnd(blank, text, at);
  if (blankEnd !== undefined)
    return { kind: "blank", start: at, end: blankEnd };
  const commentEnd = text.startsWith("/*", at)
    ? endOfBlockComment(text, at)
    : matchEnd(lineComment, text, at);
  return commentEnd === undefined
    ? undefined
    : { kind: "comment", start: at, end: commentEnd };
}

function plainToken(text: string, at: number): Token {
  const hole = endOfHole(text, at);
  if (hole !== undefined) return { kind: "hole", start: at, end: hole };
  const wordEnd = matchEnd(word, text, at);
  if (wordEnd !== undefined) return { kind: "word", start: at, end: wordEnd };
  const numberEnd = matchEnd(number, text, at);
  if (numberEnd !== undefined)
    return { kind: "number", start: at, end: numberEnd };
  return { kind: "symbol", start: at, end: at + 1 };
}

/** The token at an offset, undefined at the end of the text. */
export function readToken(text: string, at: number): Token | undefined {
  if (at >= text.length) return undefined;
  return (
    blankOrComment(text, at) ??
    quotedToken(text, at) ??
    dollarToken(text, at) ??
    plainToken(text, at)
  );
}

/** All tokens, blanks and comments included: their texts joined are the text. */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let token = readToken(text, 0);
  while (token) {
    tokens.push(token);
    token = readToken(text, token.end);
  }
  return tokens;
}

export const isInsignificant = (token: Token): boolean =>
  token.kind === "blank" || token.kind === "comment";
