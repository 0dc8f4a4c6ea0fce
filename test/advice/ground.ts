import pg from "pg";
import { openPostgres } from "../../src/adapters/postgres/open.ts";
import { createCatalogCache } from "../../src/app/catalog-cache.ts";
import { exportBundle } from "../../src/adapters/postgres/twin/export/export-bundle.ts";
import { openTwin } from "../../src/adapters/postgres/twin/open-twin.ts";
import type { Database, DatabaseError } from "../../src/app/database.ts";
import { explainStatement } from "../../src/app/explain-statement.ts";
import { withTwin } from "../../src/app/with-twin.ts";
import { renderCreateIndex } from "../../src/core/advice/render-ddl.ts";
import { estimateSize } from "../../src/core/advice/size-model.ts";
import type { Advice } from "../../src/core/advice/suggestion.ts";
import { succeeded, type Result } from "../../src/core/result.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { loadParseTree } from "../../src/core/twin/check-ddl.ts";
import type { TestServer } from "../support/servers.ts";
import { pickFunction, type CaseSet } from "./cases/case.ts";

/** What became of one case; costs are those of real plans with real indexes. */
export interface Verdict {
  readonly before: number;
  readonly ideal: number;
  readonly ours: number;
  /** Cost with ours over cost with the hand-made ones. */
  readonly ratio: number;
  readonly advice: Advice;
  readonly plannings: number;
  readonly elapsedMs: number;
}

/** A loaded world on a server, to judge advice by. */
export interface Ground {
  readonly judge: (sql: string, ideal: readonly string[]) => Promise<Verdict>;
  readonly advise: (
    sql: string,
  ) => Promise<Pick<Verdict, "advice" | "plannings" | "elapsedMs">>;
  /** Total cost with these statements run first, all of it rolled back. */
  readonly costWith: (sql: string, ddl: readonly string[]) => Promise<number>;
  /** Names of the indexes that the plan reads with these statements run first, all of it rolled back. */
  readonly indexesUsedWith: (
    sql: string,
    ddl: readonly string[],
  ) => Promise<readonly string[]>;
  /** What is advised once the advice is followed; the indexes are dropped again. */
  readonly adviseWith: (sql: string, advice: Advice) => Promise<Advice>;
  readonly close: () => Promise<void>;
}

const never = new AbortController().signal;

/** Where HypoPG is there it is asked before anything else. */
const extensionsFor = ({
  world,
  prover,
}: Pick<CaseSet, "world" | "prover">): readonly string[] =>
  prover === "hypopg"
    ? world.extensions
    : world.extensions.filter((extension) => extension !== "hypopg");

/** A copy of the statistics on the same server. */
/** A twin of the database, on the same server. */
export async function openCopy(
  { target }: TestServer,
  database: string,
): Promise<Result<Database, DatabaseError>> {
  const asked = { schemas: undefined, leaveOut: [], statements: 0 };
  const bundle = await exportBundle(
    { ...target, database },
    undefined,
    { ...asked, hashText: false },
    never,
  );
  if (!bundle.ok) return bundle;
  const place = { target, password: undefined, dataFolder: undefined };
  const twin = await openTwin(
    bundle.value,
    { ...place, singleSession: false },
    {
      name: "twin",
      log: () => undefined,
      parse: await loadParseTree(),
      estimateSize: (index, table, predicateShare) =>
        estimateSize({ ...index, unique: false, table, predicateShare }),
    },
  );
  return twin.ok ? succeeded(twin.value.database) : twin;
}

async function load(
  server: TestServer,
  { world, prover }: Pick<CaseSet, "world" | "prover">,
): Promise<void> {
  await server.query(`CREATE DATABASE ${world.name}`);
  for (const extension of extensionsFor({ world, prover }))
    await server.query(`CREATE EXTENSION ${extension}`, world.name);
  await server.query(`${pickFunction} ${world.schema}`, world.name);
  for (const table of world.tables)
    await server.query(`VACUUM ANALYZE ${table}`, world.name);
}

/** Counts the plannings that the advisor asks for. */
function counting(database: Database): {
  readonly database: Database;
  readonly plannings: () => number;
} {
  let plannings = 0;
  return {
    plannings: () => plannings,
    database: {
      ...database,
      openWhatIf: () => {
        const session = database.openWhatIf();
        return {
          ...session,
          plan: (...asked) => {
            plannings += 1;
            return session.plan(...asked);
          },
        };
      },
    },
  };
}

