/** How long the workload runs without and with the indexes, both sides in turn. */
import type pg from "pg";
import {
  executionMs,
  type RealPlan,
  type Statement,
} from "./promises-measure.ts";

export interface Planned extends Statement {
  readonly before: RealPlan;
  readonly after: RealPlan;
}

/** Of the second of two runs; undefined when a run reached the limit. */
export interface Execution {
  readonly name: string;
  readonly isPlanChanged: boolean;
  readonly beforeMs: number | undefined;
  readonly afterMs: number | undefined;
}

export interface ExecutionLimits {
  /** For all queries together; those that are not reached are not measured. */
  readonly totalMs: number;
  /** For one run. */
  readonly queryMs: number;
}

/** Times of queries on the bare database whose plans do not change: they need not run again for the next budget. */
export type KnownTimes = Map<string, number | undefined>;

interface Sides {
  readonly bare: pg.Client;
  readonly built: pg.Client;
}

const isChanged = ({ before, after }: Planned): boolean =>
  before.shape !== after.shape;

/** Before, after, before, after: what else the machine does falls on both sides. */
async function runInTurn(
  { name, sql }: Planned,
  { bare, built }: Sides,
  limitMs: number,
): Promise<Execution> {
  const warmBefore = await executionMs(bare, sql, limitMs);
  const warmAfter = await executionMs(built, sql, limitMs);
  const run = async (
    client: pg.Client,
    warm: number | undefined,
  ): Promise<number | undefined> =>
    warm === undefined ? undefined : executionMs(client, sql, limitMs);
  return {
    name,
    isPlanChanged: true,
    beforeMs: await run(bare, warmBefore),
    afterMs: await run(built, warmAfter),
  };
}

/** The same plan on both sides takes the same time: one side stands for both. */
async function runOnce(
  { name, sql }: Planned,
  { bare }: Sides,
  limitMs: number,
): Promise<Execution> {
  const warm = await executionMs(bare, sql, limitMs);
  const ms =
    warm === undefined ? undefined : await executionMs(bare, sql, limitMs);
  return { name, isPlanChanged: false, beforeMs: ms, afterMs: ms };
}

/** Queries with another plan come first: the rest only tells how much of the whole they are. */
export async function executeAll(
  queries: readonly Planned[],
  sides: Sides,
  { totalMs, queryMs }: ExecutionLimits,
  known: KnownTimes,
): Promise<readonly Execution[]> {
  const endsAt = Date.now() + totalMs;
  const done: Execution[] = [];
  for (const query of queries.filter(isChanged))
    if (Date.now() < endsAt) done.push(await runInTurn(query, sides, queryMs));
  for (const query of queries.filter((one) => !isChanged(one))) {
    const { name } = query;
    if (known.has(name)) {
      const ms = known.get(name);
      done.push({ name, isPlanChanged: false, beforeMs: ms, afterMs: ms });
    } else if (Date.now() < endsAt) {
      const execution = await runOnce(query, sides, queryMs);
      known.set(name, execution.beforeMs);
      done.push(execution);
    }
  }
  return done;
}
