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
  /** Primary and foreign keys, made after the indexes; the model is then asked a second time, knowing them. */
  readonly keys?: string;
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

/** Keys of several tenants' work: what belongs to a project belongs to its tenant. */
const office = `${extensions}
SELECT setseed(0.6);
CREATE TABLE tenants (id integer PRIMARY KEY, name text);
INSERT INTO tenants SELECT n, 'tenant ' || n FROM generate_series(1, 400) AS n;
CREATE TABLE projects (id integer PRIMARY KEY, tenant_id integer REFERENCES tenants, title text);
INSERT INTO projects SELECT n, ${zipf(400)}, 'project ' || n FROM generate_series(1, 12000) AS n;
CREATE TABLE users (id integer PRIMARY KEY, tenant_id integer REFERENCES tenants, email text UNIQUE, seen_at timestamptz);
INSERT INTO users SELECT n, 1 + (random() * 399)::int, 'user' || n || '@' || substr(md5(n::text), 1, 3 + n % 9) || '.test',
  CASE WHEN n % 3 > 0 THEN timestamptz '2025-01-01' + random() * interval '90 days' END FROM generate_series(1, 30000) AS n;
CREATE TABLE tasks (
  id bigint PRIMARY KEY, tenant_id integer REFERENCES tenants, project_id integer REFERENCES projects, assignee_id integer REFERENCES users,
  status text, priority smallint, created_at timestamptz, created_on date, updated_at timestamptz, due date, title text, meta jsonb, labels text[]);
INSERT INTO tasks SELECT n, p.tenant_id, p.id, CASE WHEN random() < 0.8 THEN 1 + (random() * 29999)::int END,
  (ARRAY['done','open','blocked','review','new'])[least(5, ${zipf(6)})], (1 + random() * 4)::smallint,
  timestamptz '2024-01-01' + n * interval '97 seconds', (timestamptz '2024-01-01' + n * interval '97 seconds')::date,
  timestamptz '2024-01-01' + n * interval '97 seconds' + random() * interval '40 days',
  CASE WHEN random() < 0.3 THEN date '2024-01-01' + (random() * 900)::int END,
  'Task ' || substr(md5(n::text), 1, 5 + n % 20) || ' of ' || p.id,
  jsonb_build_object('source', (ARRAY['web','mail','api'])[1 + n % 3], 'points', (random() * 8)::int, 'key', 'T-' || n, 'sprint', n / 9000),
  (SELECT array_agg('l' || t) FROM (SELECT ${zipf(120)} + 0 * n AS t FROM generate_series(1, 1 + n % 3)) AS drawn)
FROM generate_series(1, 300000) AS n JOIN projects p ON p.id = 1 + (n::bigint * 7919 % 12000);
CREATE TABLE comments (task_id bigint REFERENCES tasks, number smallint, author_id integer REFERENCES users, written_at timestamptz, body text, UNIQUE (task_id, number));
INSERT INTO comments SELECT t.id, c, 1 + (random() * 29999)::int, t.created_at + c * interval '1 hour', substr(md5((t.id * c)::text), 1, 6 + (t.id % 26)::int)
FROM tasks t, LATERAL generate_series(1, (t.id % 4)::int) AS c WHERE t.id <= 160000 ORDER BY t.id, c;
VACUUM (ANALYZE);`;

const users = on("users");
const tasks = on("tasks");
const comments = on("comments");

const officeIndexes: readonly IndexSpec[] = [
  users("btree", "email"),
  users("btree", "tenant_id, email"),
  users("btree", "tenant_id, seen_at"),
  users("btree", "seen_at", { predicate: "seen_at IS NOT NULL" }),
  tasks("btree", "tenant_id"),
  tasks("btree", "project_id"),
  tasks("btree", "tenant_id, project_id"),
  tasks("btree", "project_id, tenant_id, status"),
  tasks("btree", "tenant_id, assignee_id"),
  tasks("btree", "assignee_id, status"),
  tasks("btree", "assignee_id", { predicate: "status = 'open'" }),
  tasks("btree", "status, created_at"),
  tasks("btree", "tenant_id, created_at"),
  tasks("btree", "created_on, priority"),
  tasks("btree", "created_on, created_at"),
  tasks("btree", "created_on, project_id"),
  tasks("btree", "due"),
  tasks("btree", "due, tenant_id", { predicate: "due IS NOT NULL" }),
  tasks("btree", "updated_at"),
  tasks("btree", "id, priority"),
  tasks("btree", "title"),
  tasks("btree", "(lower(title))"),
  tasks("btree", "((created_at AT TIME ZONE 'UTC')::date)"),
  tasks("btree", "(date_trunc('month', updated_at AT TIME ZONE 'UTC'))"),
  tasks("btree", "(meta ->> 'key')"),
  tasks("btree", "(meta ->> 'source')"),
  tasks("btree", "(length(title))"),
  tasks("btree", "(extract(year FROM due))"),
  tasks("hash", "project_id"),
  tasks("gin", "meta"),
  tasks("gin", "meta jsonb_path_ops"),
  tasks("gin", "labels"),
  tasks("gin", "title gin_trgm_ops"),
  tasks("brin", "created_at"),
  comments("btree", "task_id"),
  comments("btree", "author_id"),
  comments("btree", "task_id, author_id"),
  comments("btree", "author_id, written_at"),
];

