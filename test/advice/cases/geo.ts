import type { CaseSet, World } from "./case.ts";

/** Places, trips, networks and spans of time: what lies where and when. */
const geo: World = {
  name: "geo",
  extensions: ["hypopg", "btree_gist"],
  tables: ["stations", "trips", "zones", "networks"],
  schema: `
CREATE TABLE stations (id int PRIMARY KEY, name text NOT NULL, kind text NOT NULL, loc point NOT NULL, tags text[] NOT NULL, props jsonb NOT NULL);
INSERT INTO stations SELECT n, 'station ' || n, CASE WHEN n % 50 = 0 THEN 'fuel' ELSE 'stop' END, point(pick(n, 1, 100000), pick(n, 2, 100000)),
  ARRAY['t' || pick(n, 3, 4000), 't' || pick(n, 4, 4000)] || CASE WHEN n % 400 = 0 THEN ARRAY['ev'] ELSE '{}' END, jsonb_build_object('power', pick(n, 5, 400)) FROM generate_series(1, 60000) n;
CREATE TABLE trips (id int PRIMARY KEY, vehicle_id int NOT NULL, started_at timestamptz NOT NULL, ended_at timestamptz NOT NULL, during tstzrange NOT NULL, start_at point NOT NULL, fare int NOT NULL);
INSERT INTO trips SELECT n, pick(n, 1, 1500), t, t + m, tstzrange(t, t + m), point(pick(n, 2, 100000), pick(n, 3, 100000)), pick(n, 4, 30000)
  FROM (SELECT n, timestamptz '2025-01-01Z' + n * interval '3 minutes' AS t, pick(n, 5, 90) * interval '1 minute' AS m FROM generate_series(1, 120000) n) x;
CREATE TABLE zones (id int PRIMARY KEY, name text NOT NULL, boundary polygon NOT NULL, extent box NOT NULL);
INSERT INTO zones SELECT n, 'zone ' || n, polygon(circle(point(x, y), 60)), box(point(x - 40, y - 40), point(x + 40, y + 40)) FROM (SELECT n, pick(n, 1, 100000) AS x, pick(n, 2, 100000) AS y FROM generate_series(1, 40000) n) z;
CREATE TABLE networks (id int PRIMARY KEY, block cidr NOT NULL, ports int4range NOT NULL, owner text NOT NULL);
INSERT INTO networks SELECT n, network(set_masklen(('10.' || pick(n, 1, 250) || '.' || pick(n, 2, 250) || '.0')::inet, 24))::cidr, int4range(pick(n, 3, 60000), 60000 + pick(n, 4, 5000)), 'o' || n % 900 FROM generate_series(1, 60000) n;
`,
};

