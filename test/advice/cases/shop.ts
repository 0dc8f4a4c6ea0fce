import type { CaseSet, World } from "./case.ts";
import { everyday } from "./shop-more.ts";

/** A shop: skewed statuses, a few rare states, one table in the order of time. */
const shop: World = {
  name: "shop",
  extensions: ["hypopg"],
  tables: [
    "customers",
    "orders",
    "items",
    "products",
    "events",
    "currencies",
    "nodes",
    '"Odd"."Odd Table"',
  ],
  schema: `
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, name varchar(80) NOT NULL, country char(2) NOT NULL,
  phone text, created_at timestamptz NOT NULL, local_time timestamp NOT NULL, profile jsonb NOT NULL);
INSERT INTO customers SELECT n, 'User' || pick(n, 1, 90000) || '@Example.org', 'Name ' || md5(n::text), chr(65 + pick(n, 2, 5)) || 'X',
  CASE WHEN n % 3 = 0 THEN NULL ELSE '+49' || pick(n, 3, 900000) END, timestamptz '2024-01-01 00:00Z' + pick(n, 4, 700000) * interval '1 minute',
  timestamp '2024-01-01' + pick(n, 4, 700000) * interval '1 minute',
  jsonb_build_object('plan', 'p' || pick(n, 5, 700), 'age', pick(n, 6, 80)) FROM generate_series(1, 60000) n;
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, status text NOT NULL, total numeric(10, 2) NOT NULL,
  placed_at timestamptz NOT NULL, shipped_at timestamptz, note text, token text NOT NULL, is_gift boolean NOT NULL, priority int);
INSERT INTO orders SELECT n, pick(n, 1, 60000), CASE WHEN n % 400 = 0 THEN 'disputed' WHEN n % 3 = 0 THEN 'open' ELSE 'done' END,
  pick(n, 2, 100000) / 100.0, timestamptz '2024-01-01 00:00Z' + pick(n, 3, 900000) * interval '1 minute',
  CASE WHEN n % 150 = 0 THEN NULL ELSE timestamptz '2025-06-01 00:00Z' END, repeat('note ', 12), md5(n::text) || md5((n + 1)::text), n % 250 = 0,
  CASE WHEN n % 20 = 0 THEN pick(n, 5, 100) END FROM generate_series(1, 200000) n;
CREATE TABLE items (order_id bigint NOT NULL, product_id int NOT NULL, quantity int NOT NULL, price numeric NOT NULL, label text NOT NULL);
INSERT INTO items SELECT pick(n, 1, 200000), pick(n, 2, 12000), pick(n, 3, 9), pick(n, 4, 9000) / 10.0, md5(n::text) FROM generate_series(1, 300000) n;
CREATE TABLE products (id int PRIMARY KEY, sku text NOT NULL, title text NOT NULL, category_id int NOT NULL, price numeric NOT NULL, active boolean NOT NULL);
INSERT INTO products SELECT n, 'SKU-' || lpad(pick(n, 1, 99999)::text, 6, '0'), 'product ' || md5(n::text), pick(n, 2, 300), pick(n, 3, 5000) / 7.0, n % 9 <> 0
  FROM generate_series(1, 12000) n;
CREATE TABLE events (id bigint NOT NULL, kind int NOT NULL, at timestamptz NOT NULL, body text NOT NULL);
INSERT INTO events SELECT n, pick(n, 1, 50), timestamptz '2025-01-01 00:00Z' + n * interval '1 minute', md5(n::text) FROM generate_series(1, 250000) n;
CREATE TABLE currencies (code char(3), name text);
INSERT INTO currencies SELECT chr(65 + n % 20) || 'UR', 'currency ' || n FROM generate_series(1, 40) n;
CREATE TABLE nodes (id int PRIMARY KEY, parent_id int, name text NOT NULL);
INSERT INTO nodes SELECT n, pick(n, 1, n), md5(n::text) FROM generate_series(1, 40000) n;
CREATE SCHEMA "Odd";
CREATE TABLE "Odd"."Odd Table" ("Mixed Case" text NOT NULL, "select" int NOT NULL, filler text NOT NULL);
INSERT INTO "Odd"."Odd Table" SELECT md5(n::text), pick(n, 1, 500), repeat('x', 40) FROM generate_series(1, 60000) n;
CREATE INDEX products_category_id_title_idx ON products (category_id, title);
CREATE VIEW open_orders AS SELECT o.id, o.customer_id AS buyer, o.placed_at, o.total, c.email FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.status = 'open';
CREATE VIEW buyers AS SELECT buyer, count(*) AS n FROM open_orders GROUP BY buyer;
`,
};

