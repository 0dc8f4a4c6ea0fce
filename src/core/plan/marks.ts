import type {
  ColumnRole,
  ColumnUse,
  ParsedStatement,
} from "../sql/statement.ts";
import type { TextSpan } from "../text-span.ts";
import { mentionsColumn } from "./expression-columns.ts";
import type { Plan, PlanNode } from "./plan.ts";
import { findReference, planAliasOf, toOriginalSpan } from "./references.ts";
import { walk } from "./walk.ts";

/** A place in the statement's original text that an operator works on. */
export interface Mark {
  readonly nodeId: number;
  readonly span: TextSpan;
  readonly kind: "condition" | "table";
}

const unmarked: ReadonlySet<ColumnRole> = new Set(["output", "assigned"]);

const sorted: ReadonlySet<ColumnRole> = new Set(["sort", "group"]);

function expressionsFor(node: PlanNode, role: ColumnRole): readonly string[] {
  return sorted.has(role)
    ? [...node.sortKeys, ...node.groupKeys]
    : node.conditions.map(({ expression }) => expression);
}

/** Names under which a column's table may go in this plan; the server numbers repeated ones. */
function aliasesByTable(
  plan: Plan,
  statement: ParsedStatement,
): ReadonlyMap<number, ReadonlySet<string>> {
  const aliases = new Map<number, Set<string>>();
  for (const node of walk(plan)) {
    const reference = findReference(node, statement);
    const alias = planAliasOf(node);
    if (reference === undefined || alias === undefined) continue;
    const known = aliases.get(reference.id) ?? new Set<string>();
    aliases.set(reference.id, known.add(alias));
  }
  return aliases;
}

/**
 * For every operator where the statement names its table, and which columns
 * its conditions, sort and group keys evaluate. Spans are in the original text.
 */
export function findMarks(
  plan: Plan,
  statement: ParsedStatement,
): readonly Mark[] {
  const aliases = aliasesByTable(plan, statement);
  const uses = statement.facts.columns.filter(
    ({ role }) => !unmarked.has(role),
  );
  const evaluates = (node: PlanNode, use: ColumnUse): boolean => {
    const expressions = expressionsFor(node, use.role);
    if (expressions.length === 0) return false;
    const names =
      use.table === undefined ? [] : [...(aliases.get(use.table) ?? [])];
    const candidates = names.length > 0 ? names : [use.qualifier];
    return expressions.some((expression) =>
      candidates.some((alias) => mentionsColumn(expression, use.column, alias)),
    );
  };
  return [...walk(plan)].flatMap((node): readonly Mark[] => {
    const reference = findReference(node, statement);
    const table: readonly Mark[] =
      reference === undefined
        ? []
        : [
            {
              nodeId: node.id,
              span: toOriginalSpan(statement, reference.span),
              kind: "table",
            },
          ];
    const conditions = uses
      .filter(
        ({ table: of }) =>
          reference === undefined || of === undefined || of === reference.id,
      )
      .filter((use) => evaluates(node, use))
      .map((use): Mark => ({
        nodeId: node.id,
        span: toOriginalSpan(statement, use.span),
        kind: "condition",
      }));
    return [...table, ...conditions];
  });
}
