import type { Plan, PlanNode } from "../plan/plan.ts";
import { walk } from "../plan/walk.ts";
import type { Candidate } from "./candidates.ts";
import { estimateIndexBytes } from "./size-model.ts";
import { costOf } from "./trial.ts";
import { isWorthwhile } from "./weigh.ts";

/** DEFAULT_INEQ_SEL of PostgreSQL: what a range keeps of an expression without statistics. */
const guessedShare = 1 / 3;
const blockBytes = 8192;
/** PostgreSQL's defaults of random_page_cost (seq_page_cost is 1), and of cpu_index_tuple_cost with one cpu_operator_cost. */
const randomPage = 4;
const indexTuple = 0.0075;

const isRangeOfExpression = ({ index }: Candidate): boolean =>
  index.method === "btree" &&
  index.keys.length === 1 &&
  index.predicate === undefined &&
  index.keys.every(
    ({ isExpression, role }) => isExpression && role === "range",
  );

/** The scan whose only knowledge of the range is the guess. */
function guessedScan(plan: Plan, candidate: Candidate): PlanNode | undefined {
  const rows = candidate.table.estimatedRows ?? 0;
  return [...walk(plan)].find((node) => {
    const kept = node.estimate?.rowsPerLoop ?? 0;
    return (
      node.kind === "seqScan" &&
      node.relation?.name === candidate.index.table &&
      Math.abs(kept - rows * guessedShare) <= 1 + rows * 0.001
    );
  });
}

/** A bitmap scan that keeps the guessed share, by the formulas of PostgreSQL's cost_bitmap_heap_scan and btcostestimate. */
function bitmapCost(candidate: Candidate, scanCost: number): number {
  const { table, index } = candidate;
  const rows = Math.max(1, table.estimatedRows ?? 1);
  const pages = Math.max(1, table.pages);
  const kept = rows * guessedShare;
  const fetched = Math.min(pages, (2 * pages * kept) / (2 * pages + kept));
  const perPage = randomPage - (randomPage - 1) * Math.sqrt(fetched / pages);
  const perRow = Math.max(0, scanCost - pages) / rows;
  const indexPages = estimateIndexBytes(index, table) / blockBytes;
  return (
    indexPages * guessedShare * randomPage +
    kept * indexTuple +
    fetched * perPage +
    kept * perRow
  );
}

/**
 * An index on an expression that is bounded by a range: HypoPG takes such an index for ten times its size, so its
 * planner leaves it aside where a real one would be read. True where the planner's formulas with a likelier size gain
 * enough, though no more than a guess is known of how much the range keeps.
 */
export function isWorthByGuess(plan: Plan, candidate: Candidate): boolean {
  if (!isRangeOfExpression(candidate)) return false;
  const scan = guessedScan(plan, candidate);
  const before = costOf(plan);
  const scanCost = scan?.estimate?.totalCost;
  if (before === undefined || scanCost === undefined) return false;
  return isWorthwhile(
    before,
    before - scanCost + bitmapCost(candidate, scanCost),
  );
}