const columnOrder: CaseSet["cases"] = [
  {
    title: "one equality",
    sql: "SELECT * FROM orders WHERE customer_id = 4711",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "equality before a range",
    sql: "SELECT * FROM orders WHERE placed_at >= '2024-03-01' AND placed_at < '2024-06-01' AND customer_id = 815",
    ideal: ["orders (customer_id, placed_at)"],
  },
  {
    title: "equality, then order, under LIMIT",
    sql: "SELECT * FROM orders WHERE status = 'done' ORDER BY placed_at DESC LIMIT 20",
    ideal: ["orders (status, placed_at DESC)"],
  },
  {
    title: "two equalities and a range",
    sql: "SELECT * FROM orders WHERE status = 'open' AND is_gift AND total > 900",
    ideal: ["orders (status, total) WHERE is_gift"],
  },
  {
    title: "an order of two directions",
    sql: "SELECT * FROM orders ORDER BY status DESC, placed_at ASC LIMIT 30",
    ideal: ["orders (status DESC, placed_at)"],
  },
  {
    title: "an order with NULLS of its own",
    sql: "SELECT * FROM orders ORDER BY priority DESC NULLS LAST, id LIMIT 30",
    ideal: ["orders (priority DESC NULLS LAST, id)"],
  },
  {
    title: "IN with an order and a LIMIT",
    sql: "SELECT * FROM orders WHERE status IN ('open', 'done') ORDER BY placed_at LIMIT 10",
    ideal: ["orders (placed_at)"],
  },
  {
    title: "IN over rare values with an order and a LIMIT",
    sql: "SELECT id, total FROM orders WHERE customer_id IN (5, 77, 901) ORDER BY placed_at DESC LIMIT 5",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "a page after a row value",
    sql: "SELECT * FROM orders WHERE (placed_at, id) < ('2025-03-01', 5000) ORDER BY placed_at DESC, id DESC LIMIT 25",
    ideal: ["orders (placed_at DESC, id DESC)"],
  },
  {
    title: "a narrow range of times",
    sql: "SELECT body FROM events WHERE at BETWEEN '2025-03-01' AND '2025-03-02'",
    ideal: ["events (at)"],
  },
  {
    title: "equality and range in a table that lies in the range's order",
    sql: "SELECT body FROM events WHERE kind = 7 AND at >= '2025-05-01' AND at < '2025-05-08'",
    ideal: ["events (kind, at)"],
  },
];

const carried: CaseSet["cases"] = [
  {
    title: "columns carried along",
    sql: "SELECT customer_id, total FROM orders WHERE placed_at >= '2024-03-01' AND placed_at < '2024-04-15'",
    ideal: ["orders (placed_at) INCLUDE (customer_id, total)"],
  },
  {
    title: "a count by a wide range",
    sql: "SELECT count(*) FROM items WHERE price > 300",
    ideal: ["items (price)"],
  },
  {
    title: "a sum over a group of rows",
    sql: "SELECT sum(quantity) FROM items WHERE product_id BETWEEN 100 AND 900",
    ideal: ["items (product_id) INCLUDE (quantity)"],
  },
  {
    title: "distinct values of two columns",
    sql: "SELECT DISTINCT product_id, quantity FROM items",
    ideal: ["items (product_id, quantity)"],
  },
  {
    title: "groups in order of their key",
    sql: "SELECT product_id, sum(quantity) FROM items GROUP BY product_id ORDER BY product_id",
    ideal: ["items (product_id) INCLUDE (quantity)"],
  },
  {
    title: "the newest per customer with DISTINCT ON",
    sql: "SELECT DISTINCT ON (customer_id) customer_id, placed_at, id FROM orders ORDER BY customer_id, placed_at DESC",
    ideal: ["orders (customer_id, placed_at DESC) INCLUDE (id)"],
  },
  {
    title: "a rank within a window",
    sql: "SELECT customer_id, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at DESC) FROM orders",
    ideal: ["orders (customer_id, placed_at DESC)"],
  },
  {
    title: "a named window",
    sql: "SELECT product_id, quantity, sum(quantity) OVER w FROM items WINDOW w AS (PARTITION BY product_id ORDER BY quantity)",
    ideal: ["items (product_id, quantity)"],
  },
  {
    title: "the largest of a column",
    sql: "SELECT max(total) FROM orders",
    ideal: ["orders (total)"],
  },
  {
    title: "the first of a column under an equality",
    sql: "SELECT min(placed_at) FROM orders WHERE status = 'done'",
    ideal: ["orders (status, placed_at)"],
  },
];

