import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCatalogCache } from "../../../src/app/catalog-cache.ts";
import { explainStatement } from "../../../src/app/explain-statement.ts";
import { findHiddenStatistics } from "../../../src/app/hidden-statistics.ts";
import type { Database } from "../../../src/app/database.ts";
import { exportBundle } from "../../../src/adapters/postgres/twin/export/export-bundle.ts";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import { english, sayText } from "../../../src/core/words.ts";
import type { ServerKind } from "../../support/server-binaries.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import { openQuietly, parsed, unwrap } from "./support.ts";

const never = new AbortController().signal;

const schema = `
  CREATE TABLE visits (id int PRIMARY KEY, guest int NOT NULL, note text);
  INSERT INTO visits SELECT n, n % 5000, 'note ' || n FROM generate_series(1, 60000) n;
  CREATE STATISTICS visits_pairs (ndistinct) ON guest, note FROM visits;
  CREATE TABLE partly AS TABLE visits;
  CREATE TABLE guarded AS TABLE visits;
  ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
  CREATE POLICY low ON guarded USING (guest > 3);
  CREATE SCHEMA inner_rooms;
  CREATE TABLE inner_rooms.visits AS TABLE visits;
  CREATE VIEW seen_visits AS SELECT * FROM inner_rooms.visits;
  CREATE ROLE reader LOGIN;
  GRANT SELECT ON visits, guarded, seen_visits TO reader;
  GRANT SELECT (id, guest) ON partly TO reader;
  ANALYZE;`;

const hideable = [
  "pg_stats",
  "pg_stats_ext",
  "pg_settings",
  "pg_database",
  "pg_extension",
  "pg_stat_all_tables",
] as const;

