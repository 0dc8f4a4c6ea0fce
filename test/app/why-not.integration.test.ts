import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCatalogCache } from "../../src/app/catalog-cache.ts";
import type { Database } from "../../src/app/database.ts";
import type { ExplainPorts } from "../../src/app/explain-statement.ts";
import { whyNot, type WhyNotAnswer } from "../../src/app/why-not.ts";
import type { CauseKind } from "../../src/core/advice/why-not/cause.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { english, sayText } from "../../src/core/words.ts";
import { openQuietly, unwrap } from "../adapters/postgres/support.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";

const schema = `
CREATE TABLE people (id bigint PRIMARY KEY, email text NOT NULL, code char(8) NOT NULL, city text, born date, note text);
INSERT INTO people SELECT n, 'user' || n || '@example.org', 'c' || n, 'city ' || n % 400, date '1950-01-01' + n % 20000, md5(n::text) FROM generate_series(1, 40000) n;
CREATE INDEX people_email ON people (email);
CREATE INDEX people_email_c ON people (email COLLATE "C") WHERE id > 0;
CREATE INDEX people_code ON people (code);
CREATE INDEX people_city_born ON people (city, born);
CREATE INDEX people_lower ON people (lower(email));
CREATE INDEX people_hash ON people USING hash (born);
CREATE INDEX people_note_pattern ON people (note text_pattern_ops);
CREATE TABLE events (id bigint PRIMARY KEY, kind text NOT NULL, amount numeric NOT NULL, happened timestamptz NOT NULL, done_at timestamptz, scattered int NOT NULL, half int NOT NULL, payload text NOT NULL);
INSERT INTO events SELECT n, CASE WHEN n % 10 < 6 THEN 'common' ELSE 'rare' || n % 3000 END, n, timestamptz '2025-01-01' + n * interval '1 minute',
  CASE WHEN n % 50 = 0 THEN NULL ELSE now() END, (n * 7919) % 1000, n % 2, repeat('x', 60) FROM generate_series(1, 100000) n;
CREATE INDEX events_kind ON events (kind);
CREATE INDEX events_scattered ON events (scattered) WITH (fillfactor = 20);
CREATE INDEX events_open ON events (happened) WHERE done_at IS NULL;
CREATE INDEX events_half ON events (half, id);
CREATE INDEX events_happened ON events (happened, id);
CREATE TABLE tiny (id int PRIMARY KEY, label text);
INSERT INTO tiny SELECT n, 'l' || n FROM generate_series(1, 40) n;
CREATE INDEX tiny_label ON tiny (label);
CREATE TABLE fresh (id int, label text) WITH (autovacuum_enabled = off);
INSERT INTO fresh SELECT n, 'l' || n FROM generate_series(1, 50000) n;
CREATE INDEX fresh_id ON fresh (id) WITH (fillfactor = 30);
CREATE TABLE grown (id int, state text) WITH (autovacuum_enabled = off);
INSERT INTO grown SELECT n, 'old' FROM generate_series(1, 30000) n;
CREATE INDEX grown_state ON grown (state);
CREATE TABLE broken (id int, n int);
INSERT INTO broken SELECT n, n % 100 FROM generate_series(1, 20000) n;
CREATE INDEX broken_n ON broken (n);
CREATE TABLE parts (id bigint, day date NOT NULL, room int NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE parts_a PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
CREATE TABLE parts_b PARTITION OF parts FOR VALUES FROM ('2025-07-01') TO ('2026-01-01');
INSERT INTO parts SELECT n, date '2025-01-01' + n % 360, n % 5000 FROM generate_series(1, 40000) n;
CREATE INDEX parts_room ON parts (room);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken_n'::regclass;
`;

interface Case {
  readonly title: string;
  /** The token that is to be named stands between « and ». */
  readonly sql: string;
  readonly index: string;
  readonly cause: CauseKind;
  readonly settings?: Readonly<Record<string, string>>;
}

