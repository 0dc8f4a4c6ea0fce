import { readTokens, type Token } from "../../sql/lexer.ts";
import { failed, succeeded, type Result } from "../../result.ts";
import { phrase, type Text } from "../../words.ts";

/** One key of an index, imagined or existing, as CREATE INDEX tells it. */
export interface ReadKey {
  /** Column name unquoted, or the text of an expression. */
  readonly text: string;
  readonly isExpression: boolean;
  readonly collation: string | undefined;
  readonly operatorClass: string | undefined;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface ReadIndex {
  readonly name: string | undefined;
  readonly schema: string | undefined;
  readonly table: string;
  /** `btree`, `gin`, … in lower case. */
  readonly method: string;
  readonly keys: readonly ReadKey[];
  readonly included: readonly string[];
  readonly predicate: string | undefined;
}

/** A place in the tokens; every reader below moves it on. */
interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  at: number;
}

const textOf = ({ text }: Reader, token: Token | undefined): string =>
  token === undefined ? "" : text.slice(token.start, token.end);

const peek = (reader: Reader, ahead = 0): string =>
  textOf(reader, reader.tokens[reader.at + ahead]).toLowerCase();

/** Moves on when the next words are these. */
function skip(reader: Reader, ...words: readonly string[]): boolean {
  const isNext = words.every((word, ahead) => peek(reader, ahead) === word);
  if (isNext) reader.at += words.length;
  return isNext;
}

const folded = (written: string): string =>
  written.startsWith('"')
    ? written.slice(1, -1).replaceAll('""', '"')
    : written.toLowerCase();

/** A name with the qualifiers before it, the last one last; empty when there is none. */
function readName(reader: Reader): readonly string[] {
  const names: string[] = [];
  do {
    const token = reader.tokens[reader.at];
    if (token?.kind !== "word" && token?.kind !== "quotedIdentifier")
      return names;
    names.push(folded(textOf(reader, token)));
    reader.at += 1;
  } while (skip(reader, "."));
  return names;
}

const depthChanges: Readonly<Record<string, number>> = {
  "(": 1,
  "[": 1,
  ")": -1,
  "]": -1,
};

/** The elements of a list in parentheses, each as its own reader; undefined when it is not closed. */
function readList(reader: Reader): readonly Reader[] | undefined {
  if (!skip(reader, "(")) return undefined;
  const parts: Reader[] = [];
  let depth = 0;
  let start = reader.at;
  for (; reader.at < reader.tokens.length; reader.at += 1) {
    const symbol = peek(reader);
    const isClosing = depth === 0 && symbol === ")";
    if (isClosing || (depth === 0 && symbol === ",")) {
      const tokens = reader.tokens.slice(start, reader.at);
      parts.push({ text: reader.text, tokens, at: 0 });
      start = reader.at + 1;
    }
    if (isClosing) {
      reader.at += 1;
      return parts;
    }
    depth += depthChanges[symbol] ?? 0;
  }
  return undefined;
}

/** Moves behind the parenthesis that closes the one at the place. */
function skipGroup(reader: Reader): void {
  let depth = 0;
  do {
    if (peek(reader) === "(") depth += 1;
    if (peek(reader) === ")") depth -= 1;
    reader.at += 1;
  } while (depth > 0 && reader.at < reader.tokens.length);
}

function between(reader: Reader, from: number, to: number): string {
  const first = reader.tokens[from];
  const last = reader.tokens[to - 1];
  return first === undefined || last === undefined
    ? ""
    : reader.text.slice(first.start, last.end);
}

/** `(a + b)` without its parentheses, `lower(a)` as it stands, or a column. */
function readSubject(reader: Reader): Pick<ReadKey, "text" | "isExpression"> {
  const start = reader.at;
  if (peek(reader) === "(") {
    skipGroup(reader);
    const text = between(reader, start + 1, reader.at - 1);
    return { text, isExpression: true };
  }
  const names = readName(reader);
  if (peek(reader) !== "(")
    return { text: names.at(-1) ?? "", isExpression: false };
  skipGroup(reader);
  return { text: between(reader, start, reader.at), isExpression: true };
}

