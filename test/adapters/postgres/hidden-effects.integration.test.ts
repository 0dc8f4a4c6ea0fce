import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database, Effects } from "../../../src/app/database.ts";
import type { ServerKind } from "../../support/server-binaries.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import { openQuietly, parsed, unasked, unwrap } from "./support.ts";

const kinds: readonly ServerKind[] = [13, "15-hypopg", 18];
const never = new AbortController().signal;
const limits = { statementTimeoutMs: 5000, lockTimeoutMs: 1000 };

/** Foreign tables on this very server; `calls` counts each read of `remote`, in a sequence that no rollback resets. */
const afar = (port: number): string => `
  CREATE SEQUENCE calls;
  CREATE VIEW counting AS SELECT nextval('calls')::int AS a;
  CREATE EXTENSION postgres_fdw;
  CREATE EXTENSION tablefunc;
  CREATE SERVER itself FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${port}', dbname 'postgres');
  CREATE USER MAPPING FOR CURRENT_USER SERVER itself OPTIONS (user 'postgres');
  CREATE SCHEMA afar;
  CREATE FOREIGN TABLE afar.remote (a int) SERVER itself OPTIONS (schema_name 'public', table_name 'counting');
  CREATE TABLE afar.days (a int) PARTITION BY LIST (a);
  CREATE FOREIGN TABLE afar.day PARTITION OF afar.days DEFAULT SERVER itself OPTIONS (schema_name 'public', table_name 'counting');
  CREATE TABLE afar.parent (a int);
  CREATE FOREIGN TABLE afar.child () INHERITS (afar.parent) SERVER itself OPTIONS (schema_name 'public', table_name 'counting');
  CREATE VIEW afar.shown AS SELECT * FROM afar.days;
  CREATE TABLE afar.guarded (a int);
  ALTER TABLE afar.guarded ENABLE ROW LEVEL SECURITY;
  CREATE POLICY known ON afar.guarded USING (EXISTS (SELECT FROM afar.remote));
  CREATE TABLE afar.near (a int);
  CREATE MATERIALIZED VIEW afar.kept AS SELECT * FROM afar.shown WITH NO DATA;`;

/** `tell()` is what must not run; each object is a way to it. */
const hidden = `
  CREATE FUNCTION tell(int) RETURNS bool VOLATILE LANGUAGE sql AS 'SELECT $1 IS NOT NULL';
  CREATE SCHEMA hidden;
  CREATE DOMAIN hidden.told AS int CHECK (tell(VALUE));
  CREATE TYPE hidden.pair AS (a int, b hidden.told);
  CREATE TABLE hidden.rows (n int, told hidden.told);
  CREATE TABLE hidden.nested (n int, pairs hidden.pair[]);
  CREATE TABLE hidden.calm (n int);
  CREATE FUNCTION hidden.make() RETURNS hidden.rows STABLE LANGUAGE sql AS 'SELECT NULL::hidden.rows';
  CREATE VIEW hidden.filled AS SELECT jsonb_populate_record(r, '{}') FROM hidden.rows r;
  CREATE VIEW hidden.made AS SELECT jsonb_populate_record(hidden.make(), '{}');
  CREATE FUNCTION given(a int, b bool DEFAULT tell(1)) RETURNS int STABLE LANGUAGE sql AS 'SELECT $1';
  CREATE DOMAIN hidden.filling AS bool DEFAULT tell(2);
  CREATE SEQUENCE hidden.numbers;
  CREATE DOMAIN hidden.counting AS int DEFAULT nextval('hidden.numbers');
  CREATE TABLE hidden.defaults (a int, b hidden.filling, c hidden.counting);
  CREATE TABLE hidden.own_defaults (a int, b hidden.filling DEFAULT true, c hidden.counting DEFAULT 1);`;

