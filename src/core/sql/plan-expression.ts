import { readNames, visit } from "./syntax-tree.ts";
import { readTokens } from "./lexer.ts";

export interface PlanColumn {
  /** Table or alias, as EXPLAIN names it. */
  readonly qualifier: string | undefined;
  readonly column: string;
}

/** What a condition, sort key or group key of a plan refers to. */
export interface PlanExpression {
  /** In order of appearance, each once. */
  readonly columns: readonly PlanColumn[];
  /** Subplans by the name EXPLAIN gives them: `SubPlan 1`, `InitPlan 2`. */
  readonly subplans: readonly string[];
}

/** The parts of a text outside quotes, each passed through `change`. */
function changeUnquoted(
  text: string,
  change: (part: string) => string,
): string {
  let result = "";
  let plain = "";
  for (const token of readTokens(text)) {
    const part = text.slice(token.start, token.end);
    if (token.kind === "string" || token.kind === "quotedIdentifier") {
      result += change(plain) + part;
      plain = "";
    } else plain += part;
  }
  return result + change(plain);
}

/** `(hashed SubPlan 1)` → `("SubPlan 1")`, its opening parenthesis balanced by construction. */
function nameSubplans(text: string): string {
  return (
    text
      .replaceAll(/\b(?:hashed|PARTIAL|alternatives:)\s+/g, "")
      // `(ANY (a = (SubPlan 1).col1))`; `= ANY (…)` has an operator before it.
      .replaceAll(/(?<=\(|^|NOT )(?:ANY|ALL) \((?!(?:SubPlan|InitPlan) )/g, "(")
      .replaceAll(
        /\b(?:EXISTS|ANY|ALL)\s*\(\s*((?:SubPlan|InitPlan) \w+)\s*\)/g,
        '("$1")',
      )
      .replaceAll(/\(((?:SubPlan|InitPlan|CTE) \w+)\)\.col(\d+)/g, '"$1".col$2')
      .replaceAll(/(?<!")\b((?:SubPlan|InitPlan) \w+)(?!")/g, '"$1"')
      .replaceAll(/\bOVER\s*\(\?\)/g, "OVER ()")
      .replaceAll(/\$0\b/g, "$1")
  );
}

/**
 * Turns an expression as EXPLAIN prints it into SQL that the grammar reads:
 * references to subplans become quoted identifiers, `PARTIAL` and `hashed` go,
 * `OVER (?)` becomes `OVER ()`. Quoted text is left alone.
 */
export function normalizePlanExpression(text: string): string {
  return changeUnquoted(text, nameSubplans);
}

const isSubplan = (name: string): boolean =>
  /^(?:SubPlan|InitPlan) /.test(name);

function collect(statements: readonly unknown[]): PlanExpression {
  const columns = new Map<string, PlanColumn>();
  const subplans = new Set<string>();
  visit(statements, (node) => {
    const names =
      node.tag === "ColumnRef" ? readNames(node.body, "fields") : [];
    const subplan = names.find(isSubplan);
    const column = names.at(-1);
    if (subplan !== undefined) subplans.add(subplan);
    else if (column !== undefined)
      columns.set(names.join("."), { qualifier: names.at(-2), column });
    return undefined;
  });
  return { columns: [...columns.values()], subplans: [...subplans] };
}

/** Reads a plan's expression with the grammar given; undefined when it is refused. */
export function readPlanExpression(
  text: string,
  parse: (sql: string) => readonly unknown[] | undefined,
): PlanExpression | undefined {
  // As a sort key, an expression may carry DESC, NULLS FIRST and COLLATE.
  const sql = `SELECT 1 ORDER BY ${normalizePlanExpression(text)}`;
  const statements = parse(sql);
  return statements && collect(statements);
}
