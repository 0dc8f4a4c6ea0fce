import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser, type SqlParser } from "../../../src/core/sql/parse.ts";

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

/** Each implied use as `role table.column`, with what else it tells. */
function implied(sql: string): readonly string[] {
  const parsed = parser.parse(sql);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { tables, implied: uses = [] } = parsed.value.facts;
  return uses.map((use) => {
    const table =
      use.table === undefined ? "?" : (tables[use.table]?.name ?? "?");
    const direction = use.direction === "desc" ? " desc" : "";
    const within = use.wrappedIn === undefined ? "" : ` in ${use.wrappedIn}`;
    return `${use.role} ${table}.${use.column}${direction}${within}`;
  });
}

describe("what a statement implies", () => {
  test("a condition on a subquery's output is one on the column beneath", () => {
    expect(
      implied("SELECT 1 FROM (SELECT a AS b, c FROM t) x WHERE x.b = 1"),
    ).toEqual(["equality t.a"]);
  });

  test("a condition on a CTE's output goes through a star and every branch of a UNION", () => {
    expect(
      implied(
        "WITH u AS (SELECT a, b FROM t UNION ALL SELECT c, d FROM s), v AS (SELECT * FROM u) SELECT 1 FROM v WHERE v.b > 1",
      ),
    ).toEqual(["range t.b", "range s.d"]);
  });

  test("a USING with a subquery joins the column beneath", () => {
    expect(
      implied("SELECT 1 FROM (SELECT a AS b FROM t) x JOIN s USING (b)"),
    ).toEqual(["join t.a"]);
  });

  test("a condition on what a subquery computes is one on the expression beneath", () => {
    expect(
      implied("SELECT 1 FROM (SELECT a + 1 AS b FROM t) x WHERE x.b = 1"),
    ).toEqual(["equality t.a in a + 1"]);
    expect(
      implied(
        "SELECT 1 FROM (SELECT t.a || s.c AS b, u.a || s.c AS d FROM t AS u, t, s) x WHERE x.b = '1' AND x.d = '2'",
      ),
    ).toEqual([]);
    expect(
      implied("SELECT 1 FROM (SELECT max(a) AS b FROM t) x WHERE x.b = 1"),
    ).toEqual(["order t.a"]);
  });

  test("an expression over a subquery's output is one over the columns beneath", () => {
    expect(
      implied(
        'SELECT 1 FROM (SELECT "A" AS b, lower(c) AS d FROM t) x WHERE x.b || d = $1',
      ),
    ).toEqual(['equality t.A in "A" || (lower(c))']);
  });

  test("a window wants its partitions together and its order within", () => {
    expect(
      implied("SELECT rank() OVER (PARTITION BY a ORDER BY b DESC) FROM t"),
    ).toEqual(["order t.a", "order t.b desc"]);
    expect(
      implied("SELECT sum(x) OVER w FROM t WINDOW w AS (ORDER BY b)"),
    ).toEqual(["order t.b"]);
  });

  test("min, max and distinct values want their column in order, behind the columns of their groups", () => {
    expect(implied("SELECT max(a) FROM t")).toEqual(["order t.a"]);
    expect(implied("SELECT b AS c, max(a) FROM t GROUP BY c")).toEqual([
      "order t.b",
      "order t.a",
    ]);
    expect(implied("SELECT count(DISTINCT a), sum(b) FROM t")).toEqual([
      "order t.a",
    ]);
  });

  test("DISTINCT wants its columns together", () => {
    expect(implied("SELECT DISTINCT a, b FROM t")).toEqual([
      "order t.a",
      "order t.b",
    ]);
  });

  test("a distance from a value orders by nearness, one between columns does not", () => {
    expect(
      implied("SELECT 1 FROM t ORDER BY p <-> point '(1,2)' LIMIT 3"),
    ).toEqual(["nearest t.p"]);
    expect(
      implied("SELECT p <-> point '(1,2)' AS far FROM t ORDER BY far LIMIT 3"),
    ).toEqual(["nearest t.p"]);
    expect(
      implied("SELECT 1 FROM t ORDER BY point(x, y) <-> point '(1,2)' LIMIT 3"),
    ).toEqual(["nearest t.x in point(x, y)", "nearest t.y in point(x, y)"]);
    expect(implied("SELECT 1 FROM t ORDER BY p <-> q LIMIT 3")).toEqual([]);
    expect(implied("SELECT 1 FROM t ORDER BY t.p <-> t.q LIMIT 3")).toEqual([]);
    expect(
      implied(
        "SELECT (SELECT 1 FROM t ORDER BY p <-> s.q LIMIT 1) AS near FROM s",
      ),
    ).toEqual(["nearest t.p"]);
  });

  test("a chain of queries that each read the one before twice is read in no time", () => {
    const chain = Array.from(
      { length: 40 },
      (_, at) =>
        `c${at + 1} AS (SELECT a.x FROM c${at} a, c${at} b UNION ALL SELECT * FROM c${at})`,
    );
    expect(
      implied(
        `WITH c0 AS (SELECT x FROM t), ${chain.join(", ")} SELECT 1 FROM c40 WHERE c40.x = 1`,
      ),
    ).toContain("equality t.x");
  });

  test("arms of an OR are told apart, conditions of one arm are not", () => {
    const parsed = parser.parse(
      "SELECT 1 FROM t WHERE (a = 1 AND b = 2) OR c = 3",
    );
    const arms = parsed.ok
      ? parsed.value.facts.columns.map(({ column, arm }) => [column, arm])
      : [];
    expect(arms).toEqual([
      ["a", 1],
      ["b", 1],
      ["c", 2],
    ]);
  });

  test("an operator is told as it reads with the column first", () => {
    const parsed = parser.parse(
      "SELECT 1 FROM t WHERE box '(1,1)' @> p AND q && ARRAY[1]",
    );
    const operators = parsed.ok
      ? parsed.value.facts.columns.map(({ operator }) => operator)
      : [];
    expect(operators).toEqual(["<@", "&&"]);
  });
});
