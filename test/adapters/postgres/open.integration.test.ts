import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../../src/app/database.ts";
import type { CatalogTable } from "../../../src/core/catalog.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import type { ServerKind } from "../../support/server-binaries.ts";
import {
  agreedToWrite,
  openQuietly,
  parsed,
  tryIndexes,
  unasked,
  unwrap,
} from "./support.ts";
import { indexOn } from "../../support/index-definition.ts";

const kinds: readonly ServerKind[] = [13, 14, 15, 16, 17, 18, "15-hypopg"];
function named<Item extends { readonly name: string }>(
  items: readonly Item[],
  name: string,
): Item {
  const found = items.find((item) => item.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

const never = new AbortController().signal;

const schema = `
  CREATE EXTENSION pg_stat_statements;
  CREATE TABLE courses (id int PRIMARY KEY, title text NOT NULL);
  CREATE TABLE enrollments (
    id bigserial PRIMARY KEY, course_id int NOT NULL REFERENCES courses, status varchar(20),
    created_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX enrollments_recent ON enrollments (created_at DESC, id) INCLUDE (status) WHERE status = 'active';
  CREATE INDEX enrollments_lower ON enrollments (lower(status));
  INSERT INTO courses SELECT i, 'course ' || i FROM generate_series(1, 200) i;
  INSERT INTO enrollments (course_id, status)
    SELECT 1 + i % 200, CASE WHEN i % 50 = 0 THEN 'cancelled' ELSE 'active' END FROM generate_series(1, 20000) i;
  CREATE TABLE days (day date NOT NULL, hits int) PARTITION BY RANGE (day);
  CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  INSERT INTO days SELECT date '2020-01-01' + i % 300, i FROM generate_series(1, 1000) i;
  CREATE TABLE never_analyzed (id int);
  CREATE VIEW active AS SELECT * FROM enrollments WHERE status = 'active';
  ANALYZE;`;

const byCourse = indexOn("enrollments", "course_id");

for (const kind of kinds) {
  describeOn(kind, "a database over pg", () => {
    let server: TestServer;
    let database: Database;
    beforeAll(async () => {
      server = await startPostgres(kind);
      await server.query(schema);
      database = openQuietly(server.target);
    });
    afterAll(async () => {
      await database.close();
      await server.stop();
    });

    it("tells its version and how suggestions can be proven", async () => {
      const info = unwrap(await database.info(never));
      expect(Math.floor(info.versionNumber / 10_000)).toBe(
        kind === "15-hypopg" ? 15 : kind,
      );
      expect(info.whatIf).toBe("none");
    });

    it("plans a statement without parameters", async () => {
      const answer = unwrap(
        await database.explain(
          await parsed("SELECT * FROM enrollments WHERE course_id = 7"),
          undefined,
          never,
        ),
      );
      expect(answer.parameters).toEqual({ kind: "none" });
      expect(JSON.stringify(answer.plan)).toContain("Seq Scan");
    });

    it("plans a statement with parameters without asking, and hides its own setting", async () => {
      const statement = await parsed(
        "SELECT * FROM enrollments WHERE id = $1 AND status = :status",
      );
      const answer = unwrap(
        await database.explain(statement, undefined, never),
      );
      expect(answer.parameters.kind).toBe(
        typeof kind === "number" && kind >= 16 ? "genericPlan" : "prepared",
      );
      const text = JSON.stringify(answer.plan);
      expect(text).toContain("id = $1");
      expect(text).not.toContain("plan_cache_mode");
      // Twice in a row: the prepared statement of the first is gone.
      expect((await database.explain(statement, undefined, never)).ok).toBe(
        true,
      );
    });

    it("plans with the values given, which decide the plan", async () => {
      const statement = await parsed(
        "SELECT * FROM enrollments WHERE lower(status) = $1",
      );
      const rare = JSON.stringify(
        unwrap(await database.explain(statement, ["nothing"], never)).plan,
      );
      expect(rare).toContain("enrollments_lower");
      expect(rare).toContain("'nothing'");
    });

    it("places an error at the token, counted in UTF-16", async () => {
      const sql = "SELECT '😀', nope FROM enrollments";
      const answer = await database.explain(
        await parsed(sql),
        undefined,
        never,
      );
      expect(answer).toMatchObject({
        ok: false,
        error: { kind: "sql", code: "42703", at: sql.indexOf("nope") },
      });
    });

    it("finds a type for a parameter where the server infers none", async () => {
      const statement = await parsed("SELECT 1 WHERE $1 IS NULL");
      const answer = await database.explain(statement, undefined, never);
      expect(answer).toMatchObject({ ok: true });
      const described = await database.describeParameters(statement, never);
      expect(unwrap(described)).toMatchObject([{ number: 1, type: "integer" }]);
    });

    it("analyzes in a read-only transaction with limits", async () => {
      const statement = await parsed(
        "SELECT count(*) FROM enrollments WHERE course_id = $1",
      );
      const limits = { statementTimeoutMs: 3000, lockTimeoutMs: 500 };
      const answer = unwrap(
        await database.analyze(
          { statement, values: ["7"], limits, ...unasked },
          never,
        ),
      );
      expect(JSON.stringify(answer.plan)).toContain('"Actual Rows"');
    });

    it("analyzes a write with consent and rolls it back", async () => {
      const statement = await parsed(
        "DELETE FROM enrollments WHERE course_id = 7",
      );
      const limits = { statementTimeoutMs: 3000, lockTimeoutMs: 500 };
      const answer = unwrap(
        await database.analyze(
          { statement, values: [], limits, ...agreedToWrite },
          never,
        ),
      );
      expect(JSON.stringify(answer.plan)).toContain('"WAL Records"');
      expect(
        await server.query(
          "SELECT count(*)::int AS left FROM enrollments WHERE course_id = 7",
        ),
      ).toEqual([{ left: 100 }]);
    });

    it("describes parameters with their types and common values", async () => {
      const statement = await parsed(
        "SELECT * FROM enrollments WHERE status = $1 AND course_id = $2",
      );
      const [status, course] = unwrap(
        await database.describeParameters(statement, never),
      );
      expect(status).toEqual({
        number: 1,
        type: expect.stringMatching(/text|character varying/) as string,
        examples: ["active", "cancelled"],
      });
      expect(course).toMatchObject({ number: 2, type: "integer" });
      expect(course?.examples.length).toBeGreaterThan(3);
    });

    it("reads the catalog of several tables in one go", async () => {
      const { tables } = unwrap(
        await database.catalog(
          [
            "enrollments",
            "courses",
            "days",
            "never_analyzed",
            "active",
            "unknown",
          ].map((name) => ({ schema: undefined, name })),
          never,
        ),
      );
      const table = (name: string): CatalogTable => named(tables, name);
      expect(tables).toHaveLength(5);
      expect(table("enrollments")).toMatchObject({
        schema: "public",
        kind: "table",
        estimatedRows: 20_000,
      });
      expect(
        table("enrollments").columns.find(
          (column) => column.name === "course_id",
        ),
      ).toMatchObject({
        type: "integer",
        notNull: true,
        distinctValues: 200,
        nullFraction: 0,
        averageBytes: 4,
      });
      const recent = table("enrollments").indexes.find(
        (index) => index.name === "enrollments_recent",
      );
      expect(recent).toMatchObject({
        method: "btree",
        keys: ["created_at", "id"],
        descending: [true, false],
        included: ["status"],
        unique: false,
        primary: false,
        valid: true,
      });
      expect(recent?.predicate).toContain("'active'");
      expect(
        table("enrollments").indexes.find(
          (index) => index.name === "enrollments_lower",
        )?.keys[0],
      ).toContain("lower(");
      expect(table("enrollments").foreignKeys[0]).toMatchObject({
        columns: ["course_id"],
        referencedTable: "courses",
        referencedColumns: ["id"],
      });
      expect(table("courses").referencedBy[0]).toMatchObject({
        table: "enrollments",
        columns: ["course_id"],
        hasIndex: false,
        estimatedRows: 20_000,
      });
      expect(table("days")).toMatchObject({
        kind: "partitioned",
        estimatedRows: 1000,
      });
      expect(table("days").columns[1]?.distinctValues).toBeGreaterThan(900);
      expect(table("never_analyzed").estimatedRows).toBeUndefined();
      expect(table("active").kind).toBe("view");
    });

    it("lists slow queries of this database, without its own", async () => {
      await server.query(
        "SELECT count(*) FROM enrollments e JOIN courses c ON c.id = e.course_id WHERE c.title = 'x'",
      );
      await server.query("CREATE DATABASE elsewhere");
      await server.query("SELECT 'somewhere else'", "elsewhere");
      const answer = unwrap(await database.slowQueries(50, never));
      const texts = answer.queries.map((query) => query.text);
      expect(texts.some((text) => text.includes("c.title = $1"))).toBe(true);
      expect(
        texts.filter((text) =>
          /planlens|^explain|^begin|somewhere/i.test(text),
        ),
      ).toEqual([]);
      expect(answer.totalMs).toBeGreaterThan(0);
      if (kind !== 13) expect(answer.since).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      const [first] = answer.queries;
      expect(first?.totalMs).toBeGreaterThanOrEqual(
        answer.queries.at(-1)?.totalMs ?? Infinity,
      );
      expect(first?.calls).toBeGreaterThan(0);
    });

    it("names what running would touch: volatile functions, triggers, sequences", async () => {
      await server.query(`
        CREATE FUNCTION noisy() RETURNS int VOLATILE LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER watched BEFORE INSERT ON enrollments FOR EACH ROW EXECUTE FUNCTION watch();`);
      const effects = unwrap(
        await database.effects(
          await parsed(
            "INSERT INTO enrollments (course_id) SELECT noisy() + abs(1)",
          ),
          never,
        ),
      );
      expect(effects).toEqual({
        volatileFunctions: ["noisy()"],
        triggers: ["watched on enrollments (watch)"],
        foreignTables: [],
        sequences: ["enrollments_id_seq"],
      });
    });

    it("names what an upsert changes beyond the rows it inserts, and what a rule inserts when rows are deleted", async () => {
      await server.query(`
        CREATE SCHEMA upkeep; SET search_path TO upkeep, public;
        CREATE FUNCTION tell() RETURNS text VOLATILE LANGUAGE sql AS 'SELECT current_user::text';
        CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE upkeep.parents (id int PRIMARY KEY, name text);
        CREATE TABLE upkeep.children (parent int REFERENCES upkeep.parents ON UPDATE CASCADE);
        CREATE TRIGGER moved BEFORE UPDATE ON upkeep.children FOR EACH ROW EXECUTE FUNCTION seen();
        CREATE TABLE upkeep.log (id serial PRIMARY KEY, told text DEFAULT tell());
        CREATE TABLE upkeep.echoes (log int REFERENCES upkeep.log ON DELETE CASCADE);
        CREATE TRIGGER gone BEFORE DELETE ON upkeep.echoes FOR EACH ROW EXECUTE FUNCTION seen();
        CREATE TABLE upkeep.shelf (id int);
        CREATE RULE noted AS ON DELETE TO upkeep.shelf DO ALSO INSERT INTO upkeep.log (id) VALUES (DEFAULT);
        CREATE TABLE upkeep.inbox (id int);
        CREATE RULE cleared AS ON INSERT TO upkeep.inbox DO ALSO DELETE FROM upkeep.log;`);
      const effectsOf = async (text: string) =>
        unwrap(await database.effects(await parsed(text), never));
      const moved = ["moved on upkeep.children (upkeep.seen)"];
      const upsert = "INSERT INTO upkeep.parents VALUES (1, '') ON CONFLICT";
      for (const text of [
        "UPDATE upkeep.parents SET id = 2",
        `${upsert} (id) DO UPDATE SET id = 2`,
        `${upsert} (id) do /* then */ update SET id = 2`,
      ])
        expect((await effectsOf(text)).triggers).toEqual(moved);
      for (const text of [
        `${upsert} DO NOTHING`,
        "INSERT INTO upkeep.parents VALUES (1, 'do update')",
      ])
        expect((await effectsOf(text)).triggers).toEqual([]);
      expect(await effectsOf("DELETE FROM upkeep.shelf")).toMatchObject({
        volatileFunctions: ["upkeep.tell()"],
        sequences: ["upkeep.log_id_seq"],
      });
      const cleared = await effectsOf("INSERT INTO upkeep.inbox VALUES (1)");
      expect(cleared.triggers).toEqual(["gone on upkeep.echoes (upkeep.seen)"]);
    });

    it("names what written tables compute for their rows, and what follows them", async () => {
      await server.query(`
        CREATE SCHEMA kept; SET search_path TO kept, public;
        CREATE FUNCTION tell() RETURNS text VOLATILE LANGUAGE sql AS 'SELECT current_user::text';
        CREATE FUNCTION proof(text) RETURNS bool VOLATILE LANGUAGE sql AS 'SELECT true';
        CREATE FUNCTION calm(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1';
        CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE kept.notes (id serial PRIMARY KEY, told text DEFAULT tell(), at timestamptz DEFAULT now(),
          dice float8 DEFAULT random(), twice text GENERATED ALWAYS AS (calm(told)) STORED, CHECK (proof(told)));
        CREATE INDEX ON kept.notes (calm(told));
        CREATE VIEW kept.shown AS SELECT * FROM kept.notes;
        CREATE TABLE kept.replies (note int REFERENCES kept.notes ON DELETE CASCADE, text text);
        CREATE TRIGGER gone BEFORE DELETE ON kept.replies FOR EACH ROW EXECUTE FUNCTION seen();
        CREATE TABLE kept.days (day date, told text) PARTITION BY RANGE (day);
        CREATE TABLE kept.day PARTITION OF kept.days (CHECK (proof(told))) DEFAULT;
        CREATE TRIGGER filed BEFORE INSERT ON kept.day FOR EACH ROW EXECUTE FUNCTION seen();`);
      const effectsOf = async (text: string) =>
        unwrap(await database.effects(await parsed(text), never));
      const made = {
        volatileFunctions: ["kept.proof(text)", "kept.tell()"],
        triggers: [],
        foreignTables: [],
        sequences: ["kept.notes_id_seq"],
      };
      for (const text of [
        "INSERT INTO kept.notes DEFAULT VALUES",
        "INSERT INTO kept.shown (told) VALUES ('')",
      ])
        expect(await effectsOf(text)).toEqual(made);
      const changed = await effectsOf("UPDATE kept.notes SET told = ''");
      expect(changed.volatileFunctions).toEqual(made.volatileFunctions);
      expect(await effectsOf("DELETE FROM kept.notes")).toEqual({
        volatileFunctions: [],
        triggers: ["gone on kept.replies (kept.seen)"],
        foreignTables: [],
        sequences: [],
      });
      const filed = await effectsOf("INSERT INTO kept.days VALUES (now(), '')");
      expect(filed).toEqual({
        volatileFunctions: ["kept.proof(text)"],
        triggers: ["filed on kept.day (kept.seen)"],
        foreignTables: [],
        sequences: [],
      });
      const both = await effectsOf(
        "WITH gone AS (DELETE FROM kept.notes RETURNING told) INSERT INTO kept.replies SELECT 1, told FROM gone",
      );
      expect(both.volatileFunctions).toEqual(made.volatileFunctions);
      // What is only read computes nothing.
      expect(await effectsOf("SELECT * FROM kept.shown")).toEqual({
        volatileFunctions: [],
        triggers: [],
        foreignTables: [],
        sequences: [],
      });
    });

    it("runs a read that calls a volatile function only with consent, and read-only even then", async () => {
      await server.query(
        "CREATE FUNCTION agreed() RETURNS int VOLATILE LANGUAGE sql AS 'SELECT 1'",
      );
      const request = {
        statement: await parsed("SELECT agreed()"),
        values: [],
        limits: { statementTimeoutMs: 5000, lockTimeoutMs: 1000 },
        ...unasked,
      };
      expect(await database.analyze(request, never)).toMatchObject({
        ok: false,
        error: { kind: "readOnlyViolation" },
      });
      const agreed = {
        ...request,
        consent: { mayWrite: false, mayCallVolatile: true },
      };
      expect((await database.analyze(agreed, never)).ok).toBe(true);
      const writing = await parsed("DELETE FROM enrollments");
      expect(
        await database.analyze({ ...agreed, statement: writing }, never),
      ).toMatchObject({ ok: false, error: { kind: "readOnlyViolation" } });
    });

    it("sends no further planner trial once it is given up", async () => {
      const giveUp = new AbortController();
      let begun = 0;
      const trials = Array.from({ length: 30 }, () => ({
        hidden: [],
        get settings() {
          begun += 1;
          giveUp.abort();
          return {};
        },
      }));
      const statement = await parsed("SELECT 1");
      expect(
        await database.explainWith(
          statement,
          { indexes: [], trials },
          giveUp.signal,
        ),
      ).toEqual({ ok: false, error: { kind: "cancelled" } });
      expect(begun).toBe(1);
    });

    it("raises no alarm for what a statement only passes by", async () => {
      await server.query(`
        CREATE SCHEMA calm; SET search_path TO calm, public;
        CREATE FUNCTION slow_check(text) RETURNS bool VOLATILE LANGUAGE sql AS 'SELECT true';
        CREATE DOMAIN calm.mail AS text CHECK (slow_check(VALUE));
        CREATE TYPE calm.cents AS (amount int);
        CREATE FUNCTION to_cents(int) RETURNS calm.cents VOLATILE LANGUAGE sql AS 'SELECT ROW($1)::calm.cents';
        CREATE CAST (int AS calm.cents) WITH FUNCTION to_cents(int) AS ASSIGNMENT;
        CREATE FUNCTION from_cents(calm.cents) RETURNS int VOLATILE LANGUAGE sql AS 'SELECT ($1).amount';
        CREATE CAST (calm.cents AS int) WITH FUNCTION from_cents(calm.cents) AS IMPLICIT;
        CREATE FUNCTION same_cents(calm.cents, calm.cents) RETURNS bool VOLATILE LANGUAGE sql AS 'SELECT true';
        CREATE OPERATOR public.= (LEFTARG = calm.cents, RIGHTARG = calm.cents, FUNCTION = same_cents);
        CREATE TABLE calm.people (id int, mail calm.mail);`);
      const volatileIn = async (text: string): Promise<readonly string[]> =>
        unwrap(await database.effects(await parsed(text), never))
          .volatileFunctions;
      for (const text of [
        "SELECT mail FROM calm.people WHERE id = 5 AND mail BETWEEN 'a' AND 'b'",
        "SELECT 5::int, '6'::text, id::bigint FROM calm.people",
        "SELECT p.id FROM calm.people p JOIN calm.people q USING (id)",
        "SELECT * FROM pg_sequences",
        "SELECT * FROM information_schema.columns",
      ])
        expect(await volatileIn(text)).toEqual([]);
      expect(await volatileIn("SELECT 'x'::calm.mail")).toEqual([
        "calm.slow_check(text)",
      ]);
      expect(
        await volatileIn("INSERT INTO calm.people VALUES (1, 'a@b')"),
      ).toEqual(["calm.slow_check(text)"]);
    });

    it("finds a volatile function whose quoted name has capitals", async () => {
      await server.query(
        `CREATE FUNCTION "DoIt"() RETURNS int VOLATILE LANGUAGE sql AS 'SELECT 1'`,
      );
      const effects = unwrap(
        await database.effects(await parsed(`SELECT "DoIt"(), ABS(1)`), never),
      );
      expect(effects.volatileFunctions).toEqual(['"DoIt"()']);
    });

    it("tells quoted names with dots, schemas and the search_path apart", async () => {
      await server.query(`
        CREATE SCHEMA "odd.one"; CREATE SCHEMA aside;
        CREATE FUNCTION "odd.one".f() RETURNS int VOLATILE LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION public."odd.two"() RETURNS int VOLATILE LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION public."say ""hi"""() RETURNS int VOLATILE LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION aside.abs(int) RETURNS int VOLATILE LANGUAGE sql AS 'SELECT 1';`);
      const volatileIn = async (text: string): Promise<readonly string[]> =>
        unwrap(await database.effects(await parsed(text), never))
          .volatileFunctions;
      expect(await volatileIn(`SELECT "odd.one".f()`)).toEqual([
        '"odd.one".f()',
      ]);
      expect(await volatileIn(`SELECT "odd.two"()`)).toEqual(['"odd.two"()']);
      expect(await volatileIn(`SELECT "say ""hi"""()`)).toEqual([
        '"say ""hi"""()',
      ]);
      expect(await volatileIn("SELECT abs(1)")).toEqual([]);
      expect(await volatileIn("SELECT aside.abs(1)")).toEqual([
        "aside.abs(integer)",
      ]);
    });

    it(
      kind === "15-hypopg"
        ? "tries indexes with HypoPG and leaves none behind"
        : "says that it cannot try indexes",
      async () => {
        const statement = await parsed(
          "SELECT * FROM enrollments WHERE course_id = $1",
        );
        if (kind !== "15-hypopg") {
          expect(
            await tryIndexes(database, statement, [byCourse]),
          ).toMatchObject({ ok: false, error: { kind: "unsupported" } });
          return;
        }
        await server.query(
          "CREATE SCHEMA tools; CREATE EXTENSION hypopg SCHEMA tools",
        );
        expect(unwrap(await database.info(never)).whatIf).toBe("hypopg");
        const answer = unwrap(
          await tryIndexes(database, statement, [byCourse]),
        );
        expect(JSON.stringify(answer.plan)).toContain(answer.names[0]);
        expect(answer.sizesBytes[0]).toBeGreaterThan(100_000);
        const after = JSON.stringify(
          unwrap(await database.explain(statement, undefined, never)).plan,
        );
        expect(after).toContain("Seq Scan");
        expect(
          await tryIndexes(database, statement, [
            { ...byCourse, method: "gin" },
          ]),
        ).toMatchObject({ ok: true, value: { names: [undefined] } });
      },
    );
  });
}

describeOn("15-hypopg", "trial indexes kept between plannings", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres("15-hypopg");
    await server.query(
      `${schema}; CREATE EXTENSION hypopg; CREATE VIEW taken AS SELECT * FROM enrollments`,
    );
  });
  afterAll(() => server.stop());

  it("never get into a plan that did not ask for them, also not through a view", async () => {
    const database = openQuietly(server.target, {});
    const session = database.openWhatIf();
    const onTable = await parsed(
      "SELECT * FROM enrollments WHERE course_id = 1",
    );
    const onView = await parsed("SELECT * FROM taken WHERE course_id = 1");
    const withIndex = unwrap(await session.plan(onTable, [byCourse], never));
    expect(JSON.stringify(withIndex.plan)).toContain(withIndex.names[0]);
    const without = unwrap(await session.plan(onView, [], never));
    expect(JSON.stringify(without.plan)).not.toContain("Index Name");
    const again = unwrap(await session.plan(onView, [byCourse], never));
    expect(JSON.stringify(again.plan)).toContain(again.names[0]);
    // More than are dropped one by one: then all go, and what was asked for comes back.
    const many = Array.from({ length: 30 }, (_, at) => ({
      ...byCourse,
      predicate: `course_id < ${100 + at}`,
    }));
    unwrap(await session.plan(onTable, many, never));
    const last = unwrap(await session.plan(onView, [byCourse], never));
    expect(JSON.stringify(last.plan)).toContain(last.names[0]);
    await session.close();
    await database.close();
  });
});