const cases: readonly Case[] = [
  {
    title: "a function around the column",
    sql: "SELECT * FROM people p WHERE «upper(p.email)» = 'USER7@EXAMPLE.ORG'",
    index: "people_email",
    cause: "wrapped",
  },
  {
    title: "an expression that the index does not hold",
    sql: "SELECT * FROM people WHERE «email» = 'user7@example.org' AND id > 0",
    index: "people_lower",
    cause: "expression",
  },
  {
    title: "a cast that the server adds to the column",
    sql: "SELECT * FROM people WHERE «id» = 7.5",
    index: "people_pkey",
    cause: "typeMismatch",
  },
  {
    title: "a cast of char(n) to text",
    sql: "SELECT * FROM people WHERE «code» = 'c7'::text",
    index: "people_code",
    cause: "typeMismatch",
  },
  {
    title: "a LIKE over an index sorted by a language",
    sql: "SELECT * FROM people WHERE «email» LIKE 'user77%'",
    index: "people_email",
    cause: "collation",
  },
  {
    title: "an index in another collation",
    sql: "SELECT * FROM people WHERE «email» > 'user999' AND id > 0",
    index: "people_email_c",
    cause: "collation",
  },
  {
    title: "a range over a hash index",
    sql: "SELECT * FROM people WHERE «born» < '1950-01-05'",
    index: "people_hash",
    cause: "operatorClass",
  },
  {
    title: "a range over an index for patterns",
    sql: "SELECT * FROM people WHERE «note» < '00aa'",
    index: "people_note_pattern",
    cause: "operatorClass",
  },
  {
    title: "a pattern that begins with a wildcard",
    sql: "SELECT * FROM people WHERE «email» LIKE '%77@example.org'",
    index: "people_email",
    cause: "leadingWildcard",
  },
  {
    title: "a condition that keeps all but one value",
    sql: "SELECT * FROM people WHERE «city» <> 'city 7'",
    index: "people_city_born",
    cause: "notEqual",
  },
  {
    title: "a condition under OR",
    sql: "SELECT * FROM people WHERE «email» = 'user7@example.org' OR note LIKE '%7%'",
    index: "people_email",
    cause: "underOr",
  },
  {
    title: "an index whose first column is not compared",
    sql: "SELECT * FROM people WHERE «born» < '1990-01-01'",
    index: "people_city_born",
    cause: "leadingColumn",
  },
  {
    title: "an index that has nothing of the statement",
    sql: "SELECT note FROM «people» WHERE note = 'x'",
    index: "people_city_born",
    cause: "leadingColumn",
  },
  {
    title: "a partial index whose predicate is not implied",
    sql: "SELECT * FROM events WHERE happened < '2025-01-02' AND «done_at» > '2025-01-01'",
    index: "events_open",
    cause: "predicate",
  },
  {
    title: "an INVALID index",
    sql: "SELECT * FROM «broken» WHERE n = 7",
    index: "broken_n",
    cause: "invalid",
  },
  {
    title: "most of the rows",
    sql: "SELECT * FROM events WHERE «kind» = 'common'",
    index: "events_kind",
    cause: "selectivity",
  },
  {
    title: "scattered rows",
    sql: "SELECT payload FROM events WHERE «scattered» < 450",
    index: "events_scattered",
    cause: "correlation",
  },
  {
    title: "a small table",
    sql: "SELECT * FROM «tiny» WHERE label = 'l7'",
    index: "tiny_label",
    cause: "smallTable",
  },
  {
    title: "a table never analyzed",
    sql: "SELECT * FROM fresh WHERE «id» > 49990",
    index: "fresh_id",
    cause: "neverAnalyzed",
  },
  {
    title: "a table written much since its ANALYZE",
    sql: "SELECT * FROM grown WHERE «state» >= 'new77'",
    index: "grown_state",
    cause: "staleStatistics",
  },
  {
    title: "index scans switched off",
    sql: "SELECT * FROM people WHERE «email» = 'user7@example.org'",
    index: "people_email",
    cause: "settingOff",
    settings: { enable_indexscan: "off", enable_bitmapscan: "off" },
  },
  {
    title: "random pages priced too high",
    sql: "SELECT * FROM people WHERE «email» = 'user7@example.org'",
    index: "people_email",
    cause: "costSettings",
    settings: { random_page_cost: "2000" },
  },
  {
    title: "another index that serves better",
    sql: "SELECT * FROM people WHERE «city» = 'city 7' AND id = 7",
    index: "people_city_born",
    cause: "otherIndex",
  },
  {
    title: "NULLs at the other end of the order",
    sql: "SELECT * FROM events ORDER BY «happened» NULLS FIRST LIMIT 5",
    index: "events_happened",
    cause: "orderMismatch",
  },
  {
    title: "an order against the direction of the index",
    sql: "SELECT * FROM events ORDER BY half DESC, «id» LIMIT 10",
    index: "events_half",
    cause: "orderMismatch",
  },
  {
    title: "a LIMIT that ends the reading early",
    sql: "SELECT * FROM events WHERE kind = 'common' «LIMIT 10»",
    index: "events_kind",
    cause: "limit",
  },
  {
    title: "a reading that several processes share",
    sql: "SELECT count(payload) FROM events WHERE «scattered» < 300",
    index: "events_scattered",
    cause: "parallel",
    settings: {
      min_parallel_table_scan_size: "0",
      parallel_setup_cost: "0",
      parallel_tuple_cost: "0",
      max_parallel_workers_per_gather: "8",
    },
  },
  {
    title: "a join that reads everything",
    sql: "SELECT * FROM events e JOIN people p ON «p.id» = e.scattered",
    index: "people_pkey",
    cause: "joinReadsAll",
  },
];

