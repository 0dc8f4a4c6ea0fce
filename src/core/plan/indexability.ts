import { immutableCalls } from "../sql/immutable-calls.ts";
import { withoutLiterals } from "./expression-columns.ts";

/** Whether an index can hold an expression; PostgreSQL takes immutable ones only. */
export type Indexability = "yes" | "ifImmutable" | "no";

const withZone = / with time zone$/u;
const ofTime = /^(?:date|time|timestamp)/u;

/** What these make of an instant depends on the session's time zone or the way it writes dates. */
const bySession =
  /^(?:date_trunc|date_part|extract|to_char|age)\s*\(|::\s*(?:date|time|text|character varying|varchar)|^cast\s*\(| [-+] /iu;

/** To put a number before a text, and to read a date, depends on how they are written. */
const byWriting = /\|\||::\s*(?:date|time|interval)/iu;

const callIn = (text: string): string | undefined =>
  /^(\w+)\s*\(/u.exec(text)?.[1]?.toLowerCase();

function ofInstants(type: string, text: string): Indexability {
  if (callIn(text) === "to_char") return "no";
  const dependsOnZone =
    withZone.test(type) &&
    !/ at time zone /iu.test(text) &&
    bySession.test(text);
  return dependsOnZone ? "no" : "ifImmutable";
}

/** Of an expression over a column of this type (format_type), as the statement or the server writes it. */
export function findIndexability(
  type: string,
  expression: string,
): Indexability {
  const text = withoutLiterals(expression);
  if (ofTime.test(type)) return ofInstants(type, text);
  const isOperator = !/\w\s*\(/u.test(text);
  const isKnown = isOperator || immutableCalls.has(callIn(text) ?? "");
  return isKnown && !byWriting.test(text) ? "yes" : "ifImmutable";
}
