import { fewRows, smallTablePages } from "../findings/thresholds.ts";
import { walk } from "../plan/walk.ts";
import type { Plan } from "../plan/plan.ts";
import type { Candidate } from "./candidates.ts";
import { isCostly } from "./heuristics.ts";
import type { IndexDefinition } from "./suggestion.ts";

/** Building reads the whole table: a demo table of 300,000 rows takes about a second. */
const maximumBuiltPerTable = 4;
const maximumPartialPerTable = 2;
const maximumBuiltAtOnce = 10;

/**
 * Reading a table that is tiny by the catalog's measure: 64 pages at seq_page_cost 1 and
 * 1,000 rows at cpu_tuple_cost 0.01 and one cpu_operator_cost 0.0025, so 76.5.
 */
const tinyScanCost = smallTablePages + fewRows * (0.01 + 0.0025);

/** A table that the plan reads in full for next to nothing, which the catalog may not tell before the first ANALYZE. */
export function isTinyInPlan(plan: Plan, candidate: Candidate): boolean {
  const readings = [...walk(plan)].filter(
    (node) => node.relation?.name === candidate.index.table,
  );
  return (
    readings.length > 0 &&
    readings.every(
      (node) =>
        node.kind === "seqScan" &&
        (node.estimate?.totalCost ?? Infinity) < tinyScanCost,
    )
  );
}

/** A table as a map key. */
export const tableOf = ({ schema, table }: IndexDefinition): string =>
  JSON.stringify([schema, table]);

/** Tables a plan spends little on cannot repay a real build: keeps those that are read or sorted at a price. */
function isWorthBuilding(plan: Plan, candidate: Candidate): boolean {
  const { index, table } = candidate;
  const names = new Set([
    index.table,
    ...(table.children ?? []).map(({ name }) => name),
  ]);
  return [...walk(plan)].some(
    (node) => names.has(node.relation?.name ?? "") && isCostly(plan, node),
  );
}

/**
 * A plan this dear is worth real builds even where it does not show what it spends on. An order of magnitude and no
 * more: 13 readings of a tiny table, chosen for the one such plan of test/bench/statements, which costs 394,000.
 */
const dearCost = 1000;

/** Subqueries below a recursion's working table stand in no plan, so no reading of theirs does. */
const hidesItsCost = (plan: Plan): boolean =>
  (plan.root.estimate?.totalCost ?? 0) >= dearCost &&
  ![...walk(plan)].some(
    (node) => node.relation !== undefined && isCostly(plan, node),
  );

/** A shorter form is reached by dropping last keys, so it need not be built beside the longer one. */
function isShorterForm(
  candidate: Candidate,
  earlier: readonly Candidate[],
): boolean {
  const { keys, predicate, method } = candidate.index;
  return earlier.some(
    ({ index }) =>
      index.method === method &&
      tableOf(index) === tableOf(candidate.index) &&
      index.predicate === predicate &&
      keys.every(
        (key, at) =>
          key.text === index.keys[at]?.text &&
          key.operatorClass === index.keys[at].operatorClass,
      ),
  );
}

/** B-trees that the table has enough of among those kept: whole and partial ones are counted apart. */
function isFull(candidate: Candidate, kept: readonly Candidate[]): boolean {
  const { method, predicate } = candidate.index;
  if (method !== "btree") return false;
  const isPartial = predicate !== undefined;
  const alike = kept.filter(
    ({ index }) =>
      index.method === "btree" &&
      tableOf(index) === tableOf(candidate.index) &&
      (index.predicate !== undefined) === isPartial,
  );
  const most = isPartial ? maximumPartialPerTable : maximumBuiltPerTable;
  return alike.length >= most;
}

/** The few that are worth a real build: on tables the plan spends on, each of a shape of its own. */
export function mostPromising(
  plan: Plan,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const kept: Candidate[] = [];
  const isHidden = hidesItsCost(plan);
  for (const candidate of candidates)
    if (
      !isFull(candidate, kept) &&
      !isShorterForm(candidate, kept) &&
      (isHidden || isWorthBuilding(plan, candidate))
    )
      kept.push(candidate);
  return kept.slice(0, maximumBuiltAtOnce);
}