/** The statement without its marks, and the marked token. */
function unmark(sql: string): {
  readonly text: string;
  readonly token: string;
} {
  const token = /«(.*)»/u.exec(sql)?.[1] ?? "";
  return { text: sql.replace(/[«»]/gu, ""), token };
}

const signal = new AbortController().signal;

const tell = (answer: WhyNotAnswer): string =>
  answer.causes
    .map(({ kind, sentence }) => `${kind}: ${sayText(sentence, english)}`)
    .join("\n");

for (const kind of ["15-hypopg", 18] as const)
  describeOn(kind, "why an index is not used", () => {
    let server: TestServer;
    let database: Database;
    let ports: ExplainPorts;

    const ask = async (text: string, index: string): Promise<WhyNotAnswer> =>
      unwrap(await whyNot(ports, { text, index }, signal));

    beforeAll(async () => {
      server = await startPostgres(kind);
      if (kind === "15-hypopg") await server.query("CREATE EXTENSION hypopg");
      await server.query(schema);
      await server.query(
        "ANALYZE people, events, tiny, grown, broken, parts, parts_a, parts_b",
      );
      await server.query("UPDATE grown SET state = 'new' || id WHERE id > 100");
      database = openQuietly(server.target);
      ports = {
        database,
        catalog: createCatalogCache(database),
        parser: await loadSqlParser(),
      };
    });
    afterAll(async () => {
      await database.close();
      await server.stop();
    });

    test("an index that is used is said to be, with the operator that reads it", async () => {
      const answer = await ask(
        "SELECT * FROM people WHERE id = $1",
        "public.people_pkey",
      );
      expect(answer).toMatchObject({ isUsed: true, exists: true, causes: [] });
      expect(sayText(answer.sentence, english)).toMatch(
        /^people_pkey is used: the plan reads it by Index Scan and costs 8\.\d+\.$/,
      );
      expect(answer.sizeBytes).toBeGreaterThan(100_000);
    });

    test("an index of a partitioned table is found under the names of its parts", async () => {
      const answer = await ask(
        "SELECT * FROM parts WHERE room = 7",
        "parts_room",
      );
      expect(answer.isUsed).toBe(true);
      expect(answer.sizeBytes).toBeGreaterThan(100_000);
    });

    test("an unknown index, a wrong column and another table are told apart", async () => {
      const sql = "SELECT * FROM people WHERE id = 7";
      for (const [index, detail] of [
        [
          "people_nothing",
          "No table of the statement has an index people_nothing",
        ],
        ["CREATE INDEX ON people (nothing)", "people has no column nothing"],
        ["CREATE INDEX ON events (kind)", "The statement does not read events"],
        ["CREATE INDEX people", "This is no CREATE INDEX"],
      ] as const) {
        const result = await whyNot(ports, { text: sql, index }, signal);
        expect(result.ok).toBe(false);
        if (!result.ok && result.error.kind === "index")
          expect(sayText(result.error.detail, english)).toContain(detail);
        else expect.unreachable();
      }
    });

    test("an expression that the session's settings may change is given no index of its own", async () => {
      const said = async (condition: string): Promise<string> => {
        const sql = `SELECT * FROM events WHERE ${condition} = '2025-02-01'`;
        const [first] = (await ask(sql, "events_happened")).causes;
        expect(first?.kind).toBe("wrapped");
        return sayText(first?.sentence ?? "", english);
      };
      expect(await said("happened::date")).toBe(
        "happened::date hides happened from the index, which holds the bare values, and none can hold what depends on the session's settings; compare the bare column with a range.",
      );
      expect(await said("(happened AT TIME ZONE 'UTC')")).toMatch(
        /or build the index on the expression\.$/,
      );
    });

    test("an index that is only imagined is tried, where the server can", async () => {
      const sql =
        "SELECT * FROM people WHERE note = 'x' AND «lower(city)» = 'city 7'";
      const { text, token } = unmark(sql);
      const good = await ask(text, "CREATE INDEX ON people (note, city)");
      expect(good.exists).toBe(false);
      if (kind === 18) expect(good.causes[0]?.kind).toBe("cannotTry");
      else expect(good.isUsed).toBe(true);
      const hindered = await ask(text, "CREATE INDEX ON people (city)");
      const [first] = hindered.causes;
      expect(first?.kind).toBe("wrapped");
      expect(text.slice(first?.span?.start, first?.span?.end)).toBe(token);
      const search = await ask(
        text,
        "CREATE INDEX ON people USING gin (note gin_trgm_ops)",
      );
      expect(search.causes[0]?.kind).toBe("cannotTry");
      const foreign = await ask(
        "SELECT * FROM people WHERE email > 'user999'",
        'CREATE INDEX ON people (email COLLATE "C")',
      );
      expect(foreign.causes[0]?.kind).toBe("collation");
    });

    test("the trials leave the session's settings as they were", async () => {
      const single = openQuietly(server.target, { singleSession: true });
      try {
        const ask = { ...ports, database: single };
        const text = "SELECT * FROM events WHERE kind = 'common'";
        const settings = async () =>
          unwrap(await single.plannerFacts([], signal)).settings;
        const before = await settings();
        unwrap(await whyNot(ask, { text, index: "events_kind" }, signal));
        expect(await settings()).toEqual(before);
        expect(before.enable_seqscan).toBe("on");
      } finally {
        await single.close();
      }
    });

    describe.each(cases)("$title", ({ sql, index, cause, settings = {} }) => {
      test("is the first cause, and told at its token", async () => {
        const { text, token } = unmark(sql);
        const changed = Object.entries(settings);
        for (const [name, value] of changed)
          await server.query(
            `ALTER DATABASE postgres SET ${name} = '${value}'`,
          );
        const other =
          changed.length > 0 ? openQuietly(server.target) : database;
        try {
          const result = await whyNot(
            { ...ports, database: other },
            { text, index },
            signal,
          );
          const answer = unwrap(result);
          const [first] = answer.causes;
          expect(first?.kind, tell(answer)).toBe(cause);
          const { start = 0, end = 0 } = first?.span ?? {};
          expect(text.slice(start, end)).toBe(token);
          expect(answer.isUsed).toBe(false);
          expect(answer.evidence.costChosen).toBeGreaterThan(0);
        } finally {
          if (other !== database) await other.close();
          for (const [name] of changed)
            await server.query(`ALTER DATABASE postgres RESET ${name}`);
        }
      });
    });
  });

