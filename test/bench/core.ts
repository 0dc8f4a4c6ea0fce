/** Figures that need no editor: hover against a bare EXPLAIN, cached hover, splitting a large file. */
import { Client } from "pg";
import { openPostgres } from "../../src/adapters/postgres/open.ts";
import { createCatalogCache } from "../../src/app/catalog-cache.ts";
import { explainStatement } from "../../src/app/explain-statement.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { splitStatements, updateSplit } from "../../src/core/sql/split.ts";
import { createSessionCache } from "../../src/extension/editor/session-cache.ts";
import { startPostgres } from "../support/servers.ts";

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function timed(run: () => unknown): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

const schema = `
  CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, status text, created_at timestamptz);
  INSERT INTO orders SELECT n, n % 5000, CASE n % 50 WHEN 0 THEN 'open' ELSE 'done' END, now() - n * interval '1 minute'
  FROM generate_series(1, 100000) n;
  ANALYZE orders;`;

const query =
  "SELECT id, created_at FROM orders WHERE customer_id = 42 AND status = 'open' ORDER BY created_at DESC LIMIT 20";

/** Hover and bare EXPLAIN take turns on one server, so that noise meets both alike. */
async function hoverFigures(): Promise<Figure[]> {
  const server = await startPostgres(18);
  await server.query(schema);
  const database = openPostgres(server.target, {
    name: "bench",
    password: () => Promise.resolve(undefined),
    log: () => undefined,
  });
  const client = new Client({ connectionString: server.url });
  try {
    await client.connect();
    const ports = {
      database,
      catalog: createCatalogCache(database),
      parser: await loadSqlParser(),
    };
    const signal = new AbortController().signal;
    const hover = (): Promise<unknown> =>
      explainStatement(
        ports,
        query,
        { values: undefined, advise: false },
        signal,
      );
    const bare = (): Promise<unknown> =>
      client.query({ text: `EXPLAIN (FORMAT JSON) ${query}`, values: [] });
    const taken: { hover: number[]; bare: number[] } = { hover: [], bare: [] };
    for (let round = 0; round < 500; round += 1) {
      const inHover = await timed(hover);
      const inBare = await timed(bare);
      if (round < 100) continue;
      taken.hover.push(inHover);
      taken.bare.push(inBare);
    }
    const cache = createSessionCache<unknown>({
      maximumEntries: 500,
      keepMs: () => 60_000,
      now: Date.now,
    });
    await cache.get(query, hover, signal);
    const cached = [];
    for (let round = 0; round < 200; round += 1)
      cached.push(await timed(() => cache.get(query, hover, signal)));
    return [
      {
        name: "hover → cost ÷ bare EXPLAIN round trip",
        value: median(taken.hover) / median(taken.bare),
        unit: "×",
        target: 1.2,
      },
      {
        name: "bare EXPLAIN round trip",
        value: median(taken.bare),
        unit: "ms",
        target: Number.NaN,
      },
      {
        name: "cached hover, lookup",
        value: median(cached),
        unit: "ms",
        target: 5,
      },
    ];
  } finally {
    await client.end();
    await database.close();
    await server.stop();
  }
}

async function splitFigures(): Promise<Figure[]> {
  const text = Array.from(
    { length: 10_000 },
    (_, n) =>
      `SELECT a, b -- ${n}\nFROM t${n}\nWHERE c = 'x;y' AND d = ${n};\n`,
  ).join("\n");
  const cold: number[] = [];
  const edits: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    let spans = splitStatements("");
    cold.push(await timed(() => (spans = splitStatements(text))));
    const at = text.indexOf("WHERE", text.length / 2);
    const next = `${text.slice(0, at)}x${text.slice(at)}`;
    edits.push(
      await timed(() =>
        updateSplit(spans, next, { start: at, oldEnd: at, newEnd: at + 1 }),
      ),
    );
  }
  return [
    {
      name: "10,000 statements found, cold",
      value: median(cold),
      unit: "ms",
      target: 300,
    },
    {
      name: "10,000 statements found, after an edit",
      value: median(edits),
      unit: "ms",
      target: 20,
    },
  ];
}

process.stdout.write(
  `${JSON.stringify([...(await hoverFigures()), ...(await splitFigures())])}\n`,
);
