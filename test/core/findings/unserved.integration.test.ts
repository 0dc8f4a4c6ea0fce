import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findFindings } from "../../../src/core/findings/catalogue.ts";
import { renderSentence } from "../../../src/core/findings/sentence.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { english } from "../../../src/core/words.ts";
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

const schema = `
  CREATE TABLE things (id int PRIMARY KEY, k int, free int, big bigint, j int, ch character(10), s text, arr int[], tags varchar(9)[], filler text NOT NULL);
  INSERT INTO things SELECT i, i % 2000, i % 2000, i % 2000, nullif(i % 2000, 7), 'c' || lpad((i % 2000)::text, 9, '0'), 'v' || i % 2000,
    ARRAY[i % 2000, i % 3], ARRAY['t' || i % 2000], repeat('x', 80) FROM generate_series(1, 24000) i;
  CREATE INDEX things_k ON things (k);
  CREATE INDEX things_j ON things (j);
  CREATE INDEX things_s ON things (s COLLATE "en-x-icu");
  CREATE INDEX things_arr ON things (arr);
  CREATE INDEX things_tags ON things (tags);
  VACUUM ANALYZE things`;

/** A condition, what is said of it, and what is said to keep the same rows and be served by such an index. */
const hindered = [
  [
    "5 = any(arr)",
    "A GIN index on arr can serve arr @> ARRAY[…]",
    "arr @> ARRAY[5]",
    "USING gin (arr)",
  ],
  [
    "'t5' = any(tags)",
    "A GIN index on tags can serve tags @> ARRAY[…]",
    "tags @> ARRAY['t5']::varchar[]",
    "USING gin (tags)",
  ],
  [
    "k = all(array[5, 5])",
    "an ordinary index on k cannot serve k = ALL",
    "k = all(array[5, 5])",
    undefined,
  ],
  ["j IS NOT DISTINCT FROM 5", "It can serve = in its place", "j = 5", "(j)"],
  ["(k = 5) IS TRUE", "It can without IS TRUE", "k = 5", "(k)"],
  [
    `s > 'v9' COLLATE "C" AND s > 'v998' COLLATE "C"`,
    "one in the collation of the condition can",
    `s > 'v9' COLLATE "C" AND s > 'v998' COLLATE "C"`,
    `(s COLLATE "C")`,
  ],
  [
    "s ~* 'v5$'",
    "a trigram index (GIN with pg_trgm) may",
    "s ~* 'v5$'",
    undefined,
  ],
  [
    "s ILIKE 'v5'",
    "a trigram index (GIN with pg_trgm) may",
    "s ILIKE 'v5'",
    undefined,
  ],
  [
    "arr @> '{5}'",
    "an ordinary index on arr cannot serve arr @>",
    "arr @> '{5}'",
    "USING gin (arr)",
  ],
] as const;

/** Comparisons with another type, and whether the column's own would find the same rows. */
const typed = [
  ["big = 998.0", "998::bigint"],
  ["big < 5.00", "5::bigint"],
  ["free = 998.0::float8", "998::integer"],
  ["ch = 'c000000001'::text", "'c000000001'::character(10)"],
  ["big = 998.5", undefined],
  ["big < 4.5", undefined],
  ["free = 99999999999.0", undefined],
  ["ch = 'c000000001EXTRA'::text", undefined],
  ["ch = 'c00000001 '::text", undefined],
] as const;

for (const major of [13, 18] as const)
  describeOn(major, "A condition that no index on its column serves", () => {
    let server: TestServer;
    let client: pg.Client;
    let catalog: Parameters<typeof findFindings>[0]["catalog"];

    async function readCatalog(): Promise<void> {
      const database = openQuietly(server.target);
      const tables = [{ schema: undefined, name: "things" }];
      catalog = unwrap(
        await database.catalog(tables, new AbortController().signal),
      );
      await database.close();
    }

    beforeAll(async () => {
      server = await startPostgres(major);
      for (const statement of schema.split(";")) await server.query(statement);
      await readCatalog();
      client = new pg.Client({ connectionString: server.url });
      await client.connect();
    });
    afterAll(async () => {
      await client.end();
      await server.stop();
    });

    async function planOf(sql: string): Promise<unknown> {
      const { rows } = await client.query<{ readonly "QUERY PLAN": unknown }>(
        `EXPLAIN (FORMAT JSON) ${sql}`,
      );
      return rows[0]?.["QUERY PLAN"];
    }

    async function sayOf(condition: string): Promise<string> {
      const sql = `SELECT id FROM things WHERE ${condition}`;
      const plan = unwrap(parseExplain(await planOf(sql)));
      const found = findFindings({
        plan,
        statement: await parsed(sql),
        catalog,
      }).find(({ rule }) => rule === "full-read");
      return found === undefined ? "" : renderSentence(found.sentence, english);
    }

    async function countDifferent(a: string, b: string): Promise<number> {
      const { rows } = await client.query<{ other: number }>(
        `SELECT count(*)::int AS other FROM things WHERE ((${a}) IS TRUE) <> ((${b}) IS TRUE)`,
      );
      return rows[0]?.other ?? NaN;
    }

    it.each(hindered)(
      "is not one that the planner finds too dear: %s",
      async (condition, said, other, key) => {
        expect(await sayOf(condition)).toContain(said);
        expect(await countDifferent(condition, other)).toBe(0);
        if (key === undefined) return;
        await client.query("BEGIN; SET LOCAL enable_seqscan = off");
        await client.query(
          `CREATE INDEX made ON things ${key.startsWith("USING") ? key : `USING btree ${key}`}`,
        );
        const plan = JSON.stringify(
          await planOf(`SELECT id FROM things WHERE ${other}`),
        );
        await client.query("ROLLBACK");
        expect(plan).toMatch(/"Index Cond"/u);
      },
    );

    it.each(typed)(
      "is told to take the column's type only for the same rows: %s",
      async (condition, own) => {
        // So few rows are expected of the second condition that a full read is worth a finding.
        const said = await sayOf(`${condition} AND length(filler) = 80`);
        expect(said).toContain("Reading all of things");
        if (own === undefined) {
          expect(said).not.toContain("Give the other side");
          return;
        }
        const [column = "", operator = ""] = condition.split(" ");
        const bare = `${column} ${operator} ${own}`;
        expect(said).toContain("Give the other side the type");
        expect(await countDifferent(condition, bare)).toBe(0);
      },
    );

    it("may be one that the planner finds too dear once another index can serve it", async () => {
      await server.query("CREATE INDEX things_gin ON things USING gin (arr)");
      await readCatalog();
      await client.query("SET enable_bitmapscan = off");
      expect(await sayOf("arr @> '{5}'")).toContain(
        "expects index things_gin to cost more",
      );
      await client.query("RESET enable_bitmapscan");
    });
  });
