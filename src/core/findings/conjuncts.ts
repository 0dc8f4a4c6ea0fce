import { matchAt } from "../sql/match-at.ts";

/** A comparison as the server deparsed it: `lower(kind)`, `=`, `'x'::text`. */
export interface DeparsedComparison {
  readonly left: string;
  readonly operator: string;
  readonly right: string;
}

const steps: Readonly<Record<string, number>> = {
  "(": 1,
  "[": 1,
  ")": -1,
  "]": -1,
};

/** Where the quoted text that begins here ends; a doubled quote reads as two such texts, which comes to the same. */
function endOfQuoted(text: string, at: number): number {
  const end = text.indexOf(text.charAt(at), at + 1);
  return end < 0 ? text.length : end;
}

/** Walks over what stands outside quotes; `visit` gets the depth in parentheses, and what it returns first ends the walk. */
function findUnquoted<Found>(
  text: string,
  visit: (at: number, depth: number) => Found | undefined,
): Found | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "'" || character === '"') at = endOfQuoted(text, at);
    depth += steps[character] ?? 0;
    const found = visit(at, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Without parentheses that enclose all of it: of `(a) AND (b)` the first ends too early for that. */
function withoutParentheses(text: string): string {
  if (!text.startsWith("(")) return text;
  const end = findUnquoted(text, (at, depth) => (depth === 0 ? at : undefined));
  return end === text.length - 1 ? withoutParentheses(text.slice(1, -1)) : text;
}

/** What stands between a call's parentheses is one argument. */
export const isOneArgument = (text: string): boolean =>
  findUnquoted(text, (at, depth) =>
    depth < 0 || (depth === 0 && text.charAt(at) === ",") ? at : undefined,
  ) === undefined;

const and = " AND ";

/** The conditions of a filter that all have to hold, without the parentheses around each. */
export function conjunctsOf(filter: string): readonly string[] {
  const text = withoutParentheses(filter);
  const parts: string[] = [];
  let start = 0;
  findUnquoted(text, (at, depth) => {
    if (depth === 0 && text.startsWith(and, at)) {
      parts.push(text.slice(start, at));
      start = at + and.length;
    }
    return undefined;
  });
  return [...parts, text.slice(start)].map(withoutParentheses);
}

const operator = / (=|<>|<|<=|>|>=|~~|~~\*|~|~\*) /uy;

/** A condition's two sides; undefined for what is no such comparison, as `a IS NULL` or `(a OR b)`. */
export function readDeparsed(
  condition: string,
): DeparsedComparison | undefined {
  return findUnquoted(condition, (at, depth) => {
    const found = depth === 0 ? matchAt(operator, condition, at) : undefined;
    if (found === undefined) return undefined;
    return {
      left: condition.slice(0, at),
      operator: found[1] ?? "",
      right: condition.slice(at + found[0].length),
    };
  });
}
