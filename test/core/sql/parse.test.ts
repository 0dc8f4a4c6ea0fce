import { describe, expect, it } from "vitest";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import type { ParsedStatement } from "../../../src/core/sql/statement.ts";

const parser = await loadSqlParser();

function read(text: string): ParsedStatement {
  const parsed = parser.parse(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

describe("parsing one statement", () => {
  it("sends it without the comments and the semicolon around it", () => {
    const { sql, original } = read("-- first\nSELECT 1 ; -- last");
    expect(sql).toBe("SELECT 1");
    expect(original).toBe("-- first\nSELECT 1 ; -- last");
  });

  it("maps offsets and placeholders to the text as written", () => {
    const { original, sql, toOriginal, placeholders } = read(
      "/* é🙂 */ SELECT a FROM t WHERE b = :a_long_name AND c = 1;",
    );
    expect(toOriginal(sql.indexOf("c = 1"))).toBe(original.indexOf("c = 1"));
    const [place] = placeholders;
    expect(original.slice(place?.span.start, place?.span.end)).toBe(
      ":a_long_name",
    );
  });

  it("takes ? as the jsonb operator where a placeholder does not parse", () => {
    const text = "SELECT ? FROM t WHERE data ? 'x'";
    expect(read("SELECT 1 FROM t WHERE limit_ ? 'x'").placeholders).toEqual([]);
    expect(read(text).sql).toBe("SELECT $1 FROM t WHERE data ? 'x'");
    expect(read("SELECT (SELECT data FROM t) ? 'x'").sql).toBe(
      "SELECT (SELECT data FROM t) ? 'x'",
    );
  });

  it("gives statements that differ in constants one fingerprint", () => {
    expect(read("SELECT 1 FROM t").fingerprint).toBe(
      read("select  2 from t").fingerprint,
    );
    expect(read("SELECT 1 FROM t").fingerprint).not.toBe(
      read("SELECT 1 FROM u").fingerprint,
    );
  });

  it.each([
    ["SELECT 1", "select"],
    ["TABLE t", "select"],
    ["WITH a AS (SELECT 1) SELECT * FROM a", "select"],
    ["VALUES (1)", "values"],
    ["INSERT INTO t VALUES (1)", "insert"],
    ["UPDATE t SET a = 1", "update"],
    ["DELETE FROM t", "delete"],
    ["MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE", "merge"],
    ["CREATE TABLE t AS SELECT 1", "createTableAs"],
    ["CREATE MATERIALIZED VIEW v AS SELECT 1", "createMaterializedView"],
    ["DECLARE c CURSOR FOR SELECT 1", "declareCursor"],
    ["EXECUTE p(1)", "execute"],
  ])("reads the verb of %s", (text, verb) => {
    expect(read(text).verb).toBe(verb);
  });
});

describe("what cannot be explained", () => {
  it.each([
    ["COPY t TO STDOUT", "COPY"],
    ["DO $$ BEGIN END $$", "DO"],
    ["VACUUM t", "VACUUM"],
    ["ANALYZE t", "ANALYZE"],
    ["SET work_mem = '1GB'", "SET"],
    ["SHOW work_mem", "SHOW"],
    ["EXPLAIN SELECT 1", "EXPLAIN"],
    ["EXPLAIN ANALYZE DELETE FROM t", "EXPLAIN"],
    ["CALL p()", "CALL"],
    ["CREATE INDEX ON t (a)", "CREATE INDEX"],
    ["CREATE TABLE t (a int)", "CREATE TABLE"],
    ["ALTER TABLE t ADD b int", "ALTER TABLE"],
    ["DROP TABLE t", "DROP"],
    ["TRUNCATE t", "TRUNCATE"],
    ["BEGIN", "BEGIN"],
    ["ROLLBACK", "ROLLBACK"],
    ["GRANT SELECT ON t TO r", "GRANT"],
    ["REFRESH MATERIALIZED VIEW v", "REFRESH MATERIALIZED VIEW"],
    ["LISTEN c", "LISTEN"],
    ["PREPARE p AS SELECT 1", "PREPARE"],
    ["LOCK TABLE t", "LOCK TABLE"],
  ])("%s is named %s", (text, what) => {
    expect(parser.parse(text)).toEqual({
      ok: false,
      error: { kind: "notExplainable", what },
    });
  });

  it.each([
    ["", { kind: "empty" }],
    [" -- only a comment", { kind: "empty" }],
    [";", { kind: "empty" }],
    ["\\d orders", { kind: "metaCommand" }],
    ["SELECT 1; DELETE FROM t", { kind: "severalStatements", count: 2 }],
    ["SELECT 1\0; DELETE FROM t", { kind: "nulByte", at: 8 }],
  ])("%j is refused", (text, error) => {
    expect(parser.parse(text)).toEqual({ ok: false, error });
  });

  it("places a syntax error in the text as written, whatever stands before it", () => {
    const text = "/* 🙂 */ SELECT 'é' FROM t WHERE a = :name FROM";
    const parsed = parser.parse(text);
    expect(parsed).toMatchObject({
      ok: false,
      error: { kind: "syntax", at: text.lastIndexOf("FROM") },
    });
  });

  it("names a placeholder as it was written", () => {
    expect(parser.parse("SELECT 1 FROM {{ table }}")).toMatchObject({
      error: { message: 'syntax error at or near "{{ table }}"', at: 14 },
    });
  });

  it("reports an unclosed string as a syntax error at its quote", () => {
    const parsed = parser.parse("SELECT 'a");
    expect(parsed).toMatchObject({
      ok: false,
      error: { kind: "syntax", at: 7 },
    });
  });

  it("survives what is nested beyond its memory", () => {
    const parsed = parser.parse(`SELECT ${"(".repeat(20_000)}1`);
    expect(parsed).toMatchObject({ ok: false, error: { kind: "tooComplex" } });
    const joins = parser.parse(
      `SELECT 1 FROM a${" JOIN b ON true".repeat(10_000)}`,
    );
    expect(joins).toMatchObject({ ok: false, error: { kind: "tooComplex" } });
    expect(read("SELECT 1").verb).toBe("select");
  });

  it.each([
    ["operators", (n: number) => `SELECT 1${" + 1".repeat(n)}`],
    ["casts", (n: number) => `SELECT 1${"::int".repeat(n)}`],
    [
      "joins",
      (n: number) =>
        `SELECT 1 FROM a${" JOIN b ON a.x = 1 AND b.y = 2".repeat(n)}`,
    ],
    [
      "set operations",
      (n: number) =>
        `SELECT 1${" UNION SELECT 1 WHERE 1 = 1 AND 2 = 2".repeat(n)}`,
    ],
    [
      "subqueries",
      (n: number) =>
        `SELECT 1 WHERE 1 = ${"(SELECT 1 FROM a, b WHERE 1 = 1 AND 1 = ".repeat(n / 4)}1${")".repeat(n / 4)}`,
    ],
    [
      "calls",
      (n: number) => `SELECT ${"f(1, 1 + ".repeat(n)}1${")".repeat(n)}`,
    ],
    ["parentheses", (n: number) => `SELECT ${"(".repeat(n)}1${")".repeat(n)}`],
    [
      "CASE",
      (n: number) =>
        `SELECT ${"CASE WHEN a AND b THEN 1 + ".repeat(n)}1${" END".repeat(n)}`,
    ],
  ])(
    "still reads after very many statements with too many %s, and those with fewer",
    (kind, nest) => {
      // The grammar used to answer nothing anymore after some thirty of them.
      const accidents = kind === "operators" ? 40 : 1;
      for (let accident = 0; accident < accidents; accident += 1) {
        // A text of its own each time: the parser remembers.
        const parsed = parser.parse(`${nest(12_000)} -- ${accident}\n`);
        expect(parsed).toMatchObject({
          ok: false,
          error: { kind: "tooComplex" },
        });
      }
      expect(read("SELECT a + 1 FROM t").verb).toBe("select");
      expect(read(nest(1_000)).verb).toBe("select");
    },
    60_000,
  );

  it.each([
    ["OR", `SELECT 1 WHERE ${"a = 1 OR ".repeat(30_000)}true`],
    [
      "AND and OR",
      `SELECT 1 WHERE ${"a = 1 AND b <> 2 OR ".repeat(15_000)}true`,
    ],
    ["list entries", `SELECT 1 WHERE a IN (${"-1, ".repeat(40_000)}1)`],
    [
      "rows",
      `INSERT INTO t VALUES ${"(1 + 1, 'a' || 'b'), ".repeat(20_000)}(1, 2)`,
    ],
    [
      "branches of CASE",
      `SELECT CASE ${"WHEN a = 1 THEN -1 ".repeat(15_000)}END`,
    ],
    ["output columns", `SELECT ${"a + 1 AS b, ".repeat(10_000)}1`],
  ])(
    "reads a statement of very many %s: they are long, not deep",
    (_, text) => {
      expect(parser.parse(text).ok).toBe(true);
    },
    60_000,
  );
});

describe("hazards", () => {
  it.each([
    ["SELECT a FROM t WHERE b = 1", []],
    ["INSERT INTO t VALUES (1)", [{ kind: "writes", what: "INSERT" }]],
    ["DELETE FROM t", [{ kind: "writes", what: "DELETE" }]],
    [
      "WITH d AS (DELETE FROM t RETURNING a) SELECT a FROM d",
      [{ kind: "writesInCte", what: "DELETE" }],
    ],
    [
      "WITH d AS (UPDATE t SET a = 1 RETURNING a) INSERT INTO u SELECT a FROM d",
      [
        { kind: "writes", what: "INSERT" },
        { kind: "writesInCte", what: "UPDATE" },
      ],
    ],
    ["SELECT a INTO u FROM t", [{ kind: "selectInto" }]],
    ["SELECT a INTO u FROM t UNION SELECT 2", [{ kind: "selectInto" }]],
    [
      "SELECT a FROM t FOR UPDATE",
      [{ kind: "locksRows", clause: "FOR UPDATE" }],
    ],
    [
      "SELECT a FROM (SELECT a FROM t FOR KEY SHARE) x",
      [{ kind: "locksRows", clause: "FOR KEY SHARE" }],
    ],
    ["SELECT setval('s', 1)", [{ kind: "callsFunction", name: "setval" }]],
    [
      "SELECT a FROM t WHERE b = app.next_id() AND c = app.next_id()",
      [{ kind: "callsFunction", name: "app.next_id" }],
    ],
    ["SELECT a FROM f(1)", [{ kind: "callsFunction", name: "f" }]],
    [
      "CREATE TABLE u AS SELECT 1",
      [{ kind: "writes", what: "CREATE TABLE AS" }],
    ],
    ["EXECUTE p", [{ kind: "writes", what: "EXECUTE" }]],
  ])("of %s", (text, hazards) => {
    expect(read(text).hazards).toEqual(hazards);
  });
});
