import { beforeAll, describe, expect, it } from "vitest";
import {
  checkDdl,
  loadParseTree,
  type ParseTree,
} from "../../../src/core/twin/check-ddl.ts";
import { planBuild } from "../../../src/core/twin/plan-build.ts";
import { english, sayText } from "../../../src/core/words.ts";
import { emptyBundle } from "../../support/empty-bundle.ts";

let parse: ParseTree;
beforeAll(async () => {
  parse = await loadParseTree();
});

describe("a statement of a bundle", () => {
  it.each([
    "CREATE SCHEMA sales",
    "CREATE TYPE sales.state AS ENUM ('a', 'b')",
    "CREATE TYPE sales.address AS (street text)",
    "CREATE TYPE sales.span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi)",
    "CREATE DOMAIN sales.email AS text",
    "ALTER DOMAIN sales.email ADD CONSTRAINT c CHECK (VALUE LIKE '%@%')",
    "ALTER DOMAIN sales.email SET NOT NULL",
    "CREATE SEQUENCE sales.numbers",
    "CREATE OR REPLACE FUNCTION f(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT lower($1) $$",
    "CREATE FUNCTION f(int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path TO 'sales' AS $$ BEGIN RETURN 1; END $$",
    'CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b text COLLATE "C" NOT NULL) PARTITION BY RANGE (a)',
    "ALTER TABLE ONLY t ATTACH PARTITION u FOR VALUES FROM (1, MINVALUE) TO ('2024-01-01', MAXVALUE)",
    "ALTER TABLE ONLY t ATTACH PARTITION u FOR VALUES IN (NULL, true, 'x'::text)",
    "ALTER TABLE ONLY t ATTACH PARTITION u FOR VALUES WITH (modulus 4, remainder 1)",
    "ALTER TABLE ONLY t ATTACH PARTITION u DEFAULT",
    "ALTER TABLE ONLY t INHERIT p",
    "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p (a) NOT VALID",
    "ALTER TABLE ONLY t ALTER COLUMN a SET DEFAULT nextval('s'::regclass)",
    "CREATE UNIQUE INDEX i ON t USING btree (lower(b) text_pattern_ops) INCLUDE (a) WHERE a > 1",
    "CREATE VIEW v (a) WITH (security_barrier=true) AS SELECT 1",
    "CREATE STATISTICS s (mcv) ON a, b FROM t",
  ])("may be %s", (sql) => {
    expect(checkDdl(sql, parse)).toMatchObject({ ok: true });
  });

  it.each([
    ["SELECT 1", "SelectStmt"],
    ["DROP TABLE t", "DropStmt"],
    ["DO $$ BEGIN END $$", "DoStmt"],
    ["COPY t TO PROGRAM 'id'", "CopyStmt"],
    ["CREATE TABLE t AS SELECT pg_read_file('x')", "CreateTableAsStmt"],
    ["CREATE MATERIALIZED VIEW v AS SELECT 1", "CreateTableAsStmt"],
    ["CREATE EXTENSION plpython3u", "CreateExtensionStmt"],
    ["ALTER SYSTEM SET work_mem = 1", "AlterSystemStmt"],
    ["CREATE ROLE x SUPERUSER", "CreateRoleStmt"],
    ["SET SESSION AUTHORIZATION postgres", "VariableSetStmt"],
    ["CREATE TABLE t (a int); DROP TABLE t", "2 statements"],
    ["", "empty"],
    ["CREATE TABLE t (", "not SQL"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x', 'y'", "written in c"],
    [
      "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'x'",
      "written in plpython3u",
    ],
    ["CREATE FUNCTION f() RETURNS int AS 'x'", "language is missing"],
    [
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET role TO postgres AS 'select 1'",
      "changes the role",
    ],
    ["CREATE PROCEDURE p() LANGUAGE sql AS 'select 1'", "procedures"],
    ["CREATE TEMP TABLE t (a int)", "ordinary tables"],
    ["CREATE TABLE t (a int) TABLESPACE x", "tablespace"],
    ["ALTER TABLE t OWNER TO postgres", "AT_ChangeOwner"],
    [
      "ALTER TABLE t ADD CONSTRAINT c CHECK (true), SET TABLESPACE x",
      "AT_SetTableSpace",
    ],
    [
      "ALTER TABLE t ADD COLUMN b text DEFAULT pg_read_file('x')",
      "AT_AddColumn",
    ],
    [
      "ALTER TABLE t ATTACH PARTITION u FOR VALUES FROM (pg_sleep(9)) TO (2)",
      "not a constant",
    ],
    ["CREATE DOMAIN d AS text CHECK (f(VALUE))", "statements of their own"],
    ["CREATE TYPE r AS RANGE (SUBTYPE = int, CANONICAL = f)", "canonical"],
    ["CREATE INDEX CONCURRENTLY i ON t (a)", "CONCURRENTLY"],
    ["CREATE TEMP VIEW v AS SELECT 1", "ordinary views"],
    ["CREATE SCHEMA s CREATE TABLE t (a int)", "without content"],
    ["CREATE SCHEMA s AUTHORIZATION postgres", "role"],
  ])("may not be %s", (sql, why) => {
    const checked = checkDdl(sql, parse);
    expect(checked.ok ? "" : sayText(checked.error, english)).toContain(why);
  });
});

describe("a build", () => {
  it("leaves out what is refused and tells it, and adds domains' constraints last", () => {
    const plan = planBuild(
      {
        ...emptyBundle,
        extensions: [
          { name: "citext", schema: "public" },
          { name: "plperlu", schema: "public" },
        ],
        settings: {
          work_mem: "8192",
          "x; drop": "1",
          shared_preload_libraries: "evil",
        },
        ddl: [
          { what: "domain d", sql: "CREATE DOMAIN d AS text" },
          {
            what: "check of d",
            sql: "ALTER DOMAIN d ADD CONSTRAINT c CHECK (true)",
          },
          { what: "harm", sql: "COPY t FROM PROGRAM 'id'" },
          { what: "table t", sql: "CREATE TABLE t (a d)" },
        ],
      },
      parse,
    );
    expect(plan.structure.map(({ what }) => what)).toEqual([
      "domain d",
      "table t",
    ]);
    expect(plan.afterStatistics.map(({ what }) => what)).toEqual([
      "check of d",
    ]);
    expect(plan.extensions.map(({ name }) => name)).toEqual(["citext"]);
    expect(plan.settings).toEqual([["work_mem", "8192"]]);
    expect(plan.refused.map(({ what }) => sayText(what, english))).toEqual([
      "harm",
      "extension plperlu",
    ]);
  });

  it.each([
    ["nowhere, pg_catalog", []],
    ['"$user"', []],
    ["sales, nowhere", ["sales, nowhere"]],
    ['"$user", public', ['"$user", public']],
    ['""', ['""']],
  ])(
    "takes the search_path %s only where it leads to a schema of the bundle",
    (path, taken) => {
      const ddl = [{ what: "schema sales", sql: "CREATE SCHEMA sales" }];
      const plan = planBuild(
        { ...emptyBundle, ddl, settings: { search_path: path } },
        parse,
      );
      expect(plan.settings.map(([, value]) => value)).toEqual(taken);
      expect(plan.refused.map(({ what }) => sayText(what, english))).toEqual(
        taken.length === 0 ? ["setting search_path"] : [],
      );
    },
  );
});
