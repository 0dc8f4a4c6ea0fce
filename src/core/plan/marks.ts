import type {
  ColumnRole,
  ColumnUse,
  ParsedStatement,
} from "../sql/statement.ts";
import type { TextSpan } from "../text-span.ts";
import { readMentions, type Mentions } from "./expression-columns.ts";
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

/** An operator's expressions are read once, however many columns the statement uses. */
function createMentionsIn(): (
  node: PlanNode,
  role: ColumnRole,
) => readonly Mentions[] {
  const read = new Map<string, readonly Mentions[]>();
  return (node, role) => {
    const key = `${node.id} ${String(sorted.has(role))}`;
    const known = read.get(key);
    if (known !== undefined) return known;
    const mentions = expressionsFor(node, role).map(readMentions);
    read.set(key, mentions);
    return mentions;
  };
}

/** Tells whether an operator's expressions name the column of this use. */
function createEvaluates(
  plan: Plan,
  statement: ParsedStatement,
): (node: PlanNode, use: ColumnUse) => boolean {
  const aliases = aliasesByTable(plan, statement);
  const mentionsIn = createMentionsIn();
  return (node, use) => {
    const mentions = mentionsIn(node, use.role);
    if (mentions.length === 0) return false;
    const names = [...(aliases.get(use.table ?? -1) ?? [])];
    const candidates = names.length > 0 ? names : [use.qualifier];
    return mentions.some((mentioned) =>
      candidates.some((alias) => mentioned(use.column, alias)),
    );
  };
}

/**
 * For every operator where the statement names its table, and which columns
 * its conditions, sort and group keys evaluate. Spans are in the original text.
 */
export function findMarks(
  plan: Plan,
  statement: ParsedStatement,
): readonly Mark[] {
  const evaluates = createEvaluates(plan, statement);
  const uses = statement.facts.columns.filter(
    ({ role }) => !unmarked.has(role),
  );
  const mark = (nodeId: number, span: TextSpan, kind: Mark["kind"]): Mark => ({
    nodeId,
    span: toOriginalSpan(statement, span),
    kind,
  });
  return [...walk(plan)].flatMap((node) => {
    const reference = findReference(node, statement);
    const isForeign = ({ table }: ColumnUse): boolean =>
      reference !== undefined && table !== undefined && table !== reference.id;
    const conditions = uses
      .filter((use) => !isForeign(use) && evaluates(node, use))
      .map(({ span }) => mark(node.id, span, "condition"));
    return reference === undefined
      ? conditions
      : [mark(node.id, reference.span, "table"), ...conditions];
  });
}
