import type { TextSpan } from "../../src/core/text-span.ts";

export type SqlTokenKind =
  "keyword" | "string" | "literal" | "function" | "comment";
export interface SqlToken {
  readonly span: TextSpan;
  readonly kind: SqlTokenKind;
}

const keywords = new Set(
  (
    "all alter analyze and any array as asc attach begin between by cascade case cast check collate column commit " +
    "concurrently conflict constraint create cross current default delete desc distinct do drop else end except exists " +
    "explain false fetch filter first following for foreign from full group grouping having if ilike in include index inner " +
    "insert intersect interval into is isnull join key last lateral left like limit local lock materialized natural " +
    "not nothing notnull null nulls of offset on only or order outer over partition preceding primary references " +
    "returning right rollback row rows select set similar some statistics table tablesample then ties to true " +
    "unbounded union unique update using values view when where window with within without"
  ).split(" "),
);

const pattern =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|((?:\b[EeBbXxNn])?'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?(?:\3|$))|("(?:[^"]|"")*(?:"|$))|(\$\d+\b|\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)(\s*\()?/g;

/** Only what gets a colour, in order. For looks alone: it never decides anything. */
export function sqlTokens(text: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  for (const match of text.matchAll(pattern)) {
    const kind = kindOf(match);
    if (kind === undefined) continue;
    const length = (match[6] ?? match[0]).length;
    tokens.push({
      span: { start: match.index, end: match.index + length },
      kind,
    });
  }
  return tokens;
}

function kindOf(match: RegExpExecArray): SqlTokenKind | undefined {
  if (match[1] !== undefined) return "comment";
  if (match[2] !== undefined) return "string";
  if (match[5] !== undefined) return "literal";
  const word = match[6];
  if (word === undefined) return undefined;
  if (keywords.has(word.toLowerCase())) return "keyword";
  return match[7] === undefined ? undefined : "function";
}
