import { matchAt } from "./match-at.ts";
import type { TextSpan } from "../text-span.ts";
import type { Token } from "./lexer.ts";

/** A placeholder in a text, and what it is replaced by. */
export interface Found {
  readonly span: TextSpan;
  /** Equal keys share a number; undefined for a place of its own (`?`, `%s`). */
  readonly key: string | undefined;
  /** The `n` of a written `$n`. */
  readonly fixedNumber: number | undefined;
  /** Text around `$n`: casts for `date $1`, parentheses for `IN $1`. */
  readonly around: { readonly before: string; readonly after: string };
  /** The replaced text, wider than the placeholder when it takes in words around: `date ?`. */
  readonly replaced: TextSpan;
}

/** The last two significant tokens left of a placeholder. */
export interface Previous {
  readonly token: Token | undefined;
  readonly before: Token | undefined;
}

/** `date $1` is no SQL, `date ?` is what people write and pg_stat_statements prints. */
const typedLiteral = new RegExp(
  `^(?:${`date interval time timetz timestamp timestamptz bigint bit bool boolean bytea cidr decimal float4 float8
  inet int int2 int4 int8 integer json jsonb macaddr money numeric point real regclass smallint text tsquery tsvector
  uuid varchar xml`
    .trim()
    .replaceAll(/\s+/g, "|")})$`,
);

/** Type names of several words, read backwards from their last. */
const longType =
  /\b(?:time(?:stamp)?\s+with(?:out)?\s+time\s+zone|double\s+precision|character\s+varying)$/i;

const intervalUnit =
  /\s+((?:year|month|day|hour|minute|second)(?:\s+to\s+(?:month|hour|minute|second))?)\b/iy;

const extractFrom = /\s+from\b/iy;

const textOf = (token: Token, text: string): string =>
  text.slice(token.start, token.end).toLowerCase();

/** Widens a placeholder where the grammar takes no parameter: `date ?`, `IN ?`, `extract(? FROM x)`. */
export function fit(place: Found, previous: Previous, text: string): Found {
  const { token, before } = previous;
  if (token && text[token.start] === "(" && before?.kind === "word")
    return fitExtract(place, before, text);
  if (token?.kind !== "word") return place;
  if (textOf(token, text) === "in")
    return { ...place, around: { before: "(", after: ")" } };
  const literal = typeBefore(token, before, text);
  return literal ? fitLiteral(place, literal, text) : place;
}

interface Literal {
  readonly start: number;
  readonly type: string;
}

function typeBefore(
  token: Token,
  before: Token | undefined,
  text: string,
): Literal | undefined {
  const long = longTypeBefore(token, text);
  if (long !== undefined) return { start: token.end - long.length, type: long };
  const type = textOf(token, text);
  const follows = before ? text[before.end - 1] : undefined;
  return typedLiteral.test(type) && follows !== ":" && follows !== "."
    ? { start: token.start, type }
    : undefined;
}

/** The longest type has 27 letters; blanks between its words may be a few more. */
const longTypeReach = 40;

function longTypeBefore(token: Token, text: string): string | undefined {
  const reach = text.slice(Math.max(0, token.end - longTypeReach), token.end);
  return longType.exec(reach)?.[0];
}

const extractField = /extract\s*\(\s*([a-z]+)\s+from\b/iy;

/** `extract(year FROM` as `date_part('year',`, so that it stays the same as one whose field became a parameter. */
export function rewordExtract(
  text: string,
  at: number,
): { readonly span: TextSpan; readonly replacement: string } | undefined {
  const hit = matchAt(extractField, text, at);
  return (
    hit && {
      span: { start: at, end: at + hit[0].length },
      replacement: `date_part('${hit[1] ?? ""}',`,
    }
  );
}

/** True for a placeholder that was the field of `extract`. */
export const isExtractField = (place: Found): boolean =>
  place.around.before.startsWith("date_part");

/** The field of `extract` is a keyword to the grammar; `date_part` takes it as a value. */
function fitExtract(place: Found, before: Token, text: string): Found {
  const from = matchAt(extractFrom, text, place.span.end);
  if (!from || textOf(before, text) !== "extract") return place;
  return {
    ...place,
    replaced: { start: before.start, end: place.span.end + from[0].length },
    around: { before: "date_part(", after: "," },
  };
}

/** `date ?` becomes a cast, `interval ? day` a cast of the number with its unit. */
function fitLiteral(place: Found, literal: Literal, text: string): Found {
  const { start, type } = literal;
  const { end } = place.span;
  const unit =
    type === "interval" ? matchAt(intervalUnit, text, end) : undefined;
  if (!unit)
    return {
      ...place,
      replaced: { start, end },
      around: { before: "(", after: `::${type})` },
    };
  const [words, fields = ""] = unit;
  const isRange = /\s/.test(fields);
  return {
    ...place,
    replaced: { start, end: end + words.length },
    around: isRange
      ? { before: "(", after: `::text::interval ${fields})` }
      : { before: "((", after: `::text || ' ${fields}')::interval)` },
  };
}
