import type { CaseSet, World } from "./case.ts";

/** A shop as an object mapper names it: mixed case in quotes, a schema of its own, keys between tables. */
const store: World = {
  name: "store",
  extensions: ["hypopg"],
  tables: [
    '"Shop"."Product"',
    '"Shop"."Order"',
    '"Shop"."OrderItem"',
    '"Shop"."Review"',
    '"Shop"."Price"',
  ],
  schema: `
CREATE SCHEMA "Shop";
CREATE TABLE "Shop"."Product" ("id" int PRIMARY KEY, "sku" varchar(40) NOT NULL, "name" text NOT NULL, "brandId" int NOT NULL, "priceCents" int NOT NULL, "stockCount" int NOT NULL,
  "isActive" boolean NOT NULL, "attributes" jsonb NOT NULL, "createdAt" timestamp(3) NOT NULL, "deletedAt" timestamp(3));
INSERT INTO "Shop"."Product" SELECT n, chr(65 + pick(n, 1, 20)) || chr(65 + pick(n, 2, 20)) || '-' || lpad(pick(n, 3, 99999)::text, 5, '0'), 'Widget ' || md5(n::text), pick(n, 4, 800), pick(n, 5, 90000), pick(n, 6, 2000),
  n % 10 <> 0, jsonb_build_object('color', 'c' || pick(n, 7, 120), 'size', pick(n, 8, 12)), timestamp '2024-01-01' + n * interval '10 minutes', CASE WHEN n % 20 = 0 THEN timestamp '2025-01-01' END FROM generate_series(1, 60000) n;
CREATE TABLE "Shop"."Order" ("id" int PRIMARY KEY, "userId" int, "status" text NOT NULL, "totalCents" int NOT NULL, "couponCode" text, "createdAt" timestamp(3) NOT NULL);
INSERT INTO "Shop"."Order" SELECT n, CASE WHEN n % 120 = 0 THEN NULL ELSE pick(n, 1, 20000) END, CASE WHEN n % 251 = 0 THEN 'paid' WHEN n % 97 = 0 THEN 'returned' WHEN n % 9 = 0 THEN 'cancelled' WHEN n % 4 = 0 THEN 'shipped' ELSE 'delivered' END,
  pick(n, 2, 500000), CASE WHEN n % 60 = 0 THEN 'SAVE' || pick(n, 3, 40) END, timestamp '2024-01-01' + n * interval '5 minutes' FROM generate_series(1, 150000) n;
CREATE TABLE "Shop"."OrderItem" ("orderId" int NOT NULL REFERENCES "Shop"."Order" ("id"), "productId" int NOT NULL REFERENCES "Shop"."Product" ("id"), "quantity" smallint NOT NULL, "unitPriceCents" int NOT NULL);
INSERT INTO "Shop"."OrderItem" SELECT 1 + n / 2, 1 + (59990 * power(pick(n, 1, 100000) / 100001.0, 2))::int, pick(n, 2, 5), pick(n, 3, 90000) FROM generate_series(1, 299000) n;
CREATE TABLE "Shop"."Review" ("id" int PRIMARY KEY, "productId" int NOT NULL, "userId" int NOT NULL, "rating" smallint NOT NULL, "body" text NOT NULL, "helpful" int NOT NULL, "createdAt" timestamp(3) NOT NULL);
INSERT INTO "Shop"."Review" SELECT n, 1 + (59990 * power(pick(n, 1, 100000) / 100001.0, 3))::int, pick(n, 2, 20000), pick(n, 3, 5), repeat(md5(n::text), 3), pick(n, 4, 300), timestamp '2024-01-01' + pick(n, 5, 700000) * interval '1 minute' FROM generate_series(1, 120000) n;
CREATE TABLE "Shop"."Price" ("productId" int NOT NULL, "validity" daterange NOT NULL, "currency" char(3) NOT NULL, "amount" numeric NOT NULL);
INSERT INTO "Shop"."Price" SELECT pick(n, 1, 60000), daterange(date '2024-01-01' + pick(n, 2, 600), date '2024-01-01' + 600 + pick(n, 3, 100)), (ARRAY['EUR', 'USD'])[pick(n, 4, 2)], pick(n, 5, 9000) FROM generate_series(1, 100000) n;
CREATE MATERIALIZED VIEW "Shop"."BestSeller" AS SELECT "productId", sum("quantity") AS "sold" FROM "Shop"."OrderItem" GROUP BY 1;
ANALYZE "Shop"."BestSeller";
`,
};

