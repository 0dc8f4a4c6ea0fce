import { readString } from "./expressions.ts";
import type { ColumnRole } from "./statement.ts";
import { bodyOf, readOperator, readText } from "./syntax-tree.ts";
import type { Body } from "./syntax-tree.ts";

const rolesByOperator: Readonly<Record<string, ColumnRole>> = {
  "=": "equality",
  "<": "range",
  ">": "range",
  "<=": "range",
  ">=": "range",
  "<>": "inequality",
  "@>": "containment",
  "<@": "containment",
  "&&": "containment",
  "?": "containment",
  "?|": "containment",
  "?&": "containment",
  "@?": "containment",
  "@@": "textSearch",
};

const rolesByKind: Readonly<Record<string, ColumnRole>> = {
  AEXPR_BETWEEN: "range",
  AEXPR_BETWEEN_SYM: "range",
  AEXPR_NOT_BETWEEN: "inequality",
  AEXPR_NOT_BETWEEN_SYM: "inequality",
  AEXPR_DISTINCT: "inequality",
  AEXPR_NOT_DISTINCT: "equality",
  AEXPR_OP_ALL: "inequality",
  AEXPR_SIMILAR: "other",
  AEXPR_NULLIF: "other",
};

/** The leftmost part of `'%' || $1 || '%'`. */
function leftmost(node: unknown): unknown {
  let current = node;
  for (;;) {
    const body = bodyOf(current, "A_Expr");
    if (!body || readOperator(body) !== "||") return current;
    current = body["lexpr"];
  }
}

function patternRole(body: Body): ColumnRole {
  const operator = readOperator(body);
  if (operator.startsWith("!")) return "other";
  const pattern = readString(leftmost(body["rexpr"]));
  if (pattern === undefined) return "other";
  if (/^[%_]/.test(pattern)) return "leadingWildcardLike";
  if (operator !== "~~") return "other";
  const isWhole = readString(body["rexpr"]) !== undefined;
  return isWhole && !/[%_\\]/.test(pattern) ? "equality" : "prefixLike";
}

/** A regular expression tied to the beginning of the text, which goes on with plain letters. */
function regexRole(body: Body): ColumnRole {
  const pattern = readString(body["rexpr"]) ?? "";
  const isTied = /^\^[\p{L}\d _-]{2}/u.test(pattern);
  return isTied && !pattern.includes("|") ? "prefixLike" : "other";
}

/** How an A_Expr uses a bare column on its left, from its operator and, for LIKE, its pattern. */
export function comparisonRole(body: Body): ColumnRole {
  const kind = readText(body, "kind") ?? "";
  if (kind === "AEXPR_LIKE" || kind === "AEXPR_ILIKE") return patternRole(body);
  const operator = readOperator(body);
  if (/^!?~~\*?$/.test(operator) && kind === "AEXPR_OP")
    return patternRole(body);
  if (operator === "~" && kind === "AEXPR_OP") return regexRole(body);
  return rolesByKind[kind] ?? rolesByOperator[operator] ?? "other";
}

/** What B-trees and hash indexes compare by; all other operators ask for a method of their own. */
const plainOperators = new Set(["=", "<", ">", "<=", ">=", "<>", ""]);

/** The operator as it reads with the other side first. */
const turned: Readonly<Record<string, string>> = {
  "@>": "<@",
  "<@": "@>",
  "<<": ">>",
  ">>": "<<",
  "<<=": ">>=",
  ">>=": "<<=",
  "&&": "&&",
  "~=": "~=",
  "@@": "@@",
  "%": "%",
};

/** An operator that no B-tree serves; undefined for `=`, `<` and the like. */
export const specialOperator = (
  operator: string | undefined,
): string | undefined =>
  operator === undefined || plainOperators.has(operator) ? undefined : operator;

/** `a @> b` read from the right: `b <@ a`; undefined where it cannot be turned round or is a plain comparison. */
export const turnedRound = (operator: string): string | undefined =>
  specialOperator(turned[operator]);

/** Roles a plain index on the bare column would serve, so that hiding it costs something. */
export const servedByIndex = new Set<ColumnRole>([
  "equality",
  "range",
  "join",
  "prefixLike",
]);

/** For operators whose right side no index serves: `'%a' LIKE pattern`, `$1 = ANY(tags)`. */
export const isOneSided = (role: ColumnRole): boolean =>
  role === "prefixLike" || role === "leadingWildcardLike" || role === "other";
