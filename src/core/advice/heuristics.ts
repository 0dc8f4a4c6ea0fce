import { walk } from "../plan/walk.ts";
import type { Plan, PlanNode } from "../plan/plan.ts";
import type { Candidate } from "./candidates.ts";
import type { IndexDefinition, IndexKey } from "./suggestion.ts";
import { costOf } from "./trial.ts";

/** A node below this share of the plan's cost is not what makes the statement slow. */
const minimumShare = 0.1;
/**
 * Without a planner to ask, an index is only offered where at most this share of the table is
 * kept: beyond, PostgreSQL rarely leaves the sequential scan (random_page_cost 4 against 1).
 */
const maximumKeptShare = 0.1;

/** Functions PostgreSQL marks immutable for texts and numbers; others may be refused in an index. */
const immutableCalls = new Set(
  "lower upper btrim ltrim rtrim trim length char_length md5 abs round floor ceil coalesce left right substr substring replace jsonb_extract_path_text".split(
    " ",
  ),
);

function isSafeExpression(key: IndexKey): boolean {
  if (!key.isExpression) return true;
  if (/->>?|#>>?/.test(key.text)) return true;
  if (/^to_tsvector\(\s*'/.test(key.text)) return true;
  const called = /^([a-z_]+)\s*\(/i.exec(key.text)?.[1]?.toLowerCase();
  return (
    called !== undefined &&
    immutableCalls.has(called) &&
    !key.text.includes("::")
  );
}

function scansOf(plan: Plan, index: IndexDefinition): readonly PlanNode[] {
  return [...walk(plan)].filter(
    (node) => node.kind === "seqScan" && node.relation?.name === index.table,
  );
}

/** A node that the plan spends a tenth or more on. */
export function isCostly(plan: Plan, node: PlanNode): boolean {
  return (
    (node.estimate?.totalCost ?? 0) >= (costOf(plan) ?? Infinity) * minimumShare
  );
}

const filterRoles = new Set<IndexKey["role"]>([
  "equality",
  "range",
  "prefix",
  "containment",
  "textSearch",
  "pattern",
]);

function filtersMost(plan: Plan, candidate: Candidate): boolean {
  const rows = candidate.table.estimatedRows;
  return scansOf(plan, candidate.index).some((node) => {
    if (!isCostly(plan, node)) return false;
    const kept = node.estimate?.rowsPerLoop ?? Infinity;
    return rows === undefined || kept <= rows * maximumKeptShare;
  });
}

function servesTopRows(plan: Plan, candidate: Candidate): boolean {
  const nodes = [...walk(plan)];
  return (
    nodes.some((node) => node.kind === "limit") &&
    nodes.some((node) => node.kind === "sort") &&
    scansOf(plan, candidate.index).some((node) => isCostly(plan, node))
  );
}

function endsInOrder({ keys }: IndexDefinition): boolean {
  const last = keys.at(-1)?.role;
  return last === "sort" || last === "nearest";
}

function isPromising(plan: Plan, candidate: Candidate): boolean {
  const { index, table } = candidate;
  if (!index.keys.every(isSafeExpression) || index.predicate !== undefined)
    return false;
  const first = index.keys[0]?.role ?? "group";
  if (table.kind === "partitioned") return filterRoles.has(first);
  if (endsInOrder(index) && servesTopRows(plan, candidate)) return true;
  return filterRoles.has(first) && filtersMost(plan, candidate);
}

/**
 * What rules of thumb offer when no planner can be asked: per table the most promising
 * candidate whose scan is costly and keeps little. Never a join or a grouping alone.
 */
export function pickByRules(
  plan: Plan,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const perTable = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const table = `${candidate.index.schema}.${candidate.index.table}`;
    if (!perTable.has(table) && isPromising(plan, candidate))
      perTable.set(table, candidate);
  }
  return [...perTable.values()];
}
