import { beforeAll, expect, test } from "vitest";
import { loadSqlParser, type SqlParser } from "../../../src/core/sql/parse.ts";
import { replaceViews } from "../../../src/core/sql/replace-views.ts";

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

function replaced(sql: string, definition: string): string {
  const parsed = parser.parse(sql);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const views = parsed.value.facts.tables
    .filter(({ name }) => name === "v")
    .map(({ id }) => [id, definition] as const);
  return replaceViews(parsed.value, new Map(views));
}

test("a view's query stands in its place under its name or its alias", () => {
  expect(
    replaced(
      "SELECT * FROM v JOIN public.v AS w ON w.a = v.a",
      " SELECT a FROM t;\n",
    ),
  ).toBe(
    'SELECT * FROM (SELECT a FROM t) "v" JOIN (SELECT a FROM t) AS w ON w.a = v.a',
  );
});

test("what comes out can be read again", () => {
  const text = replaced(
    "SELECT count(*) FROM v x, t WHERE x.a = t.a",
    "SELECT 1 AS a",
  );
  expect(parser.parse(text).ok).toBe(true);
});