/** Lines of orders that repeat what their order says, without keys; pairs that go together. */
const depot = `${extensions}
SELECT setseed(0.7);
CREATE TABLE lines AS SELECT o AS order_no, l::smallint AS line_no, customer_no, placed_on, store_no, 1 + (random() * 4999)::int AS sku_no,
  (random() * 20)::smallint AS quantity, (random() * 900)::numeric(9,2) AS price, carrier AS carrier_code, 'carrier number ' || carrier AS carrier_name,
  'P' || (customer_no * 7919 % 100003) AS loyalty_no, (ARRAY['A','B','C','D'])[1 + (random() * 3)::int] AS bin
FROM (SELECT o, 1 + (random() * 18000)::int AS customer_no, date '2023-01-01' + (random() * 700)::int AS placed_on, 1 + (random() * 60)::int AS store_no,
  (random() * 40)::int AS carrier, 1 + (random() * 14)::int AS lines FROM generate_series(1, 50000) AS o) AS orders, generate_series(1, orders.lines) AS l;
CREATE TABLE places AS SELECT n AS id, 'City ' || (z / 6) AS city, lpad(z::text, 5, '0') AS zip, z / 900 AS region,
  substr(md5(n::text), 1, 4 + n % 12) AS street, round((z % 900 + random())::numeric, 4) AS latitude, z % 360 + random() AS longitude
FROM (SELECT n, (random() * 9000)::int AS z FROM generate_series(1, 120000) AS n) AS drawn;
CREATE STATISTICS places_city_zip ON city, zip FROM places;
CREATE TABLE visits AS SELECT n AS id, 's' || md5((n / 9)::text) AS session_id, CASE WHEN n % 5 > 0 THEN 1 + ${zipf(60000)} END AS visitor_no,
  timestamp '2025-03-01' + (n / 3) * interval '2 seconds' AS seen_at, '/page/' || ${zipf(2500)} AS path, (ARRAY['GET','POST','PUT'])[least(3, ${zipf(5)})] AS verb,
  (ARRAY[200,200,200,304,404,500])[1 + (random() * 5)::int]::smallint AS code, ('10.0.' || (random() * 40)::int || '.' || (random() * 255)::int)::inet AS address,
  random() AS took, 'Agent/' || ${zipf(400)} || repeat('x', ${zipf(60)}) AS agent
FROM generate_series(1, 350000) AS n;
VACUUM (ANALYZE);`;

const lines = on("lines");
const towns = on("places");
const visits = on("visits");

const depotIndexes: readonly IndexSpec[] = [
  lines("btree", "order_no"),
  lines("btree", "order_no, line_no"),
  lines("btree", "customer_no"),
  lines("btree", "customer_no, placed_on"),
  lines("btree", "placed_on, store_no"),
  lines("btree", "placed_on, sku_no"),
  lines("btree", "customer_no, sku_no"),
  lines("btree", "sku_no, store_no"),
  lines("btree", "carrier_code, carrier_name"),
  lines("btree", "loyalty_no, customer_no"),
  lines("btree", "customer_no, loyalty_no, sku_no"),
  lines("btree", "bin, quantity"),
  lines("btree", "placed_on", { included: ["price"] }),
  lines("hash", "customer_no"),
  towns("btree", "city, zip"),
  towns("btree", "zip, city"),
  towns("btree", "region, city"),
  towns("btree", "zip, street"),
  towns("btree", "latitude, longitude"),
  visits("btree", "id"),
  visits("btree", "session_id"),
  visits("btree", "session_id, seen_at"),
  visits("btree", "seen_at, code"),
  visits("btree", "visitor_no, seen_at"),
  visits("btree", "visitor_no", { predicate: "visitor_no IS NOT NULL" }),
  visits("btree", "path"),
  visits("btree", "path, verb"),
  visits("btree", "seen_at", { predicate: "code = 500" }),
  visits("btree", "address"),
  visits("btree", "agent"),
  visits("btree", "took"),
  visits("hash", "session_id"),
  visits("brin", "seen_at, id"),
];

