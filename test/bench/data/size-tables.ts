/** Tables of many shapes and the indexes built on them, to hold the size model against real builds. */
import type { IndexDefinition } from "../../../src/core/advice/suggestion.ts";

type Method = IndexDefinition["method"] | "spgist";

/** An index to build, written short: keys are columns, `column class`, or expressions in parentheses. */
export interface IndexSpec {
  readonly table: string;
  readonly method: Method;
  readonly keys: readonly string[];
  readonly included?: readonly string[];
  readonly predicate?: string;
  readonly unique?: boolean;
}

export interface SizeTables {
  readonly name: string;
  /** Constants of the model were chosen with the tuning sets only; the rest shows how it holds elsewhere. */
  readonly isTuning: boolean;
  /** Fills a database; absent where the database is loaded by load-tpc.mjs. */
  readonly script?: string;
  readonly indexes: readonly IndexSpec[];
}

type Options = Omit<IndexSpec, "table" | "method" | "keys">;

const on =
  (table: string) =>
  (method: Method, keys: string, options: Options = {}): IndexSpec => ({
    table,
    method,
    keys: keys.startsWith("(") ? [keys] : keys.split(", "),
    ...options,
  });

const extensions = "CREATE EXTENSION IF NOT EXISTS pg_trgm;";

/** One of `values` numbers, the k-th about 1/k as often as the first. */
const zipf = (values: number): string =>
  `floor(exp(random() * ln(${values})))::int`;

const words = (count: string): string =>
  `(SELECT string_agg(chr(97 + (w % 26)) || substr(md5(w::text), 1, 2 + w % 7), ' ')
    FROM (SELECT ${zipf(8000)} + 0 * n AS w FROM generate_series(1, ${count})) AS drawn)`;

const shop = `${extensions}
CREATE TYPE mood AS ENUM ('calm', 'glad', 'sad', 'angry');
CREATE TABLE events (
  id bigint, user_id integer, kind text, created_at timestamptz, session uuid, amount numeric(10,2),
  score double precision, payload text, ref bigint, tags text[], doc jsonb, flag boolean, mood mood, shard smallint);
SELECT setseed(0.1);
INSERT INTO events SELECT n, (random() * 20000)::int,
  (ARRAY['view','click','buy','return','login','logout','search','share'])[least(8, ${zipf(9)})],
  timestamptz '2024-01-01' + floor(n / 3) * interval '1 second',
  md5(floor(random() * 80000)::text)::uuid, (random() * 5000)::numeric(10,2), random() * 1000,
  substr(md5(n::text) || md5((n + 1)::text), 1, 20 + (random() * 40)::int),
  CASE WHEN random() < 0.7 THEN NULL ELSE (random() * 100000)::bigint END,
  (SELECT array_agg('tag' || t) FROM (SELECT ${zipf(500)} + 0 * n AS t FROM generate_series(1, 1 + n % 5)) AS drawn),
  jsonb_build_object('type', 'k' || ${zipf(20)}, 'user', (random() * 20000)::int, 'ok', random() < 0.5),
  random() < 0.02, (ARRAY['calm','glad','sad','angry'])[1 + n % 4]::mood, (n % 16)::smallint
FROM generate_series(1, 400000) AS n;
CREATE TABLE texts (
  id integer, email text, city character varying(40), code character(8), body text, search tsvector, about text);
SELECT setseed(0.2);
INSERT INTO texts SELECT n, substr(md5(random()::text), 1, 6 + (random() * 12)::int) || '@' || (ARRAY['mail.test','post.test','a.test'])[1 + n % 3],
  'City of ' || substr(md5(${zipf(3000)}::text), 1, 4 + n % 9), substr(md5((n % 50000)::text), 1, 8), body, to_tsvector('simple', body),
  CASE WHEN n % 4 = 0 THEN NULL ELSE repeat(md5(n::text), 4) END
FROM generate_series(1, 60000) AS n, LATERAL (SELECT ${words("8 + n % 12")} AS body) AS made;
CREATE TABLE places (id integer, at point, area box, address inet, period int4range);
SELECT setseed(0.3);
INSERT INTO places SELECT n, point(random() * 1000, random() * 1000),
  box(point(n % 700, n % 300), point(n % 700 + random() * 5, n % 300 + random() * 5)),
  ('10.' || n % 200 || '.' || (random() * 255)::int || '.' || (random() * 255)::int)::inet,
  int4range((n % 90000), (n % 90000) + 1 + (random() * 100)::int)
FROM generate_series(1, 150000) AS n;
VACUUM (ANALYZE);`;

const events = on("events");
const texts = on("texts");
const places = on("places");

