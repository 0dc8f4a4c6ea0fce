import { expect, test } from "vitest";
import type { Candidate } from "../../../src/core/advice/candidates.ts";
import { isHiddenFromPlanner } from "../../../src/core/advice/provable.ts";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import { indexOf, keyOf, tableOf } from "./samples.ts";

const parser = await loadSqlParser();

const candidate: Candidate = {
  index: indexOf([keyOf("lower(name)", { isExpression: true })]),
  table: tableOf("users", []),
  rank: 0,
};

function isHidden(sql: string, of: Candidate = candidate): boolean {
  const parsed = parser.parse(sql);
  if (!parsed.ok) throw new Error("a statement expected");
  return isHiddenFromPlanner(of, parsed.value, { kind: "hypopg" });
}

test.each([
  "SELECT 1 FROM users WHERE lower(name) = 'x'",
  "SELECT 1 FROM users u JOIN posts p ON p.by = u.id WHERE lower(name) = 'x'",
  "UPDATE users SET name = 'y' WHERE lower(name) = 'x'",
  "SELECT (SELECT count(*) FROM users WHERE lower(name) = 'x') FROM posts",
])("HypoPG shows an expression on the first table of a level: %s", (sql) => {
  expect(isHidden(sql)).toBe(false);
});

test.each([
  "SELECT 1 FROM posts p JOIN users u ON p.by = u.id WHERE lower(name) = 'x'",
  "SELECT 1 FROM (SELECT name FROM users) s WHERE lower(name) = 'x'",
  "WITH s AS (SELECT name FROM users) SELECT 1 FROM s WHERE lower(name) = 'x'",
  "INSERT INTO posts SELECT id FROM users WHERE lower(name) = 'x'",
  "SELECT 1 FROM posts WHERE EXISTS (SELECT 1 FROM users WHERE id = posts.by AND lower(name) = 'x')",
])("HypoPG hides an expression on any other table: %s", (sql) => {
  expect(isHidden(sql)).toBe(true);
});

test("HypoPG hides an expression on parts, and no plain column", () => {
  const sql = "SELECT 1 FROM users WHERE lower(name) = 'x'";
  const table = tableOf("users", [], { kind: "partitioned" });
  expect(isHidden(sql, { ...candidate, table })).toBe(true);
  const plain = { ...candidate, table, index: indexOf(["name"]) };
  expect(isHidden(sql, plain)).toBe(false);
});
