import type { Result } from "../result.ts";
import { failed, succeeded } from "../result.ts";
import { readFacts } from "./facts.ts";
import { findHazards } from "./hazards.ts";
import { deepestFingerprint, deepestRead, nestingOf } from "./nesting.ts";
import { readOffsets } from "./offsets.ts";
import { replacePlaceholders } from "./placeholders.ts";
import type { ReplacedText } from "./placeholders.ts";
import { readPlanExpression } from "./plan-expression.ts";
import type { PlanExpression } from "./plan-expression.ts";
import { remember } from "./remember.ts";
import { splitStatements } from "./split.ts";
import type { ParsedStatement, ParseFailure } from "./statement.ts";
import { isBody, readList, readNumber, tagged } from "./syntax-tree.ts";
import type { Body, Tagged } from "./syntax-tree.ts";
import { readVerb } from "./verb.ts";

/** PostgreSQL's own grammar, ready for use. Its methods are synchronous; a text gets the same answer every time. */
export interface SqlParser {
  /**
   * Reads exactly one statement. Comments and a semicolon around it may stand
   * in `original`; they are not sent.
   */
  readonly parse: (original: string) => Result<ParsedStatement, ParseFailure>;
  /** Columns in a condition or sort key as EXPLAIN prints it; undefined when even the grammar cannot read it. */
  readonly parseExpression: (text: string) => PlanExpression | undefined;
}

/** The grammar's two calls that we use; both throw on refusal. */
interface Grammar {
  readonly parseSync: (sql: string) => unknown;
  readonly fingerprintSync: (sql: string) => string;
}

interface Refusal {
  readonly kind: "syntax" | "tooComplex";
  readonly message: string;
  /** UTF-16 offset in the text that was parsed. */
  readonly at: number;
}

/** PostgreSQL's words, and the JSON reader's, for input nested deeper than their stacks. */
const exhausted = /memory exhausted|stack depth limit|call stack/i;

function readRefusal(error: unknown, sql: string): Refusal {
  if (!(error instanceof Error)) throw new Error(String(error));
  const { message } = error;
  if (error instanceof RangeError || exhausted.test(message))
    return { kind: "tooComplex", message, at: 0 };
  const details: unknown = Reflect.get(error, "sqlDetails");
  const codePoint = isBody(details) ? readNumber(details, "cursorPosition") : 0;
  const at = readOffsets(sql).fromCodePoint(codePoint ?? 0);
  return { kind: "syntax", message, at };
}

function parseWith(
  grammar: Grammar,
  sql: string,
): Result<readonly unknown[], Refusal> {
  if (nestingOf(sql) > deepestRead)
    return failed({ kind: "tooComplex", message: "", at: 0 });
  try {
    const tree = grammar.parseSync(sql);
    return succeeded(isBody(tree) ? readList(tree, "stmts") : []);
  } catch (error) {
    return failed(readRefusal(error, sql));
  }
}

interface Reading {
  readonly text: ReplacedText;
  readonly statements: readonly unknown[];
}

/** The refusal in terms of what was written: there, `$1` may be called `{{ table }}`. */
function reword(refusal: Refusal, text: ReplacedText): Refusal {
  const at = text.toOriginal(refusal.at);
  const place = text.placeholders.find(({ span }) => span.start === at);
  const parameter = `"$${place?.number ?? 0}"`;
  if (!place || !refusal.message.includes(parameter)) return { ...refusal, at };
  const message = refusal.message.replace(
    parameter,
    () => `"${place.written}"`,
  );
  return { ...refusal, message, at };
}

/** A `?` may be a placeholder or the jsonb operator; where the first reading fails, the second decides. */
function readStatements(
  grammar: Grammar,
  region: string,
): Result<Reading, Refusal> {
  const text = replacePlaceholders(region, { questionMarks: true });
  const first = parseWith(grammar, text.sql);
  if (first.ok) return succeeded({ text, statements: first.value });
  if (text.hasQuestionMarks) {
    const plain = replacePlaceholders(region, { questionMarks: false });
    const second = parseWith(grammar, plain.sql);
    if (second.ok) return succeeded({ text: plain, statements: second.value });
  }
  return failed(reword(first.error, text));
}

