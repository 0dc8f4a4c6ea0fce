/** A database with every feature that a bundle carries, and rows enough for plans of several kinds. */
export function sourceSchema(version: number): string {
  return `
CREATE SCHEMA sales; CREATE SCHEMA "Odd Name";
CREATE TYPE sales.state AS ENUM ('new', 'paid', 'shipped', 'it''s lost');
CREATE TYPE sales.address AS (street text, zip varchar(10));
CREATE DOMAIN sales.email AS text CHECK (VALUE LIKE '%@%');
CREATE DOMAIN sales.percent AS numeric(5,2) NOT NULL CHECK (VALUE >= 0 AND VALUE <= 100);
CREATE TYPE sales.span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE FUNCTION sales.normalize(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT lower(trim($1)) $$;
CREATE FUNCTION sales.bucket(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN n % 10; END $$;
CREATE SEQUENCE sales.numbers;
CREATE TABLE sales.customer (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, mail sales.email, home sales.address,
  dropped int, region varchar(20) COLLATE "C", discount sales.percent, tags text[], active boolean DEFAULT true,
  lowered text GENERATED ALWAYS AS (lower(name)) STORED);
ALTER TABLE sales.customer DROP COLUMN dropped;
CREATE TABLE sales.product (id serial PRIMARY KEY, code char(8) UNIQUE, price numeric(10,2), weight float8,
  during tsrange, window_of sales.span, doc jsonb, search tsvector) WITH (fillfactor = 80);
CREATE TABLE sales.orders (id bigint NOT NULL DEFAULT nextval('sales.numbers'), customer_id int NOT NULL REFERENCES sales.customer (id), placed date NOT NULL,
  state sales.state NOT NULL, total numeric(12,2), city text, zip text, note text, CONSTRAINT positive CHECK (total >= 0)) PARTITION BY RANGE (placed);
CREATE TABLE sales.orders_2022 PARTITION OF sales.orders FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
CREATE TABLE sales.orders_2023 (note text, id bigint NOT NULL DEFAULT nextval('sales.numbers'), customer_id int NOT NULL, placed date NOT NULL,
  state sales.state NOT NULL, total numeric(12,2), city text, zip text, CONSTRAINT positive CHECK (total >= 0));
ALTER TABLE sales.orders ATTACH PARTITION sales.orders_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE sales.orders_rest PARTITION OF sales.orders DEFAULT PARTITION BY HASH (customer_id);
CREATE TABLE sales.orders_rest_0 PARTITION OF sales.orders_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE sales.orders_rest_1 PARTITION OF sales.orders_rest FOR VALUES WITH (MODULUS 2, REMAINDER 1);
ALTER TABLE sales.orders ADD CONSTRAINT orders_key PRIMARY KEY (id, placed, customer_id);
CREATE INDEX orders_customer ON sales.orders (customer_id, placed DESC);
CREATE INDEX orders_state ON sales.orders_2023 (state) WHERE state <> 'shipped';
CREATE TABLE sales.line (order_id bigint NOT NULL, product_id int NOT NULL REFERENCES sales.product, quantity int NOT NULL, amount numeric(12,2));
CREATE INDEX line_order ON sales.line (order_id) INCLUDE (quantity);
CREATE INDEX line_amount_brin ON sales.line USING brin (amount);
CREATE INDEX line_product_hash ON sales.line USING hash (product_id);
CREATE TABLE "Odd Name"."Event Log" (id int PRIMARY KEY, "at" timestamptz, kind text, payload text);
CREATE TABLE "Odd Name".special () INHERITS ("Odd Name"."Event Log");
CREATE TABLE "Odd Name".booking (room int, during int4range, EXCLUDE USING gist (during WITH &&));
CREATE INDEX customer_normalized ON sales.customer (sales.normalize(name));
CREATE INDEX customer_mail ON sales.customer (lower(mail) text_pattern_ops, id);
CREATE INDEX customer_tags ON sales.customer USING gin (tags);
CREATE INDEX product_search ON sales.product USING gin (search);
CREATE INDEX product_during ON sales.product USING gist (during);
CREATE INDEX "Event kind" ON "Odd Name"."Event Log" (kind, "at");
CREATE VIEW sales.open_orders AS SELECT o.*, c.name FROM sales.orders o JOIN sales.customer c ON c.id = o.customer_id WHERE o.state = 'new';
CREATE MATERIALIZED VIEW sales.by_city AS SELECT g % 40 AS place, g AS n FROM generate_series(1, 4000) g;
CREATE UNIQUE INDEX by_city_n ON sales.by_city (n);
CREATE TABLE sales.never_analyzed (a int, b text);
SELECT setseed(0.5);
INSERT INTO sales.customer (name, mail, home, region, discount, tags)
  SELECT ' Name ' || i % 3000, 'user' || i || '@example.org', ROW('Street ' || i % 100, lpad((i % 500)::text, 5, '0'))::sales.address,
    (ARRAY['north', 'south', 'east', 'west'])[1 + floor(power(random(), 2) * 4)], round((random() * 100)::numeric, 2), ARRAY['t' || i % 7, 't' || i % 50]
  FROM generate_series(1, 8000) i;
INSERT INTO sales.product (code, price, weight, during, window_of, doc, search)
  SELECT 'P' || lpad(i::text, 6, '0'), round((random() * 1000)::numeric, 2), random() * 50,
    tsrange(timestamp '2022-01-01' + i * interval '1 hour', timestamp '2022-01-01' + (i + i % 300) * interval '1 hour'), sales.span(i, i + i % 17),
    jsonb_build_object('color', (ARRAY['red', 'green', 'blue'])[1 + i % 3], 'n', i), to_tsvector('english', 'word' || i % 200 || ' thing' || i % 11)
  FROM generate_series(1, 6000) i;
INSERT INTO sales.orders (customer_id, placed, state, total, city, zip)
  SELECT 1 + floor(power(random(), 1.5) * 7999), date '2022-01-01' + (random() * 1000)::int,
    (ARRAY['new', 'paid', 'shipped', 'shipped', 'shipped']::sales.state[])[1 + floor(random() * 5)], round((random() * 500)::numeric, 2), 'City ' || i % 50, 'Z' || (i % 50) * 2 + i % 2
  FROM generate_series(1, 40000) i;
INSERT INTO sales.line SELECT o.id, 1 + floor(random() * 5999), 1 + floor(random() * 9), round((random() * 300)::numeric, 2) FROM sales.orders o, generate_series(1, 3);
INSERT INTO "Odd Name"."Event Log" SELECT i, timestamptz '2023-01-01 00:00+00' + i * interval '1 minute', 'kind ' || i % 5, repeat('x', i % 40) FROM generate_series(1, 9000) i;
INSERT INTO "Odd Name".special SELECT i, timestamptz '2024-01-01 00:00+00' + i * interval '1 minute', 'special', NULL FROM generate_series(9001, 11000) i;
INSERT INTO "Odd Name".booking SELECT i, int4range(i * 10, i * 10 + 5) FROM generate_series(1, 1000) i;
INSERT INTO sales.never_analyzed SELECT i, 'b' || i FROM generate_series(1, 500) i;
CREATE STATISTICS sales.city_zip (ndistinct, dependencies, mcv) ON city, zip FROM sales.orders_2022;
CREATE STATISTICS sales.line_pair (ndistinct) ON order_id, product_id FROM sales.line;
${
  version >= 140_000
    ? `CREATE STATISTICS sales.customer_words (mcv) ON region, (sales.bucket(id)) FROM sales.customer;
CREATE STATISTICS sales.month_of ON (date_trunc('month', at AT TIME ZONE 'UTC')) FROM "Odd Name"."Event Log";`
    : ""
}
${version >= 180_000 ? "ALTER TABLE sales.line ADD COLUMN doubled numeric GENERATED ALWAYS AS (amount * 2) VIRTUAL;" : ""}
REFRESH MATERIALIZED VIEW sales.by_city;
ALTER TABLE sales.never_analyzed SET (autovacuum_enabled = false);
VACUUM (ANALYZE) sales.customer; VACUUM (ANALYZE) sales.product; VACUUM (ANALYZE) sales.orders; VACUUM (ANALYZE) sales.line;
VACUUM (ANALYZE) "Odd Name"."Event Log"; VACUUM (ANALYZE) "Odd Name".special; VACUUM (ANALYZE) "Odd Name".booking; VACUUM (ANALYZE) sales.by_city;`;
}