const shopIndexes: readonly IndexSpec[] = [
  events("btree", "id"),
  events("btree", "id", { unique: true }),
  events("btree", "user_id"),
  events("btree", "kind"),
  events("btree", "created_at"),
  events("btree", "session"),
  events("btree", "amount"),
  events("btree", "score"),
  events("btree", "payload"),
  events("btree", "ref"),
  events("btree", "ref", { predicate: "ref IS NOT NULL" }),
  events("btree", "flag"),
  events("btree", "id", { predicate: "flag" }),
  events("btree", "mood, created_at"),
  events("btree", "shard, mood"),
  events("btree", "user_id, kind"),
  events("btree", "kind, user_id, amount"),
  events("btree", "user_id", { included: ["amount", "kind"] }),
  events("btree", "created_at", { included: ["ref"] }),
  events("hash", "id"),
  events("hash", "session"),
  events("hash", "kind"),
  events("brin", "created_at"),
  events("gin", "tags"),
  events("gin", "doc"),
  events("gin", "doc jsonb_path_ops"),
  texts("btree", "email"),
  texts("btree", "(lower(email))"),
  texts("btree", "city"),
  texts("btree", "city text_pattern_ops"),
  texts("btree", "code"),
  texts("btree", "about"),
  texts("hash", "email"),
  texts("gin", "search"),
  texts("gin", "body gin_trgm_ops"),
  texts("gin", "email gin_trgm_ops"),
  texts("gist", "body gist_trgm_ops"),
  texts("gist", "search"),
  places("gist", "at"),
  places("gist", "area"),
  places("gist", "address inet_ops"),
  places("gist", "period"),
  places("spgist", "at"),
  places("spgist", "address"),
  places("spgist", "period"),
];

const plant = `${extensions}
CREATE TABLE readings (
  sensor smallint, batch integer, at timestamp, value real, quality numeric, note text, checked date, line integer, filler text);
SELECT setseed(0.4);
INSERT INTO readings SELECT (random() * 400)::smallint, n / 7, timestamp '2023-05-01' + n * interval '7 seconds',
  (random() * 100)::real, (random() * 9)::numeric(4,1),
  CASE WHEN n % 10 = 0 THEN 'manual check ' || (n % 400) END, date '2023-05-01' + (n / 12343), n % 7, repeat('x', 900)
FROM generate_series(1, 250000) AS n;
CREATE TABLE people (
  id uuid, surname text, born date, country character(2), zip character varying(10), balance bigint, labels integer[],
  profile jsonb, resume text, location point, opened_at timestamptz, parent integer, rank integer);
SELECT setseed(0.5);
INSERT INTO people SELECT md5(n::text)::uuid, initcap(substr(md5(${zipf(20000)}::text), 1, 4 + n % 8)),
  date '1930-01-01' + (random() * 30000)::int, (ARRAY['de','fr','us','cn','in','br'])[least(6, ${zipf(7)})],
  lpad((random() * 40000)::int::text, 5, '0'), (random() * 1000000000000)::bigint,
  (SELECT array_agg(l) FROM (SELECT (random() * 3000)::int + 0 * n AS l FROM generate_series(1, 3 + n % 4)) AS drawn),
  jsonb_build_object('plan', (ARRAY['free','pro','team'])[1 + n % 3], 'seats', n % 50, 'ref', md5((n / 2)::text), 'lang', 'en'),
  ${words("10 + n % 20")}, point(random() * 360, random() * 180),
  timestamptz '2020-01-01' + random() * interval '1500 days', CASE WHEN n % 3 = 0 THEN NULL ELSE (n / 4) END, ${zipf(100000)}
FROM generate_series(1, 120000) AS n;
VACUUM (ANALYZE);`;

const readings = on("readings");
const people = on("people");

const plantIndexes: readonly IndexSpec[] = [
  readings("btree", "sensor"),
  readings("btree", "batch"),
  readings("btree", "at"),
  readings("btree", "value"),
  readings("btree", "quality"),
  readings("btree", "note"),
  readings("btree", "checked"),
  readings("btree", "sensor, at"),
  readings("btree", "checked, batch"),
  readings("btree", "batch, line"),
  readings("btree", "sensor, checked"),
  readings("btree", "at", { predicate: "note IS NOT NULL" }),
  readings("btree", "sensor", { included: ["value", "note"] }),
  readings("hash", "batch"),
  readings("hash", "sensor"),
  readings("brin", "at"),
  people("btree", "id"),
  people("btree", "surname"),
  people("btree", "surname, born"),
  people("btree", "country, zip"),
  people("btree", "zip"),
  people("btree", "balance"),
  people("btree", "opened_at, id"),
  people("btree", "parent"),
  people("btree", "parent, country"),
  people("btree", "rank"),
  people("btree", "rank, country"),
  people("btree", "zip", { predicate: "country = 'de'" }),
  people("btree", "country", { included: ["balance"] }),
  people("hash", "id"),
  people("hash", "surname"),
  people("gin", "labels"),
  people("gin", "profile"),
  people("gin", "profile jsonb_path_ops"),
  people("gin", "resume gin_trgm_ops"),
  people("gin", "surname gin_trgm_ops"),
  people("gin", "(to_tsvector('simple'::regconfig, resume))"),
  people("gist", "location"),
  people("spgist", "location"),
];

