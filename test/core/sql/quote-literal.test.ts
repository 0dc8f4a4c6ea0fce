import { expect, it } from "vitest";
import { quoteLiteral } from "../../../src/core/sql/quote-literal.ts";

it.each([
  ["done", "'done'"],
  ["it's", "'it''s'"],
  ["''", "''''''"],
  ["a\\'b", "'a\\''b'"],
  ["", "''"],
])("writes the text %j as %s", (text, literal) => {
  expect(quoteLiteral(text)).toBe(literal);
});