/** A type whose order calls volatile functions, and one that has a cast to json. */
const ordered = `
  CREATE TYPE sized AS (a int);
  CREATE FUNCTION compare_sizes(sized, sized) RETURNS int VOLATILE LANGUAGE sql AS 'SELECT ($1).a - ($2).a';
  CREATE FUNCTION is_same(sized, sized) RETURNS bool VOLATILE LANGUAGE sql AS 'SELECT ($1).a = ($2).a';
  CREATE FUNCTION is_less(sized, sized) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT ($1).a < ($2).a';
  CREATE OPERATOR <<< (LEFTARG = sized, RIGHTARG = sized, FUNCTION = is_less);
  CREATE OPERATOR === (LEFTARG = sized, RIGHTARG = sized, FUNCTION = is_same, MERGES);
  CREATE OPERATOR CLASS sizes DEFAULT FOR TYPE sized USING btree
    AS OPERATOR 1 <<<, OPERATOR 3 ===, FUNCTION 1 compare_sizes(sized, sized);
  CREATE TABLE boxes (n int, size sized);
  CREATE TABLE stacks (n int, boxes boxes[]);
  CREATE TYPE spread AS RANGE (SUBTYPE = sized, SUBTYPE_OPCLASS = sizes);
  CREATE TYPE shown AS (a int);
  CREATE FUNCTION show(shown) RETURNS json VOLATILE LANGUAGE sql AS 'SELECT NULL::json';
  CREATE CAST (shown AS json) WITH FUNCTION show(shown);
  CREATE TABLE shows (n int, shown shown);`;