/** Written when the model was done, and run once: how it holds on what it was not made with. */
const clinic = `${extensions}
SELECT setseed(0.8);
CREATE TABLE doctors (id integer PRIMARY KEY, name text, ward smallint);
INSERT INTO doctors SELECT n, 'Dr. ' || initcap(substr(md5(n::text), 1, 4 + n % 9)), n % 25 FROM generate_series(1, 800) AS n;
CREATE TABLE patients (id integer PRIMARY KEY, number character varying(12) UNIQUE, surname text, given text, born date, sex character(1), town text, postcode text, insurer integer, contact jsonb);
INSERT INTO patients SELECT n, 'P' || lpad((n * 7)::text, 9, '0'), initcap(substr(md5(${zipf(9000)}::text), 1, 5 + n % 6)), initcap(substr(md5(${zipf(700)}::text), 1, 3 + n % 5)),
  date '1925-01-01' + (random() * 34000)::int, CASE WHEN random() < 0.52 THEN 'f' ELSE 'm' END, 'Town ' || ${zipf(600)}, lpad((random() * 9999)::int::text, 5, '1'), ${zipf(40)},
  jsonb_build_object('mail', substr(md5(n::text), 1, 8) || '@post.test', 'phone', '+49' || (random() * 1e9)::bigint, 'lang', (ARRAY['de','en','tr','pl'])[least(4, ${zipf(5)})])
FROM generate_series(1, 110000) AS n;
CREATE TABLE appointments (id bigint PRIMARY KEY, patient_id integer REFERENCES patients, doctor_id integer REFERENCES doctors, room smallint, starts_at timestamptz, minutes smallint, state text, reason text, cancelled_at timestamptz);
INSERT INTO appointments SELECT n, 1 + (random() * 109999)::int, ${zipf(800)}, (random() * 80)::smallint, timestamptz '2022-01-01 08:00' + (n / 40) * interval '15 minutes',
  (ARRAY[15,15,30,45,60])[1 + (random() * 4)::int]::smallint, (ARRAY['kept','planned','cancelled','missed'])[least(4, ${zipf(5)})], CASE WHEN random() < 0.4 THEN 'Reason ' || ${zipf(300)} END,
  CASE WHEN random() < 0.08 THEN timestamptz '2022-01-01' + random() * interval '1000 days' END FROM generate_series(1, 420000) AS n;
CREATE TABLE results (appointment_id bigint REFERENCES appointments, test character varying(8), value numeric(10,3), unit text, taken_at timestamp, flags text[], PRIMARY KEY (appointment_id, test));
INSERT INTO results SELECT a.id, 'T' || (t * 7 + a.id % 7), (random() * 500)::numeric(10,3), (ARRAY['mg','g','ml','IU','%'])[1 + t % 5], a.starts_at + t * interval '3 minutes',
  CASE WHEN random() < 0.2 THEN ARRAY[(ARRAY['high','low','repeat'])[1 + (random() * 2)::int]] END
FROM appointments a, LATERAL generate_series(1, (a.id % 5)::int) AS t WHERE a.id <= 180000 ORDER BY a.id, t;
VACUUM (ANALYZE);`;

const patients = on("patients");
const appointments = on("appointments");
const results = on("results");

