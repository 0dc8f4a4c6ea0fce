import type { TextSpan } from "../text-span.ts";
import { fit, isExtractField, rewordExtract } from "./fit-placeholder.ts";
import type { Found, Previous } from "./fit-placeholder.ts";
import { isInsignificant, readTokens } from "./lexer.ts";
import type { Token } from "./lexer.ts";
import type { Placeholder } from "./statement.ts";

/** A text whose placeholders are `$n`, with the way back to what was written. */
export interface ReplacedText {
  readonly sql: string;
  readonly placeholders: readonly Placeholder[];
  readonly toOriginal: (offset: number) => number;
}

/** A text edit; as a reading one without a parameter: psql's `:"x"`, JDBC's `??`. */
interface Rewording {
  readonly span: TextSpan;
  readonly replacement: string;
}

type Reading = Found | Rewording;

/** Words after which an operand follows, so that `?`, `%s` there are no operators. */
const wordsBeforeOperand = new Set(
  `all and any array as asc between by case collate cube cursor desc distinct
  do else escape except exists fetch filter first for from group grouping
  having ilike in inner intersect into is isnull join lateral left like limit
  next not notnull offset on or order over partition range returning right
  rollup rows select set similar some symmetric then to union using values
  variadic when where window with date interval time timestamp timestamptz`.split(
    /\s+/,
  ),
);

const named = {
  colon: /:(?:'([^']*)'|([A-Za-z_]\w*)|(\d+))/y,
  colonIdentifier: /:"([^"]*)"/y,
  at: /@([A-Za-z_]\w*)/y,
  percentNamed: /%\(([^()]*)\)s/y,
  percent: /%s(?!\w)/y,
  question: /\?(\d*)/y,
  sqlc: /sqlc\s*\.\s*(?:arg|narg|slice)\s*\(\s*['"]?(\w+)['"]?\s*\)/iy,
};

interface Surroundings {
  readonly text: string;
  /** The last significant token is an operand, so an operator is due. */
  readonly afterOperand: boolean;
  readonly inBrackets: boolean;
  readonly questionMarks: boolean;
}

const match = (
  pattern: RegExp,
  text: string,
  at: number,
): RegExpExecArray | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
};

const found = (
  token: Token,
  length: number,
  key: string | undefined,
): Found => ({
  span: { start: token.start, end: token.start + length },
  key,
  fixedNumber: undefined,
  around: { before: "", after: "" },
  replaced: { start: token.start, end: token.start + length },
});

function readColon(token: Token, around: Surroundings): Reading | undefined {
  const { text } = around;
  if (text[token.start - 1] === ":") return undefined;
  const identifier = match(named.colonIdentifier, text, token.start);
  if (identifier) {
    const span = {
      start: token.start,
      end: token.start + identifier[0].length,
    };
    return { span, replacement: identifier[0].slice(1) };
  }
  // `array[low:high]` is a slice.
  if (around.inBrackets && around.afterOperand) return undefined;
  const hit = match(named.colon, text, token.start);
  return hit && found(token, hit[0].length, hit[1] ?? hit[2] ?? `#${hit[0]}`);
}

function readAt(token: Token, around: Surroundings): Reading | undefined {
  // `<@`, `@@`, `~@`, `#@`, `?@`, `!@`, `&@` are operators, `=@name` is none.
  if (/[@<~!#&?]/.test(around.text[token.start - 1] ?? "")) return undefined;
  const hit = match(named.at, around.text, token.start);
  return hit && found(token, hit[0].length, hit[1]);
}

function readPercent(token: Token, around: Surroundings): Reading | undefined {
  const hit = match(named.percentNamed, around.text, token.start);
  if (hit) return found(token, hit[0].length, hit[1]);
  if (around.afterOperand) return undefined;
  const place = match(named.percent, around.text, token.start);
  return place && found(token, place[0].length, undefined);
}

function readQuestion(token: Token, around: Surroundings): Reading | undefined {
  const { text } = around;
  if (!around.questionMarks || text[token.start - 1] === "@") return undefined;
  if (around.afterOperand) {
    // JDBC writes the jsonb operators `?`, `?|` and `?&` with a doubled mark.
    const isEscaped = text[token.start + 1] === "?";
    const span = { start: token.start, end: token.start + 2 };
    return isEscaped ? { span, replacement: "?" } : undefined;
  }
  const hit = match(named.question, text, token.start);
  return hit && found(token, hit[0].length, hit[1] ? `?${hit[1]}` : undefined);
}

const symbolReaders = new Map<
  string | undefined,
  (token: Token, around: Surroundings) => Reading | undefined
>([
  [":", readColon],
  ["@", readAt],
  ["%", readPercent],
  ["?", readQuestion],
]);

function readPlaceholder(
  token: Token,
  around: Surroundings,
): Reading | undefined {
  const written = around.text.slice(token.start, token.end);
  if (token.kind === "parameter")
    return {
      ...found(token, written.length, written),
      fixedNumber: Number(written.slice(1)),
    };
  if (token.kind === "hole")
    return found(token, written.length, written.replaceAll(/\s+/g, ""));
  if (token.kind === "symbol")
    return symbolReaders.get(around.text[token.start])?.(token, around);
  if (token.kind !== "word") return undefined;
  const hit = match(named.sqlc, around.text, token.start);
  return hit && found(token, hit[0].length, hit[1]);
}

const isOperand = (token: Token, text: string): boolean => {
  if (token.kind === "symbol") return /[)\]]/.test(text[token.start] ?? "");
  if (token.kind !== "word") return true;
  return !wordsBeforeOperand.has(
    text.slice(token.start, token.end).toLowerCase(),
  );
};

