import { afterAll, beforeAll, expect, it } from "vitest";
import type { CatalogTable } from "../../../src/core/catalog.ts";
import type { Database } from "../../../src/app/database.ts";
import { findFindings } from "../../../src/core/findings/catalogue.ts";
import { renderSentence } from "../../../src/core/findings/sentence.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { english } from "../../../src/core/words.ts";
import type { ServerKind } from "../../support/server-binaries.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import { openQuietly, parsed, unwrap } from "./support.ts";

const never = new AbortController().signal;

const schema = `
  CREATE TABLE visits (day date NOT NULL, place text NOT NULL, guest int) PARTITION BY RANGE (day);
  CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM ('2020-01-01') TO ('2024-01-01') PARTITION BY LIST (place);
  CREATE TABLE visits_old_north PARTITION OF visits_old FOR VALUES IN ('north');
  CREATE TABLE visits_old_rest PARTITION OF visits_old DEFAULT;
  CREATE TABLE visits_new PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2030-01-01');
  CREATE INDEX visits_new_guest ON visits_new (guest);
  INSERT INTO visits SELECT date '2020-01-01' + i % 3000, CASE WHEN i % 100 = 0 THEN 'north' ELSE 'south' END, i
    FROM generate_series(1, 60000) i;
  CREATE TABLE animals (id int, kind text, tame boolean, note text);
  CREATE TABLE cats (claws int) INHERITS (animals);
  INSERT INTO animals SELECT i, 'bear', false, NULL FROM generate_series(1, 20000) i;
  INSERT INTO cats SELECT i, CASE WHEN i % 50 = 0 THEN 'lion' ELSE 'house' END, i % 50 > 0, repeat('x', 100), 18
    FROM generate_series(1, 30000) i;
  CREATE TABLE halls (id int PRIMARY KEY);
  CREATE TABLE cages (id int PRIMARY KEY, hall int REFERENCES halls);
  INSERT INTO cages SELECT generate_series(1, 700), NULL;
  CREATE TABLE notes (doc jsonb);
  INSERT INTO notes SELECT jsonb_build_object('number', i, 'kind', 'k' || i % 3) || CASE WHEN i % 2 = 0 THEN '{"more": {"a": 1}}' ELSE '{}' END::jsonb
    FROM generate_series(1, 5000) i;
  INSERT INTO notes VALUES ('[1]'), ('null'), (NULL);
  CREATE TABLE stays (cage int REFERENCES cages, keeper int, tags text[]);
  CREATE STATISTICS stays_pairs (ndistinct) ON cage, keeper FROM stays;
  INSERT INTO stays SELECT 1 + i % 600, (1 + i % 600) / 10, ARRAY['wild', CASE WHEN i % 4 = 0 THEN 'ill' ELSE 'well' END]
    FROM generate_series(1, 6000) i;
  VACUUM ANALYZE;`;

