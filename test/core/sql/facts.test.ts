import { describe, expect, it } from "vitest";
import type { Catalog } from "../../../src/core/catalog.ts";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import { resolveColumns } from "../../../src/core/sql/resolve-columns.ts";
import type {
  ColumnUse,
  ParsedStatement,
  StatementFacts,
} from "../../../src/core/sql/statement.ts";

const parser = await loadSqlParser();

function read(text: string): ParsedStatement {
  const parsed = parser.parse(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

function describeAgainst(against: ColumnUse["against"]): string {
  switch (against?.kind) {
    case "constant":
      return against.text;
    case "parameter":
      return `$${against.number}`;
    case "column":
      return `${against.qualifier ?? ""}.${against.column}`;
    case "expression":
      return "expression";
    case undefined:
      return "";
  }
}

function describeUse(facts: StatementFacts, use: ColumnUse): string {
  const table = facts.tables.find(({ id }) => id === use.table)?.name ?? "?";
  const hidden = use.wrappedIn === undefined ? "" : `in ${use.wrappedIn}`;
  const parts = [
    `${table}.${use.column}`,
    use.role,
    describeAgainst(use.against),
    use.direction ?? "",
    use.nulls ?? "",
    use.position ?? "",
    hidden,
    use.underOr ? "underOr" : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** `orders.status equality 'open'`, one line per column use but the output. */
const describeColumns = (facts: StatementFacts): readonly string[] =>
  facts.columns
    .filter(({ role }) => role !== "output")
    .map((use) => describeUse(facts, use));

const columnsOf = (text: string): readonly string[] =>
  describeColumns(read(text).facts);

function constructsOf(text: string): readonly string[] {
  const { facts, sql } = read(text);
  return facts.constructs.map(
    ({ kind, span }) => `${kind}: ${sql.slice(span.start, span.end)}`,
  );
}

const where = (condition: string): readonly string[] =>
  columnsOf(`SELECT 1 FROM t WHERE ${condition}`);

describe("tables", () => {
  it("are listed with alias, schema, level and place", () => {
    const { facts, sql } = read(
      'SELECT 1 FROM s.a AS x JOIN "B c" ON true WHERE EXISTS (SELECT 1 FROM d)',
    );
    expect(
      facts.tables.map((table) => [
        table.schema,
        table.name,
        table.alias,
        table.scope,
        sql.slice(table.span.start, table.span.end),
      ]),
    ).toEqual([
      ["s", "a", "x", 0, "s.a"],
      [undefined, "B c", undefined, 0, '"B c"'],
      [undefined, "d", undefined, 1, "d"],
    ]);
  });

  it("do not include CTEs, yet include a table of the same name outside their sight", () => {
    const names = (text: string): readonly string[] =>
      read(text).facts.tables.map(({ name }) => name);
    expect(names("WITH c AS (SELECT * FROM t) SELECT * FROM c")).toEqual(["t"]);
    expect(names("WITH c AS (SELECT * FROM c) SELECT * FROM c")).toEqual(["c"]);
    expect(
      names(
        "WITH RECURSIVE c AS (SELECT 1 UNION ALL SELECT * FROM c) SELECT * FROM c, public.c",
      ),
    ).toEqual(["c"]);
    expect(
      names("SELECT * FROM (WITH c AS (SELECT 1) SELECT * FROM c) x, c"),
    ).toEqual(["c"]);
    expect(
      names("WITH c AS (SELECT 1) SELECT (SELECT count(*) FROM c)"),
    ).toEqual([]);
  });

  it("that are written to are marked", () => {
    const targets = read("INSERT INTO t SELECT * FROM u").facts.tables;
    expect(targets.map(({ name, isTarget }) => [name, isTarget])).toEqual([
      ["t", true],
      ["u", false],
    ]);
  });
});

describe("the role of a column", () => {
  it.each<[string, readonly string[]]>([
    ["a = 1", ["t.a equality 1"]],
    ["a = $1", ["t.a equality $1"]],
    ["1 = a", ["t.a equality 1"]],
    ["a = now()", ["t.a equality expression"]],
    ["a = '2024-01-01'::date", ["t.a equality '2024-01-01'::date"]],
    ["a = -5", ["t.a equality -5"]],
    ["a IN (1, 2)", ["t.a equality 1, 2"]],
    ["a = ANY ($1)", ["t.a equality $1"]],
    ["$1 = ANY (a)", ["t.a other"]],
    ["a NOT IN (1)", ["t.a inequality 1"]],
    ["a <> 1", ["t.a inequality 1"]],
    ["a BETWEEN 1 AND 2", ["t.a range 1 AND 2"]],
    ["a >= $1 AND a < $2", ["t.a range $1", "t.a range $2"]],
    ["a IS NULL AND b IS NOT NULL", ["t.a isNull", "t.b isNotNull"]],
    ["a LIKE 'x%'", ["t.a prefixLike 'x%'"]],
    ["a LIKE '%x'", ["t.a leadingWildcardLike '%x'"]],
    ["a ILIKE '%x'", ["t.a leadingWildcardLike '%x'"]],
    ["a LIKE '%' || $1", ["t.a leadingWildcardLike expression"]],
    ["a LIKE 'x'", ["t.a equality 'x'"]],
    ["a LIKE $1", ["t.a other $1"]],
    ["a NOT LIKE 'x%'", ["t.a other 'x%'"]],
    ["a @> '{}'", ["t.a containment '{}'"]],
    ["a @@ to_tsquery('x')", ["t.a textSearch expression"]],
    ["(a, b) > (1, $1)", ["t.a range 1", "t.b range $1"]],
    [
      "(a, b) IN ((1, 2), (3, 4))",
      ["t.a equality expression", "t.b equality expression"],
    ],
    ["a AND NOT b", ["t.a equality true", "t.b equality false"]],
    ["a IS TRUE", ["t.a equality true"]],
    ["a = 1 OR b > 2", ["t.a equality 1 underOr", "t.b range 2 underOr"]],
    ["NOT (a = 1)", ["t.a equality 1 underOr"]],
    ["a = b", ["t.a other .b", "t.b other .a"]],
    ["lower(a) = 'x'", ["t.a equality 'x' in lower(a)"]],
    ["a::date = $1", ["t.a equality $1 in a::date"]],
    [
      "CAST(a AS timestamp with time zone) > now()",
      ["t.a range expression in CAST(a AS timestamp with time zone)"],
    ],
    ["(a + 1) * 2 = 4", ["t.a equality 4 in (a + 1) * 2"]],
    ["a ->> 'é' = 'ü'", ["t.a equality 'ü' in a ->> 'é'"]],
    ["coalesce(a, 0) = 1", ["t.a equality 1 in coalesce(a, 0)"]],
    [
      "CASE WHEN a THEN b END = 1",
      [
        "t.a equality 1 in CASE WHEN a THEN b END",
        "t.b equality 1 in CASE WHEN a THEN b END",
      ],
    ],
    [
      "date_trunc('day', a) = date_trunc('day', now())",
      ["t.a equality expression in date_trunc('day', a)"],
    ],
  ])("in %s", (condition, expected) => {
    expect(where(condition)).toEqual(expected);
  });

  it("of two tables compared is join, by ON, USING, WHERE and IN alike", () => {
    const both = ["a.x join b.y", "b.y join a.x"];
    expect(columnsOf("SELECT 1 FROM a JOIN b ON a.x = b.y")).toEqual(both);
    expect(columnsOf("SELECT 1 FROM a, b WHERE a.x = b.y")).toEqual(both);
    expect(columnsOf("SELECT 1 FROM a JOIN b USING (x)")).toEqual([
      "a.x join .x",
      "b.x join .x",
    ]);
    expect(columnsOf("SELECT 1 FROM a WHERE x IN (SELECT y FROM b)")).toEqual([
      "a.x join .y",
      "b.y join .x",
    ]);
    expect(
      columnsOf(
        "SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.y = a.x)",
      ),
    ).toEqual(["b.y join a.x", "a.x join b.y"]);
  });

  it("of the same table twice is join as well", () => {
    expect(
      columnsOf("SELECT 1 FROM t a JOIN t b ON a.x = b.x").map(
        (line) => line.split(" ")[1],
      ),
    ).toEqual(["join", "join"]);
  });

  it("in ORDER BY tells direction, nulls and position, through names and numbers of the output", () => {
    expect(
      columnsOf(
        "SELECT a, b AS n FROM t ORDER BY n DESC NULLS LAST, 1, c NULLS FIRST",
      ),
    ).toEqual([
      "t.b sort desc last 0",
      "t.a sort asc 1",
      "t.c sort asc first 2",
    ]);
    expect(columnsOf("SELECT 1 FROM t ORDER BY lower(a)")).toEqual([
      "t.a sort asc 0 in lower(a)",
    ]);
  });

  it("in ORDER BY of an aggregate is no sort key", () => {
    expect(
      columnsOf("SELECT g, sum(a) AS s FROM t GROUP BY g ORDER BY s"),
    ).toEqual(["t.g group 0", "t.a other asc 0 in sum(a)"]);
  });

  it("in UPDATE tells what is assigned and what is looked for", () => {
    expect(columnsOf("UPDATE t SET a = u.b FROM u WHERE t.id = u.id")).toEqual([
      "t.a assigned",
      "u.b other",
      "t.id join u.id",
      "u.id join t.id",
    ]);
  });

  it("in INSERT … ON CONFLICT and MERGE is read", () => {
    expect(
      columnsOf(
        "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.b",
      ),
    ).toEqual(["t.a assigned", "t.b assigned", "?.b other"]);
    expect(
      columnsOf(
        "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = s.b",
      ),
    ).toEqual([
      "t.id join s.id",
      "s.id join t.id",
      "t.a assigned",
      "s.b other",
    ]);
  });
});

describe("constructs", () => {
  it("are found with the very text that causes the trouble", () => {
    expect(
      constructsOf(
        "SELECT * FROM t WHERE lower(é) = 'ü' AND b LIKE '%x%' ORDER BY c DESC NULLS LAST LIMIT 10 OFFSET 5000",
      ),
    ).toEqual([
      "selectStar: *",
      "wrappedColumn: lower(é)",
      "leadingWildcard: '%x%'",
      "orderBy: ORDER BY c DESC NULLS LAST",
      "limit: LIMIT 10",
      "offset: OFFSET 5000",
    ]);
  });

  it("tell the rows of OFFSET only when they are written", () => {
    const rows = (text: string): unknown =>
      read(text).facts.constructs.find(({ kind }) => kind === "offset");
    expect(rows("SELECT 1 FROM t OFFSET 10")).toMatchObject({ rows: 10 });
    expect(rows("SELECT 1 FROM t OFFSET $1")).toMatchObject({
      rows: undefined,
    });
    expect(rows("SELECT 1 FROM t OFFSET 3000000000")).toMatchObject({
      rows: 3_000_000_000,
    });
  });

  it("include NOT IN over a subquery, not over a list", () => {
    expect(
      constructsOf("SELECT 1 FROM t WHERE a NOT IN (SELECT b FROM u)"),
    ).toEqual(["notInSubquery: a NOT IN (SELECT b FROM u)"]);
    expect(constructsOf("SELECT 1 FROM t WHERE a NOT IN (1, 2)")).toEqual([]);
    expect(
      constructsOf("SELECT 1 FROM t WHERE NOT a < ANY (SELECT b FROM u)"),
    ).toEqual([]);
  });

  it("include subqueries run per row, not those that become joins", () => {
    expect(
      constructsOf("SELECT (SELECT max(b) FROM u WHERE u.t = t.id) FROM t"),
    ).toEqual(["correlatedSubquery: (SELECT max(b) FROM u WHERE u.t = t.id)"]);
    expect(
      constructsOf(
        "SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.t = t.id)",
      ),
    ).toEqual([]);
    expect(
      constructsOf(
        "SELECT 1 FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.t = t.id)",
      ),
    ).toEqual([]);
    expect(constructsOf("SELECT (SELECT max(b) FROM u) FROM t")).toEqual([]);
  });

  it("do not take a row of columns for a wrapping", () => {
    expect(
      constructsOf(
        "SELECT 1 FROM t WHERE (a, b) IN ((1, 2)) AND (a, b) IN (SELECT c, d FROM u)",
      ),
    ).toEqual([]);
  });

  it("count LIMIT ALL as no limit", () => {
    const { scopes } = read("SELECT 1 FROM t LIMIT ALL").facts;
    expect(scopes[0]?.hasLimit).toBe(false);
  });
});

const table = (
  name: string,
  columns: readonly string[],
): Catalog["tables"][number] => ({
  schema: "public",
  name,
  kind: "table",
  estimatedRows: 1,
  pages: 1,
  columns: columns.map((column) => ({
    name: column,
    type: "integer",
    notNull: false,
    distinctValues: undefined,
    nullFraction: undefined,
    averageBytes: undefined,
    correlation: undefined,
  })),
  indexes: [],
  foreignKeys: [],
  referencedBy: [],
});

const catalog: Catalog = {
  tables: [table("t", ["id", "a"]), table("u", ["id", "b"])],
};
const resolved = (text: string): readonly string[] =>
  describeColumns(resolveColumns(read(text).facts, catalog));

describe("resolving unqualified columns by the catalog", () => {
  it("finds the one table that has the column", () => {
    expect(resolved("SELECT 1 FROM t, u WHERE a = 1 AND b = 2")).toEqual([
      "t.a equality 1",
      "u.b equality 2",
    ]);
  });

  it("leaves a column that both have, or none", () => {
    expect(resolved("SELECT 1 FROM t, u WHERE id = 1 AND z = 2")).toEqual([
      "?.id equality 1",
      "?.z equality 2",
    ]);
  });

  it("settles very many columns that several tables have", () => {
    const { facts } = read("SELECT id FROM t, u");
    const columns = Array.from({ length: 60_000 }, () => facts.columns).flat();
    const settled = resolveColumns({ ...facts, columns }, catalog);
    expect(settled.columns.every(({ table }) => table === undefined)).toBe(
      true,
    );
  });

  it("looks one level up when no table of the level has it", () => {
    expect(
      resolved(
        "SELECT 1 FROM t, t t2 WHERE EXISTS (SELECT 1 FROM u, u u2 WHERE a = 1)",
      ),
    ).toEqual(["?.a equality 1"]);
    expect(
      resolved(
        "SELECT 1 FROM t, u WHERE EXISTS (SELECT 1 FROM u x, u y WHERE a = 1)",
      ),
    ).toEqual(["t.a equality 1"]);
  });

  it("takes the column of JOIN … USING from the first table", () => {
    expect(
      resolved("SELECT 1 FROM t JOIN u USING (id) WHERE id = 1").at(-1),
    ).toBe("t.id equality 1");
  });

  it("tells which subqueries are run per row, where no column names its table", () => {
    const correlated = (text: string): readonly string[] => {
      const { facts, sql } = read(text);
      return resolveColumns(facts, catalog)
        .constructs.filter(({ kind }) => kind === "correlatedSubquery")
        .map(({ span }) => sql.slice(span.start, span.end));
    };
    const one = "(SELECT max(id) FROM u WHERE b = a)";
    expect(correlated(`SELECT ${one} FROM t`)).toEqual([one]);
    const several = "(SELECT count(*) FROM u x, u y WHERE x.b = a)";
    expect(correlated(`SELECT 1 FROM t WHERE ${several} > 1`)).toEqual([
      several,
    ]);
    const inner = "(SELECT max(id) FROM u WHERE b = a)";
    const outer = `(SELECT count(*) FROM u WHERE b > ${inner})`;
    expect(correlated(`SELECT ${outer} FROM t`).toSorted()).toEqual(
      [outer, inner].toSorted(),
    );
    expect(
      correlated("SELECT (SELECT max(id) FROM u WHERE b = 1) FROM t"),
    ).toEqual([]);
    expect(
      correlated("SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM u WHERE b = a)"),
    ).toEqual([]);
    const qualified = "(SELECT max(b) FROM u WHERE u.id = t.id)";
    expect(correlated(`SELECT ${qualified} FROM t`)).toEqual([qualified]);
  });

  it("gives up where a subquery in FROM may have the column", () => {
    expect(
      resolved(
        "SELECT 1 FROM t, u WHERE EXISTS (SELECT 1 FROM u x, (SELECT 1 AS a) y WHERE a = 1)",
      ),
    ).toEqual(["?.a equality 1"]);
  });
});

describe("what may call a function without its name", () => {
  const names = (
    found: readonly {
      readonly schema: string | undefined;
      readonly name: string;
    }[],
  ): readonly string[] =>
    found
      .map(({ schema, name }) => [schema, name].filter(Boolean).join("."))
      .toSorted();

  it("is an operator, also where words stand for it", () => {
    const operators = (text: string): readonly string[] =>
      names(read(text).facts.operators);
    expect(operators("SELECT a BETWEEN 1 AND 2 FROM t")).toEqual(["<=", ">="]);
    expect(operators("SELECT a NOT BETWEEN SYMMETRIC 1 AND 2 FROM t")).toEqual([
      "<",
      ">",
    ]);
    for (const text of [
      "SELECT 1 FROM t JOIN u USING (a)",
      "SELECT 1 FROM t NATURAL JOIN u",
      "SELECT CASE a WHEN b THEN 1 END FROM t",
      "SELECT a IN (SELECT b FROM u) FROM t",
      "SELECT a IN (1, 2) FROM t",
      "SELECT NULLIF(a, b), a IS DISTINCT FROM b FROM t",
    ])
      expect(operators(text)).toEqual(["="]);
    expect(operators("SELECT 1 OPERATOR(s.+) 2")).toEqual(["s.+"]);
    expect(operators("SELECT a FROM t ORDER BY a USING OPERATOR(s.<)")).toEqual(
      ["s.<"],
    );
    expect(
      operators("SELECT EXISTS (SELECT 1), CASE WHEN true THEN 1 END"),
    ).toEqual([]);
  });

  it("is a type, wherever it is named", () => {
    const types = (text: string): readonly string[] =>
      names(read(text).facts.types);
    expect(types("SELECT a::s.x[], y 'lit', CAST(b AS z) FROM t")).toEqual([
      "s.x",
      "y",
      "z",
    ]);
    expect(
      types("SELECT * FROM json_to_record('{}') AS r(a x, b int)"),
    ).toEqual(["pg_catalog.int4", "x"]);
    expect(types("SELECT JSON_VALUE(a, '$.b' RETURNING x) FROM t")).toEqual([
      "x",
    ]);
    expect(types("SELECT a FROM t UNION SELECT b::x FROM u")).toEqual(["x"]);
  });

  it("is a name behind a dot", () => {
    expect(
      read(
        "SELECT t.a, (t).b, (f(t.c)).d.e, g FROM t",
      ).facts.members.toSorted(),
    ).toEqual(["a", "b", "c", "d", "e"]);
  });
});