describeOn(
  18,
  "trials with indexes that are built and dropped in a transaction",
  () => {
    let server: TestServer;
    let database: Database;
    let ports: ExplainPorts;
    beforeAll(async () => {
      server = await startPostgres(18);
      await server.query(schema);
      await server.query("ANALYZE people, events");
      database = openQuietly(server.target, {
        whatIfByBuilding: true,
        singleSession: true,
      });
      ports = {
        database,
        catalog: createCatalogCache(database),
        parser: await loadSqlParser(),
      };
    });
    afterAll(async () => {
      await database.close();
      await server.stop();
    });

    const indexes = (): Promise<readonly Record<string, unknown>[]> =>
      server.query(
        "SELECT indexrelid::regclass::text FROM pg_index ORDER BY 1",
      );

    test("an imagined index is built for the trials, and gone after", async () => {
      const before = await indexes();
      const answer = unwrap(
        await whyNot(
          ports,
          {
            text: "SELECT * FROM people WHERE note = 'x' AND city = $1",
            index: "CREATE INDEX ON people (note, city)",
          },
          signal,
        ),
      );
      expect(answer.isUsed).toBe(true);
      expect(answer.exists).toBe(false);
      expect(answer.sizeBytes).toBeGreaterThan(1_000_000);
      expect(await indexes()).toEqual(before);
    });

    test("hiding the index that won tells what the other would cost", async () => {
      const before = await indexes();
      const answer = unwrap(
        await whyNot(
          ports,
          {
            text: "SELECT * FROM people WHERE email = 'user7@example.org' AND city = 'city 7'",
            index: "people_city_born",
          },
          signal,
        ),
      );
      expect(answer.causes[0]?.kind, tell(answer)).toBe("otherIndex");
      const { costChosen = 0, costWithIndex = 0 } = answer.evidence;
      expect(costWithIndex).toBeGreaterThan(costChosen);
      expect(tell(answer)).toMatch(
        /^otherIndex: The index people_email serves the statement better: the plan that reads it costs 8\.\d+, with people_city_born it is \d/,
      );
      expect(await indexes()).toEqual(before);
    });
  },
);

