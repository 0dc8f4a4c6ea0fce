import type { CaseSet } from "./case.ts";

/** Statements as applications write them, over the shop's tables. */
export const everyday: CaseSet["cases"] = [
  {
    title: "a page of one customer after a row value",
    sql: "SELECT * FROM orders WHERE customer_id = 5 AND (placed_at, id) < ('2025-03-01', 5000) ORDER BY placed_at DESC, id DESC LIMIT 20",
    ideal: ["orders (customer_id, placed_at DESC, id DESC)"],
  },
  {
    title: "a page far down",
    sql: "SELECT * FROM orders WHERE status = 'open' ORDER BY placed_at DESC, id DESC LIMIT 20 OFFSET 400",
    ideal: ["orders (status, placed_at DESC, id DESC)"],
  },
  {
    title: "a queue that is taken from",
    sql: "SELECT id FROM orders WHERE status = 'disputed' ORDER BY placed_at LIMIT 1 FOR UPDATE SKIP LOCKED",
    ideal: ["orders (placed_at) WHERE status = 'disputed'"],
  },
  {
    title: "two states of the data at once",
    sql: "SELECT * FROM orders WHERE shipped_at IS NULL AND is_gift",
    ideal: ["orders (id) WHERE shipped_at IS NULL AND is_gift"],
  },
  {
    title: "the last day",
    sql: "SELECT * FROM orders WHERE placed_at > now() - interval '1 day'",
    ideal: ["orders (placed_at)"],
  },
  {
    title: "OR over one column",
    sql: "SELECT * FROM orders WHERE customer_id = 5 OR customer_id = 7",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "OR behind a condition that all arms share",
    sql: "SELECT * FROM orders WHERE status = 'open' AND (customer_id = 5 OR token = 'a')",
    ideal: ["orders (customer_id)", "orders (token)"],
  },
  {
    title: "OR of three columns",
    sql: "SELECT * FROM orders WHERE customer_id = 5 OR token = 'a' OR total = 3.33",
    ideal: ["orders (customer_id)", "orders (token)", "orders (total)"],
  },
  {
    title: "rows that have no partner",
    sql: "SELECT o.id FROM orders o LEFT JOIN items i ON i.order_id = o.id WHERE o.customer_id = 8 AND i.order_id IS NULL",
    ideal: ["orders (customer_id, id)", "items (order_id)"],
  },
  {
    title: "a join of a table with itself",
    sql: "SELECT b.id FROM orders a JOIN orders b ON b.customer_id = a.customer_id WHERE a.id = 77",
    ideal: ["orders (customer_id)"],
  },
  {
    title: "a join by USING",
    sql: "SELECT count(*) FROM (SELECT id AS order_id FROM orders WHERE customer_id = 9) mine JOIN items USING (order_id)",
    ideal: ["orders (customer_id, id)", "items (order_id)"],
  },
  {
    title: "an INTERSECT",
    sql: "SELECT customer_id FROM orders WHERE token = 'a' INTERSECT SELECT id FROM customers WHERE phone = '+4911'",
    ideal: ["orders (token)", "customers (phone)"],
  },
  {
    title: "the newest of one customer, picked by its rank",
    sql: "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY placed_at DESC) AS place FROM orders) ranked WHERE place = 1 AND customer_id = 55",
    ideal: ["orders (customer_id, placed_at DESC)"],
  },
  {
    title: "three newest for each of a few",
    sql: "SELECT c.id, o.id FROM customers c, LATERAL (SELECT id FROM orders WHERE customer_id = c.id ORDER BY placed_at DESC LIMIT 3) o WHERE c.id IN (5, 6, 7)",
    ideal: ["orders (customer_id, placed_at DESC)"],
  },
  {
    title: "both ends of a column",
    sql: "SELECT min(total), max(total) FROM orders",
    ideal: ["orders (total)"],
  },
  {
    title: "groups with the newest of each",
    sql: "SELECT customer_id, max(placed_at) FROM orders GROUP BY customer_id ORDER BY customer_id LIMIT 10",
    ideal: ["orders (customer_id, placed_at)"],
  },
  {
    title: "an order by an expression",
    sql: "SELECT id, email FROM customers ORDER BY lower(email) LIMIT 10",
    ideal: ["customers (lower(email))"],
  },
  {
    title: "a value put in place of NULL",
    sql: "SELECT id FROM orders WHERE coalesce(priority, 0) = 7",
    ideal: ["orders (coalesce(priority, 0))"],
  },
  {
    title: "a year cut from a timestamp",
    sql: "SELECT count(*) FROM customers WHERE extract(year FROM local_time) = 2025",
    ideal: ["customers (extract(year FROM local_time))"],
  },
  {
    title: "a number within a document",
    sql: "SELECT id FROM customers WHERE (profile->>'age')::int = 44",
    ideal: ["customers (((profile->>'age')::int))"],
  },
  {
    title: "an expression over two columns",
    sql: "SELECT order_id FROM items WHERE quantity * price = 7999.2",
    ideal: ["items ((quantity * price))"],
  },
  {
    title: "a value looked up by a subquery",
    sql: "SELECT * FROM orders WHERE customer_id = (SELECT id FROM customers WHERE email = 'User7@Example.org' LIMIT 1)",
    ideal: ["orders (customer_id)", "customers (email)"],
  },
  {
    title: "a tree walked by a recursive CTE",
    sql: "WITH RECURSIVE below AS (SELECT id FROM nodes WHERE id = 3 UNION ALL SELECT n.id FROM nodes n JOIN below b ON n.parent_id = b.id) SELECT * FROM below",
    ideal: ["nodes (parent_id)"],
  },
  {
    title: "names that need quotes",
    sql: `SELECT "Mixed Case" FROM "Odd"."Odd Table" WHERE "select" = 77 ORDER BY "Mixed Case" LIMIT 5`,
    ideal: [`"Odd"."Odd Table" ("select", "Mixed Case")`],
  },
  {
    title: "an UPDATE of rare rows",
    sql: "UPDATE orders SET shipped_at = now() WHERE shipped_at IS NULL AND placed_at < '2024-02-01'",
    ideal: ["orders (placed_at) WHERE shipped_at IS NULL"],
  },
  {
    title: "a DELETE of old rows",
    sql: "DELETE FROM events WHERE at < '2025-01-03'",
    ideal: ["events (at)"],
  },
  {
    title: "a list of values",
    sql: "SELECT * FROM customers WHERE email IN ('User5@Example.org', 'User6@Example.org', 'User9@Example.org')",
    ideal: ["customers (email)"],
  },
  {
    title: "a list of values in another table",
    sql: "SELECT * FROM items WHERE order_id IN (SELECT id FROM orders WHERE customer_id = 99)",
    ideal: ["items (order_id)", "orders (customer_id)"],
  },
  {
    title: "an upsert",
    sql: "INSERT INTO products VALUES (5, 'x', 'y', 1, 1, true) ON CONFLICT (id) DO UPDATE SET price = 2",
    ideal: [],
  },
  {
    title: "a comparison that needs a cast of the column",
    sql: "SELECT * FROM orders WHERE id::text = '77'",
    ideal: ["orders ((id::text))"],
  },
  {
    title: "a pattern that begins anywhere, without trigrams",
    sql: "SELECT * FROM customers WHERE email LIKE '%77%'",
    ideal: [],
  },
  {
    title: "an aggregate over all rows",
    sql: "SELECT sum(total * 2), count(*) FILTER (WHERE is_gift) FROM orders WHERE note IS NOT NULL",
    ideal: [],
  },
];
