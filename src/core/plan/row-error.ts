import type { Parallelism } from "./parallel.ts";
import type { PlanNode } from "./plan.ts";
import { at, inputsOf, isSubPlan, type PlanIndex } from "./plan-index.ts";

/** How far the planner's row count was off. */
export interface RowError {
  /** Actual over estimated or the reverse, at least 1. */
  readonly factor: number;
  /** More rows than expected, or fewer. */
  readonly direction: "more" | "fewer";
  /** Most of the error was there in an input already; the cause lies below. */
  readonly inherited: boolean;
}

/** Below 2× on top of its inputs' error, an operator is not the cause (look.md shows errors from 2×). */
const ownErrorFrom = 2;

/** Operators that read their whole input before they give a first row, so that a LIMIT above does not cut it short. */
const blocking: ReadonlySet<string> = new Set([
  "sort",
  "hash",
  "aggregate",
  "setOp",
  "bitmapIndexScan",
  "modifyTable",
]);

/** BitmapAnd and BitmapOr report 0 rows always; a writing node counts only RETURNING. */
const uncounted: ReadonlySet<string> = new Set([
  "bitmapAnd",
  "bitmapOr",
  "modifyTable",
]);

const stopsInputs = (node: PlanNode): boolean =>
  node.kind === "limit" || node.kind === "mergeJoin";

const isSemiInner = (parent: PlanNode, node: PlanNode): boolean =>
  node.relationship === "Inner" &&
  (parent.joinType === "Semi" ||
    parent.joinType === "Anti" ||
    parent.fields["Inner Unique"] === true);

/** Nodes that may have been stopped before their last row: fewer rows than expected say nothing there. */
function findCutShort(index: PlanIndex): readonly boolean[] {
  const cut: boolean[] = [];
  for (const node of index.nodes) {
    const parent = index.nodes[at(index.parent, node.id)];
    cut.push(
      parent !== undefined &&
        node.id !== 0 &&
        (isSubPlan(node) ||
          stopsInputs(parent) ||
          isSemiInner(parent, node) ||
          (cut[parent.id] === true && !blocking.has(parent.kind))),
    );
  }
  return cut;
}

/** Rows a merge join reads again after a duplicate key are counted twice on its inner side. */
const isReread = (node: PlanNode, parent: PlanNode | undefined): boolean =>
  parent?.kind === "mergeJoin" && node.relationship === "Inner";

/** Rows over all loops and processes as the planner expected them per run. */
export function estimatedRows(
  node: PlanNode,
  runs: number,
  parallelism: Parallelism,
): number | undefined {
  return node.estimate === undefined
    ? undefined
    : node.estimate.rowsPerLoop * runs * at(parallelism.divisor, node.id);
}

/** How many times the estimate was put to the test: processes that share one partial path test it together. */
export function actualRuns(node: PlanNode, parallelism: Parallelism): number {
  const loops = node.actual?.loops ?? 0;
  return at(parallelism.divisor, node.id) > 1
    ? loops / at(parallelism.participants, node.id)
    : loops;
}

type Bare = Omit<RowError, "inherited">;

function measure(
  index: PlanIndex,
  node: PlanNode,
  parallelism: Parallelism,
): Bare | undefined {
  const { actual, estimate } = node;
  if (actual === undefined || estimate === undefined) return undefined;
  if (actual.loops === 0 || uncounted.has(node.kind)) return undefined;
  const runs = actualRuns(node, parallelism);
  // The planner never expects less than one row, so a fraction below is no error.
  const expected = Math.max(estimatedRows(node, runs, parallelism) ?? 0, runs);
  const found = Math.max(actual.rowsPerLoop * actual.loops, runs);
  const direction = found >= expected ? "more" : "fewer";
  const parent = index.nodes[at(index.parent, node.id)];
  if (direction === "more" && isReread(node, parent)) return undefined;
  return {
    direction,
    factor: Math.max(found, expected) / Math.min(found, expected),
  };
}

function isInherited(
  node: PlanNode,
  error: Bare,
  errors: readonly (Bare | undefined)[],
): boolean {
  const below = inputsOf(node)
    .map((input) => errors[input.id])
    .filter((input) => input?.direction === error.direction)
    .map((input) => input?.factor ?? 1);
  const worst = Math.max(1, ...below);
  return worst >= ownErrorFrom && error.factor < worst * ownErrorFrom;
}

/** By id; undefined where it was not run, not counted or cut short. */
export function findRowErrors(
  index: PlanIndex,
  parallelism: Parallelism,
): readonly (RowError | undefined)[] {
  const cut = findCutShort(index);
  const errors = index.nodes.map((node) => {
    const error = measure(index, node, parallelism);
    return error?.direction === "fewer" && cut[node.id] === true
      ? undefined
      : error;
  });
  return index.nodes.map((node) => {
    const error = errors[node.id];
    return error === undefined
      ? undefined
      : { ...error, inherited: isInherited(node, error, errors) };
  });
}