const clinicIndexes: readonly IndexSpec[] = [
  patients("btree", "surname, given"),
  patients("btree", "surname, born"),
  patients("btree", "town, postcode"),
  patients("btree", "insurer, sex"),
  patients("btree", "born"),
  patients("btree", "(upper(surname))"),
  patients("btree", "(contact ->> 'mail')"),
  patients("btree", "(contact ->> 'lang')"),
  patients("btree", "number"),
  patients("gin", "contact"),
  patients("gin", "surname gin_trgm_ops"),
  appointments("btree", "patient_id"),
  appointments("btree", "doctor_id, starts_at"),
  appointments("btree", "starts_at, room"),
  appointments("btree", "patient_id, starts_at"),
  appointments("btree", "patient_id, state"),
  appointments("btree", "state, starts_at"),
  appointments("btree", "doctor_id, room, state"),
  appointments("btree", "cancelled_at"),
  appointments("btree", "cancelled_at", {
    predicate: "cancelled_at IS NOT NULL",
  }),
  appointments("btree", "patient_id", { included: ["starts_at", "state"] }),
  appointments("btree", "starts_at", { predicate: "state = 'planned'" }),
  appointments("btree", "reason"),
  appointments("btree", "(starts_at AT TIME ZONE 'UTC')"),
  appointments("hash", "patient_id"),
  appointments("brin", "starts_at"),
  results("btree", "appointment_id"),
  results("btree", "test"),
  results("btree", "test, value"),
  results("btree", "taken_at"),
  results("btree", "appointment_id, test"),
  results("btree", "unit, taken_at"),
  results("gin", "flags"),
];

const forum = `${extensions}
SELECT setseed(0.9);
CREATE TABLE posts (id bigserial, thread integer, author bigint, parent bigint, posted timestamp, edited timestamp, score integer, body text, tags character varying(30)[], hidden boolean, slug text, ip inet, extra jsonb);
INSERT INTO posts SELECT n, (n / 11) + (random() * 30)::int, ${zipf(50000)} + 1000000000000, CASE WHEN n % 11 > 0 THEN n - n % 11 END, timestamp '2019-01-01' + (n * 211 + random() * 4000) * interval '1 second',
  CASE WHEN random() < 0.1 THEN timestamp '2019-01-01' + n * interval '230 seconds' END, floor(ln(1 - random()) * -6)::int, (SELECT string_agg(substr(md5((n * w)::text), 1, 2 + w % 6), ' ') FROM generate_series(1, 5 + n % 25) AS w),
  (SELECT array_agg('tag-' || t) FROM (SELECT ${zipf(900)} + 0 * n AS t FROM generate_series(1, n % 4)) AS d), random() < 0.01, 'post-' || n || '-' || substr(md5(n::text), 1, 4 + n % 12),
  ('172.16.' || ${zipf(256)} - 1 || '.' || (random() * 255)::int)::inet,
  CASE WHEN n % 4 = 0 THEN jsonb_build_object('device', (ARRAY['phone','desktop','tablet'])[1 + n % 3], 'version', (random() * 40)::int, 'session', md5((n / 3)::text), 'views', floor(exp(random() * 9))) END
FROM generate_series(1, 260000) AS n;
CREATE TABLE votes (voter integer, post bigint, value smallint, cast_at timestamptz, UNIQUE (post, voter));
INSERT INTO votes SELECT 1 + (random() * 40000)::int, p, CASE WHEN random() < 0.85 THEN 1 ELSE -1 END, timestamptz '2019-01-01' + p * interval '211 seconds' + random() * interval '9 days'
FROM generate_series(1, 120000) AS p, LATERAL generate_series(1, ${zipf(12)} + 0 * p) ON CONFLICT DO NOTHING;
CREATE TABLE sessions (token uuid, account integer, started timestamptz, seen timestamptz, agent text, country character(2), mobile boolean, ratio real, cents bigint);
INSERT INTO sessions SELECT md5(n::text || 'x')::uuid, ${zipf(30000)}, timestamptz '2024-06-01' + random() * interval '300 days', timestamptz '2024-06-01' + n * interval '60 seconds', 'Browser ' || ${zipf(150)} || '.' || (random() * 9)::int,
  (ARRAY['de','at','ch','fr','it','es','pl'])[least(7, ${zipf(9)})], random() < 0.6, random()::real, (random() * 100000)::bigint FROM generate_series(1, 300000) AS n;
VACUUM (ANALYZE);`;

const posts = on("posts");
const votes = on("votes");
const sessions = on("sessions");

