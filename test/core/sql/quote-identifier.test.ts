import { describe, expect, test } from "vitest";
import { quoteIdentifier } from "../../../src/core/sql/quote-identifier.ts";

describe("quoteIdentifier", () => {
  test.each([
    ["users", "users"],
    ["user", '"user"'],
    ["Users", '"Users"'],
    ["two words", '"two words"'],
    ['a"b', '"a""b"'],
    ["1st", '"1st"'],
    ["naïve", '"naïve"'],
    ["", '""'],
  ])("writes %j as %s", (name, text) => {
    expect(quoteIdentifier(name)).toBe(text);
  });
});
