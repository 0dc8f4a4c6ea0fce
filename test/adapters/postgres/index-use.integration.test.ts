import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../../../src/app/database.ts";
import { openPostgres } from "../../../src/adapters/postgres/open.ts";
import {
  judgeIndexes,
  type IndexUsage,
  type IndexUse,
} from "../../../src/core/advice/index-use.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";

const schema = `
CREATE TABLE teachers (id int PRIMARY KEY, name text);
CREATE TABLE courses (id int PRIMARY KEY, teacher_id int REFERENCES teachers, title text, code text UNIQUE, level int);
INSERT INTO teachers SELECT n FROM generate_series(1, 20) n;
INSERT INTO courses SELECT n, 1 + n % 20, 'course ' || n, 'c' || n, n % 7 FROM generate_series(1, 5000) n;
CREATE INDEX courses_teacher_idx ON courses (teacher_id);
CREATE INDEX courses_title_idx ON courses (title);
CREATE INDEX courses_title_pattern_idx ON courses (title text_pattern_ops);
CREATE INDEX courses_level_idx ON courses (level);
CREATE INDEX courses_level_title_idx ON courses (level, title DESC) INCLUDE (code) WHERE level > 0;
CREATE INDEX courses_level_code_idx ON courses (level, code);
CREATE INDEX courses_lower_idx ON courses (lower(title));
CREATE TABLE visits (at date NOT NULL, who int) PARTITION BY RANGE (at);
CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE INDEX visits_who_idx ON visits (who);
INSERT INTO visits SELECT '2026-01-01'::date + n % 50, n FROM generate_series(1, 4000) n;
VACUUM ANALYZE;
SET enable_seqscan = off; SET enable_bitmapscan = off;
SELECT title FROM courses ORDER BY title LIMIT 3;
SELECT * FROM visits WHERE who = 12;`;

const never = new AbortController().signal;

for (const version of [13, 18] as const)
  describeOn(version, `the use of indexes on PostgreSQL ${version}`, () => {
    let server: TestServer;
    let database: Database;
    beforeAll(async () => {
      server = await startPostgres(version);
      for (const statement of schema.split(";\n"))
        await server.query(statement);
      database = openPostgres(server.target, {
        name: "test",
        password: () => Promise.resolve(undefined),
        log: () => undefined,
      });
    });
    afterAll(async () => {
      await database.close();
      await server.stop();
    });

    async function read(): Promise<IndexUsage> {
      const usage = await database.indexUse(never);
      if (!usage.ok) throw new Error(JSON.stringify(usage.error));
      return usage.value;
    }
    const find = (usage: IndexUsage, name: string): IndexUse => {
      const found = usage.indexes.find((index) => index.name === name);
      if (found === undefined) throw new Error(`${name} is not listed`);
      return found;
    };

    it("reads scans, size, window and what each index backs", async () => {
      // Counters reach the shared memory of a session when it ends, or a second later.
      await expect
        .poll(async () => find(await read(), "courses_title_idx").scans, {
          timeout: 20_000,
          interval: 500,
        })
        .toBe(1);
      const usage = await read();
      expect(find(usage, "courses_title_idx").sizeBytes).toBeGreaterThan(8192);
      expect(Date.parse(usage.countedSince ?? "")).toBeGreaterThan(
        Date.now() - 600_000,
      );
      expect(usage.isReplica).toBe(false);
      expect(find(usage, "courses_pkey").constraint).toBe("courses_pkey");
      expect(find(usage, "courses_code_key").unique).toBe(true);
      expect(find(usage, "courses_teacher_idx").foreignKey).toBe(
        "courses_teacher_id_fkey",
      );
      expect(find(usage, "courses_level_title_idx")).toMatchObject({
        included: ["code"],
        predicate: "level > 0",
        method: "btree",
      });
    });

    it(
      version >= 16
        ? "tells when an index was last used"
        : "says nothing of the last use, which the server does not keep",
      async () => {
        const { lastUsed } = find(await read(), "courses_title_idx");
        if (version >= 16)
          expect(Date.parse(lastUsed ?? "")).toBeGreaterThan(
            Date.now() - 600_000,
          );
        else expect(lastUsed).toBeUndefined();
      },
    );

    it("counts the scans of partitions for their parent, and lists it once", async () => {
      const usage = await read();
      const visits = usage.indexes.filter(({ table }) =>
        table.startsWith("visits"),
      );
      expect(visits.map(({ name }) => name)).toEqual(["visits_who_idx"]);
      await expect
        .poll(async () => find(await read(), "visits_who_idx").scans, {
          timeout: 20_000,
          interval: 500,
        })
        .toBe(2);
      expect(find(usage, "visits_who_idx").sizeBytes).toBeGreaterThan(8192);
    });

    it("lists no index of the system", async () => {
      const { indexes } = await read();
      expect(
        indexes.filter((index) => /^pg_|^information/u.test(index.schema)),
      ).toEqual([]);
    });

    it("judges by it: a prefix is redundant, another operator class or direction is not", async () => {
      const { indexes } = await read();
      const aYearLater = Date.now() + 365 * 24 * 3_600_000;
      const countedSince = new Date().toISOString();
      const verdicts = new Map(
        judgeIndexes(
          { indexes, countedSince, isReplica: false, replicas: 0 },
          aYearLater,
        ).map(({ index, verdict }) => [index.name, verdict]),
      );
      expect(verdicts.get("courses_level_idx")).toEqual({
        kind: "redundant",
        by: "courses_level_code_idx",
        isSame: false,
      });
      expect(verdicts.get("courses_title_pattern_idx")).toEqual({
        kind: "unused",
      });
      expect(verdicts.get("courses_teacher_idx")).toEqual({
        kind: "kept",
        reason: "foreignKey",
      });
      expect(verdicts.get("courses_pkey")?.kind).toBe("kept");
    });
  });
