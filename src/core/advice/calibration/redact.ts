import { readTokens } from "../../sql/lexer.ts";

/** The log is for costs, not for texts: a longer statement is cut. */
const longestText = 2000;

/** SQL with `?` for each literal, without comments, on one line: names and structure stay. */
export function redactLiterals(sql: string): string {
  let text = "";
  for (const { kind, start, end } of readTokens(sql)) {
    if (kind === "blank" || kind === "comment") text += " ";
    else if (kind === "string" || kind === "number" || kind === "hole")
      text += "?";
    else text += sql.slice(start, end);
  }
  const flat = text.replaceAll(/\s+/gu, " ").trim();
  return flat.length <= longestText ? flat : `${flat.slice(0, longestText)}…`;
}
