import fc from "fast-check";
import { loadModule, parseSync } from "libpg-query";
import { beforeAll, describe, expect, test } from "vitest";
import { chooseIndexName, utf8Length } from "../../../src/core/advice/name.ts";
import {
  renderCreateIndex,
  renderDropIndex,
  renderIndexKey,
} from "../../../src/core/advice/render-ddl.ts";
import type { IndexDefinition } from "../../../src/core/advice/suggestion.ts";
import { indexOf, keyOf } from "./samples.ts";

beforeAll(loadModule);

const identifier = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((text) => !text.includes("\0"));

const anyIndex: fc.Arbitrary<IndexDefinition> = fc.record({
  schema: identifier,
  table: identifier,
  method: fc.constant("btree" as const),
  keys: fc.array(
    fc.record({
      text: identifier,
      isExpression: fc.constant(false),
      descending: fc.boolean(),
      nulls: fc.constantFrom("first" as const, "last" as const, undefined),
      operatorClass: fc.constantFrom("text_pattern_ops", undefined),
      role: fc.constant("sort" as const),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  included: fc.array(identifier, { maxLength: 3 }),
  predicate: fc.constantFrom("deleted_at IS NULL", undefined),
});

describe("renderCreateIndex", () => {
  test.each([
    [indexOf(["id"]), "CREATE INDEX i ON public.users (id)"],
    [
      indexOf([keyOf("a"), keyOf("b", { descending: true, nulls: "last" })]),
      "CREATE INDEX i ON public.users (a, b DESC NULLS LAST)",
    ],
    [
      indexOf([keyOf("lower(email)", { isExpression: true })]),
      "CREATE INDEX i ON public.users (lower(email))",
    ],
    [
      indexOf([keyOf("data ->> 'k'", { isExpression: true })]),
      "CREATE INDEX i ON public.users ((data ->> 'k'))",
    ],
    [
      indexOf([keyOf("name", { operatorClass: "text_pattern_ops" })]),
      "CREATE INDEX i ON public.users (name text_pattern_ops)",
    ],
    [
      indexOf(["data"], { method: "gin" }),
      "CREATE INDEX i ON public.users USING gin (data)",
    ],
    [
      indexOf(["order"], {
        table: "User",
        included: ["Name"],
        predicate: "deleted_at IS NULL",
      }),
      'CREATE INDEX i ON public."User" ("order") INCLUDE ("Name") WHERE deleted_at IS NULL',
    ],
  ])("writes %j", (index, ddl) => {
    expect(renderCreateIndex(index, "i", { concurrently: false })).toBe(ddl);
  });

  test("puts CONCURRENTLY and IF NOT EXISTS in their places", () => {
    expect(
      renderCreateIndex(indexOf(["id"]), "i", {
        concurrently: true,
        ifNotExists: true,
      }),
    ).toBe("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public.users (id)");
  });

  test("is one statement of PostgreSQL's grammar that names what was asked, whatever the names are", () => {
    fc.assert(
      fc.property(
        anyIndex,
        identifier,
        fc.boolean(),
        (index, name, concurrently) => {
          const tree = parseSync(
            renderCreateIndex(index, name, { concurrently }),
          ) as {
            stmts: { stmt: { IndexStmt: Record<string, unknown> } }[];
          };
          expect(tree.stmts).toHaveLength(1);
          const statement = tree.stmts[0]?.stmt.IndexStmt;
          const parameters = statement?.["indexParams"] as {
            IndexElem: { name: string };
          }[];
          // Longer names are cut by the server's parser, at whole characters.
          if (index.keys.every((key) => utf8Length(key.text) <= 63))
            expect(parameters.map(({ IndexElem }) => IndexElem.name)).toEqual(
              index.keys.map((key) => key.text),
            );
          expect(statement?.["concurrent"] ?? false).toBe(concurrently);
        },
      ),
    );
  });

  test("has a DROP that parses too", () => {
    fc.assert(
      fc.property(identifier, identifier, (schema, name) => {
        const ddl = renderDropIndex({ schema }, name, {
          concurrently: true,
          ifExists: true,
        });
        expect((parseSync(ddl) as { stmts: unknown[] }).stmts).toHaveLength(1);
      }),
    );
  });
});

describe("renderIndexKey", () => {
  test("is the key list of the DDL", () => {
    expect(
      renderIndexKey(indexOf(["a", keyOf("b", { descending: true })])),
    ).toBe("(a, b DESC)");
  });
});

describe("chooseIndexName", () => {
  test("follows PostgreSQL's own manner", () => {
    expect(chooseIndexName(indexOf(["a", "b"]), new Set())).toBe(
      "users_a_b_idx",
    );
    const lower = indexOf([
      keyOf("lower((email)::text)", { isExpression: true }),
    ]);
    expect(chooseIndexName(lower, new Set())).toBe("users_lower_email_idx");
  });

  test("steps aside for names in use", () => {
    const taken = new Set(["users_a_idx", "users_a_idx1"]);
    expect(chooseIndexName(indexOf(["a"]), taken)).toBe("users_a_idx2");
  });

  test("is free, at most 63 bytes, and never cuts a character", () => {
    fc.assert(
      fc.property(anyIndex, fc.nat(3), (index, used) => {
        const taken = new Set<string>();
        for (let at = 0; at < used; at += 1)
          taken.add(chooseIndexName(index, taken));
        const name = chooseIndexName(index, taken);
        expect(taken.has(name)).toBe(false);
        expect(Buffer.byteLength(name, "utf8")).toBeLessThanOrEqual(63);
        expect(name).toMatch(/_idx\d*$/);
        expect(Buffer.from(name, "utf8").toString("utf8")).toBe(name);
      }),
    );
  });
});
