import type { CaseSet, World } from "./case.ts";

/** Freight: consignments with rare states, scans that are only ever added, tariffs by lane, weight and day. */
const cargo: World = {
  name: "cargo",
  extensions: ["hypopg", "btree_gist", "pg_trgm"],
  tables: [
    "consignors",
    "consignments",
    "legs",
    "scans",
    "scans_archive",
    "tariffs",
    "containers",
  ],
  schema: `
CREATE TABLE consignors (id int PRIMARY KEY, name text NOT NULL, country char(2) NOT NULL, blocked boolean NOT NULL);
INSERT INTO consignors SELECT n, 'Consignor ' || md5(n::text), chr(65 + pick(n, 1, 12)) || 'Y', n % 300 = 0 FROM generate_series(1, 30000) n;
CREATE TABLE consignments (id int PRIMARY KEY, ref text NOT NULL, consignor_id int NOT NULL, status text NOT NULL, origin char(5) NOT NULL, dest char(5) NOT NULL, booked_at timestamptz NOT NULL, promised_on date NOT NULL,
  delivered_at timestamptz, cancelled_at timestamptz, weight numeric(9, 2) NOT NULL, fragile boolean NOT NULL, meta jsonb NOT NULL);
INSERT INTO consignments SELECT n, 'C' || lpad(pick(n, 1, 9999999)::text, 9, '0'), 1 + (29990 * power(pick(n, 2, 100000) / 100001.0, 2))::int, CASE WHEN n > 138500 THEN 'moving' WHEN n % 700 = 0 THEN 'held' WHEN n % 1100 = 0 THEN 'lost' WHEN n % 40 = 0 THEN 'cancelled' ELSE 'delivered' END,
  'P' || lpad((9000 * power(pick(n, 3, 10000) / 10001.0, 3))::int::text, 4, '0'), 'P' || lpad((9000 * power(pick(n, 4, 10000) / 10001.0, 3))::int::text, 4, '0'), t, t::date + 3 + pick(n, 5, 12),
  CASE WHEN n <= 138500 AND n % 700 <> 0 AND n % 1100 <> 0 AND n % 40 <> 0 THEN t + pick(n, 6, 20000) * interval '1 minute' + CASE WHEN n % 500 = 1 THEN interval '40 days' ELSE interval '0' END END, CASE WHEN n % 40 = 0 THEN t + interval '1 day' END,
  pick(n, 7, 300000) / 100.0, n % 15 = 0, jsonb_build_object('customs', jsonb_build_object('code', 'H' || pick(n, 8, 6000)), 'priority', pick(n, 9, 60)) || CASE WHEN n % 800 = 0 THEN '{"hazmat": ["flammable"]}' ELSE '{}' END::jsonb
  FROM (SELECT n, timestamptz '2024-01-01Z' + n * interval '5 minutes' AS t FROM generate_series(1, 140000) n) x;
CREATE INDEX consignments_ref_live ON consignments (ref) WHERE cancelled_at IS NULL;
CREATE TABLE legs (consignment_id int NOT NULL, seq smallint NOT NULL, carrier_id int NOT NULL, departs_at timestamptz NOT NULL, arrives_at timestamptz NOT NULL, arrived_at timestamptz, PRIMARY KEY (consignment_id, seq));
INSERT INTO legs SELECT 1 + n / 2, n % 2, pick(n, 1, 350), t, t + interval '1 day', CASE WHEN n < 270000 THEN t + interval '1 day' + (pick(n, 2, 600) - 500 + CASE WHEN n % 600 = 0 THEN 9000 ELSE 0 END) * interval '1 minute' END
  FROM (SELECT n, timestamptz '2024-01-01Z' + n * interval '150 seconds' AS t FROM generate_series(1, 275000) n) x;
CREATE TABLE scans (id bigint NOT NULL, consignment_id int NOT NULL, depot text NOT NULL, scanned_at timestamptz NOT NULL, device inet NOT NULL, note text);
INSERT INTO scans SELECT n, greatest(1, n / 2 - pick(n, 1, 3000)), 'd' || (60 * power(pick(n, 2, 1000) / 1001.0, 2))::int, timestamptz '2024-01-01Z' + n * interval '150 seconds', ('10.9.' || pick(n, 3, 200) || '.' || pick(n, 4, 200))::inet,
  CASE WHEN n % 45 = 0 THEN 'damage ' || md5(n::text) END FROM generate_series(1, 260000) n;
CREATE TABLE scans_archive (LIKE scans);
CREATE TABLE tariffs (id int PRIMARY KEY, lane text NOT NULL, weights numrange NOT NULL, valid daterange NOT NULL, price numeric NOT NULL);
INSERT INTO tariffs SELECT n, 'L' || pick(n, 1, 40), numrange(w, w + pick(n, 2, 40)), daterange(d, d + pick(n, 3, 60)), pick(n, 4, 90000) / 100.0
  FROM (SELECT n, pick(n, 5, 3000) AS w, date '2023-01-01' + pick(n, 6, 900) AS d FROM generate_series(1, 60000) n) x;
CREATE TABLE containers (id int PRIMARY KEY, code varchar(11) NOT NULL, kind text NOT NULL, loc point NOT NULL, seen_at timestamptz NOT NULL, labels text[] NOT NULL, owner text NOT NULL);
INSERT INTO containers SELECT n, (ARRAY['MSKU', 'HLXU', 'TGHU'])[pick(n, 1, 3)] || lpad(pick(n, 2, 9999999)::text, 7, '0'), CASE WHEN n % 200 = 0 THEN 'reefer' ELSE 'dry' END, point(pick(n, 3, 100000), pick(n, 4, 100000)), timestamptz '2025-01-01Z' + pick(n, 5, 200000) * interval '1 minute',
  ARRAY['z' || pick(n, 6, 900), 'z' || pick(n, 7, 900)], 'Owner ' || md5((n % 9000)::text) FROM generate_series(1, 60000) n;
`,
};

