import { afterAll, beforeAll, expect, test } from "vitest";
import { openPostgres } from "../../src/adapters/postgres/open.ts";
import { adviseWorkload } from "../../src/app/advise-workload.ts";
import type { Database } from "../../src/app/database.ts";
import { findDrops } from "../../src/app/find-drops.ts";
import type { DropAdvice } from "../../src/core/advice/drops.ts";
import { failed } from "../../src/core/result.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { english } from "../../src/core/words.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";

const setUp = [
  "CREATE EXTENSION hypopg",
  "CREATE TABLE events AS SELECT n AS id, n % 500 AS kind, n % 700 AS place, n AS at, repeat('x', 50) AS body FROM generate_series(1, 40000) n",
  "CREATE INDEX events_kind ON events (kind)",
  "CREATE INDEX events_place ON events (place)",
  "CREATE INDEX events_at ON events (at)",
  "CREATE TABLE parts (k int, at int) PARTITION BY RANGE (at)",
  "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (50000)",
  "INSERT INTO parts SELECT n % 500, n FROM generate_series(1, 40000) n",
  "CREATE INDEX parts_k ON parts (k)",
  "VACUUM ANALYZE events",
  "VACUUM ANALYZE parts",
];

const workload = [
  { name: "a", text: "SELECT body FROM events WHERE kind = $1", weight: 1 },
  { name: "b", text: "SELECT at FROM parts WHERE k = 7", weight: 1 },
  { name: "c", text: "SELECT body FROM events WHERE at = 7", weight: 1 },
  { name: "d", text: "not a statement", weight: 1 },
];

describeOn("15-hypopg", "existing indexes beside a workload's new ones", () => {
  let server: TestServer;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres("15-hypopg");
    for (const statement of setUp) await server.query(statement);
    database = openPostgres(server.target, {
      name: "test",
      log: () => undefined,
      password: () => Promise.resolve(undefined),
    });
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  /** As if nobody had scanned anything for weeks. */
  async function drops(
    statements: typeof workload,
    { signal = new AbortController().signal, planner = database } = {},
  ): Promise<DropAdvice> {
    const ports = { database, parser: await loadSqlParser() };
    const { signal: going } = new AbortController();
    const advice = await adviseWorkload(
      ports,
      statements,
      {
        timeLimitMs: 30_000,
        // A new index that carries columns along would replace the old ones.
        mayInclude: false,
        onProgress: () => undefined,
        translate: english,
      },
      going,
    );
    const use = await database.indexUse(going);
    if (!advice.ok || !use.ok) throw new Error("no advice");
    const usage = {
      ...use.value,
      indexes: use.value.indexes.map((index) => ({ ...index, scans: 0 })),
      countedSince: "2026-01-01T00:00:00Z",
    };
    return findDrops(
      { ...ports, database: planner },
      { usage, countsUse: true },
      { statements, advice: advice.value },
      { nowMs: Date.parse("2026-03-01T00:00:00Z"), signal },
    );
  }

  test("are called unused only where no plan of the workload reads them, partitions and all", async () => {
    const found = await drops(workload);
    expect(found.drops.map(({ index }) => index.name)).toEqual([
      "events_place",
    ]);
    const fewer = await drops(workload.slice(2));
    expect(fewer.drops.map(({ index }) => index.name).sort()).toEqual([
      "events_kind",
      "events_place",
      "parts_k",
    ]);
  });

  test("are called nothing of the kind when the look at the plans is given up", async () => {
    const given = new AbortController();
    given.abort();
    expect(await drops(workload, { signal: given.signal })).toEqual({
      drops: [],
      undecided: 4,
    });
  });

  test("are not looked for any longer once the connection is lost", async () => {
    let plannings = 0;
    const planner: Database = {
      ...database,
      openWhatIf: () => ({
        plan: () => {
          plannings += 1;
          return Promise.resolve(
            failed({ kind: "connectionLost", message: "the server is gone" }),
          );
        },
        close: () => Promise.resolve(),
      }),
    };
    expect(await drops(workload, { planner })).toEqual({
      drops: [],
      undecided: 4,
    });
    expect(plannings).toBe(1);
  });
});
