import fc from "fast-check";
import { parse } from "libpg-query";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";
import { searchCases } from "./cases/search.ts";
import { shopCases } from "./cases/shop.ts";
import type { CaseSet } from "./cases/case.ts";
import { ddlOf, openGround, type Ground } from "./ground.ts";

/** Parts of statements over one table; every combination is a statement. */
interface Grammar {
  readonly table: string;
  readonly outputs: readonly string[];
  readonly conditions: readonly string[];
  readonly orders: readonly string[];
}

const shopGrammars: readonly Grammar[] = [
  {
    table: "orders",
    outputs: ["*", "id", "id, total", "count(*)"],
    conditions: [
      "customer_id = 77",
      "customer_id IN (1, 2, 3)",
      "status = 'disputed'",
      "status <> 'done'",
      "is_gift",
      "shipped_at IS NULL",
      "priority IS NOT NULL",
      "placed_at >= '2025-01-01'",
      "placed_at BETWEEN '2024-02-01' AND '2024-02-03'",
      "total > 995",
      "lower(status) = 'open'",
      "token = 'x'",
      "(customer_id = 5 OR token = 'y')",
      "EXISTS (SELECT FROM items i WHERE i.order_id = orders.id AND i.quantity = 9)",
    ],
    orders: ["", "placed_at DESC", "total, id", "priority NULLS FIRST"],
  },
  {
    table: "customers",
    outputs: ["*", "id, email"],
    conditions: [
      "email LIKE 'User12%'",
      "lower(email) = 'user5@example.org'",
      "upper(name) > 'NAME FF'",
      "profile->>'plan' = 'p5'",
      "(profile->>'age')::int = 44",
      "country = 'BX'",
      "phone IS NULL",
      "phone = '+491'",
      "local_time::date = '2024-03-03'",
      `email COLLATE "C" < 'User2'`,
    ],
    orders: ["", "created_at", `name COLLATE "C"`, "lower(email) DESC"],
  },
];

const searchGrammars: readonly Grammar[] = [
  {
    table: "docs",
    outputs: ["id", "*"],
    conditions: [
      `data @> '{"code": 5}'`,
      "data ? 'flag2'",
      "tags @> ARRAY['t5']",
      "tags && ARRAY['t5', 't6']",
      "words @@ to_tsquery('simple', 'w5')",
      "title ILIKE '%abcd%'",
      "owner_id = 7",
      "data->>'code' = '8'",
    ],
    orders: ["", "id"],
  },
];

function statementOf(grammar: Grammar): fc.Arbitrary<string> {
  return fc
    .record({
      output: fc.constantFrom(...grammar.outputs),
      conditions: fc.uniqueArray(fc.constantFrom(...grammar.conditions), {
        maxLength: 3,
      }),
      order: fc.constantFrom(...grammar.orders),
      isLimited: fc.boolean(),
    })
    .map(({ output, conditions, order, isLimited }) => {
      const where =
        conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
      const isCount = output.startsWith("count");
      const by = order === "" || isCount ? "" : ` ORDER BY ${order}`;
      const limit = isLimited && !isCount ? " LIMIT 10" : "";
      return `SELECT ${output} FROM ${grammar.table}${where}${by}${limit}`;
    });
}

describeOn("15-hypopg", "any suggestion", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres("15-hypopg");
  });
  afterAll(() => server.stop());

  const checkAll = (
    set: CaseSet,
    grammars: readonly Grammar[],
    runs: number,
  ): void => {
    describe(set.world.name, () => {
      let ground: Ground;
      beforeAll(async () => {
        ground = await openGround(server, set);
      });
      afterAll(() => ground.close());

      test(
        "parses, can be built, is used, and is the last word",
        { timeout: 300_000 },
        async () => {
          const statements = fc.oneof(...grammars.map(statementOf));
          await fc.assert(
            fc.asyncProperty(statements, async (sql) => {
              const { advice } = await ground.advise(sql);
              const ddl = ddlOf(advice);
              for (const one of ddl)
                expect((await parse(one)).stmts).toHaveLength(1);
              const used = await ground.indexesUsedWith(sql, ddl);
              for (const { name } of advice.suggestions)
                expect(used).toContain(name);
              const again = await ground.adviseWith(sql, advice);
              expect(ddlOf(again)).toEqual([]);
            }),
            { numRuns: runs, seed: 20_261 },
          );
        },
      );
    });
  };
  checkAll(shopCases, shopGrammars, 60);
  checkAll(searchCases, searchGrammars, 12);
});