const partial: CaseSet["cases"] = [
  {
    title: "rows without a value, in order",
    sql: "SELECT * FROM orders WHERE shipped_at IS NULL ORDER BY placed_at LIMIT 10",
    ideal: ["orders (placed_at) WHERE shipped_at IS NULL"],
  },
  {
    title: "a rare status",
    sql: "SELECT * FROM orders WHERE status = 'disputed' AND placed_at > '2025-01-01'",
    ideal: ["orders (placed_at) WHERE status = 'disputed'"],
  },
  {
    title: "a rare boolean",
    sql: "SELECT id FROM orders WHERE is_gift ORDER BY total DESC LIMIT 50",
    ideal: ["orders (total DESC) WHERE is_gift"],
  },
  {
    title: "rows that have a rare value",
    sql: "SELECT id FROM orders WHERE priority IS NOT NULL ORDER BY placed_at LIMIT 100",
    ideal: ["orders (placed_at) WHERE priority IS NOT NULL"],
  },
];

const written: CaseSet["cases"] = [
  {
    title: "a function over the column",
    sql: "SELECT id, name FROM customers WHERE lower(email) = 'user77@example.org'",
    ideal: ["customers (lower(email))"],
  },
  {
    title: "a field of a document",
    sql: "SELECT id FROM customers WHERE profile->>'plan' = 'p77'",
    ideal: ["customers ((profile->>'plan'))"],
  },
  {
    title: "a day cut from a timestamp without zone",
    sql: "SELECT id FROM customers WHERE date_trunc('day', local_time) = '2024-05-05'",
    ideal: ["customers (date_trunc('day', local_time))"],
  },
  {
    title: "a date cast from a timestamp without zone",
    sql: "SELECT id FROM customers WHERE local_time::date = '2024-05-05'",
    ideal: ["customers ((local_time::date))"],
  },
  {
    title: "a known beginning of a text",
    sql: "SELECT * FROM customers WHERE email LIKE 'User777%'",
    ideal: ["customers (email text_pattern_ops)"],
  },
  {
    title: "a known beginning of a varchar",
    sql: "SELECT * FROM customers WHERE name LIKE 'Name a1b%'",
    ideal: ["customers (name varchar_pattern_ops)"],
  },
  {
    title: "a known beginning in lower case",
    sql: "SELECT * FROM customers WHERE lower(email) LIKE 'user777%'",
    ideal: ["customers (lower(email) text_pattern_ops)"],
  },
  {
    title: "an order in another collation",
    sql: `SELECT id, title FROM products ORDER BY title COLLATE "C" LIMIT 20`,
    ideal: [`products (title COLLATE "C")`],
  },
  {
    title: "a range in another collation",
    sql: `SELECT id FROM products WHERE sku COLLATE "C" >= 'SKU-000100' AND sku COLLATE "C" < 'SKU-000200'`,
    ideal: [`products (sku COLLATE "C")`],
  },
  {
    title: "equality of a long key",
    sql: "SELECT id FROM orders WHERE token = 'c4ca4238a0b923820dcc509a6f75849bc81e728d9d4c2f636f067f89cc14862c'",
    ideal: ["orders (token)"],
  },
];

