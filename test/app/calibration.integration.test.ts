import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCalibrationLog } from "../../src/adapters/calibration/log-file.ts";
import {
  checkPromises,
  keepPromises,
  promiseOf,
  type Occasion,
} from "../../src/app/calibration.ts";
import { createCatalogCache } from "../../src/app/catalog-cache.ts";
import type { Database } from "../../src/app/database.ts";
import {
  explainStatement,
  type ExplainedStatement,
} from "../../src/app/explain-statement.ts";
import {
  compare,
  summarize,
} from "../../src/core/advice/calibration/compare.ts";
import { pairUp } from "../../src/core/advice/calibration/entry.ts";
import { renderCreateIndex } from "../../src/core/advice/render-ddl.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { openQuietly, unwrap } from "../adapters/postgres/support.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";

const signal = new AbortController().signal;

const occasion: Occasion & { readonly server: string } = {
  connection: "shop",
  server: "15",
  at: "2026-01-01T00:00:00Z",
};

for (const [kind, byBuilding, proof] of [
  ["15-hypopg", false, "planner"],
  [18, true, "measured"],
] as const)
  describeOn(kind, "promises and what came of them", () => {
    let server: TestServer;
    let database: Database;
    let folder = "";
    let file = "";

    /** With a catalog of its own, as after a refresh. */
    const explain = async (
      text: string,
      advise: boolean,
    ): Promise<ExplainedStatement> =>
      unwrap(
        await explainStatement(
          {
            database,
            catalog: createCatalogCache(database),
            parser: await loadSqlParser(),
          },
          text,
          { values: undefined, advise },
          signal,
        ),
      );

    beforeAll(async () => {
      folder = mkdtempSync(path.join(os.tmpdir(), "planlens-promises-"));
      file = path.join(folder, "log.jsonl");
      server = await startPostgres(kind);
      if (kind === "15-hypopg") await server.query("CREATE EXTENSION hypopg");
      await server.query(`CREATE TABLE orders (id bigint PRIMARY KEY, customer int NOT NULL, city text NOT NULL, placed timestamptz NOT NULL, note text);
        INSERT INTO orders SELECT n, n % 9000, 'city ' || n % 700, now() - n * interval '1 min', md5(n::text) FROM generate_series(1, 120000) n`);
      await server.query("VACUUM ANALYZE orders");
      database = openQuietly(server.target, { whatIfByBuilding: byBuilding });
    });
    afterAll(async () => {
      await database.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test("an applied suggestion is compared once, and lies within what was promised", async () => {
      const log = openCalibrationLog(file);
      const text =
        "SELECT * FROM orders WHERE customer = 4711 ORDER BY placed DESC LIMIT 20";
      const promised = await explain(text, true);
      const [suggestion] = promised.advice.suggestions;
      if (suggestion === undefined) throw new Error("nothing was suggested");
      await keepPromises(log, [promiseOf(suggestion, promised, occasion)]);
      const check = async (): Promise<number> =>
        unwrap(
          await checkPromises(
            { log, database },
            await explain(text, false),
            { ...occasion, at: "2026-02-01T00:00:00Z" },
            signal,
          ),
        );
      expect(await check()).toBe(0);
      // Under another name: it is the same index.
      const ddl = renderCreateIndex(suggestion.index, "mine", {
        concurrently: false,
      });
      await server.query(ddl);
      expect(await check()).toBe(1);
      expect(await check()).toBe(0);
      const [kept] = pairUp(await log.read());
      if (kept === undefined) throw new Error("nothing was kept");
      expect(kept.outcome).toMatchObject({ name: "mine", isUsed: true });
      const real = await server.query(
        "SELECT pg_relation_size('mine')::int AS size",
      );
      expect(kept.outcome?.sizeBytes).toBe(real[0]?.["size"]);
      const compared = compare(kept);
      expect(compared?.isSameShape).toBe(true);
      expect(compared?.costFactor).toBeLessThan(1.03);
      expect(compared?.sizeFactor).toBeLessThan(1.5);
      expect(summarize([kept])).toMatchObject([
        { proof, promised: 1, kept: 1, used: 1 },
      ]);
      expect(readFileSync(file, "utf8")).not.toContain("4711");
    });

    test("another connection, another statement and an unknown index ask the server nothing", async () => {
      const log = openCalibrationLog(path.join(folder, "other.jsonl"));
      const text = "SELECT count(*) FROM orders WHERE city = 'city 7'";
      const promised = await explain(text, true);
      const [suggestion] = promised.advice.suggestions;
      if (suggestion === undefined) throw new Error("nothing was suggested");
      await keepPromises(log, [promiseOf(suggestion, promised, occasion)]);
      const silent = {
        plannerFacts: () => {
          throw new Error("nobody asks for this");
        },
        info: () => {
          throw new Error("nobody asks for this");
        },
      };
      const check = (explained: ExplainedStatement, connection: string) =>
        checkPromises(
          { log, database: silent },
          explained,
          { ...occasion, connection },
          signal,
        );
      expect(unwrap(await check(promised, "shop"))).toBe(0);
      await server.query(
        renderCreateIndex(suggestion.index, "by_city", { concurrently: false }),
      );
      const fresh = await explain(text, false);
      expect(unwrap(await check(fresh, "another"))).toBe(0);
      const other = await explain(
        "SELECT note FROM orders WHERE city = 'x'",
        false,
      );
      expect(unwrap(await check(other, "shop"))).toBe(0);
      await expect(check(fresh, "shop")).rejects.toThrow("nobody asks");
    });
  });