const forumIndexes: readonly IndexSpec[] = [
  posts("btree", "id"),
  posts("btree", "thread"),
  posts("btree", "thread, posted"),
  posts("btree", "author"),
  posts("btree", "author, posted"),
  posts("btree", "author, thread"),
  posts("btree", "parent"),
  posts("btree", "parent", { predicate: "parent IS NOT NULL" }),
  posts("btree", "edited"),
  posts("btree", "score"),
  posts("btree", "score, posted"),
  posts("btree", "slug"),
  posts("btree", "slug text_pattern_ops"),
  posts("btree", "ip"),
  posts("btree", "posted", { predicate: "hidden" }),
  posts("btree", "thread", { included: ["score"] }),
  posts("btree", "(extra ->> 'device')"),
  posts("btree", "(extra ->> 'session')"),
  posts("btree", "(date_trunc('day', posted))"),
  posts("gin", "tags"),
  posts("gin", "extra"),
  posts("gin", "extra jsonb_path_ops"),
  posts("gin", "body gin_trgm_ops"),
  posts("gin", "(to_tsvector('simple'::regconfig, body))"),
  posts("hash", "slug"),
  posts("brin", "posted"),
  votes("btree", "post"),
  votes("btree", "voter"),
  votes("btree", "post, voter"),
  votes("btree", "voter, value"),
  votes("btree", "cast_at"),
  sessions("btree", "token"),
  sessions("btree", "account"),
  sessions("btree", "account, seen"),
  sessions("btree", "country, started"),
  sessions("btree", "agent"),
  sessions("btree", "agent, country"),
  sessions("btree", "ratio"),
  sessions("btree", "cents"),
  sessions("btree", "country, mobile, cents"),
  sessions("hash", "account"),
  sessions("hash", "token"),
];

const fleet = `
SELECT setseed(0.35);
CREATE TABLE depots (id smallint PRIMARY KEY, town text);
INSERT INTO depots SELECT n, 'Town ' || n FROM generate_series(1, 60) AS n;
CREATE TABLE vehicles (id integer PRIMARY KEY, depot smallint REFERENCES depots, plate character varying(10) UNIQUE, model text, features jsonb);
INSERT INTO vehicles SELECT n, ${zipf(60)}, 'K-' || lpad(n::text, 6, '0'), 'Model ' || ${zipf(90)}, jsonb_build_object('seats', 2 + n % 7, 'fuel', (ARRAY['diesel','gas','electric'])[least(3, ${zipf(4)})]) FROM generate_series(1, 9000) AS n;
CREATE TABLE positions (vehicle integer, at timestamptz, lat double precision, lon double precision, speed smallint, heading smallint, driver integer, trip bigint, status smallint, raw bytea);
INSERT INTO positions SELECT 1 + (n * 37 + (random() * 40)::int) % 9000, timestamptz '2025-05-01' + (n / 60) * interval '10 seconds', 47 + random() * 7, 6 + random() * 9, greatest(0, (random() * 160 - 30))::smallint,
  (random() * 359)::smallint, 1 + (n * 37) % 9000 / 3, 100000 + (n / 900), least(6, ${zipf(7)})::smallint, decode(md5(n::text), 'hex') FROM generate_series(1, 500000) AS n;
CREATE TABLE trips (id bigint PRIMARY KEY, vehicle integer REFERENCES vehicles, depot smallint REFERENCES depots, started timestamptz, ended timestamptz, purpose text, cost numeric(8,2), stops integer[], note character varying(200));
INSERT INTO trips SELECT n, v.id, v.depot, timestamptz '2025-01-01' + n * interval '55 seconds', timestamptz '2025-01-01' + n * interval '55 seconds' + random() * interval '6 hours',
  (ARRAY['tour','service','transfer','private'])[least(4, ${zipf(5)})], (random() * 900)::numeric(8,2), (SELECT array_agg(s) FROM (SELECT (random() * 2500)::int + 0 * n AS s FROM generate_series(1, 2 + n % 8)) AS drawn),
  CASE WHEN n % 6 = 0 THEN 'Note ' || repeat(substr(md5(n::text), 1, 9) || ' ', 1 + n % 7) END FROM generate_series(1, 240000) AS n JOIN vehicles v ON v.id = 1 + (n * 7919) % 9000;
CREATE STATISTICS positions_pairs (ndistinct) ON driver, vehicle FROM positions;
VACUUM (ANALYZE);`;

const positions = on("positions");
const trips = on("trips");

