import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findFindings } from "../../../src/core/findings/catalogue.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import {
  openQuietly,
  parsed,
  unwrap,
} from "../../adapters/postgres/support.ts";

/** Half hours around the turn of a year, of a month in a leap year, and of summer time in Berlin and New York. */
const schema = `
  CREATE TABLE marks (id int PRIMARY KEY, bare timestamp NOT NULL, zoned timestamptz, day date, filler text NOT NULL);
  INSERT INTO marks SELECT i, t, t AT TIME ZONE 'UTC', t, repeat('x', 80)
    FROM generate_series(1, 24000) i, LATERAL (SELECT timestamp '2023-10-01' + i * interval '30 minutes' AS t) m;
  INSERT INTO marks VALUES (0, 'infinity', 'infinity', 'infinity', ''), (-1, '-infinity', NULL, NULL, ''), (-2, '9999-12-31 23:30', '9999-12-31 12:30+00', '9999-12-31', ''), (-3, '10000-01-01', '10000-01-02 00:00+00', '10000-01-01', '');
  VACUUM ANALYZE marks`;

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kathmandu",
  "Pacific/Auckland",
];

const conditions = [
  "bare::date = '2024-02-29'",
  "bare::date = current_date - 1",
  "date_trunc('day', bare) = '2024-02-29'",
  "date_trunc('DAY', m.bare) = date_trunc('day', timestamp '2024-02-29 12:34')",
  "date_trunc('hour', bare) = '2023-12-31 23:00'",
  "date_trunc('week', bare) = '2024-01-01'",
  "date_trunc('month', bare) = '2024-02-01'",
  "date_trunc('quarter', bare) = '2023-10-01'",
  "date_trunc('year', bare) > '2024-01-01'",
  "date_trunc('month', bare) >= '2025-01-01'",
  "date_trunc('month', bare) < '2023-11-01'",
  "date_trunc('month', bare) <= '2023-10-01'",
  "bare::date > '2024-12-31'",
  "extract(year FROM bare) = 2025",
  "date_part('year', bare) > 2024",
  "date_part('year', bare) < 2024",
  "zoned::date = '2023-12-31'",
  "zoned::date = '2024-03-31'",
  "zoned::date <= '2023-10-29'",
  "date_trunc('day', zoned) = '2023-10-29'",
  "date_trunc('week', zoned) = '2024-04-01'",
  "date_trunc('month', zoned) = '2024-04-01'",
  "date_trunc('month', zoned) = date_trunc('month', timestamptz '2024-04-15 01:02:03+00')",
  "extract(year FROM zoned) = 2023",
  "date_trunc('month', day) = '2024-02-01'",
  "date_trunc('month', day) < '2023-11-01'",
  "bare::date = '9999-12-31'",
  "bare::date <= '9999-12-31'",
  "zoned::date = '9999-12-31'",
  "date_trunc('month', bare) = '9999-12-01'",
  "date_trunc('hour', bare) = '9999-12-31 23:00'",
  "extract(year FROM bare) = 9999",
  "bare::date = timestamp '2024-02-29 00:00'",
  "extract(year FROM day) = 2023",
];

/** Where clocks are set back to midnight, and when. */
const setBack = [
  ["zoned::date = '2024-10-27'", "Atlantic/Azores"],
  ["date_trunc('day', zoned) = '2023-10-29'", "Atlantic/Azores"],
  ["zoned::date <= '2024-11-02'", "America/Havana"],
] as const;

/** Never or not always the same rows as a range would find. */
const without = [
  "date_trunc('day', bare) = '2024-02-29 12:00'",
  "date_trunc('week', bare) = '2024-01-02'",
  "date_trunc('month', bare) = '2024-02-02'",
  "date_trunc('quarter', bare) = '2023-11-01'",
  "date_trunc('hour', zoned) = '2024-02-29 12:00'",
  "date_trunc('day', bare) = date_trunc('month', now())",
  "date_trunc('day', zoned) = date_trunc('day', now(), 'UTC')",
  "date_trunc('day', zoned) = date_trunc('day', (SELECT now()))",
  "extract(month FROM bare) = 2",
  "extract(year FROM bare) = 2024.5",
  "(bare + interval '1 hour')::date = '2024-02-29'",
  "bare::date = 'infinity'",
  "bare::date = timestamp '2024-02-29 12:00'",
];

