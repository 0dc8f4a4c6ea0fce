import type { TextSpan } from "../text-span.ts";
import { isInsignificant, readToken } from "./lexer.ts";
import type { Token } from "./lexer.ts";
import type { StatementSpan } from "./statement.ts";

/** One edit: the range [start, oldEnd) of the old text became [start, newEnd) of the new one. */
export interface TextChange {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

type UnnumberedSpan = Omit<StatementSpan, "index">;

interface Piece {
  readonly span: UnnumberedSpan | undefined;
  /** Where the next statement may begin. */
  readonly next: number;
}

/** What of a statement's first words decides whether a semicolon ends it. */
interface Progress {
  words: number;
  first: string;
  second: string;
  previous: string;
  /** CREATE FUNCTION or PROCEDURE, whose body may be BEGIN ATOMIC … END. */
  isRoutine: boolean;
  /** CREATE RULE … DO (a; b) is the one statement with semicolons inside parentheses. */
  isRule: boolean;
  atomicDepth: number;
  parentheses: number;
}

const copyFromStdin = /^copy\b[\s\S]*\bfrom\s+stdin\b/i;
const endOfCopyData = /^\\\.[ \t]*\r?$/m;

/** The first letter is tested before the text is cut: most statements are none. */
const isCopyFromStdin = (text: string, span: TextSpan): boolean =>
  /[cC]/.test(text[span.start] ?? "") &&
  copyFromStdin.test(text.slice(span.start, span.end));

function noteWord(progress: Progress, word: string): void {
  progress.words += 1;
  if (progress.words === 1) progress.first = word;
  if (progress.words === 2) progress.second = word;
  if (progress.first === "create") noteKind(progress, word);
  if (progress.isRoutine) noteBody(progress, word);
  progress.previous = word;
}

/** CREATE [OR REPLACE] FUNCTION: the kind of object is the second or fourth word. */
function noteKind(progress: Progress, word: string): void {
  const position = progress.second === "or" ? 4 : 2;
  if (progress.words !== position) return;
  progress.isRoutine = word === "function" || word === "procedure";
  progress.isRule = word === "rule";
}

function noteBody(progress: Progress, word: string): void {
  if (word === "atomic" && progress.previous === "begin")
    progress.atomicDepth += 1;
  else if (progress.atomicDepth === 0) return;
  else if (word === "case") progress.atomicDepth += 1;
  else if (word === "end") progress.atomicDepth -= 1;
}

const isWithin = (progress: Progress): boolean =>
  progress.atomicDepth > 0 || (progress.isRule && progress.parentheses > 0);

function noteToken(progress: Progress, text: string, token: Token): void {
  if (token.kind === "word")
    noteWord(progress, text.slice(token.start, token.end).toLowerCase());
  else if (text[token.start] === "(") progress.parentheses += 1;
  else if (text[token.start] === ")") progress.parentheses -= 1;
}

/** The rows of COPY … FROM STDIN in a dump are data, no statements; they end with a line `\.`. */
function afterCopyData(text: string, span: TextSpan, next: number): number {
  if (!isCopyFromStdin(text, span)) return next;
  const found = endOfCopyData.exec(text.slice(next));
  return found ? next + found.index + found[0].length : next;
}

function readMetaCommand(text: string, start: number): Piece {
  const newline = text.indexOf("\n", start);
  const end = newline < 0 ? text.length : newline;
  const length = text.slice(start, end).trimEnd().length;
  return {
    span: { kind: "metaCommand", start, end: start + length },
    next: end,
  };
}

function skipInsignificant(text: string, from: number): number {
  let token = readToken(text, from);
  while (token && isInsignificant(token)) token = readToken(text, token.end);
  return token?.start ?? text.length;
}

/** Length of a separator at an offset: `;`, or psql's `\;`. */
const separatorLength = (text: string, at: number): number => {
  if (text[at] === ";") return 1;
  return text.startsWith("\\;", at) ? 2 : 0;
};

function readStatement(text: string, start: number): Piece {
  const progress: Progress = {
    words: 0,
    first: "",
    second: "",
    previous: "",
    isRoutine: false,
    isRule: false,
    atomicDepth: 0,
    parentheses: 0,
  };
  let end = start;
  let token = readToken(text, start);
  while (token) {
    const isSymbol = token.kind === "symbol";
    const separator = isSymbol ? separatorLength(text, token.start) : 0;
    if (separator > 0 && !isWithin(progress)) {
      const span = { kind: "sql", start, end } as const;
      return {
        span,
        next: afterCopyData(text, span, token.end + separator - 1),
      };
    }
    // psql takes `\gset` and its like after a statement as the statement's end.
    if (isSymbol && separator === 0 && text[token.start] === "\\")
      return { span: { kind: "sql", start, end }, next: token.start };
    noteToken(progress, text, token);
    if (!isInsignificant(token)) end = token.end;
    token = readToken(text, token.end);
  }
  return { span: { kind: "sql", start, end }, next: text.length };
}

function readPiece(text: string, from: number): Piece {
  const start = skipInsignificant(text, from);
  if (start >= text.length) return { span: undefined, next: text.length };
  const separator = separatorLength(text, start);
  if (separator > 0) return { span: undefined, next: start + separator };
  if (text[start] === "\\") return readMetaCommand(text, start);
  return readStatement(text, start);
}

/**
 * The statements of a script, in order. Never fails: an unclosed quote reaches
 * to the end of the text. Spans hold neither the closing semicolon nor blanks
 * and comments around the statement; offsets are UTF-16 units.
 */
export function splitStatements(text: string): readonly StatementSpan[] {
  const spans: StatementSpan[] = [];
  let next = 0;
  while (next < text.length) {
    const piece = readPiece(text, next);
    if (piece.span) spans.push({ ...piece.span, index: spans.length });
    next = piece.next;
  }
  return spans;
}

/** How many of the previous spans are certainly untouched, and where reading resumes. */
function findRestart(
  previous: readonly StatementSpan[],
  text: string,
  change: TextChange,
): { readonly kept: number; readonly from: number } {
  let kept = 0;
  for (const span of previous) {
    // What begins here depends on two characters: `\;` separates, `\d` begins a command.
    if (span.start + 2 > change.start) break;
    kept = span.index;
    // Whether rows follow COPY FROM STDIN depends on text far below it.
    if (span.end <= change.start && isCopyFromStdin(text, span)) break;
  }
  const from = previous[kept]?.start ?? 0;
  return from < change.start ? { kept, from } : { kept: 0, from: 0 };
}

/** Index of the old span that began at an offset of the old text, from `candidate` on. */
function findOld(
  previous: readonly StatementSpan[],
  candidate: number,
  start: number,
): number | undefined {
  let index = candidate;
  while ((previous[index]?.start ?? Infinity) < start) index += 1;
  return previous[index]?.start === start ? index : undefined;
}

/** The old spans from an index on, behind those already read. */
const moveTail = (
  previous: readonly StatementSpan[],
  old: number,
  target: { readonly index: number; readonly moved: number },
): readonly StatementSpan[] =>
  previous.slice(old).map((span, position) => ({
    ...span,
    index: target.index + position,
    start: span.start + target.moved,
    end: span.end + target.moved,
  }));

/**
 * The spans of `text`, given those before one edit. Reads from the statement
 * before the edit until a statement begins where an old one began; equal to
 * `splitStatements(text)`.
 */
export function updateSplit(
  previous: readonly StatementSpan[],
  text: string,
  change: TextChange,
): readonly StatementSpan[] {
  const { kept, from } = findRestart(previous, text, change);
  const moved = change.newEnd - change.oldEnd;
  const spans: StatementSpan[] = previous.slice(0, kept);
  let next = from;
  while (next < text.length) {
    const { span, next: after } = readPiece(text, next);
    const old =
      span && span.start >= change.newEnd
        ? findOld(previous, kept, span.start - moved)
        : undefined;
    if (old !== undefined)
      return [
        ...spans,
        ...moveTail(previous, old, { index: spans.length, moved }),
      ];
    if (span) spans.push({ ...span, index: spans.length });
    next = after;
  }
  return spans;
}

/** The statement at a cursor; a cursor right behind its semicolon still counts. */
export function statementAt(
  spans: readonly StatementSpan[],
  offset: number,
): StatementSpan | undefined {
  const before = spans.findLast((span) => span.start <= offset);
  return before && offset <= before.end + 1 ? before : undefined;
}
