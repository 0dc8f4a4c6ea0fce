import {
  hasUnused,
  proposeDrops,
  type DropAdvice,
  type DropInput,
} from "../core/advice/drops.ts";
import { walk } from "../core/plan/walk.ts";
import { parseExplain } from "../core/postgres/parse-explain.ts";
import type { IndexUsage } from "../core/advice/index-use.ts";
import type { WorkloadAdvice } from "../core/advice/workload/workload-advice.ts";
import {
  ofOneStatement,
  type WorkloadPorts,
  type WorkloadStatement,
} from "./read-workload.ts";

/** What is known of the existing indexes. */
export interface KnownUse {
  readonly usage: IndexUsage;
  /** False where scans are not counted: on a twin. */
  readonly countsUse: boolean;
}

/** Names of indexes in the plans of the statements, with the new indexes present; undefined when that was given up. */
async function findRead(
  { database, parser }: WorkloadPorts,
  statements: readonly WorkloadStatement[],
  advice: WorkloadAdvice,
  signal: AbortSignal,
): Promise<Set<string> | undefined> {
  const indexes = advice.indexes.map(({ index }) => index);
  const session = database.openWhatIf();
  const names = new Set<string>();
  try {
    for (const { text } of statements) {
      const parsed = parser.parse(text);
      if (!parsed.ok) continue;
      const answer = await session.plan(parsed.value, indexes, signal);
      const isGone = !answer.ok && !ofOneStatement.has(answer.error.kind);
      if (isGone || signal.aborted) return undefined;
      const plan = answer.ok ? parseExplain(answer.value.plan) : answer;
      if (!plan.ok) continue;
      for (const { index } of walk(plan.value))
        if (index !== undefined) names.add(index);
    }
    return names;
  } finally {
    await session.close();
  }
}

/** An index of a partitioned table is read by way of those of its partitions. */
async function withParents(
  read: ReadonlySet<string>,
  { database }: WorkloadPorts,
  { indexes }: IndexUsage,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const partitioned = indexes.filter(({ isPartitioned }) => isPartitioned);
  if (partitioned.length === 0) return read;
  const tables = partitioned.map(({ schema, table: name }) => ({
    schema,
    name,
  }));
  const facts = await database.plannerFacts(tables, signal);
  if (!facts.ok) return undefined;
  const parents = facts.value.indexes
    .filter(({ leaves }) => leaves.some((leaf) => read.has(leaf)))
    .map(({ name }) => name);
  return new Set([...read, ...parents]);
}

/** Existing indexes that can go beside the advised ones. The workload is planned once more where one might be called unused. */
export async function findDrops(
  ports: WorkloadPorts,
  { usage, countsUse }: KnownUse,
  workload: {
    readonly statements: readonly WorkloadStatement[];
    readonly advice: WorkloadAdvice;
  },
  asked: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<DropAdvice> {
  const { nowMs, signal } = asked;
  const advised = workload.advice.indexes;
  const input: Omit<DropInput, "readByWorkload"> = {
    ...{ usage, countsUse, nowMs, advised },
  };
  if (!hasUnused(input))
    return proposeDrops({ ...input, readByWorkload: new Set() });
  const { statements, advice } = workload;
  const read = await findRead(ports, statements, advice, signal);
  const readByWorkload =
    read && (await withParents(read, ports, usage, signal));
  return proposeDrops({ ...input, readByWorkload });
}
