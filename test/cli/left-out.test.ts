import { expect, test } from "vitest";
import { explainLeftOut } from "../../src/cli/advise/left-out.ts";

test("a statement on pg_stat_statements is told that a twin has no such view, any other its own reason", () => {
  const reason = 'relation "pg_stat_statements" does not exist';
  expect(explainLeftOut({ name: "1", reason })).toEqual({
    name: "1",
    reason: expect.stringMatching(
      /^relation "pg_stat_statements" does not exist: a twin has no views/,
    ) as string,
  });
  const other = { name: "2", reason: 'relation "orders" does not exist' };
  expect(explainLeftOut(other)).toEqual(other);
});