/** Settings of the source that its plans depend on. */
export const sourceSettings =
  "ALTER DATABASE source SET random_page_cost = 1.3; ALTER DATABASE source SET work_mem = '2MB'; ALTER DATABASE source SET effective_cache_size = '64MB'; ALTER DATABASE source SET min_parallel_table_scan_size = '256kB'; ALTER DATABASE source SET parallel_setup_cost = 20";

/** Statements whose plans need all of it; each must be planned to the last digit as at the source. */
export const sourceQueries: readonly string[] = [
  "SELECT * FROM sales.customer WHERE id = 77",
  "SELECT * FROM sales.customer WHERE name = ' Name 7'",
  "SELECT * FROM sales.customer WHERE sales.normalize(name) = 'name 7'",
  "SELECT * FROM sales.customer WHERE lower(mail) LIKE 'user12%'",
  "SELECT * FROM sales.customer WHERE mail = 'user5@example.org'",
  "SELECT count(*) FROM sales.customer WHERE region < 'north'",
  "SELECT region, count(*) FROM sales.customer GROUP BY region",
  "SELECT * FROM sales.customer WHERE discount BETWEEN 10 AND 20",
  "SELECT * FROM sales.customer WHERE 't3' = ANY (tags) AND active",
  "SELECT * FROM sales.customer WHERE home = ROW('Street 1', '00001')::sales.address",
  "SELECT * FROM sales.customer WHERE region = 'south' AND sales.bucket(id) = 3",
  "SELECT lowered, count(*) FROM sales.customer GROUP BY lowered ORDER BY 2 DESC LIMIT 5",
  "SELECT * FROM sales.product WHERE code = 'P000100'",
  "SELECT * FROM sales.product WHERE price > 900 ORDER BY price DESC LIMIT 10",
  "SELECT * FROM sales.product WHERE during && tsrange('2022-03-01', '2022-03-02')",
  "SELECT * FROM sales.product WHERE during @> timestamp '2022-05-05'",
  "SELECT * FROM sales.product WHERE window_of && sales.span(100, 200)",
  "SELECT * FROM sales.product WHERE doc ->> 'color' = 'red'",
  "SELECT * FROM sales.orders WHERE id = 100",
  "SELECT * FROM sales.orders WHERE placed = '2022-06-06'",
  "SELECT * FROM sales.orders WHERE placed BETWEEN '2022-11-01' AND '2023-02-01' AND state = 'new'",
  "SELECT * FROM sales.orders WHERE customer_id = 17 ORDER BY placed DESC LIMIT 3",
  "SELECT * FROM sales.orders_2022 WHERE city = 'City 7' AND zip = 'Z14'",
  "SELECT city, zip, count(*) FROM sales.orders_2022 GROUP BY city, zip",
  "SELECT * FROM sales.orders_2023 WHERE state = 'new' AND total > 450",
  "SELECT state, sum(total) FROM sales.orders GROUP BY state",
  "SELECT c.name, sum(o.total) FROM sales.customer c JOIN sales.orders o ON o.customer_id = c.id WHERE c.region = 'west' GROUP BY c.name",
  "SELECT * FROM sales.orders o JOIN sales.line l ON l.order_id = o.id WHERE o.customer_id = 5",
  "SELECT p.code, sum(l.amount) FROM sales.line l JOIN sales.product p ON p.id = l.product_id GROUP BY p.code ORDER BY 2 DESC LIMIT 20",
  "SELECT order_id, product_id, count(*) FROM sales.line GROUP BY 1, 2",
  "SELECT * FROM sales.line WHERE amount < 3",
  "SELECT * FROM sales.line WHERE product_id = 44",
  "SELECT place, count(*) FROM sales.by_city GROUP BY place",
  "SELECT * FROM sales.by_city WHERE n = 3",
  'SELECT * FROM "Odd Name"."Event Log" WHERE kind = \'special\'',
  "SELECT count(*) FROM ONLY \"Odd Name\".\"Event Log\" WHERE kind = 'kind 2' AND at > '2023-01-05'",
  `SELECT date_trunc('month', at AT TIME ZONE 'UTC'), count(*) FROM "Odd Name"."Event Log" GROUP BY 1`,
  'SELECT * FROM "Odd Name".booking WHERE during && int4range(100, 130)',
  "SELECT * FROM sales.never_analyzed WHERE a = 5",
  "SELECT * FROM sales.customer c WHERE EXISTS (SELECT FROM sales.orders o WHERE o.customer_id = c.id AND o.total > 490)",
  "SELECT * FROM sales.customer WHERE id NOT IN (SELECT customer_id FROM sales.orders WHERE state = 'it''s lost')",
  "UPDATE sales.orders SET total = 0 WHERE customer_id = 3",
  "DELETE FROM sales.line WHERE order_id = 9",
  "INSERT INTO sales.orders (customer_id, placed, state) VALUES (1, '2022-01-01', 'new')",
];

/** The planner reads the size of a GIN index's parts from the index itself, and an empty one has none. */
export const ginQueries: readonly string[] = [
  "SELECT * FROM sales.customer WHERE tags @> ARRAY['t3']",
  "SELECT * FROM sales.product WHERE search @@ to_tsquery('english', 'word7')",
];

/** The planner looks up the ends of a range in the index itself, and an empty one has none. */
export const rangeEndQueries: readonly string[] = [
  "SELECT sum(quantity) FROM sales.line WHERE order_id BETWEEN 100 AND 200",
  "SELECT * FROM sales.open_orders WHERE customer_id < 10",
];

/** The statements of `sourceSchema`, one at a time: VACUUM takes no company. */
export const cutStatements = (script: string): readonly string[] =>
  script
    .split(/;\n|; (?=VACUUM)/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