function readOperatorClass(reader: Reader): string | undefined {
  const next = peek(reader);
  if (["asc", "desc", "nulls", ""].includes(next)) return undefined;
  const name = readName(reader).at(-1);
  if (peek(reader) === "(") skipGroup(reader);
  return name;
}

function readKey(reader: Reader): ReadKey | undefined {
  const subject = readSubject(reader);
  const collation = skip(reader, "collate")
    ? readName(reader).at(-1)
    : undefined;
  const operatorClass = readOperatorClass(reader);
  const descending = skip(reader, "desc");
  if (!descending) skip(reader, "asc");
  const nullsFirst = skip(reader, "nulls", "first");
  const nullsLast = !nullsFirst && skip(reader, "nulls", "last");
  if (subject.text === "" || reader.at < reader.tokens.length) return undefined;
  return {
    ...subject,
    collation,
    operatorClass,
    descending,
    nullsFirst: nullsFirst || (descending && !nullsLast),
  };
}

type Tail = Pick<ReadIndex, "included" | "predicate">;

/** INCLUDE, NULLS NOT DISTINCT, WITH, TABLESPACE and WHERE, in the grammar's order. */
function readTail(reader: Reader): Tail | undefined {
  const included = skip(reader, "include")
    ? readList(reader)?.map((part) => readName(part).at(-1) ?? "")
    : [];
  if (!skip(reader, "nulls", "not", "distinct"))
    skip(reader, "nulls", "distinct");
  if (skip(reader, "with")) skipGroup(reader);
  if (skip(reader, "tablespace")) readName(reader);
  const end = reader.tokens.length;
  const predicate = skip(reader, "where")
    ? between(reader, reader.at, end)
    : undefined;
  if (predicate !== undefined) reader.at = end;
  const isWhole = included !== undefined && reader.at === end;
  return isWhole ? { included, predicate } : undefined;
}

/** `CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS name ON`; the name, `undefined` within when there is none. */
function readHead(
  reader: Reader,
): { readonly name: string | undefined } | undefined {
  if (!skip(reader, "create")) return undefined;
  skip(reader, "unique");
  if (!skip(reader, "index")) return undefined;
  skip(reader, "concurrently");
  skip(reader, "if", "not", "exists");
  const name = peek(reader) === "on" ? undefined : readName(reader).at(-1);
  if (!skip(reader, "on")) return undefined;
  skip(reader, "only");
  return { name };
}

function readKeys(reader: Reader): readonly ReadKey[] | undefined {
  const keys = (readList(reader) ?? []).map(readKey);
  const whole = keys.flatMap((key) => key ?? []);
  return whole.length > 0 && whole.length === keys.length ? whole : undefined;
}

function readWhole(reader: Reader): ReadIndex | undefined {
  const head = readHead(reader);
  if (head === undefined) return undefined;
  const [table, schema] = readName(reader).toReversed();
  const method = skip(reader, "using") ? readName(reader).at(-1) : "btree";
  const keys = readKeys(reader);
  const tail = readTail(reader);
  if (table === undefined || method === undefined) return undefined;
  if (keys === undefined || tail === undefined) return undefined;
  return { ...head, schema, table, method, keys, ...tail };
}

const isMeant = (token: Token): boolean =>
  token.kind !== "blank" && token.kind !== "comment";

/** Reads a CREATE INDEX, as a person writes it or as pg_get_indexdef does. The failure is a sentence. */
export function readIndex(ddl: string): Result<ReadIndex, Text> {
  const tokens = [...readTokens(ddl)].filter(isMeant);
  while (tokens.length > 0 && ddl.charAt(tokens.at(-1)?.start ?? 0) === ";")
    tokens.pop();
  const read = readWhole({ text: ddl, tokens, at: 0 });
  return read === undefined
    ? failed(
        phrase(
          "This is no CREATE INDEX: write CREATE INDEX ON table (column, …).",
        ),
      )
    : succeeded(read);
}