const spans: CaseSet["cases"] = [
  {
    title: "the tariff of a lane for a bound weight and day",
    sql: "SELECT price FROM tariffs WHERE lane = $1 AND weights @> $2::numeric AND valid @> $3::date",
    ideal: ["tariffs USING gist (lane, weights, valid)"],
  },
  {
    title: "tariffs whose weights and days both overlap",
    sql: "SELECT id, lane FROM tariffs WHERE weights && '[100,103)'::numrange AND valid && '[2024-03-01,2024-03-08)'::daterange",
    ideal: ["tariffs USING gist (weights, valid)"],
  },
  {
    title: "legs that came late by more than some days",
    sql: "SELECT consignment_id, seq FROM legs WHERE arrived_at - arrives_at > interval '5 days'",
    ideal: ["legs ((arrived_at - arrives_at))"],
  },
  {
    title: "legs that came after their time, column by column",
    sql: "SELECT consignment_id, seq FROM legs WHERE arrived_at > arrives_at + interval '5 days'",
    ideal: [],
  },
  {
    title: "consignments that took long, in seconds",
    sql: "SELECT id, ref FROM consignments WHERE extract(epoch FROM delivered_at - booked_at) > 3000000 AND delivered_at IS NOT NULL",
    ideal: ["consignments (extract(epoch FROM delivered_at - booked_at))"],
  },
  {
    title: "what should have come and has not",
    sql: "SELECT id, ref, promised_on FROM consignments WHERE promised_on < '2024-12-01' AND delivered_at IS NULL AND cancelled_at IS NULL ORDER BY promised_on",
    ideal: [
      "consignments (promised_on) WHERE delivered_at IS NULL AND cancelled_at IS NULL",
    ],
  },
];

const places: CaseSet["cases"] = [
  {
    title: "from or to a bound place",
    sql: "SELECT id, ref FROM consignments WHERE origin = $1 OR dest = $1",
    ideal: ["consignments (origin)", "consignments (dest)"],
  },
  {
    title: "from or to a place, by a UNION",
    sql: "SELECT id FROM consignments WHERE origin = 'P7777' UNION SELECT id FROM consignments WHERE dest = 'P7777'",
    ideal: ["consignments (origin)", "consignments (dest)"],
  },
  {
    title: "the median weight of a place",
    sql: "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY weight) FROM consignments WHERE origin = 'P8003'",
    ideal: ["consignments (origin)"],
  },
  {
    title: "the nearest containers of a rare kind",
    sql: "SELECT id, code FROM containers WHERE kind = 'reefer' ORDER BY loc <-> point(5000, 5000) LIMIT 3",
    ideal: ["containers USING gist (loc)"],
  },
  {
    title: "labels that overlap bound ones",
    sql: "SELECT id, code FROM containers WHERE labels && $1",
    ideal: ["containers USING gin (labels)"],
  },
  {
    title: "a beginning of a container's code, any case",
    sql: "SELECT id FROM containers WHERE upper(code) LIKE 'MSKU123%'",
    ideal: ["containers (upper(code) text_pattern_ops)"],
  },
  {
    title: "an owner in parts",
    sql: "SELECT id, code FROM containers WHERE owner ILIKE '%ab12c%' AND kind = 'dry'",
    ideal: ["containers USING gin (owner gin_trgm_ops)"],
  },
];

