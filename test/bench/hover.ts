/** What a hover takes, against a bare EXPLAIN of the same statement: on the demo's queries, and on one small statement. */
import path from "node:path";
import { Client } from "pg";
import { readAssets } from "../../src/adapters/demo/assets.ts";
import { openPostgres } from "../../src/adapters/postgres/open.ts";
import { createCatalogCache } from "../../src/app/catalog-cache.ts";
import {
  explainStatement,
  type ExplainPorts,
} from "../../src/app/explain-statement.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { createSessionCache } from "../../src/extension/editor/session-cache.ts";
import { startPostgres, type TestServer } from "../support/servers.ts";
import { median, timed, type Figure } from "./figure.ts";

const smallSchema = `
  CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, status text, created_at timestamptz);
  INSERT INTO orders SELECT n, n % 5000, CASE n % 50 WHEN 0 THEN 'open' ELSE 'done' END, now() - n * interval '1 minute'
  FROM generate_series(1, 100000) n;
  ANALYZE orders;`;

const small =
  "SELECT id, created_at FROM orders WHERE customer_id = 42 AND status = 'open' ORDER BY created_at DESC LIMIT 20";

const never = new AbortController().signal;

interface Bench {
  readonly ports: ExplainPorts;
  readonly client: Client;
}

/** Milliseconds of the three, each the median of its rounds. */
interface Times {
  readonly bare: number;
  /** The editor has read the statement before, as it does for all on screen. */
  readonly read: number;
  /** Never seen: the statement is parsed first. */
  readonly unread: number;
}

const look = (ports: ExplainPorts, text: string): Promise<unknown> =>
  explainStatement(ports, text, { values: undefined, advise: false }, never);

/** The three take turns, each as often right behind the others, so that noise and caches meet all alike. */
async function measure(
  { ports, client }: Bench,
  text: string,
  rounds: number,
): Promise<Times> {
  const taken = { bare: [], read: [], unread: [] } as Record<
    keyof Times,
    number[]
  >;
  const runs: Readonly<
    Record<keyof Times, (round: number) => Promise<unknown>>
  > = {
    bare: () => client.query(`EXPLAIN (FORMAT JSON) ${text}`),
    read: () => look(ports, text),
    unread: (round) => look(ports, `${text} -- ${round}`),
  };
  const names: readonly (keyof Times)[] = ["bare", "read", "unread"];
  const warmUp = Math.ceil(rounds / 4);
  for (let round = 0; round < warmUp + rounds; round += 1)
    for (const turn of names.keys()) {
      const name = names[(round + turn) % names.length] ?? "bare";
      const tookMs = await timed(() => runs[name](round));
      if (round >= warmUp) taken[name].push(tookMs);
    }
  return {
    bare: median(taken.bare),
    read: median(taken.read),
    unread: median(taken.unread),
  };
}

const ratios = (of: string, times: readonly Times[]): readonly Figure[] => [
  {
    name: `hover ÷ bare EXPLAIN, ${of}`,
    value: median(times.map(({ read, bare }) => read / bare)),
    unit: "×",
    target: 1.2,
  },
  {
    name: `hover ÷ bare EXPLAIN, ${of}, unread`,
    value: median(times.map(({ unread, bare }) => unread / bare)),
    unit: "×",
    target: 1.2,
  },
  {
    name: `bare EXPLAIN round trip, ${of}`,
    value: median(times.map(({ bare }) => bare)),
    unit: "ms",
    target: Number.NaN,
  },
];

/** The demo's tables and rows; its statements that can be planned bare, without parameters. */
async function fillDemo(server: TestServer): Promise<readonly string[]> {
  const assets = await readAssets(path.resolve("demo"));
  for (const { sql } of [...assets.migrations, ...assets.generator])
    await server.query(sql);
  return [...assets.queries.values()].filter((sql) => !/\$\d/.test(sql));
}

async function cachedLookupMs({ ports }: Bench): Promise<number> {
  const cache = createSessionCache<unknown>({
    maximumEntries: 500,
    keepMs: () => 60_000,
    now: Date.now,
  });
  const get = (): Promise<unknown> =>
    cache.get(small, () => look(ports, small), never);
  await get();
  const taken: number[] = [];
  for (let round = 0; round < 200; round += 1) taken.push(await timed(get));
  return median(taken);
}

async function measureAll(
  bench: Bench,
  queries: readonly string[],
): Promise<readonly Figure[]> {
  const onSmall = await measure(bench, small, 400);
  const onDemo: Times[] = [];
  for (const query of queries) onDemo.push(await measure(bench, query, 40));
  return [
    ...ratios("demo's queries", onDemo),
    ...ratios("small statement", [onSmall]),
    {
      name: "cached hover, lookup",
      value: await cachedLookupMs(bench),
      unit: "ms",
      target: 5,
    },
  ];
}

async function run(): Promise<readonly Figure[]> {
  const server = await startPostgres(18);
  const database = openPostgres(server.target, {
    name: "bench",
    password: () => Promise.resolve(undefined),
    log: () => undefined,
  });
  const client = new Client({ connectionString: server.url });
  try {
    await client.connect();
    await server.query(smallSchema);
    const queries = await fillDemo(server);
    const ports = {
      database,
      catalog: createCatalogCache(database),
      parser: await loadSqlParser(),
    };
    return await measureAll({ ports, client }, queries);
  } finally {
    await client.end();
    await database.close();
    await server.stop();
  }
}

process.stdout.write(`${JSON.stringify(await run())}\n`);