for (const kind of [13, 15, 17] satisfies readonly ServerKind[])
  describeOn(kind, "the catalog", () => {
    let server: TestServer;
    let database: Database;
    beforeAll(async () => {
      server = await startPostgres(kind);
      for (const statement of schema.split(";\n"))
        await server.query(statement);
      database = openQuietly(server.target);
    });
    afterAll(async () => {
      await database.close();
      await server.stop();
    });

    const table = async (name: string): Promise<CatalogTable | undefined> =>
      unwrap(await database.catalog([{ schema: undefined, name }], never))
        .tables[0];

    it("lists the children that hold rows, at any depth, the largest first", async () => {
      const visits = await table("visits");
      expect(visits?.children?.map(({ name }) => name)).toEqual([
        "visits_new",
        "visits_old_rest",
        "visits_old_north",
      ]);
      expect(visits?.children?.[0]).toMatchObject({
        schema: "public",
        indexes: [{ name: "visits_new_guest", keys: ["guest"] }],
      });
      expect((await table("animals"))?.children).toMatchObject([
        { name: "cats", estimatedRows: 30_000 },
      ]);
      expect(await table("cats")).not.toHaveProperty("children");
    });

    it("tells how many combinations columns have, rows that a foreign key can name, and what arrays hold", async () => {
      const stays = await table("stays");
      expect(stays?.combinations).toEqual([
        { columns: ["cage", "keeper"], distinctValues: 600 },
      ]);
      expect(stays?.foreignKeys).toMatchObject([
        {
          columns: ["cage"],
          referencedRows: 700,
          carriedKeys: [
            { schema: "public", table: "halls", columns: ["hall"] },
          ],
        },
      ]);
      const tags = stays?.columns.find(({ name }) => name === "tags");
      expect(tags?.elements?.perRow).toBe(2);
      expect(tags?.elements?.frequencies).toHaveLength(3);
      expect(tags?.frequencies).toHaveLength(2);
      expect(await table("cats")).not.toHaveProperty("combinations");
    });

    it("tells what documents hold, from those that the statistics keep", async () => {
      const notes = await table("notes");
      const keys = notes?.columns[0]?.documentKeys ?? [];
      const of = (name: string) => keys.find(({ key }) => key === name);
      expect(of("kind")).toMatchObject({ distinct: 3, once: 0, nested: 0 });
      expect(of("kind")?.share).toBeCloseTo(1, 1);
      expect(of("number")?.once).toBe(of("number")?.sampled);
      expect(of("number")?.span).toBeGreaterThan(4000);
      expect(of("more")).toMatchObject({ distinct: 1, nested: 1 });
      expect(of("more")?.share).toBeCloseTo(0.5, 1);
      expect(of("kind")).not.toHaveProperty("span");
    });

    it("tells how common a column's values are, without the long ones' text", async () => {
      const cats = await table("cats");
      const of = (name: string) =>
        cats?.columns.find((column) => column.name === name)?.commonValues;
      const [house, lion] = of("kind") ?? [];
      expect(house).toMatchObject({ text: "house" });
      expect(house?.frequency).toBeCloseTo(0.98, 2);
      expect(lion).toMatchObject({ text: "lion" });
      expect(lion?.frequency).toBeCloseTo(0.02, 2);
      expect(of("tame")?.map(({ text }) => text)).toEqual(["t", "f"]);
      expect(of("note")).toEqual([{ frequency: 1 }]);
      expect(of("id")).toBeUndefined();
    });

    const readings = async (sql: string): Promise<readonly string[]> => {
      const statement = await parsed(sql);
      const answer = unwrap(
        await database.explain(statement, undefined, never),
      );
      const catalog = unwrap(
        await database.catalog(statement.facts.tables, never),
      );
      const plan = unwrap(parseExplain(answer.plan));
      return findFindings({ plan, statement, catalog })
        .filter(({ rule }) => rule === "full-read")
        .map(({ sentence, span }) => {
          const token = sql.slice(span?.start, span?.end);
          return `${token}: ${renderSentence(sentence, english)}`;
        });
    };

    it("leads a full read of partitions to the statement's table", async () => {
      expect(
        await readings("SELECT * FROM visits WHERE place LIKE 'n%x'"),
      ).toEqual([
        expect.stringMatching(
          /^place: Reading all of visits \(60.0k rows\) to keep .*: no index begins with place\.$/,
        ),
      ]);
    });

    it("names the one partition that is left", async () => {
      expect(
        await readings(
          "SELECT * FROM visits AS v WHERE v.place LIKE 'n%' AND v.day >= '2024-06-01'",
        ),
      ).toEqual([expect.stringContaining("Reading all of visits_new (")]);
    });

    it("leads a full read of an inheriting table to its parent", async () => {
      expect(
        await readings("SELECT * FROM animals a WHERE a.kind = 'lion'"),
      ).toEqual([expect.stringMatching(/^a\.kind: Reading all of /)]);
    });
  });
