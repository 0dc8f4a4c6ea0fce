import type { CaseSet, World } from "./case.ts";

/** A partitioned parent, one of whose parts is partitioned again, and a table with children. */
const parts: World = {
  name: "parts",
  extensions: ["hypopg"],
  tables: ["readings", "logs", "logs_a", "logs_b"],
  schema: `
CREATE TABLE readings (id bigint NOT NULL, sensor_id int NOT NULL, at timestamptz NOT NULL, value numeric NOT NULL, label text NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES FROM ('2025-01-01 00:00Z') TO ('2025-02-01 00:00Z');
CREATE TABLE readings_2 PARTITION OF readings FOR VALUES FROM ('2025-02-01 00:00Z') TO ('2025-03-01 00:00Z');
CREATE TABLE readings_3 PARTITION OF readings FOR VALUES FROM ('2025-03-01 00:00Z') TO ('2025-06-01 00:00Z') PARTITION BY HASH (sensor_id);
CREATE TABLE readings_3a PARTITION OF readings_3 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE readings_3b PARTITION OF readings_3 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO readings SELECT n, pick(n, 1, 3000), timestamptz '2025-01-01 00:00Z' + pick(n, 2, 200000) * interval '1 minute', pick(n, 3, 9999), md5(n::text)
  FROM generate_series(1, 150000) n;
CREATE TABLE logs (id bigint NOT NULL, source text NOT NULL, level int NOT NULL);
CREATE TABLE logs_a () INHERITS (logs);
CREATE TABLE logs_b () INHERITS (logs);
INSERT INTO logs_a SELECT n, 's' || pick(n, 1, 5000), pick(n, 2, 5) FROM generate_series(1, 80000) n;
INSERT INTO logs_b SELECT n, 's' || pick(n, 3, 5000), pick(n, 4, 5) FROM generate_series(1, 80000) n;
`,
};

export const partCases: CaseSet = {
  world: parts,
  prover: "hypopg",
  cases: [
    {
      title: "equality on a partitioned table",
      sql: "SELECT * FROM readings WHERE sensor_id = 77",
      ideal: ["readings (sensor_id)"],
    },
    {
      title: "equality and range over partitions",
      sql: "SELECT value FROM readings WHERE sensor_id = 77 AND at >= '2025-01-10' AND at < '2025-02-10'",
      ideal: ["readings (sensor_id, at)"],
    },
    {
      title: "the newest of a partitioned table",
      sql: "SELECT * FROM readings ORDER BY at DESC LIMIT 10",
      ideal: ["readings (at DESC)"],
    },
    {
      title: "equality on a table with children",
      sql: "SELECT * FROM logs WHERE source = 's77'",
      ideal: ["logs_a (source)", "logs_b (source)"],
    },
    {
      title: "every row of a partitioned table",
      sql: "SELECT sensor_id, avg(value), max(label) FROM readings GROUP BY sensor_id",
      ideal: [],
    },
  ],
};
