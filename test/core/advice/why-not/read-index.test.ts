import { describe, expect, test } from "vitest";
import { readIndex } from "../../../../src/core/advice/why-not/read-index.ts";

const plain = {
  isExpression: false,
  collation: undefined,
  operatorClass: undefined,
  descending: false,
  nullsFirst: false,
};

const read = (ddl: string): unknown => {
  const index = readIndex(ddl);
  return index.ok ? index.value : undefined;
};

describe("reading a CREATE INDEX", () => {
  test("the shortest one", () => {
    expect(read("create index on Orders(a)")).toEqual({
      name: undefined,
      schema: undefined,
      table: "orders",
      method: "btree",
      keys: [{ ...plain, text: "a" }],
      included: [],
      predicate: undefined,
    });
  });

  test("every clause of the grammar has its place", () => {
    expect(
      read(
        `CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "My idx" ON ONLY app."Order Lines" USING BTREE (
          "Total" DESC NULLS LAST, name COLLATE "C" text_pattern_ops, lower(email) -- folded
          , (a + (b - 1)) ASC NULLS FIRST, tags array_ops(x = 1) DESC)
         INCLUDE (note, "Who") NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE fast
         WHERE status = 'open, (or so)' AND x > 1;`,
      ),
    ).toEqual({
      name: "My idx",
      schema: "app",
      table: "Order Lines",
      method: "btree",
      keys: [
        { ...plain, text: "Total", descending: true },
        {
          ...plain,
          text: "name",
          collation: "C",
          operatorClass: "text_pattern_ops",
        },
        { ...plain, text: "lower(email)", isExpression: true },
        { ...plain, text: "a + (b - 1)", isExpression: true, nullsFirst: true },
        {
          ...plain,
          text: "tags",
          operatorClass: "array_ops",
          descending: true,
          nullsFirst: true,
        },
      ],
      included: ["note", "Who"],
      predicate: "status = 'open, (or so)' AND x > 1",
    });
  });

  test("what pg_get_indexdef prints", () => {
    expect(
      read(
        "CREATE INDEX e_idx ON public.e USING gin (((data ->> 'a'::text)) gin_trgm_ops) WHERE (deleted IS NULL)",
      ),
    ).toMatchObject({
      name: "e_idx",
      method: "gin",
      keys: [
        {
          text: "(data ->> 'a'::text)",
          operatorClass: "gin_trgm_ops",
          isExpression: true,
        },
      ],
      predicate: "(deleted IS NULL)",
    });
  });

  for (const broken of [
    "",
    "SELECT 1",
    "CREATE INDEX",
    "CREATE INDEX x ON t",
    "CREATE INDEX x ON t (a",
    "CREATE INDEX x ON t ()",
    "CREATE INDEX x ON t (a,)",
    "CREATE INDEX x ON t (a b c)",
    "CREATE INDEX x ON t (a) and more",
    "CREATE INDEX x ON t (a); DROP TABLE t",
    "CREATE INDEX x ON t (a DESC 'x')",
    "CREATE TABLE t (a int)",
  ])
    test(`is refused: ${broken}`, () => {
      expect(read(broken)).toBeUndefined();
    });
});
