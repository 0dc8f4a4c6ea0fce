import { beforeAll, expect, test } from "vitest";
import { withRolesFor } from "../../../src/core/advice/read-roles.ts";
import type { Catalog } from "../../../src/core/catalog.ts";
import { loadSqlParser, type SqlParser } from "../../../src/core/sql/parse.ts";
import { resolveColumns } from "../../../src/core/sql/resolve-columns.ts";
import type { ParsedStatement } from "../../../src/core/sql/statement.ts";
import { columnOf, indexOf, keyOf, tableOf } from "./samples.ts";

const catalog: Catalog = {
  tables: [
    tableOf("users", [
      columnOf("id"),
      columnOf("email", { type: "text" }),
      columnOf("at"),
    ]),
    tableOf("orders", [columnOf("id"), columnOf("user_id")]),
  ],
};

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

function parse(sql: string): ParsedStatement {
  const parsed = parser.parse(sql);
  if (!parsed.ok) throw new Error(sql);
  const facts = resolveColumns(parsed.value.facts, catalog);
  return { ...parsed.value, facts };
}

const grouped = indexOf([keyOf("email", { role: "group" })]);

const rolesFor = (
  index: typeof grouped,
  ...readers: readonly string[]
): readonly string[] =>
  withRolesFor(index, readers.map(parse), catalog).keys.map(({ role }) => role);

test("a key has the role that it has for the query which reads it, not for the one that brought it up", () => {
  expect(rolesFor(grouped, "SELECT id FROM users WHERE email = 'a'")).toEqual([
    "equality",
  ]);
  expect(
    rolesFor(
      indexOf([keyOf("user_id", { role: "equality" })], { table: "orders" }),
      "SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id",
    ),
  ).toEqual(["join"]);
});

test("finding rows is told before grouping them", () => {
  expect(
    rolesFor(
      grouped,
      "SELECT email, count(*) FROM users WHERE email > 'a' GROUP BY email",
    ),
  ).toEqual(["range"]);
  expect(
    rolesFor(grouped, "SELECT email, count(*) FROM users GROUP BY email"),
  ).toEqual(["group"]);
});

test("of several readers the first that asks for a key tells its role", () => {
  const index = indexOf([keyOf("email", { role: "sort" }), keyOf("at")]);
  expect(
    rolesFor(
      index,
      "SELECT id FROM users WHERE email = 'a'",
      "SELECT id FROM users WHERE at > 7 ORDER BY email",
    ),
  ).toEqual(["equality", "range"]);
});

test("a key that no reader asks for keeps its role", () => {
  expect(rolesFor(grouped, "SELECT user_id FROM orders")).toEqual(["group"]);
  expect(rolesFor(grouped)).toEqual(["group"]);
});
