import { afterAll, beforeAll, expect, test } from "vitest";
import { openPostgres } from "../../src/adapters/postgres/open.ts";
import { createCatalogCache } from "../../src/app/catalog-cache.ts";
import type { Database } from "../../src/app/database.ts";
import { explainStatement } from "../../src/app/explain-statement.ts";
import { withTwin, type TwinMaker } from "../../src/app/with-twin.ts";
import type { Suggestion } from "../../src/core/advice/suggestion.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { openCopy } from "../advice/ground.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";

const setUp = [
  "CREATE EXTENSION hypopg",
  `CREATE TABLE notes AS SELECT n AS id, n % 4000 AS author, n AS at,
     jsonb_build_object('kind', 'k' || n % 3000, 'text', md5(n::text)) AS body FROM generate_series(1, 60000) n`,
  "CREATE TABLE owners (id int PRIMARY KEY)",
  "CREATE TABLE owned (owner int REFERENCES owners, n int)",
  "INSERT INTO owners SELECT generate_series(1, 20000)",
  "INSERT INTO owned SELECT n, n FROM generate_series(1, 20000) n",
  "VACUUM ANALYZE",
];

describeOn("15-hypopg", "what HypoPG cannot try", () => {
  let server: TestServer;
  let copies = 0;
  const opened: Database[] = [];
  beforeAll(async () => {
    server = await startPostgres("15-hypopg");
    for (const statement of setUp) await server.query(statement);
  });
  afterAll(async () => {
    for (const database of opened) await database.close();
    await server.stop();
  });

  const advise = async (
    sql: string,
    maker: Partial<TwinMaker> = {},
  ): Promise<readonly Suggestion[]> => {
    const live = openPostgres(server.target, {
      name: "test",
      log: () => undefined,
      password: () => Promise.resolve(undefined),
    });
    const database = withTwin(live, {
      build: () => {
        copies += 1;
        return openCopy(server, server.target.database);
      },
      now: Date.now,
      onTrouble: (error) => {
        throw new Error(JSON.stringify(error));
      },
      ...maker,
    });
    opened.push(database);
    const parser = await loadSqlParser();
    const catalog = createCatalogCache(database);
    const explained = await explainStatement(
      { database, catalog, parser },
      sql,
      { values: undefined, advise: true },
      AbortSignal.timeout(60_000),
    );
    if (!explained.ok) throw new Error(JSON.stringify(explained.error));
    return explained.value.advice.suggestions;
  };
  const contains = `SELECT id FROM notes WHERE body @> '{"kind": "k7"}'`;

  test("is proven on a copy of the statistics", async () => {
    const [first, ...others] = await advise(contains);
    expect(others).toEqual([]);
    expect(first?.index.method).toBe("gin");
    expect(first?.proof.kind).toBe("twin");
    expect(first?.costAfter).toBeLessThan((first?.costBefore ?? 0) / 2);
  });

  test("stands beside what HypoPG has proven, best first", async () => {
    const suggestions = await advise(
      `${contains} UNION ALL SELECT n FROM owned WHERE owner = 7`,
    );
    const told = suggestions.map(({ index, proof }) => [
      index.method,
      proof.kind,
    ]);
    expect(told).toContainEqual(["gin", "twin"]);
    expect(told).toContainEqual(["btree", "planner"]);
    expect(new Set(suggestions.map(({ name }) => name)).size).toBe(told.length);
  });

  test("stays a rule of thumb where somebody refused the copy", async () => {
    const suggestions = await advise(contains, { isRefused: () => true });
    expect(suggestions.map(({ proof }) => proof.kind)).toEqual(["heuristic"]);
  });

  test("needs no copy where HypoPG can say, nor for what no planner prices", async () => {
    const before = copies;
    const proven = await advise("SELECT id FROM notes WHERE author = 7");
    expect(proven.map(({ proof }) => proof.kind)).toEqual(["planner"]);
    const unpriced = await advise("DELETE FROM owners WHERE id = 7");
    expect(unpriced.map(({ proof }) => proof.kind)).toEqual(["heuristic"]);
    const served = await advise("SELECT id FROM owners WHERE id = 7");
    expect(served).toEqual([]);
    expect(copies).toBe(before);
  });
});
