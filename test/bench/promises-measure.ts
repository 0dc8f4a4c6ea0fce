/** What the bare database and the one with indexes answer. */
import type pg from "pg";
import { readTrialPlan } from "../../src/core/advice/workload/trial-plan.ts";

export interface Statement {
  readonly name: string;
  readonly sql: string;
}

export interface RealPlan {
  readonly cost: number;
  readonly indexNames: ReadonlySet<string>;
  /** The plan without its figures: equal when the server would do the same. */
  readonly shape: string;
}

type Answer = readonly { readonly "QUERY PLAN": unknown }[];

export async function planOf(
  client: pg.Client,
  sql: string,
): Promise<RealPlan> {
  const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${sql}`);
  const answer = (rows as Answer)[0]?.["QUERY PLAN"];
  const plan = readTrialPlan(answer);
  if (plan === undefined) throw new Error(`no plan of: ${sql}`);
  const shape = JSON.stringify(answer, (key, value: unknown) =>
    typeof value === "number" && key !== "Workers Planned" ? undefined : value,
  );
  return { ...plan, shape };
}

const queryCanceled = "57014";

/** Milliseconds without planning; undefined when the limit was reached. */
export async function executionMs(
  client: pg.Client,
  sql: string,
  limitMs: number,
): Promise<number | undefined> {
  await client.query(`SET statement_timeout = ${limitMs}`);
  try {
    const { rows } = await client.query(
      `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${sql}`,
    );
    const [first] = (rows as Answer)[0]?.["QUERY PLAN"] as {
      readonly "Execution Time": number;
    }[];
    return first?.["Execution Time"];
  } catch (error) {
    if ((error as { code?: string }).code === queryCanceled) return undefined;
    throw error;
  } finally {
    await client.query("RESET statement_timeout");
  }
}

/** Bytes of the main forks of all tables. */
export async function heapBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT sum(pg_relation_size(c.oid)) AS bytes FROM pg_class c
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
  );
  return Number(rows[0]?.bytes);
}

export async function indexBytes(
  client: pg.Client,
  name: string,
): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    "SELECT pg_relation_size(quote_ident($1)::regclass) AS bytes",
    [name],
  );
  return Number(rows[0]?.bytes);
}

/** By table: what CREATE INDEX puts an exact count in place of. */
export type RowCounts = ReadonlyMap<string, number>;

export async function rowCounts(client: pg.Client): Promise<RowCounts> {
  const { rows } = await client.query<{ name: string; count: number }>(
    `SELECT relname AS name, reltuples AS count FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  return new Map(rows.map(({ name, count }) => [name, count]));
}

/** What `use` sees has these counts in the catalog; afterwards they are as before. */
export async function withRowCounts<Value>(
  client: pg.Client,
  counts: RowCounts,
  use: () => Promise<Value>,
): Promise<Value> {
  await client.query("BEGIN");
  try {
    for (const [name, count] of counts)
      await client.query(
        `UPDATE pg_class SET reltuples = $2
         WHERE relname = $1 AND relnamespace = 'public'::regnamespace AND reltuples <> $2`,
        [name, count],
      );
    return await use();
  } finally {
    await client.query("ROLLBACK");
  }
}