describeOn("15-hypopg", "hiding indexes with HypoPG 1.4", () => {
  /** This release of HypoPG cannot hide; stand-ins of its functions tell what would be asked of it. */
  const standIns = `
    CREATE FUNCTION hypopg_hide_index(index oid) RETURNS bool LANGUAGE plpgsql AS
      $$ BEGIN RAISE WARNING 'hide %', index::regclass; RETURN true; END $$;
    CREATE FUNCTION hypopg_unhide_all_indexes() RETURNS void LANGUAGE plpgsql AS
      $$ BEGIN RAISE WARNING 'unhide all'; END $$`;

  test("the index that won is hidden for its trials, and shown again after each", async () => {
    const server = await startPostgres("15-hypopg");
    const database = openQuietly(server.target);
    try {
      await server.query("CREATE EXTENSION hypopg");
      await server.query(schema);
      await server.query(standIns);
      await server.query("ANALYZE people");
      const ports: ExplainPorts = {
        database,
        catalog: createCatalogCache(database),
        parser: await loadSqlParser(),
      };
      const text =
        "SELECT * FROM people WHERE email = 'user7@example.org' AND city = 'city 7'";
      unwrap(await whyNot(ports, { text, index: "people_city_born" }, signal));
      const said = server
        .log()
        .split("\n")
        .flatMap((line) => /WARNING:\s+(.*)$/u.exec(line)?.[1] ?? []);
      expect(said).toEqual([
        "hide people_email",
        "unhide all",
        "hide people_email",
        "unhide all",
      ]);
    } finally {
      await database.close();
      await server.stop();
    }
  });
});