describeOn(18, "trial indexes built for real", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres(18);
    await server.query(schema);
  });
  afterAll(() => server.stop());

  it("have their size also for an owner who may not call pg_relation_size", async () => {
    const both =
      "FUNCTION pg_relation_size(regclass), pg_relation_size(regclass, text)";
    await server.query(`CREATE ROLE builder LOGIN; CREATE SCHEMA AUTHORIZATION builder;
      CREATE TABLE builder.marks AS SELECT n AS mark FROM generate_series(1, 5000) n;
      ALTER TABLE builder.marks OWNER TO builder; CREATE INDEX same ON builder.marks (mark)`);
    const [made] = await server.query(
      "SELECT pg_relation_size('builder.same')::int AS bytes; ",
    );
    await server.query(`DROP INDEX builder.same`);
    await server.query(`REVOKE EXECUTE ON ${both} FROM public`);
    const database = openQuietly(
      { ...server.target, user: "builder" },
      { whatIfByBuilding: true },
    );
    try {
      const statement = await parsed("SELECT * FROM marks WHERE mark = 7");
      const index = indexOn("marks", "mark", { schema: "builder" });
      const answer = unwrap(await tryIndexes(database, statement, [index]));
      expect(answer.sizesBytes).toEqual([made?.["bytes"]]);
    } finally {
      await database.close();
      await server.query(`GRANT EXECUTE ON ${both} TO public`);
    }
  });

  it("appear in the plan with their size and are gone afterwards", async () => {
    const database = openQuietly(server.target, { whatIfByBuilding: true });
    const statement = await parsed(
      "SELECT * FROM enrollments WHERE course_id = $1",
    );
    const answer = unwrap(await tryIndexes(database, statement, [byCourse]));
    expect(answer.names).toEqual(["planlens_trial_1"]);
    expect(JSON.stringify(answer.plan)).toContain("planlens_trial_1");
    expect(answer.sizesBytes[0]).toBeGreaterThan(100_000);
    expect(
      await server.query(
        "SELECT count(*)::int AS left FROM pg_class WHERE relname LIKE 'planlens%'",
      ),
    ).toEqual([{ left: 0 }]);
    await database.close();
  });
});

describe("an address where nothing listens", () => {
  it("is unreachable, and says so at once", async () => {
    const target = { ...(await import("./support.ts")).nowhere };
    const database = openQuietly(target);
    expect(await database.info(never)).toMatchObject({
      ok: false,
      error: { kind: "unreachable", cause: "nothing listens there" },
    });
    await database.close();
  });
});
