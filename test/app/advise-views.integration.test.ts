import { afterAll, beforeAll, expect, it } from "vitest";
import { openPostgres } from "../../src/adapters/postgres/open.ts";
import { adviseWorkload } from "../../src/app/advise-workload.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { english } from "../../src/core/words.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";

describeOn("15-hypopg", "advice for a workload that reads views", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres("15-hypopg");
    for (const statement of [
      "CREATE EXTENSION hypopg",
      "CREATE TABLE events AS SELECT n AS id, n % 500 AS kind, repeat('x', 50) AS body FROM generate_series(1, 40000) n",
      "CREATE VIEW recent AS SELECT id, kind, body FROM events WHERE id > 100",
      "CREATE VIEW named AS SELECT kind, body FROM recent",
      "VACUUM ANALYZE events",
    ])
      await server.query(statement);
  });
  afterAll(() => server.stop());

  it("puts the index on the table beneath the views, and its plan holds for the view", async () => {
    const database = openPostgres(server.target, {
      name: "test",
      log: () => undefined,
      password: () => Promise.resolve(undefined),
    });
    const advice = await adviseWorkload(
      { database, parser: await loadSqlParser() },
      [{ name: "q", text: "SELECT body FROM named WHERE kind = 7", weight: 1 }],
      {
        timeLimitMs: 30_000,
        onProgress: () => undefined,
        translate: english,
      },
      new AbortController().signal,
    );
    await database.close();
    if (!advice.ok) throw new Error(JSON.stringify(advice.error));
    const [index] = advice.value.indexes;
    expect(index?.index.table).toBe("events");
    expect(index?.index.keys[0]?.text).toBe("kind");
    expect(advice.value.cost).toBeLessThan(advice.value.baselineCost / 2);
  });
});
