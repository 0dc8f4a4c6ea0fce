import { parentsOf, walk } from "../plan/walk.ts";
import { expectedLoops } from "../plan/expected-cost.ts";
import { at, indexPlan } from "../plan/plan-index.ts";
import type { Plan, PlanNode } from "../plan/plan.ts";
import { immutableCalls } from "../sql/immutable-calls.ts";
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

/** Of the table or its parts. */
function scansOf(plan: Plan, { index, table }: Candidate): readonly PlanNode[] {
  const parts = table.kind === "partitioned" ? (table.children ?? []) : [];
  const names = new Set([index.table, ...parts.map(({ name }) => name)]);
  return [...walk(plan)].filter(
    (node) => node.kind === "seqScan" && names.has(node.relation?.name ?? ""),
  );
}

/** A node that the plan spends a tenth or more on, over all its runs. */
export function isCostly(plan: Plan, node: PlanNode): boolean {
  const runs = at(expectedLoops(indexPlan(plan)), node.id);
  const cost = (node.estimate?.totalCost ?? 0) * Math.max(1, runs);
  return cost >= (costOf(plan) ?? Infinity) * minimumShare;
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
  return scansOf(plan, candidate).some((node) => {
    if (!isCostly(plan, node)) return false;
    const kept = node.estimate?.rowsPerLoop ?? Infinity;
    return rows === undefined || kept <= rows * maximumKeptShare;
  });
}

const rowsOf = (node: PlanNode | undefined): number =>
  node?.estimate?.rowsPerLoop ?? 0;

/** Parts are weighed together; where a value is not known, a plan may show none of them. */
function filtersMostOfParts(plan: Plan, candidate: Candidate): boolean {
  const scans = scansOf(plan, candidate);
  const rows = candidate.table.estimatedRows;
  if (scans.length === 0 || rows === undefined) return true;
  const kept = scans.reduce((sum, scan) => sum + rowsOf(scan), 0);
  return kept <= rows * maximumKeptShare;
}

/** The nested loop that reads the scan's rows again for each row of its other side, and keeps few of the pairs. */
function isScannedPerRow(
  scan: PlanNode,
  parents: ReadonlyMap<number, PlanNode>,
): boolean {
  let side = scan;
  let parent = parents.get(side.id);
  while (parent?.kind === "materialize") {
    side = parent;
    parent = parents.get(side.id);
  }
  if (parent?.kind !== "nestedLoop") return false;
  const pairs = parent.children
    .filter(({ relationship }) => /^(?:Outer|Inner)$/.test(relationship ?? ""))
    .reduce((product, child) => product * Math.max(1, rowsOf(child)), 1);
  return rowsOf(parent) <= pairs * maximumKeptShare;
}

/** A join by an operator that no hash or merge join knows: `t.at <@ z.area`. */
function joinsFew(plan: Plan, candidate: Candidate): boolean {
  if (candidate.index.method === "btree") return false;
  const parents = parentsOf(plan);
  return scansOf(plan, candidate).some(
    (node) => isCostly(plan, node) && isScannedPerRow(node, parents),
  );
}

const sortsForTop = (plan: Plan): boolean => {
  const kinds = new Set([...walk(plan)].map(({ kind }) => kind));
  return kinds.has("limit") && kinds.has("sort");
};

const servesTopRows = (plan: Plan, candidate: Candidate): boolean =>
  sortsForTop(plan) &&
  scansOf(plan, candidate).some((node) => isCostly(plan, node));

function endsInOrder({ keys }: IndexDefinition): boolean {
  const last = keys.at(-1)?.role;
  return last === "sort" || last === "nearest";
}

function isPromising(plan: Plan, candidate: Candidate): boolean {
  const { index, table } = candidate;
  if (index.predicate !== undefined) return false;
  const first = index.keys[0]?.role ?? "group";
  if (table.kind === "partitioned")
    return filterRoles.has(first) && filtersMostOfParts(plan, candidate);
  if (endsInOrder(index) && servesTopRows(plan, candidate)) return true;
  return (
    filterRoles.has(first) &&
    (filtersMost(plan, candidate) || joinsFew(plan, candidate))
  );
}

function pickPerTable(
  candidates: readonly Candidate[],
  test: (candidate: Candidate) => boolean,
): readonly Candidate[] {
  const perTable = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const table = `${candidate.index.schema}.${candidate.index.table}`;
    if (!perTable.has(table) && test(candidate)) perTable.set(table, candidate);
  }
  return [...perTable.values()];
}

/**
 * What rules of thumb offer when no planner can be asked: per table the most promising
 * candidate whose scan is costly and keeps little. Never a join or a grouping alone.
 */
export const pickByRules = (
  plan: Plan,
  candidates: readonly Candidate[],
): readonly Candidate[] =>
  pickPerTable(
    candidates,
    (candidate) =>
      candidate.index.keys.every(isSafeExpression) &&
      isPromising(plan, candidate),
  );

/** The same of expressions that the server has accepted in an index, which need not be known here. */
export const pickAcceptedByRules = (
  plan: Plan,
  candidates: readonly Candidate[],
): readonly Candidate[] =>
  pickPerTable(candidates, (candidate) => isPromising(plan, candidate));

/** Rows that another condition of the statement lets through are fetched one page each at random_page_cost 4, with 25 to begin with. */
const fetchCost = (rows: number): number => 25 + 4 * rows;
/** One condition alone finds more rows than all of them together: so many times more are allowed for, fewer by each key. */
const searchSurplus = 10;
/** So many rows are passed over on the way to the nearest ones that are wanted. */
const rowsPassedOver = 5;

/** Proven indexes still leave many rows to be read that the search would not have found. */
function leavesMuch(left: Plan, candidate: Candidate): boolean {
  const { index } = candidate;
  const nodes = [...walk(left)].filter(
    ({ relation, kind }) =>
      relation?.name === index.table &&
      (kind === "indexScan" ||
        kind === "indexOnlyScan" ||
        kind === "bitmapHeapScan"),
  );
  const isTop = index.keys.at(-1)?.role === "nearest";
  return nodes.some((node) => {
    const cost = node.estimate?.totalCost ?? 0;
    if (!isCostly(left, node)) return false;
    return isTop
      ? sortsForTop(left) && cost > fetchCost(rowsPassedOver)
      : filterRoles.has(index.keys[0]?.role ?? "group") &&
          cost >
            (searchSurplus / index.keys.length ** 2) * fetchCost(rowsOf(node));
  });
}

/** Searches that would spare much of what is left to read with the proven indexes of their table in place. */
export const pickBesideProven = (
  left: Plan,
  candidates: readonly Candidate[],
): readonly Candidate[] =>
  pickPerTable(
    candidates,
    (candidate) =>
      candidate.index.method !== "btree" &&
      candidate.index.keys.every(isSafeExpression) &&
      leavesMuch(left, candidate),
  );