export const storeCases: CaseSet = {
  world: store,
  prover: "hypopg",
  cases: [
    {
      title: "orders of a user, page by page, all bound",
      sql: `SELECT "id", "totalCents" FROM "Shop"."Order" WHERE "userId" = $1 ORDER BY "createdAt" DESC LIMIT $2 OFFSET $3`,
      ideal: [`"Shop"."Order" ("userId", "createdAt" DESC)`],
    },
    {
      title: "aliased columns of a mapper",
      sql: `SELECT "t0"."id", "t0"."status" FROM "Shop"."Order" AS "t0" WHERE ("t0"."userId" = $1 AND "t0"."status" = $2) ORDER BY "t0"."createdAt" DESC LIMIT $3`,
      ideal: [`"Shop"."Order" ("userId", "status", "createdAt" DESC)`],
    },
    {
      title: "orders with a coupon since a day",
      sql: `SELECT "id", "couponCode" FROM "Shop"."Order" o WHERE o."couponCode" IS NOT NULL AND o."createdAt" > '2025-05-01'`,
      ideal: [`"Shop"."Order" ("createdAt") WHERE "couponCode" IS NOT NULL`],
    },
    {
      title: "reviews of a product, most helpful first",
      sql: `SELECT * FROM "Shop"."Review" WHERE "productId" = 55 ORDER BY "helpful" DESC, "createdAt" DESC LIMIT 10`,
      ideal: [
        `"Shop"."Review" ("productId", "helpful" DESC, "createdAt" DESC)`,
      ],
    },
    {
      title: "a colour among active products",
      sql: `SELECT "id", "name" FROM "Shop"."Product" WHERE "attributes"->>'color' = 'c77' AND "isActive"`,
      ideal: [`"Shop"."Product" (("attributes"->>'color'))`],
    },
    {
      title: "a span of prices in order",
      sql: `SELECT "id", "name" FROM "Shop"."Product" WHERE "priceCents" BETWEEN 1000 AND 3000 AND "isActive" ORDER BY "priceCents" LIMIT 20`,
      ideal: [`"Shop"."Product" ("priceCents")`],
    },
    {
      title: "a beginning of a varchar in quotes",
      sql: `SELECT * FROM "Shop"."Product" WHERE "sku" LIKE 'BC-12%'`,
      ideal: [`"Shop"."Product" ("sku" varchar_pattern_ops)`],
    },
    {
      title: "products that run out",
      sql: `SELECT "id" FROM "Shop"."Product" WHERE "stockCount" <= 3 AND "isActive" AND "deletedAt" IS NULL`,
      ideal: [`"Shop"."Product" ("stockCount")`],
    },
    {
      title: "what is bought together",
      sql: `SELECT b."productId", count(*) FROM "Shop"."OrderItem" a JOIN "Shop"."OrderItem" b ON a."orderId" = b."orderId" AND b."productId" <> a."productId" WHERE a."productId" = 7777 GROUP BY 1 ORDER BY 2 DESC LIMIT 10`,
      ideal: [
        `"Shop"."OrderItem" ("productId")`,
        `"Shop"."OrderItem" ("orderId")`,
      ],
    },
    {
      title: "a folded beginning of a name",
      sql: `SELECT "id" FROM "Shop"."Product" WHERE lower("name") LIKE 'widget ab1%'`,
      ideal: [`"Shop"."Product" (lower("name") text_pattern_ops)`],
    },
    {
      title: "products of a brand that nobody bought",
      sql: `SELECT p."id" FROM "Shop"."Product" p WHERE p."brandId" = 77 AND NOT EXISTS (SELECT 1 FROM "Shop"."OrderItem" i WHERE i."productId" = p."id")`,
      ideal: [
        `"Shop"."Product" ("brandId")`,
        `"Shop"."OrderItem" ("productId")`,
      ],
    },
    {
      title: "a price that holds on a day",
      sql: `SELECT "amount" FROM "Shop"."Price" WHERE "productId" = 77 AND "validity" @> DATE '2025-03-01' AND "currency" = 'EUR'`,
      ideal: [`"Shop"."Price" ("productId")`],
    },
    {
      title: "orders in none of the usual states",
      sql: `SELECT "id" FROM "Shop"."Order" WHERE "status" NOT IN ('delivered', 'shipped', 'cancelled', 'returned') ORDER BY "createdAt"`,
      ideal: [
        `"Shop"."Order" ("createdAt") WHERE "status" NOT IN ('delivered', 'shipped', 'cancelled', 'returned')`,
      ],
    },
    {
      title: "orders of nobody",
      sql: `SELECT * FROM "Shop"."Order" WHERE "userId" IS NULL AND "totalCents" > 490000`,
      ideal: [`"Shop"."Order" ("totalCents") WHERE "userId" IS NULL`],
    },
    {
      title: "money of each user",
      sql: `SELECT "userId", sum("totalCents") FROM "Shop"."Order" GROUP BY "userId" ORDER BY 2 DESC LIMIT 10`,
      ideal: [],
    },
    {
      title: "a sum over the orders of a user",
      sql: `SELECT count(*), coalesce(sum("totalCents"), 0) FROM "Shop"."Order" WHERE "userId" = 77 AND "status" = 'delivered'`,
      ideal: [`"Shop"."Order" ("userId", "status")`],
    },
    {
      title: "orders since the start of a day",
      sql: `SELECT "id" FROM "Shop"."Order" WHERE "createdAt" >= date_trunc('day', now()::timestamp) - interval '2 days'`,
      ideal: [`"Shop"."Order" ("createdAt")`],
    },
    {
      title: "a row of a materialized view",
      sql: `SELECT "sold" FROM "Shop"."BestSeller" WHERE "productId" = 77`,
      ideal: [`"Shop"."BestSeller" ("productId")`],
    },
    {
      title: "the best of a materialized view",
      sql: `SELECT * FROM "Shop"."BestSeller" b JOIN "Shop"."Product" p ON p."id" = b."productId" ORDER BY b."sold" DESC LIMIT 10`,
      ideal: [`"Shop"."BestSeller" ("sold" DESC)`],
    },
    {
      title: "items of some orders, as a mapper preloads them",
      sql: `SELECT * FROM "Shop"."OrderItem" WHERE "orderId" IN (11, 12, 13, 14, 15, 16, 17, 18, 19, 20)`,
      ideal: [`"Shop"."OrderItem" ("orderId")`],
    },
    {
      title: "orders that hold a product",
      sql: `SELECT o."id" FROM "Shop"."Order" o WHERE o."createdAt" > '2025-05-25' AND EXISTS (SELECT 1 FROM "Shop"."OrderItem" i WHERE i."orderId" = o."id" AND i."productId" = 42)`,
      ideal: [`"Shop"."OrderItem" ("productId")`],
    },
    {
      title: "prices copied for one product",
      sql: `INSERT INTO "Shop"."Price" SELECT "productId", "validity", 'GBP', "amount" FROM "Shop"."Price" WHERE "productId" = $1`,
      ideal: [`"Shop"."Price" ("productId")`],
    },
    {
      title: "ratings of each product that has many",
      sql: `SELECT "productId", avg("rating") FROM "Shop"."Review" GROUP BY "productId" HAVING count(*) > 100`,
      ideal: [`"Shop"."Review" ("productId") INCLUDE ("rating")`],
    },
    {
      title: "users who reviewed and did not order",
      sql: `SELECT "userId" FROM "Shop"."Review" WHERE "productId" = 777 EXCEPT SELECT "userId" FROM "Shop"."Order" WHERE "createdAt" > '2025-05-30'`,
      ideal: [`"Shop"."Review" ("productId")`, `"Shop"."Order" ("createdAt")`],
    },
    {
      title: "every product with its price",
      sql: `SELECT p."id", r."amount" FROM "Shop"."Product" p JOIN "Shop"."Price" r ON r."productId" = p."id"`,
      ideal: [],
    },
  ],
};