export const geoCases: CaseSet = {
  world: geo,
  prover: "hypopg",
  cases: [
    {
      title: "the nearest stations",
      sql: "SELECT id, name FROM stations ORDER BY loc <-> point(500, 500) LIMIT 5",
      ideal: ["stations USING gist (loc)"],
    },
    {
      title: "the nearest to a bound place",
      sql: "SELECT id, name, loc <-> point($1, $2) AS far FROM stations ORDER BY loc <-> point($1, $2) LIMIT 5",
      ideal: ["stations USING gist (loc)"],
    },
    {
      title: "the nearest of a kind",
      sql: "SELECT id FROM stations WHERE kind = 'fuel' ORDER BY loc <-> point(500, 500) LIMIT 5",
      ideal: ["stations USING gist (loc)"],
    },
    {
      title: "the nearest by a name of the distance",
      sql: "SELECT id, loc <-> point(9, 9) AS distance FROM stations ORDER BY distance LIMIT 3",
      ideal: ["stations USING gist (loc)"],
    },
    {
      title: "the nearest by an expression over columns",
      sql: "SELECT id FROM trips t ORDER BY point(t.fare, t.vehicle_id) <-> point(5, 6) LIMIT 3",
      ideal: ["trips USING gist (point(fare, vehicle_id))"],
    },
    {
      title: "the nearest for each row of another table",
      sql: "SELECT s.id, n.id FROM stations s CROSS JOIN LATERAL (SELECT id FROM trips ORDER BY start_at <-> s.loc LIMIT 3) n WHERE s.kind = 'fuel' AND s.id < 500",
      ideal: ["trips USING gist (start_at)"],
    },
    {
      title: "spans in two columns put together",
      sql: "SELECT id FROM trips WHERE tstzrange(started_at, ended_at) && tstzrange('2025-03-01', '2025-03-02')",
      ideal: ["trips USING gist (tstzrange(started_at, ended_at))"],
    },
    {
      title: "stations within a circle",
      sql: "SELECT id FROM stations WHERE loc <@ circle '((5000,5000),300)'",
      ideal: ["stations USING gist (loc)"],
    },
    {
      title: "the zone that holds a place",
      sql: "SELECT id FROM zones WHERE boundary @> polygon '((500,500),(501,500),(501,501))'",
      ideal: ["zones USING gist (boundary)"],
    },
    {
      title: "trips that start in a zone",
      sql: "SELECT t.id FROM zones z JOIN trips t ON t.start_at <@ z.extent WHERE z.id = 5",
      ideal: ["trips USING gist (start_at)"],
    },
    {
      title: "zones that overlap one zone",
      sql: "SELECT b.id FROM zones a JOIN zones b ON a.extent && b.extent WHERE a.id = 77 AND b.id <> 77",
      ideal: ["zones USING gist (extent)"],
    },
    {
      title: "trips under way at a moment",
      sql: "SELECT id FROM trips WHERE during @> timestamptz '2025-03-01 10:00Z'",
      ideal: ["trips USING gist (during)"],
    },
    {
      title: "trips of a vehicle that overlap a span",
      sql: "SELECT id FROM trips WHERE vehicle_id = 77 AND during && tstzrange('2025-03-01', '2025-03-08')",
      ideal: ["trips USING gist (vehicle_id, during)"],
    },
    {
      title: "a span in two columns",
      sql: "SELECT id FROM trips WHERE started_at < '2025-03-01 11:00Z' AND ended_at > '2025-03-01 10:00Z' AND started_at > '2025-02-28Z'",
      ideal: ["trips (started_at)"],
    },
    {
      title: "a start cut from a range",
      sql: "SELECT id FROM trips WHERE lower(during) >= '2025-05-01' AND lower(during) < '2025-05-02'",
      ideal: ["trips (lower(during))"],
    },
    {
      title: "the block that holds an address",
      sql: "SELECT owner FROM networks WHERE block >>= '10.3.4.5'",
      ideal: ["networks USING gist (block inet_ops)"],
    },
    {
      title: "a range of numbers that holds one",
      sql: "SELECT id FROM networks WHERE ports @> 64990",
      ideal: ["networks USING gist (ports)"],
    },
    {
      title: "a rare tag",
      sql: "SELECT id FROM stations WHERE tags @> '{ev}'",
      ideal: ["stations USING gin (tags)"],
    },
    {
      title: "any of some bound tags",
      sql: "SELECT id FROM stations WHERE tags && $1::text[]",
      ideal: ["stations USING gin (tags)"],
    },
    {
      title: "a tag asked for the other way round",
      sql: "SELECT id FROM stations WHERE 'ev' = ANY (tags)",
      ideal: [],
    },
    {
      title: "the fares nearest to one",
      sql: "SELECT id, fare FROM trips ORDER BY fare <-> 15000 LIMIT 5",
      ideal: ["trips USING gist (fare)"],
    },
    {
      title: "the last trip of each vehicle",
      sql: "SELECT v.id, t.ended_at FROM generate_series(1, 50) v (id) CROSS JOIN LATERAL (SELECT ended_at FROM trips WHERE vehicle_id = v.id ORDER BY started_at DESC LIMIT 1) t",
      ideal: ["trips (vehicle_id, started_at DESC)"],
    },
    {
      title: "a vehicle's trip before each of its trips",
      sql: "SELECT id, started_at - lag(ended_at) OVER (PARTITION BY vehicle_id ORDER BY started_at) FROM trips WHERE vehicle_id = 42",
      ideal: ["trips (vehicle_id, started_at)"],
    },
  ],
};