const renaming =
  "SELECT id FROM (SELECT id, bare AS made FROM marks) s WHERE s.made::date = '2024-02-29'";

for (const major of [13, 18] as const)
  describeOn(major, "The range in place of a truncated date", () => {
    let server: TestServer;
    let client: pg.Client;
    let catalog: Parameters<typeof findFindings>[0]["catalog"];
    beforeAll(async () => {
      server = await startPostgres(major);
      for (const statement of schema.split(";")) await server.query(statement);
      const database = openQuietly(server.target);
      const tables = [{ schema: undefined, name: "marks" }];
      catalog = unwrap(
        await database.catalog(tables, new AbortController().signal),
      );
      await database.close();
      client = new pg.Client({ connectionString: server.url });
      await client.connect();
    });
    afterAll(async () => {
      await client.end();
      await server.stop();
    });

    /** The range that the finding names; empty when it names none. */
    async function rangeFor(condition: string): Promise<string> {
      // So few rows are expected of the second condition that a full read is worth a finding.
      const sql = `SELECT id FROM marks m WHERE ${condition} AND length(filler) = 80`;
      const { rows } = await client.query<{ readonly "QUERY PLAN": unknown }>(
        `EXPLAIN (FORMAT JSON) ${sql}`,
      );
      const plan = unwrap(parseExplain(rows[0]?.["QUERY PLAN"]));
      const statement = await parsed(sql);
      const [found] = findFindings({ plan, statement, catalog });
      expect(found?.rule).toBe("full-read");
      if (found === undefined) return "";
      const { template, values } = found.sentence;
      expect(template.includes("set back")).toBe(
        condition.includes("zoned") && template.includes("the same rows"),
      );
      const range = template.includes("the same rows") ? values[5]?.text : "";
      return typeof range === "string" ? range : "";
    }

    const cases = conditions.flatMap((condition) =>
      zones.map((zone) => [condition, zone] as const),
    );
    it.each(cases)(
      "asks for the same rows as %s in %s",
      async (condition, zone) => {
        await client.query(`SET TIME ZONE '${zone}'`);
        const range = await rangeFor(condition);
        expect(range).toMatch(/\b(?:bare|zoned|day) [<>]/u);
        const { rows } = await client.query(
          `SELECT count(*)::int AS other FROM marks m WHERE (${condition}) IS DISTINCT FROM (${range})`,
        );
        expect(rows).toEqual([{ other: 0 }]);
      },
    );

    it.each(setBack)(
      "differs from %s by no more than an hour's rows in %s",
      async (condition, zone) => {
        await client.query(`SET TIME ZONE '${zone}'`);
        const range = await rangeFor(condition);
        const { rows } = await client.query<{ other: number }>(
          `SELECT count(*)::int AS other FROM marks m WHERE (${condition}) IS DISTINCT FROM (${range})`,
        );
        expect(rows).toEqual([{ other: 2 }]);
      },
    );

    it("names no column that a subquery gives another name", async () => {
      const derived = await client.query<{ readonly "QUERY PLAN": unknown }>(
        `EXPLAIN (FORMAT JSON) ${renaming}`,
      );
      const plan = unwrap(parseExplain(derived.rows[0]?.["QUERY PLAN"]));
      const statement = await parsed(renaming);
      const [found] = findFindings({ plan, statement, catalog });
      expect(found?.rule).toBe("full-read");
      expect(found?.sentence.template).not.toContain("the same rows");
    });

    it.each(without)("is not named for %s", async (condition) => {
      expect(await rangeFor(condition)).toBe("");
    });
  });
