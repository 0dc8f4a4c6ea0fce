import { beforeAll, describe, expect, it } from "vitest";
import { findParameterPlaces } from "../../../src/core/sql/parameter-places.ts";
import { loadSqlParser, type SqlParser } from "../../../src/core/sql/parse.ts";
import type { StatementFacts } from "../../../src/core/sql/statement.ts";

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

function read(sql: string): {
  readonly sql: string;
  readonly facts: StatementFacts;
} {
  const parsed = parser.parse(sql);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

/** What each parameter feeds, as the words at those places. */
function feedsOf(text: string): Readonly<Record<number, readonly string[]>> {
  const { sql, facts } = read(text);
  return Object.fromEntries(
    (facts.parameterPlaces ?? []).map(({ number, feeds }) => [
      number,
      feeds.map((at) => /^(?:\$?\w+|\S)/.exec(sql.slice(at))?.[0] ?? ""),
    ]),
  );
}

describe("what a parameter feeds", () => {
  it("is found in a list of any length", () => {
    const constants = Array.from({ length: 300_000 }, () => ({ A_Const: {} }));
    const items = [...constants, { ParamRef: { number: 1, location: 0 } }];
    expect(findParameterPlaces({ List: { items } }, "$1")).toHaveLength(1);
  });

  it("is the function around a CASE whose result it is, not around its condition", () => {
    expect(
      feedsOf("SELECT sum(CASE WHEN a = $1 THEN $2 ELSE $3 END) FROM t"),
    ).toEqual({
      1: ["$1", "="],
      2: ["$2", "CASE", "sum"],
      3: ["$3", "CASE", "sum"],
    });
  });

  it("goes through arithmetic up to the comparison", () => {
    expect(feedsOf("SELECT FROM t WHERE a > $1 * ($2 + b)")).toEqual({
      1: ["$1", "*", ">"],
      2: ["$2", "+", "*", ">"],
    });
  });

  it("ends at a cast and at a function", () => {
    expect(feedsOf("SELECT $1::int + f(g($2))")).toEqual({
      1: ["$1"],
      2: ["$2", "g"],
    });
  });

  it("counts UTF-16 units, not bytes", () => {
    expect(feedsOf("SELECT FROM t WHERE 'ß🐘' = a AND b < $1 - $2")).toEqual({
      1: ["$1", "-", "<"],
      2: ["$2", "-", "<"],
    });
  });

  it("is told for operands and counts", () => {
    const { facts } = read(
      "SELECT a FROM t WHERE b = $1 AND c < $2 + 1 LIMIT $3 OFFSET $4",
    );
    const kinds = Object.fromEntries(
      (facts.parameterPlaces ?? []).map(({ number, kind }) => [number, kind]),
    );
    expect(kinds).toEqual({ 1: "other", 2: "operand", 3: "count", 4: "count" });
  });
});

describe("parameters of one value", () => {
  const twinsOf = (text: string) => read(text).facts.parameterTwins ?? [];

  it("are found between an output and its group", () => {
    expect(twinsOf("SELECT f(a, $1, $2) FROM t GROUP BY f(a, $3, $4)")).toEqual(
      [
        { number: 3, as: "$1" },
        { number: 4, as: "$2" },
      ],
    );
  });

  it("are literals where the group kept them", () => {
    expect(
      twinsOf("SELECT 1 + f(a, $1, $2) FROM t GROUP BY f(a, 7, 'x''y')"),
    ).toEqual([
      { number: 1, as: "7" },
      { number: 2, as: "'x''y'" },
    ]);
  });

  it("are told apart by their order where expressions are alike", () => {
    expect(
      twinsOf("SELECT f(a, $1), f(a, $2) FROM t GROUP BY f(a, 1), f(a, 2)"),
    ).toEqual([
      { number: 1, as: "1" },
      { number: 2, as: "2" },
    ]);
  });

  it("are found in each branch of a UNION and under DISTINCT", () => {
    expect(
      twinsOf(
        "SELECT a % $1 FROM t GROUP BY a % $2 UNION SELECT b % $3 FROM t GROUP BY b % $4",
      ),
    ).toEqual([
      { number: 2, as: "$1" },
      { number: 4, as: "$3" },
    ]);
    expect(twinsOf("SELECT DISTINCT a + $1 FROM t ORDER BY a + $2")).toEqual([
      { number: 2, as: "$1" },
    ]);
  });

  it("are none between different expressions", () => {
    expect(twinsOf("SELECT f(a, $1) FROM t GROUP BY f(b, $2), a")).toEqual([]);
  });
});

describe("texts as pg_stat_statements prints them", () => {
  const sent = (text: string): string => read(text).sql;

  it.each([
    ["SELECT extract($1 FROM a)", "SELECT date_part($1, a)"],
    [
      "SELECT EXTRACT($1 FROM a) FROM t GROUP BY extract(year FROM a)",
      "SELECT date_part($1, a) FROM t GROUP BY date_part('year', a)",
    ],
    [
      "SELECT extract(year FROM a) FROM t WHERE b = $1",
      "SELECT extract(year FROM a) FROM t WHERE b = $1",
    ],
    [
      "SELECT timestamp with time zone $1",
      "SELECT ($1::timestamp with time zone)",
    ],
    ["SELECT double precision $1", "SELECT ($1::double precision)"],
    ["SELECT a AT TIME ZONE $1 FROM t", "SELECT a AT TIME ZONE $1 FROM t"],
    [
      "SELECT interval $1 day to second",
      "SELECT ($1::text::interval day to second)",
    ],
    ["SELECT jsonb $1", "SELECT ($1::jsonb)"],
  ])("%s is sent as %s", (text, expected) => {
    expect(sent(text)).toBe(expected);
  });

  it("keeps the way back to what was written around a rewritten extract", () => {
    const text =
      "SELECT extract($1 FROM a) FROM t GROUP BY extract(year FROM a) HAVING count(*) > $2";
    const parsed = parser.parse(text);
    if (!parsed.ok) throw new Error("not parsed");
    const { sql, toOriginal } = parsed.value;
    expect(toOriginal(sql.indexOf("HAVING"))).toBe(text.indexOf("HAVING"));
  });

  it("reads a question mark after FROM of extract as a placeholder", () => {
    expect(sent("SELECT extract(? FROM ?)")).toBe("SELECT date_part($1, $2)");
  });
});