interface Scan {
  readonly readings: readonly Reading[];
  readonly hasQuestionMarks: boolean;
}

const bracketSteps: Readonly<Record<string, number>> = { "[": 1, "]": -1 };

const endOf = (reading: Reading | undefined): number => {
  if (!reading) return 0;
  return "replaced" in reading ? reading.replaced.end : reading.span.end;
};

/** What has been seen left of a token. */
interface Left {
  readonly previous: Previous;
  readonly afterOperand: boolean;
  readonly brackets: number;
}

function moveOn(
  left: Left,
  token: Token,
  text: string,
  reading: Reading | undefined,
): Left {
  const first = text[token.start] ?? "";
  // Of the rewordings, psql's `:"x"` is an operand, `??` an operator.
  // The rest of `extract(? FROM` is a comma.
  const readsOperand =
    reading &&
    ("around" in reading ? !reading.around.after.endsWith(",") : first === ":");
  return {
    previous: { token, before: left.previous.token },
    afterOperand: readsOperand ?? isOperand(token, text),
    brackets: left.brackets + (bracketSteps[first] ?? 0),
  };
}

function findPlaceholders(text: string, questionMarks: boolean): Scan {
  const readings: Reading[] = [];
  let hasQuestionMarks = false;
  let left: Left = {
    previous: { token: undefined, before: undefined },
    afterOperand: false,
    brackets: 0,
  };
  for (const token of readTokens(text)) {
    const isRead = token.start < endOf(readings.at(-1));
    if (isInsignificant(token) || isRead) continue;
    const { afterOperand, brackets } = left;
    const plain = readPlaceholder(token, {
      text,
      afterOperand,
      inBrackets: brackets > 0,
      questionMarks,
    });
    const reading =
      plain && "around" in plain ? fit(plain, left.previous, text) : plain;
    if (reading) {
      readings.push(reading);
      hasQuestionMarks ||= text[token.start] === "?";
    }
    left = moveOn(left, token, text, reading);
  }
  return { readings, hasQuestionMarks };
}

/** Numbers in order of first appearance, above every `$n` the text wrote itself. */
function createNumbering(places: readonly Found[]): (place: Found) => number {
  const numbers = places.map((place) => place.fixedNumber ?? 0);
  let next = 1 + numbers.reduce((a, b) => Math.max(a, b), 0);
  const byKey = new Map<string, number>();
  return (place) => {
    if (place.fixedNumber !== undefined) return place.fixedNumber;
    const known = place.key === undefined ? undefined : byKey.get(place.key);
    if (known !== undefined) return known;
    const number = next;
    next += 1;
    if (place.key !== undefined) byKey.set(place.key, number);
    return number;
  };
}

/** The last of some sorted places at or before an offset; a list of tens of thousands of parameters asks for each. */
function lastUpTo<Place extends { readonly at: number }>(
  places: readonly Place[],
  offset: number,
): Place | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.at ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return places[low - 1];
}

function applyEdits(
  text: string,
  edits: readonly Rewording[],
): Pick<ReplacedText, "sql" | "toOriginal"> {
  const pieces: string[] = [];
  const segments: { readonly at: number; readonly edit: Rewording }[] = [];
  let copied = 0;
  let length = 0;
  for (const edit of edits) {
    const kept = text.slice(copied, edit.span.start);
    pieces.push(kept, edit.replacement);
    length += kept.length;
    segments.push({ at: length, edit });
    length += edit.replacement.length;
    copied = edit.span.end;
  }
  const toOriginal = (offset: number): number => {
    const segment = lastUpTo(segments, offset);
    if (!segment) return offset;
    const { span, replacement } = segment.edit;
    const beyond = offset - segment.at - replacement.length;
    // Inside a replacement the only known place is the placeholder itself.
    return beyond >= 0 ? span.end + beyond : span.start;
  };
  return { sql: [...pieces, text.slice(copied)].join(""), toOriginal };
}

/** The other calls of `extract`, in their place between what was read. */
function withExtracts(
  text: string,
  readings: readonly Reading[],
): readonly Reading[] {
  const taken = new Set(
    readings.map((reading) =>
      "around" in reading ? reading.replaced.start : reading.span.start,
    ),
  );
  const extracts = [...readTokens(text)].flatMap((token) =>
    token.kind === "word" && !taken.has(token.start)
      ? (rewordExtract(text, token.start) ?? [])
      : [],
  );
  return [...readings, ...extracts].toSorted(
    (a, b) => a.span.start - b.span.start,
  );
}

/**
 * Replaces placeholders of every form by `$n`: one number per name, one per
 * occurrence of `?` and `%s`. Strings, comments and casts are left alone. With
 * `questionMarks` false every `?` stays the operator it may be.
 */
export function replacePlaceholders(
  text: string,
  options: { readonly questionMarks: boolean },
): ReplacedText & { readonly hasQuestionMarks: boolean } {
  const scan = findPlaceholders(text, options.questionMarks);
  const places = scan.readings.filter((reading) => "around" in reading);
  const readings = places.some(isExtractField)
    ? withExtracts(text, scan.readings)
    : scan.readings;
  const numberOf = createNumbering(places);
  const placeholders: Placeholder[] = [];
  const edits = readings.map((reading): Rewording => {
    if (!("around" in reading)) return reading;
    const number = numberOf(reading);
    const { span, around } = reading;
    const written = text.slice(span.start, span.end);
    placeholders.push({ number, written, span });
    return {
      span: reading.replaced,
      replacement: `${around.before}$${number}${around.after}`,
    };
  });
  return {
    ...applyEdits(text, edits),
    placeholders,
    hasQuestionMarks: scan.hasQuestionMarks,
  };
}