const readCost = (rows: readonly Record<string, unknown>[]): number => {
  const [first] = rows[0]?.["QUERY PLAN"] as readonly {
    readonly Plan: { readonly "Total Cost": number };
  }[];
  return first?.Plan["Total Cost"] ?? Number.NaN;
};

/** With `$n` a generic plan is what the advisor plans too. */
async function explain(client: pg.Client, sql: string): Promise<number> {
  if (!/\$\d/.test(sql))
    return readCost((await client.query(`EXPLAIN (FORMAT JSON) ${sql}`)).rows);
  const count = new Set(sql.match(/\$\d+/g)).size;
  await client.query("SET LOCAL plan_cache_mode = force_generic_plan");
  await client.query(`PREPARE asked AS ${sql}`);
  const nulls = Array.from({ length: count }, () => "NULL").join(", ");
  const { rows } = await client.query(
    `EXPLAIN (FORMAT JSON) EXECUTE asked (${nulls})`,
  );
  await client.query("DEALLOCATE asked");
  return readCost(rows);
}

export const ddlOf = (advice: Advice): readonly string[] =>
  advice.suggestions.map(({ index, name }) =>
    renderCreateIndex(index, name, { concurrently: false }),
  );

/** Equal for equal sets of indexes, whatever their names: what is built once need not be built again. */
const setOf = (ddl: readonly string[]): string =>
  ddl
    .map((one) => one.replace(/^CREATE INDEX (?:\S+ )?ON (?:public\.)?/, ""))
    .sort()
    .join(";");

/** Loads the world into a database of its own and opens it as the product does. */
export async function openGround(
  server: TestServer,
  { world, prover }: Pick<CaseSet, "world" | "prover">,
): Promise<Ground> {
  await load(server, { world, prover });
  const parser = await loadSqlParser();
  const target = { ...server.target, database: world.name };
  const live = openPostgres(target, {
    name: `advice ${world.name}`,
    password: () => Promise.resolve(undefined),
    log: () => undefined,
    whatIfByBuilding: prover === "build",
  });
  const real =
    prover === "twin"
      ? withTwin(live, {
          build: () => openCopy(server, world.name),
          now: Date.now,
          onTrouble: (error) => {
            throw new Error(JSON.stringify(error));
          },
        })
      : live;
  const client = new pg.Client({
    connectionString: server.url.replace(/\/postgres$/, `/${world.name}`),
  });
  await client.connect();
  const costWith: Ground["costWith"] = async (sql, ddl) => {
    await client.query("BEGIN");
    try {
      for (const one of ddl) await client.query(one);
      return await explain(client, sql);
    } finally {
      await client.query("ROLLBACK");
    }
  };
  const indexesUsedWith: Ground["indexesUsedWith"] = async (sql, ddl) => {
    await client.query("BEGIN");
    try {
      for (const one of ddl) await client.query(one);
      const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${sql}`);
      return JSON.stringify(rows)
        .split('"Index Name":"')
        .slice(1)
        .map((text) => text.slice(0, text.indexOf('"')));
    } finally {
      await client.query("ROLLBACK");
    }
  };
  const advise: Ground["advise"] = async (sql) => {
    const { database, plannings } = counting(real);
    const catalog = createCatalogCache(database);
    const ports = { database, catalog, parser };
    const options = { values: undefined, advise: true };
    const startedAt = performance.now();
    const explained = await explainStatement(ports, sql, options, never);
    if (!explained.ok) throw new Error(JSON.stringify(explained.error));
    return {
      advice: explained.value.advice,
      plannings: plannings(),
      elapsedMs: performance.now() - startedAt,
    };
  };
  return {
    advise,
    costWith,
    indexesUsedWith,
    adviseWith: async (sql, advice) => {
      for (const one of ddlOf(advice)) await client.query(one);
      try {
        return (await advise(sql)).advice;
      } finally {
        for (const { index, name } of advice.suggestions)
          await client.query(`DROP INDEX ${index.schema}."${name}"`);
      }
    },
    judge: async (sql, ideal) => {
      const advised = await advise(sql);
      const before = await costWith(sql, []);
      const wanted = ideal.map((index) => `CREATE INDEX ON ${index}`);
      const built = ddlOf(advised.advice);
      const best = await costWith(sql, wanted);
      const ours =
        setOf(built) === setOf(wanted) ? best : await costWith(sql, built);
      return { ...advised, before, ideal: best, ours, ratio: ours / best };
    },
    close: async () => {
      await client.end();
      await real.close();
    },
  };
}
