import { matchAt } from "./match-at.ts";
import type { TextSpan } from "../text-span.ts";
import { fit } from "./fit-placeholder.ts";
import type { Found, Previous } from "./fit-placeholder.ts";
import { isInsignificant, readTokens } from "./lexer.ts";
import type { Token } from "./lexer.ts";

/** A text edit; as a reading one without a parameter: psql's `:"x"`, JDBC's `??`. */
export interface Rewording {
  readonly span: TextSpan;
  readonly replacement: string;
}

/** A placeholder that was found, or an edit where what looks like one is none. */
export type Reading = Found | Rewording;

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
  const identifier = matchAt(named.colonIdentifier, text, token.start);
  if (identifier) {
    const span = {
      start: token.start,
      end: token.start + identifier[0].length,
    };
    return { span, replacement: identifier[0].slice(1) };
  }
  // `array[low:high]` is a slice.
  if (around.inBrackets && around.afterOperand) return undefined;
  const hit = matchAt(named.colon, text, token.start);
  return hit && found(token, hit[0].length, hit[1] ?? hit[2] ?? `#${hit[0]}`);
}

function readAt(token: Token, around: Surroundings): Reading | undefined {
  // `<@`, `@@`, `~@`, `#@`, `?@`, `!@`, `&@` are operators, `=@name` is none.
  if (/[@<~!#&?]/.test(around.text[token.start - 1] ?? "")) return undefined;
  const hit = matchAt(named.at, around.text, token.start);
  return hit && found(token, hit[0].length, hit[1]);
}

function readPercent(token: Token, around: Surroundings): Reading | undefined {
  const hit = matchAt(named.percentNamed, around.text, token.start);
  if (hit) return found(token, hit[0].length, hit[1]);
  if (around.afterOperand) return undefined;
  const place = matchAt(named.percent, around.text, token.start);
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
  const hit = matchAt(named.question, text, token.start);
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
  const hit = matchAt(named.sqlc, around.text, token.start);
  return hit && found(token, hit[0].length, hit[1]);
}

const isOperand = (token: Token, text: string): boolean => {
  if (token.kind === "symbol") return /[)\]]/.test(text[token.start] ?? "");
  if (token.kind !== "word") return true;
  return !wordsBeforeOperand.has(
    text.slice(token.start, token.end).toLowerCase(),
  );
};

/** What a text holds, in order. */
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

/** Finds placeholders of every form; with `questionMarks` false no `?` is one. */
export function findPlaceholders(text: string, questionMarks: boolean): Scan {
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
