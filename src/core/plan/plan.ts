import type { Text } from "../words.ts";

/**
 * The one plan model, for every engine and version. Readonly data; an operator
 * this version does not know has kind `other` and stays visible.
 */
export type OperatorKind =
  | "seqScan"
  | "sampleScan"
  | "indexScan"
  | "indexOnlyScan"
  | "bitmapIndexScan"
  | "bitmapHeapScan"
  | "bitmapAnd"
  | "bitmapOr"
  | "tidScan"
  | "subqueryScan"
  | "functionScan"
  | "tableFunctionScan"
  | "valuesScan"
  | "cteScan"
  | "workTableScan"
  | "namedTuplestoreScan"
  | "foreignScan"
  | "customScan"
  | "nestedLoop"
  | "hashJoin"
  | "mergeJoin"
  | "hash"
  | "sort"
  | "incrementalSort"
  | "aggregate"
  | "group"
  | "windowAgg"
  | "unique"
  | "setOp"
  | "limit"
  | "lockRows"
  | "materialize"
  | "memoize"
  | "append"
  | "mergeAppend"
  | "recursiveUnion"
  | "gather"
  | "gatherMerge"
  | "result"
  | "projectSet"
  | "modifyTable"
  | "other";

export interface PlanRelation {
  readonly schema: string | undefined;
  readonly name: string;
  /** Alias in the statement, when it differs from the name or was given. */
  readonly alias: string | undefined;
}

/** The planner's expectation. Rows and cost are per loop, cost has no unit. */
export interface NodeEstimate {
  readonly startupCost: number;
  readonly totalCost: number;
  readonly rowsPerLoop: number;
  readonly widthBytes: number;
}

/** What happened, per loop as the server reports it; see metrics.ts for totals. */
export interface NodeActual {
  /** Undefined under TIMING OFF. */
  readonly startupMsPerLoop: number | undefined;
  readonly totalMsPerLoop: number | undefined;
  readonly rowsPerLoop: number;
  readonly loops: number;
}

/** 8 KiB blocks, children included, summed over loops. */
export interface BlockCounts {
  readonly sharedHit: number;
  readonly sharedRead: number;
  readonly sharedDirtied: number;
  readonly sharedWritten: number;
  readonly localHit: number;
  readonly localRead: number;
  readonly tempRead: number;
  readonly tempWritten: number;
}

/** One condition as the server deparsed it, e.g. label `Filter`, `Index Cond`, `Hash Cond`. */
export interface NodeCondition {
  readonly label: string;
  readonly expression: string;
  /** Rows this condition removed, per loop; undefined when the server does not count them. */
  readonly rowsRemovedPerLoop: number | undefined;
}

export interface SortReport {
  /** `quicksort`, `top-N heapsort`, `external merge`, … */
  readonly method: string;
  readonly spaceKilobytes: number;
  readonly onDisk: boolean;
}

export interface WorkerReport {
  readonly number: number;
  readonly totalMsPerLoop: number | undefined;
  readonly rowsPerLoop: number | undefined;
  readonly loops: number | undefined;
}

export interface PlanNode {
  /** Position in a preorder walk, 0 for the root. */
  readonly id: number;
  readonly kind: OperatorKind;
  /** As the server names it, with its prefixes: `Parallel Seq Scan`, `Finalize GroupAggregate`, `Hash Left Join`. */
  readonly operator: string;
  readonly relation: PlanRelation | undefined;
  readonly index: string | undefined;
  /** For cteScan, functionScan and their like. */
  readonly target: string | undefined;
  /** `Outer`, `Inner`, `InitPlan`, `SubPlan`, `Member`, `Subquery`; undefined at the root. */
  readonly relationship: string | undefined;
  /** `CTE x`, `SubPlan 1`, `InitPlan 2 (returns $1)`. */
  readonly subplanName: string | undefined;
  readonly estimate: NodeEstimate | undefined;
  readonly actual: NodeActual | undefined;
  /** True only in an analyzed plan whose node ran zero loops. */
  readonly neverExecuted: boolean;
  readonly conditions: readonly NodeCondition[];
  readonly sortKeys: readonly string[];
  readonly presortedKeys: readonly string[];
  readonly groupKeys: readonly string[];
  readonly sort: SortReport | undefined;
  readonly blocks: BlockCounts | undefined;
  readonly workersPlanned: number | undefined;
  readonly workersLaunched: number | undefined;
  readonly workers: readonly WorkerReport[];
  readonly scanDirection: string | undefined;
  readonly joinType: string | undefined;
  readonly children: readonly PlanNode[];
  /** Every scalar field as the server sent it, unknown keys included. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Keys of `fields` that an extension wrote, a foreign data wrapper or the provider of a custom scan, in its order. */
  readonly addedFields: readonly string[];
}

export interface TriggerReport {
  readonly name: string;
  readonly relation: string | undefined;
  readonly totalMs: number | undefined;
  readonly calls: number;
}

export interface Plan {
  readonly engine: "postgres" | "mongodb";
  readonly root: PlanNode;
  readonly analyzed: boolean;
  readonly planningMs: number | undefined;
  readonly executionMs: number | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly triggers: readonly TriggerReport[];
  readonly queryIdentifier: string | undefined;
  /** Top-level keys and shapes this version did not know, in words, never dropped silently. */
  readonly notes: readonly Text[];
  /** The JSON as the server sent it. */
  readonly source: unknown;
}