for (const kind of [13, 15, 18, "15-hypopg"] satisfies readonly ServerKind[])
  describeOn(kind, "a role with few rights", () => {
    let server: TestServer;
    let database: Database;
    beforeAll(async () => {
      server = await startPostgres(kind);
      await server.query(schema);
      if (kind === "15-hypopg") await server.query("CREATE EXTENSION hypopg");
      database = openQuietly({ ...server.target, user: "reader" });
    });
    afterAll(async () => {
      await database.close();
      await server.stop();
    });

    const explain = async (text: string) => {
      const parser = await loadSqlParser();
      const ports = { database, parser, catalog: createCatalogCache(database) };
      const options = { values: undefined, advise: true };
      const { advice } = unwrap(
        await explainStatement(ports, text, options, never),
      );
      return {
        indexes: advice.suggestions.map(
          ({ index }) =>
            `${index.schema}.${index.table} (${index.keys[0]?.text ?? ""})`,
        ),
        notes: (advice.notes ?? []).map((note) => sayText(note, english)),
      };
    };

    const hiding = async (
      relations: string,
      work: () => Promise<void>,
    ): Promise<void> => {
      await server.query(`REVOKE SELECT ON ${relations} FROM public`);
      try {
        await work();
      } finally {
        await server.query(`GRANT SELECT ON ${relations} TO public`);
      }
    };

    test("is told nothing where it sees what it needs", async () => {
      expect(await explain("SELECT * FROM visits WHERE guest = 7")).toEqual({
        indexes: ["public.visits (guest)"],
        notes: [],
      });
    });

    test("gets advice without pg_stats, and the GRANT that makes it better", () =>
      hiding("pg_stats, pg_stats_ext", async () => {
        const { indexes, notes } = await explain(
          "SELECT * FROM visits WHERE guest = 7",
        );
        expect(indexes).toEqual(["public.visits (guest)"]);
        expect(notes).toEqual([
          expect.stringMatching(
            /^The statistics of the columns are hidden .* Have this run: GRANT SELECT ON pg_catalog\.pg_stats TO reader;$/,
          ),
        ]);
      }));

    test("plans with values of its own choice where it sees no statistics", () =>
      hiding("pg_stats, pg_settings", async () => {
        const statement = await parsed(
          "CREATE TABLE copy AS SELECT * FROM visits WHERE guest = $1 LIMIT $2",
        );
        const { parameters } = unwrap(
          await database.explain(statement, undefined, never),
        );
        expect(parameters).toEqual({
          kind: "fromStatistics",
          values: ["1", "20"],
        });
        const described = unwrap(
          await database.describeParameters(
            await parsed("SELECT * FROM visits WHERE guest = $1"),
            never,
          ),
        );
        expect(described).toEqual([
          { number: 1, type: "integer", examples: [] },
        ]);
      }));

    test("hears nothing of columns that it may not read and does not look for", async () => {
      expect(await explain("SELECT id FROM partly WHERE guest = 7")).toEqual({
        indexes: ["public.partly (guest)"],
        notes: [],
      });
    });

    test("gets advice on what lies beneath a view in a schema that it may not use", async () => {
      const { indexes, notes } = await explain(
        "SELECT * FROM seen_visits WHERE guest = 7",
      );
      expect(indexes).toEqual(["inner_rooms.visits (guest)"]);
      expect(notes).toEqual([
        expect.stringMatching(
          /^Statistics of inner_rooms\.visits are hidden .* Have this run: GRANT SELECT ON inner_rooms\.visits TO reader;$/,
        ),
      ]);
    });

    test("hears that row security hides statistics, which no GRANT would mend", async () => {
      const { indexes, notes } = await explain(
        "SELECT * FROM guarded WHERE guest = 7",
      );
      expect(indexes).toEqual(["public.guarded (guest)"]);
      expect(notes).toEqual([
        expect.stringMatching(
          /^Row security hides the statistics of public\.guarded .* as its owner, or as a role with BYPASSRLS\.$/,
        ),
      ]);
    });

    describe.each(hideable)("without %s", (relation) => {
      test("still gets its plan, and what the planner goes by", () =>
        hiding(relation, async () => {
          const { indexes } = await explain(
            "SELECT * FROM visits WHERE guest = 7",
          );
          expect(indexes).toEqual(["public.visits (guest)"]);
          const visits = { schema: "public", name: "visits" };
          const facts = unwrap(await database.plannerFacts([visits], never));
          expect(facts.indexes.map(({ name }) => name)).toEqual([
            "visits_pkey",
          ]);
          expect(facts.settings["random_page_cost"]).toBe("4");
        }));

      test("still exports a bundle, with the planner's settings", () =>
        hiding(relation, async () => {
          const target = { ...server.target, user: "reader" };
          const request = {
            ...{ schemas: undefined, leaveOut: [] },
            ...{ hashText: false, statements: 0 },
          };
          const bundle = unwrap(
            await exportBundle(target, undefined, request, never),
          );
          expect(bundle.relations.map(({ name }) => name)).toContain("visits");
          expect(bundle.settings["random_page_cost"]).toBe("4");
          const guest = bundle.columns.find(({ column }) => column === "guest");
          const remarks = bundle.remarks
            .map((remark) => sayText(remark, english))
            .join("\n");
          if (relation === "pg_stats") {
            expect(guest).toBeUndefined();
            expect(remarks).toContain(
              "GRANT SELECT ON pg_catalog.pg_stats TO reader;",
            );
            expect(remarks).not.toMatch(/visits was never analyzed/);
          } else expect(guest?.distinctValues ?? 0).not.toBe(0);
          if (relation === "pg_database")
            expect(remarks).toContain(
              "GRANT SELECT ON pg_catalog.pg_database TO reader;",
            );
        }));
    });

    test("that may not call pg_relation_size goes by the pages that were last counted, and hears which GRANT tells sizes", async () => {
      const size = "pg_relation_size(regclass, text)";
      const both = `FUNCTION pg_relation_size(regclass), ${size}`;
      await server.query(`REVOKE EXECUTE ON ${both} FROM public`);
      try {
        const visits = { schema: "public", name: "visits" };
        const facts = unwrap(await database.plannerFacts([visits], never));
        const [counted] = await server.query(
          "SELECT relpages * 8192 AS bytes FROM pg_class WHERE relname = 'visits_pkey'",
        );
        expect(facts.indexes.map(({ sizeBytes }) => sizeBytes)).toEqual([
          Number(counted?.["bytes"]),
        ]);
        const request = {
          ...{ schemas: undefined, leaveOut: [] },
          ...{ hashText: false, statements: 0 },
        };
        const target = { ...server.target, user: "reader" };
        const bundle = unwrap(
          await exportBundle(target, undefined, request, never),
        );
        const exported = bundle.relations.find(({ name }) => name === "visits");
        expect(exported?.blocks).toBeGreaterThan(100);
        expect(exported?.blocks).toBe(exported?.pages);
        expect(
          bundle.remarks.map((remark) => sayText(remark, english)),
        ).toContainEqual(
          expect.stringMatching(
            /^Sizes of tables and indexes are hidden .*: GRANT EXECUTE ON FUNCTION pg_catalog\.pg_relation_size\(regclass, text\) TO reader;$/,
          ),
        );
      } finally {
        await server.query(`GRANT EXECUTE ON ${both} TO public`);
      }
    });

    test("keeps its plan where the catalog itself is barred, and hears why there is no advice", () =>
      hiding("pg_am", async () => {
        const { indexes, notes } = await explain(
          "SELECT * FROM visits WHERE guest = 7",
        );
        expect(indexes).toEqual([]);
        expect(notes).toEqual([
          expect.stringMatching(
            /^This role may not read the server's catalog \(.*pg_am\), so no index is looked for\./,
          ),
        ]);
      }));

    test("of a whole workload hears of each hidden table once", async () => {
      const parser = await loadSqlParser();
      const texts = [
        "SELECT * FROM seen_visits WHERE guest = 7",
        "SELECT * FROM seen_visits WHERE guest = 8",
        "SELECT * FROM visits",
        "not even SQL",
      ];
      const notes = await findHiddenStatistics(
        { database, parser },
        texts,
        never,
      );
      expect(notes).toHaveLength(1);
    });
  });

describeOn("15-hypopg", "HypoPG that a role may not call", () => {
  test("is as good as absent", async () => {
    const server = await startPostgres("15-hypopg");
    const database = openQuietly({ ...server.target, user: "reader" });
    try {
      await server.query(
        "CREATE SCHEMA tools; CREATE EXTENSION hypopg SCHEMA tools; CREATE ROLE reader LOGIN",
      );
      const kind = async () => unwrap(await database.info(never)).whatIf;
      expect(await kind()).toBe("none");
      await server.query("GRANT USAGE ON SCHEMA tools TO reader");
      expect(await kind()).toBe("hypopg");
      await server.query(
        "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA tools FROM public",
      );
      expect(await kind()).toBe("none");
    } finally {
      await database.close();
      await server.stop();
    }
  });
});
