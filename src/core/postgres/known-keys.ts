import type { OperatorKind } from "../plan/plan.ts";

/** Keys EXPLAIN (FORMAT JSON) of PostgreSQL 13 to 18 writes for an operator; checked against golden plans of each version. */
const nodeKeys = `Node Type|Strategy|Partial Mode|Operation|Parent Relationship|Subplan Name|Parallel Aware|Async Capable
Join Type|Inner Unique|Command|Scan Direction|Index Name|Relation Name|Schema|Alias|CTE Name|Function Name
Table Function Name|Table Function Call|Tuplestore Name|Tuplestore|Custom Plan Provider|Disabled|Heap Fetches|Index Searches
Startup Cost|Total Cost|Plan Rows|Plan Width|Actual Startup Time|Actual Total Time|Actual Rows|Actual Loops
Output|Filter|Join Filter|Index Cond|Recheck Cond|Hash Cond|Merge Cond|TID Cond|One-Time Filter|Run Condition
Order By|Conflict Filter|Rows Removed by Filter|Rows Removed by Join Filter|Rows Removed by Index Recheck
Rows Removed by Conflict Filter|Exact Heap Blocks|Lossy Heap Blocks|Function Call|Sampling Method
Sampling Parameters|Repeatable Seed|Sort Key|Presorted Key|Sort Method|Sort Space Used|Sort Space Type
Full-sort Groups|Pre-sorted Groups|Group Key|Grouping Sets|Key|Planned Partitions|HashAgg Batches
Peak Memory Usage|Disk Usage|Hash Buckets|Original Hash Buckets|Hash Batches|Original Hash Batches
Cache Key|Cache Mode|Cache Hits|Cache Misses|Cache Evictions|Cache Overflows|Storage|Maximum Storage|Window
Workers Planned|Workers Launched|Single Copy|Params Evaluated|Subplans Removed|Target Tables
Conflict Resolution|Conflict Arbiter Indexes|Tuples Inserted|Conflicting Tuples|Tuples Updated|Tuples Deleted|Tuples Skipped
Shared Hit Blocks|Shared Read Blocks|Shared Dirtied Blocks|Shared Written Blocks|Local Hit Blocks
Local Read Blocks|Local Dirtied Blocks|Local Written Blocks|Temp Read Blocks|Temp Written Blocks
I/O Read Time|I/O Write Time|Shared I/O Read Time|Shared I/O Write Time|Local I/O Read Time
Local I/O Write Time|Temp I/O Read Time|Temp I/O Write Time|WAL Records|WAL FPI|WAL Bytes|WAL Buffers Full
JIT|Workers|Plans|Triggers`;

/** What postgres_fdw writes for a table that it changes. */
const wrapperKeys = "Remote SQL|Batch Size";

const topKeys = `Plan|Planning|Planning Time|Execution Time|Triggers|Settings|Query Identifier|JIT|Serialization
Query Text|Query Parameters|Total Runtime`;

const asSet = (text: string): ReadonlySet<string> =>
  new Set(text.split(/[|\n]/u));

export const knownNodeKeys = asSet(nodeKeys);
export const knownTopKeys = asSet(topKeys);

const isAnyKey = { has: () => true };

/** Keys that extensions add to an operator: to their own scans whatever they like. */
const addedKeys: Partial<
  Record<OperatorKind, { readonly has: (key: string) => boolean }>
> = {
  foreignScan: isAnyKey,
  customScan: isAnyKey,
  modifyTable: asSet(wrapperKeys),
};

/** The keys of an operator that an extension wrote, in its order. */
export const findAddedKeys = (
  kind: OperatorKind,
  keys: readonly string[],
): readonly string[] =>
  keys.filter(
    (key) => !knownNodeKeys.has(key) && addedKeys[kind]?.has(key) === true,
  );