interface Region {
  readonly text: string;
  readonly start: number;
}

/** The one statement of a text, without what surrounds it. */
function findRegion(original: string): Result<Region, ParseFailure> {
  const nul = original.indexOf("\0");
  if (nul >= 0) return failed({ kind: "nulByte", at: nul });
  const spans = splitStatements(original);
  const statements = spans.filter((span) => span.kind === "sql");
  const [statement] = statements;
  if (!statement)
    return failed({ kind: spans.length > 0 ? "metaCommand" : "empty" });
  if (statements.length > 1)
    return failed({ kind: "severalStatements", count: statements.length });
  const { start, end } = statement;
  return succeeded({ text: original.slice(start, end), start });
}

function readOnly(
  statements: readonly unknown[],
): Result<Tagged, ParseFailure> {
  const [statement] = statements;
  // Our splitter saw one; should the grammar see several, nothing is sent.
  if (statements.length > 1)
    return failed({ kind: "severalStatements", count: statements.length });
  const body: Body = isBody(statement) ? statement : {};
  const node = tagged(body["stmt"]);
  return node ? succeeded(node) : failed({ kind: "empty" });
}

/** FNV-1a in 32 bits, over UTF-16 units. */
function hashText(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function readFingerprint(grammar: Grammar, sql: string): string {
  return nestingOf(sql) > deepestFingerprint
    ? `text-${hashText(sql)}`
    : grammar.fingerprintSync(sql);
}

/** The walk over a deeply nested tree can outgrow the stack like the grammar itself. */
function describe(
  grammar: Grammar,
  reading: Reading,
  place: { readonly original: string; readonly start: number },
): Result<ParsedStatement, ParseFailure> {
  const only = readOnly(reading.statements);
  if (!only.ok) return only;
  const verb = readVerb(only.value);
  if (!verb.ok) return failed({ kind: "notExplainable", ...verb.error });
  const { sql, toOriginal } = reading.text;
  const { start, original } = place;
  const statement = { [only.value.tag]: only.value.body };
  return succeeded({
    original,
    sql,
    placeholders: reading.text.placeholders.map((placeholder) => ({
      ...placeholder,
      span: {
        start: placeholder.span.start + start,
        end: placeholder.span.end + start,
      },
    })),
    verb: verb.value,
    hazards: findHazards(statement),
    facts: readFacts(statement, sql),
    toOriginal: (offset) => toOriginal(offset) + start,
    fingerprint: readFingerprint(grammar, sql),
  });
}

function parseStatement(
  grammar: Grammar,
  original: string,
): Result<ParsedStatement, ParseFailure> {
  const region = findRegion(original);
  if (!region.ok) return region;
  const { start, text } = region.value;
  const reading = readStatements(grammar, text);
  if (!reading.ok) {
    const { kind, message, at } = reading.error;
    return failed(
      kind === "syntax" ? { kind, message, at: at + start } : { kind },
    );
  }
  try {
    return describe(grammar, reading.value, { original, start });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed({ kind: "tooComplex" });
  }
}

// A file or two of statements: what a person edits is looked at again and again.
const keptCharacters = 200_000;

/**
 * Loads the grammar's WebAssembly on first need: its file is looked for beside
 * the code that runs. Rejects when the file is missing.
 */
export async function loadSqlParser(): Promise<SqlParser> {
  const grammar = await import("libpg-query");
  await grammar.loadModule();
  return {
    parse: remember(
      (original) => parseStatement(grammar, original),
      keptCharacters,
    ),
    parseExpression: (text) =>
      readPlanExpression(text, (sql) => {
        const parsed = parseWith(grammar, sql);
        return parsed.ok ? parsed.value : undefined;
      }),
  };
}