const customer = on("customer");
const orders = on("orders");
const lineitem = on("lineitem");
const partsupp = on("partsupp");
const part = on("part");

const tpchIndexes: readonly IndexSpec[] = [
  lineitem("btree", "l_orderkey"),
  lineitem("btree", "l_partkey"),
  lineitem("btree", "l_suppkey"),
  lineitem("btree", "l_shipdate"),
  lineitem("btree", "l_quantity"),
  lineitem("btree", "l_shipmode"),
  lineitem("btree", "l_orderkey, l_linenumber"),
  lineitem("btree", "l_partkey, l_suppkey"),
  lineitem("btree", "l_shipdate, l_discount"),
  lineitem("btree", "l_returnflag, l_shipdate"),
  lineitem("btree", "l_partkey, l_quantity"),
  lineitem("btree", "l_shipdate", {
    included: ["l_extendedprice", "l_discount"],
  }),
  lineitem("hash", "l_orderkey"),
  lineitem("brin", "l_orderkey"),
  orders("btree", "o_orderkey"),
  orders("btree", "o_custkey"),
  orders("btree", "o_orderdate"),
  orders("btree", "o_clerk"),
  orders("btree", "o_orderdate, o_custkey"),
  orders("btree", "o_custkey", { included: ["o_totalprice"] }),
  orders("hash", "o_custkey"),
  customer("btree", "c_name"),
  customer("btree", "c_mktsegment"),
  customer("btree", "c_phone"),
  customer("btree", "c_acctbal"),
  partsupp("btree", "ps_partkey"),
  partsupp("btree", "ps_suppkey, ps_partkey"),
  partsupp("btree", "ps_supplycost"),
  part("btree", "p_name"),
  part("btree", "p_type, p_size"),
  part("btree", "p_comment"),
  part("gin", "p_name gin_trgm_ops"),
];

const storeSales = on("store_sales");
const catalogSales = on("catalog_sales");
const webSales = on("web_sales");
const inventory = on("inventory");
const buyer = on("customer");
const address = on("customer_address");

const tpcdsIndexes: readonly IndexSpec[] = [
  storeSales("btree", "ss_sold_date_sk"),
  storeSales("btree", "ss_item_sk"),
  storeSales("btree", "ss_customer_sk"),
  storeSales("btree", "ss_ticket_number"),
  storeSales("btree", "ss_ticket_number, ss_item_sk"),
  storeSales("btree", "ss_customer_sk, ss_item_sk"),
  storeSales("btree", "ss_store_sk, ss_sold_date_sk"),
  storeSales("btree", "ss_item_sk, ss_sold_date_sk"),
  storeSales("btree", "ss_net_profit"),
  storeSales("btree", "ss_quantity", { included: ["ss_list_price"] }),
  storeSales("hash", "ss_item_sk"),
  catalogSales("btree", "cs_order_number"),
  catalogSales("btree", "cs_bill_customer_sk"),
  catalogSales("btree", "cs_item_sk, cs_order_number"),
  catalogSales("btree", "cs_ship_date_sk, cs_warehouse_sk"),
  catalogSales("btree", "cs_sold_date_sk", {
    included: ["cs_ext_sales_price"],
  }),
  catalogSales("btree", "cs_bill_addr_sk"),
  webSales("btree", "ws_order_number"),
  webSales("btree", "ws_item_sk"),
  webSales("btree", "ws_bill_customer_sk, ws_sold_date_sk"),
  inventory("btree", "inv_item_sk"),
  inventory("btree", "inv_item_sk, inv_warehouse_sk"),
  inventory("btree", "inv_date_sk, inv_item_sk"),
  buyer("btree", "c_customer_id"),
  buyer("btree", "c_last_name, c_first_name"),
  buyer("btree", "c_email_address"),
  buyer("btree", "c_birth_year"),
  address("btree", "ca_city"),
  address("btree", "ca_zip"),
  address("btree", "ca_county, ca_state"),
];

export const sizeTables: readonly SizeTables[] = [
  { name: "shop", isTuning: true, script: shop, indexes: shopIndexes },
  { name: "plant", isTuning: false, script: plant, indexes: plantIndexes },
  { name: "tpch", isTuning: true, indexes: tpchIndexes },
  { name: "tpcds", isTuning: false, indexes: tpcdsIndexes },
];