for (const kind of kinds) {
  describeOn(kind, "what a statement may do where it does not show", () => {
    let server: TestServer;
    let database: Database;
    const effectsOf = async (text: string): Promise<Effects> =>
      unwrap(await database.effects(await parsed(text), never));

    beforeAll(async () => {
      server = await startPostgres(kind);
      await server.query(afar(server.port) + hidden + ordered);
      database = openQuietly(server.target);
    });
    afterAll(async () => {
      await database.close();
      await server.stop();
    });

    it.each([
      ["SELECT * FROM afar.remote", "afar.remote"],
      ["SELECT count(*) FROM afar.days", "afar.day"],
      ["SELECT * FROM afar.parent", "afar.child"],
      ["SELECT * FROM afar.shown", "afar.day"],
      ["SELECT * FROM afar.guarded", "afar.remote"],
      ["SELECT 1 WHERE EXISTS (SELECT FROM afar.shown)", "afar.day"],
      ["INSERT INTO afar.days VALUES (1)", "afar.day"],
    ])("names the foreign table that %s touches", async (text, name) => {
      expect((await effectsOf(text)).foreignTables).toEqual([name]);
    });

    it("reads no foreign table for a materialized view or a table beside it", async () => {
      for (const name of ["near", "kept"])
        expect(
          (await effectsOf(`SELECT * FROM afar.${name}`)).foreignTables,
        ).toEqual([]);
    });

    it.each([
      ["SELECT table_to_xml('counting', true, true, '')", "table_to_xml("],
      [
        "SELECT schema_to_xml_and_xmlschema('public', true, true, '')",
        "schema_to_xml_and_xmlschema(",
      ],
      ["SELECT database_to_xml(true, true, '')", "database_to_xml("],
      ["SELECT query_to_xml('SELECT 1', true, true, '')", "query_to_xml("],
      ["SELECT cursor_to_xml('c', 1, true, true, '')", "cursor_to_xml("],
      ["SELECT domain_in('5', 'hidden.told'::regtype, -1)", "domain_in("],
      ["SELECT crosstab('SELECT 1')", "crosstab("],
    ])("names the function that %s runs queries by", async (text, name) => {
      const { volatileFunctions } = await effectsOf(text);
      expect(volatileFunctions).toContainEqual(expect.stringContaining(name));
    });

    it.each([
      `SELECT jsonb_populate_record(r, '{"told": 5}') FROM hidden.rows r`,
      `SELECT json_populate_recordset(r, '[{"told": 5}]') FROM (SELECT * FROM hidden.rows) r`,
      "SELECT jsonb_populate_record(r, '{}') FROM hidden.nested r",
      "SELECT jsonb_populate_record(NULL::hidden.rows, '{}')",
      "SELECT jsonb_populate_record(hidden.make(), '{}')",
      "SELECT * FROM hidden.filled",
      "SELECT * FROM hidden.made",
      `SELECT * FROM jsonb_to_record('{"a": 5}') AS r(a hidden.told)`,
    ])("finds the CHECK of a domain that %s runs", async (text) => {
      const { volatileFunctions } = await effectsOf(text);
      expect(volatileFunctions).toEqual(["tell(integer)"]);
    });

    it("finds no CHECK where rows with such a domain are only read", async () => {
      for (const text of [
        "SELECT to_jsonb(r) FROM hidden.rows r",
        "SELECT jsonb_populate_record(r, '{}') FROM hidden.calm r",
        "SELECT count(*) FROM hidden.nested",
      ])
        expect((await effectsOf(text)).volatileFunctions).toEqual([]);
    });

    const bySize = ["compare_sizes(sized,sized)", "is_same(sized,sized)"];
    it.each([
      ["SELECT * FROM boxes ORDER BY size", bySize],
      ["SELECT DISTINCT size FROM boxes", bySize],
      ["SELECT count(DISTINCT size) FROM boxes", bySize],
      ["SELECT greatest(size, size) FROM boxes", bySize],
      ["SELECT size FROM boxes UNION SELECT size FROM boxes", bySize],
      ["SELECT rank() OVER (ORDER BY size) FROM boxes", bySize],
      ["SELECT array_position(ARRAY[ROW(1)::sized], ROW(2)::sized)", bySize],
      ["SELECT boxes FROM stacks GROUP BY boxes", bySize],
      ["SELECT spread(NULL, NULL)", bySize],
      ["SELECT to_json(shown) FROM shows", ["show(shown)"]],
      ["SELECT given(1)", ["tell(integer)"]],
      ["INSERT INTO hidden.defaults (a) VALUES (1)", ["tell(integer)"]],
      ["INSERT INTO hidden.own_defaults (a) VALUES (1)", []],
    ])("finds what %s calls unseen", async (text, names) => {
      expect((await effectsOf(text)).volatileFunctions).toEqual(names);
    });

    it("names the sequence in a domain's default", async () => {
      const { sequences } = await effectsOf(
        "INSERT INTO hidden.defaults (a) VALUES (1)",
      );
      expect(sequences).toEqual(["hidden.numbers"]);
    });

    it("reads a foreign table on production never, elsewhere only with consent", async () => {
      const request = {
        statement: await parsed("SELECT * FROM afar.shown"),
        values: [],
        limits,
        ...unasked,
      };
      for (const [environment, error] of [
        ["production", "refusedOnProduction"],
        ["dev", "readOnlyViolation"],
      ] as const)
        expect(
          await database.analyze({ ...request, environment }, never),
        ).toMatchObject({ ok: false, error: { kind: error } });
      const isCalled = "SELECT is_called FROM calls";
      expect(await server.query(isCalled)).toEqual([{ is_called: false }]);
    });
  });
}

describeOn("15-hypopg", "a foreign table of a program", () => {
  it("is not read without consent", async () => {
    const server = await startPostgres("15-hypopg");
    try {
      await server.query(`
        CREATE EXTENSION file_fdw;
        CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
        CREATE FOREIGN TABLE program (line text) SERVER files OPTIONS (program 'touch ran; echo 1');`);
      const database = openQuietly(server.target);
      const statement = await parsed("SELECT * FROM program");
      const answer = await database.analyze(
        { statement, values: [], limits, ...unasked },
        never,
      );
      await database.close();
      expect(answer).toMatchObject({
        ok: false,
        error: {
          kind: "readOnlyViolation",
          message: {
            template:
              "it reads the foreign table {0}, whose server may run programs or functions",
          },
        },
      });
      const [ran] = await server.query(
        "SELECT pg_stat_file('ran', true) IS NULL AS untouched",
      );
      expect(ran).toEqual({ untouched: true });
    } finally {
      await server.stop();
    }
  });
});