const fleetIndexes: readonly IndexSpec[] = [
  positions("btree", "vehicle"),
  positions("btree", "vehicle, at"),
  positions("btree", "at, vehicle"),
  positions("btree", "driver, vehicle"),
  positions("btree", "trip"),
  positions("btree", "trip, at"),
  positions("btree", "status, at"),
  positions("btree", "status, vehicle"),
  positions("btree", "speed, heading"),
  positions("btree", "lat, lon"),
  positions("btree", "raw"),
  positions("btree", "vehicle", { predicate: "status = 6" }),
  positions("btree", "at", { included: ["lat", "lon"] }),
  positions("hash", "driver"),
  positions("brin", "at"),
  trips("btree", "vehicle"),
  trips("btree", "depot, vehicle"),
  trips("btree", "vehicle, started"),
  trips("btree", "depot, started"),
  trips("btree", "depot, purpose"),
  trips("btree", "started"),
  trips("btree", "ended, purpose"),
  trips("btree", "cost"),
  trips("btree", "note"),
  trips("btree", "purpose", { included: ["cost"] }),
  trips("btree", "((started AT TIME ZONE 'UTC')::date)"),
  trips("btree", "vehicle, id"),
  trips("gin", "stops"),
  trips("hash", "vehicle"),
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

const tpchKeys = `
ALTER TABLE customer ADD PRIMARY KEY (c_custkey);
ALTER TABLE part ADD PRIMARY KEY (p_partkey);
ALTER TABLE supplier ADD PRIMARY KEY (s_suppkey);
ALTER TABLE partsupp ADD PRIMARY KEY (ps_partkey, ps_suppkey);
ALTER TABLE orders ADD PRIMARY KEY (o_orderkey);
ALTER TABLE lineitem ADD PRIMARY KEY (l_orderkey, l_linenumber);
ALTER TABLE partsupp ADD FOREIGN KEY (ps_partkey) REFERENCES part NOT VALID, ADD FOREIGN KEY (ps_suppkey) REFERENCES supplier NOT VALID;
ALTER TABLE orders ADD FOREIGN KEY (o_custkey) REFERENCES customer NOT VALID;
ALTER TABLE lineitem ADD FOREIGN KEY (l_orderkey) REFERENCES orders NOT VALID,
  ADD FOREIGN KEY (l_partkey, l_suppkey) REFERENCES partsupp NOT VALID;`;

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

const tpcdsKeys = `
ALTER TABLE customer ADD PRIMARY KEY (c_customer_sk);
ALTER TABLE item ADD PRIMARY KEY (i_item_sk);
ALTER TABLE date_dim ADD PRIMARY KEY (d_date_sk);
ALTER TABLE store ADD PRIMARY KEY (s_store_sk);
ALTER TABLE store_sales ADD PRIMARY KEY (ss_item_sk, ss_ticket_number);
ALTER TABLE catalog_sales ADD PRIMARY KEY (cs_item_sk, cs_order_number);
ALTER TABLE web_sales ADD PRIMARY KEY (ws_item_sk, ws_order_number);
ALTER TABLE inventory ADD PRIMARY KEY (inv_date_sk, inv_item_sk, inv_warehouse_sk);
ALTER TABLE store_sales ADD FOREIGN KEY (ss_item_sk) REFERENCES item NOT VALID, ADD FOREIGN KEY (ss_customer_sk) REFERENCES customer NOT VALID,
  ADD FOREIGN KEY (ss_sold_date_sk) REFERENCES date_dim NOT VALID, ADD FOREIGN KEY (ss_store_sk) REFERENCES store NOT VALID;
ALTER TABLE web_sales ADD FOREIGN KEY (ws_item_sk) REFERENCES item NOT VALID, ADD FOREIGN KEY (ws_bill_customer_sk) REFERENCES customer NOT VALID,
  ADD FOREIGN KEY (ws_sold_date_sk) REFERENCES date_dim NOT VALID;
ALTER TABLE catalog_sales ADD FOREIGN KEY (cs_item_sk) REFERENCES item NOT VALID, ADD FOREIGN KEY (cs_bill_customer_sk) REFERENCES customer NOT VALID,
  ADD FOREIGN KEY (cs_sold_date_sk) REFERENCES date_dim NOT VALID;`;

export const sizeTables: readonly SizeTables[] = [
  { name: "shop", isTuning: true, script: shop, indexes: shopIndexes },
  { name: "plant", isTuning: true, script: plant, indexes: plantIndexes },
  { name: "office", isTuning: true, script: office, indexes: officeIndexes },
  { name: "depot", isTuning: true, script: depot, indexes: depotIndexes },
  { name: "clinic", isTuning: false, script: clinic, indexes: clinicIndexes },
  { name: "forum", isTuning: false, script: forum, indexes: forumIndexes },
  { name: "fleet", isTuning: false, script: fleet, indexes: fleetIndexes },
  { name: "tpch", isTuning: true, keys: tpchKeys, indexes: tpchIndexes },
  { name: "tpcds", isTuning: true, keys: tpcdsKeys, indexes: tpcdsIndexes },
];
