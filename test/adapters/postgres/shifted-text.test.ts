import { expect, test } from "vitest";
import {
  placeInStatement,
  replaceParameters,
} from "../../../src/adapters/postgres/shifted-text.ts";
import { parsed } from "./support.ts";

test("every character of the other text is found in the statement's own", async () => {
  const statement = await parsed(
    "SELECT '📚' || $1, $2 + a FROM t WHERE b = $10 AND c = $1",
  );
  const other = new Map([
    [1, "'long value'"],
    [2, ""],
    [10, "7"],
  ]);
  const shifted = replaceParameters(statement, ({ number }) =>
    other.get(number),
  );
  expect(shifted.text).toBe(
    "SELECT '📚' || 'long value',  + a FROM t WHERE b = 7 AND c = 'long value'",
  );
  const placeOf = (word: string, from = 0): string => {
    const unit = shifted.text.indexOf(word, from);
    const character = Array.from(shifted.text.slice(0, unit)).length;
    return statement.sql.slice(placeInStatement(shifted, character));
  };
  expect(placeOf("SELECT")).toBe(statement.sql);
  expect(placeOf("||")).toMatch(/^\|\| \$1, \$2/u);
  expect(placeOf("value")).toMatch(/^\$1, \$2/u);
  expect(placeOf("+ a")).toMatch(/^\+ a FROM/u);
  expect(placeOf("7 AND")).toMatch(/^\$10 AND/u);
  expect(placeOf("AND c")).toMatch(/^AND c = \$1$/u);
  expect(placeOf("value", 40)).toBe("$1");
});

test("a parameter that nothing replaces stays", async () => {
  const statement = await parsed("SELECT $1 + a FROM t");
  const shifted = replaceParameters(statement, () => undefined);
  expect(shifted).toEqual({ text: statement.sql, shifts: [] });
  expect(placeInStatement(shifted, 12)).toBe(12);
});