const forms: CaseSet["cases"] = [
  {
    title: "OR over two columns",
    sql: "SELECT * FROM orders WHERE customer_id = 44 OR token = 'a'",
    ideal: ["orders (customer_id)", "orders (token)"],
  },
  {
    title: "OR of two conjunctions",
    sql: "SELECT * FROM items WHERE (product_id = 17 AND quantity = 3) OR order_id = 99",
    ideal: ["items (product_id, quantity)", "items (order_id)"],
  },
  {
    title: "a join that starts at one row",
    sql: "SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id = 5",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "a join that needs an index on each side",
    sql: "SELECT o.id, i.product_id FROM orders o JOIN items i ON i.order_id = o.id WHERE o.customer_id = 42",
    ideal: ["orders (customer_id)", "items (order_id)"],
  },
  {
    title: "a join of three tables from one value",
    sql: "SELECT p.title FROM orders o JOIN items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id WHERE o.token = 'x'",
    ideal: ["orders (token)", "items (order_id)"],
  },
  {
    title: "a join with an order and a LIMIT",
    sql: "SELECT o.id, c.email FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.placed_at DESC LIMIT 15",
    ideal: ["orders (placed_at DESC)"],
  },
  {
    title: "EXISTS over a detail table",
    sql: "SELECT c.id FROM customers c WHERE c.email = 'User5@Example.org' AND EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'open')",
    ideal: ["customers (email)", "orders (customer_id)"],
  },
  {
    title: "NOT EXISTS over a detail table",
    sql: "SELECT o.id FROM orders o WHERE o.customer_id = 12 AND NOT EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id)",
    ideal: ["orders (customer_id)", "items (order_id)"],
  },
  {
    title: "the newest detail by LATERAL",
    sql: "SELECT c.id, last.placed_at FROM customers c CROSS JOIN LATERAL (SELECT o.placed_at FROM orders o WHERE o.customer_id = c.id ORDER BY o.placed_at DESC LIMIT 1) last WHERE c.id < 200",
    ideal: ["orders (customer_id, placed_at DESC)"],
  },
  {
    title: "a scalar subquery per row",
    sql: "SELECT p.id, (SELECT sum(i.quantity) FROM items i WHERE i.product_id = p.id) FROM products p WHERE p.category_id = 5",
    ideal: ["items (product_id)"],
  },
  {
    title: "a CTE whose rows are filtered outside",
    sql: "WITH recent AS (SELECT * FROM orders WHERE status = 'open') SELECT * FROM recent WHERE customer_id = 9",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "a CTE that is read twice",
    sql: "WITH mine AS (SELECT id, total FROM orders WHERE customer_id = 9) SELECT * FROM mine a JOIN mine b ON a.total < b.total",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "a materialized CTE",
    sql: "WITH mine AS MATERIALIZED (SELECT id FROM orders WHERE token = 'q') SELECT i.* FROM mine JOIN items i ON i.order_id = mine.id",
    ideal: ["orders (token)", "items (order_id)"],
  },
  {
    title: "a subquery in FROM that is filtered outside",
    sql: "SELECT * FROM (SELECT customer_id AS who, total FROM orders WHERE is_gift) gifts WHERE gifts.who = 700",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "a view",
    sql: "SELECT * FROM open_orders WHERE buyer = 321",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "a view over a view",
    sql: "SELECT n FROM buyers WHERE buyer = 321",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "both branches of a UNION",
    sql: "SELECT id FROM orders WHERE customer_id = 3 UNION ALL SELECT order_id FROM items WHERE product_id = 3",
    ideal: ["orders (customer_id)", "items (product_id)"],
  },
  {
    title: "an UPDATE with another table",
    sql: "UPDATE items i SET price = 0 FROM orders o WHERE o.id = i.order_id AND o.customer_id = 77",
    ideal: ["orders (customer_id)", "items (order_id)"],
  },
  {
    title: "a DELETE with another table",
    sql: "DELETE FROM items i USING orders o WHERE o.id = i.order_id AND o.token = 'gone'",
    ideal: ["orders (token)", "items (order_id)"],
  },
  {
    title: "a MERGE",
    sql: "MERGE INTO items i USING (SELECT id FROM orders WHERE customer_id = 7) o ON i.order_id = o.id WHEN MATCHED THEN UPDATE SET quantity = 0",
    ideal: ["orders (customer_id)", "items (order_id)"],
  },
  {
    title: "an INSERT from a SELECT",
    sql: "INSERT INTO currencies SELECT 'X', note FROM orders WHERE customer_id = 55",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "a value that is not in a subquery's list",
    sql: "SELECT id FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE phone = '+491234')",
    ideal: ["customers (phone)", "orders (customer_id)"],
  },
  {
    title: "a parameter",
    sql: "SELECT * FROM orders WHERE customer_id = $1 AND placed_at > $2 ORDER BY placed_at LIMIT 10",
    ideal: ["orders (customer_id, placed_at)"],
  },
  {
    title: "an array of parameters",
    sql: "SELECT * FROM items WHERE order_id = ANY ($1::bigint[])",
    ideal: ["items (order_id)"],
  },
];

const nothing: CaseSet["cases"] = [
  {
    title: "a tiny table",
    sql: "SELECT * FROM currencies WHERE name = 'currency 7' ORDER BY code",
    ideal: [],
  },
  {
    title: "a primary key that is there",
    sql: "SELECT * FROM orders WHERE id = 5",
    ideal: [],
  },
  {
    title: "an index that leads with the column",
    sql: "SELECT * FROM products WHERE category_id = 7",
    ideal: [],
  },
  {
    title: "a statement that needs every row",
    sql: "SELECT status, count(*), avg(length(note)) FROM orders GROUP BY status",
    ideal: [],
  },
  {
    title: "a condition that most rows meet",
    sql: "SELECT * FROM orders WHERE total > 10",
    ideal: [],
  },
  {
    title: "an inequality that excludes next to nothing",
    sql: "SELECT * FROM orders WHERE status <> 'disputed' AND customer_id <> 5",
    ideal: [],
  },
  {
    title: "a full join of everything",
    sql: "SELECT * FROM orders o JOIN items i ON i.order_id = o.id",
    ideal: [],
  },
];

export const shopCases: CaseSet = {
  world: shop,
  prover: "hypopg",
  cases: [
    ...columnOrder,
    ...carried,
    ...partial,
    ...written,
    ...forms,
    ...nothing,
    ...everyday,
  ],
};