const rows: CaseSet["cases"] = [
  {
    title: "scans of the last five consignments of somebody",
    sql: "SELECT * FROM scans WHERE consignment_id IN (SELECT id FROM consignments WHERE consignor_id = 77 ORDER BY booked_at DESC LIMIT 5)",
    ideal: [
      "consignments (consignor_id, booked_at DESC)",
      "scans (consignment_id)",
    ],
  },
  {
    title: "the last scan of each of some consignments, bound",
    sql: "SELECT DISTINCT ON (consignment_id) consignment_id, depot, scanned_at FROM scans WHERE consignment_id = ANY ($1) ORDER BY consignment_id, scanned_at DESC",
    ideal: ["scans (consignment_id, scanned_at DESC)"],
  },
  {
    title: "consignments that are held or lost, oldest first",
    sql: "SELECT id, ref, booked_at FROM consignments WHERE status IN ('held', 'lost') ORDER BY booked_at LIMIT 30",
    ideal: ["consignments (booked_at) WHERE status IN ('held', 'lost')"],
  },
  {
    title:
      "live consignments of a consignor, by weight of the fragile ones first",
    sql: "SELECT id, weight FROM consignments WHERE consignor_id = $1 AND cancelled_at IS NULL ORDER BY fragile DESC, weight LIMIT 20",
    ideal: ["consignments (consignor_id, fragile DESC, weight)"],
  },
  {
    title: "a code two levels down a document, in time's order",
    sql: "SELECT id FROM consignments WHERE meta->'customs'->>'code' = 'H777' ORDER BY booked_at DESC LIMIT 5",
    ideal: ["consignments ((meta->'customs'->>'code'))"],
  },
  {
    title: "a bound number of a document with a rare state",
    sql: "SELECT id FROM consignments WHERE status = 'moving' AND (meta->>'priority')::int = $1",
    ideal: [
      "consignments (((meta->>'priority')::int)) WHERE status = 'moving'",
    ],
  },
  {
    title: "dangerous goods by a document within documents",
    sql: `SELECT id, ref FROM consignments WHERE meta @> '{"hazmat": ["flammable"]}'`,
    ideal: ["consignments USING gin (meta jsonb_path_ops)"],
  },
  {
    title: "totals by month and port of one consignor, rolled up",
    sql: "SELECT date_trunc('month', booked_at), origin, sum(weight) FROM consignments WHERE consignor_id = 20077 GROUP BY ROLLUP (1, 2)",
    ideal: ["consignments (consignor_id)"],
  },
  {
    title: "scans of a consignment moved to the archive",
    sql: "WITH gone AS (DELETE FROM scans WHERE consignment_id = $1 RETURNING *) INSERT INTO scans_archive SELECT * FROM gone",
    ideal: ["scans (consignment_id)"],
  },
  {
    title: "scans that came before a bound moment taken away",
    sql: "DELETE FROM scans WHERE scanned_at < $1",
    ideal: ["scans (scanned_at)"],
  },
  {
    title: "damage reported at a depot, newest first",
    sql: "SELECT consignment_id, note FROM scans WHERE depot = 'd40' AND note IS NOT NULL ORDER BY scanned_at DESC LIMIT 20",
    ideal: ["scans (depot, scanned_at DESC) WHERE note IS NOT NULL"],
  },
  {
    title: "what blocked consignors have under way",
    sql: "SELECT c.id FROM consignors s JOIN consignments c ON c.consignor_id = s.id WHERE s.blocked AND c.status = 'moving'",
    ideal: [
      "consignments (consignor_id) WHERE status = 'moving'",
      "consignors (id) WHERE blocked",
    ],
  },
];

const nothing: CaseSet["cases"] = [
  {
    title: "a live reference, which a partial index finds",
    sql: "SELECT id, status FROM consignments WHERE ref = $1 AND cancelled_at IS NULL",
    ideal: [],
  },
  {
    title: "months and ports of everything",
    sql: "SELECT origin, date_trunc('month', booked_at), sum(weight), count(delivered_at) FROM consignments GROUP BY 1, 2",
    ideal: [],
  },
  {
    title: "a flag that many rows have not",
    sql: "SELECT id, ref, weight FROM consignments WHERE NOT fragile",
    ideal: [],
  },
  {
    title: "legs joined to consignments, all of them",
    sql: "SELECT c.ref, l.seq, l.arrived_at FROM consignments c JOIN legs l ON l.consignment_id = c.id WHERE l.arrived_at IS DISTINCT FROM l.arrives_at",
    ideal: [],
  },
  {
    title: "legs of one consignment, by the first of two keys",
    sql: "SELECT * FROM legs WHERE consignment_id = $1 ORDER BY seq DESC",
    ideal: [],
  },
];

export const cargoCases: CaseSet = {
  world: cargo,
  prover: "hypopg",
  cases: [...spans, ...places, ...rows, ...nothing],
};
