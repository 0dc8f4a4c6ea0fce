import type { CaseSet, World } from "./case.ts";

/** A queue whose rows are nearly all done, events in the order of time, sessions, measured values in partitions. */
const queue: World = {
  name: "queue",
  extensions: [],
  tables: ["jobs", "events", "sessions", "metrics"],
  schema: `
CREATE TYPE job_state AS ENUM ('pending', 'running', 'done', 'failed');
CREATE TABLE jobs (id bigint PRIMARY KEY, queue text NOT NULL, state job_state NOT NULL, priority int NOT NULL, run_at timestamptz NOT NULL, attempts int NOT NULL,
  locked_by text, locked_at timestamptz, payload jsonb NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO jobs SELECT n, (ARRAY['mail', 'mail', 'mail', 'pdf', 'sync', 'bill'])[pick(n, 1, 6)],
  (CASE WHEN n > 148000 AND n % 2 = 0 THEN 'pending' WHEN n % 700 = 0 THEN 'running' WHEN n % 300 = 0 THEN 'failed' ELSE 'done' END)::job_state,
  pick(n, 2, 5), timestamptz '2025-01-01Z' + n * interval '1 minute' + pick(n, 3, 600) * interval '1 second', pick(n, 4, 3), CASE WHEN n % 700 = 0 THEN 'worker ' || n % 13 END,
  CASE WHEN n % 700 = 0 THEN timestamptz '2025-01-01Z' + n * interval '1 minute' END, jsonb_build_object('user', pick(n, 5, 50000)), timestamptz '2025-01-01Z' + n * interval '1 minute'
  FROM generate_series(1, 150000) n;
CREATE TABLE events (id bigint NOT NULL, account_id int NOT NULL, kind text NOT NULL, occurred_at timestamptz NOT NULL, session uuid NOT NULL, ip inet NOT NULL, payload jsonb NOT NULL);
INSERT INTO events SELECT n, 1 + (5000 * power(pick(n, 1, 10000) / 10001.0, 2))::int, CASE WHEN n % 500 = 0 THEN 'signup' WHEN n % 311 = 0 THEN 'purchase' WHEN n % 12 = 0 THEN 'click' ELSE 'view' END,
  timestamptz '2025-01-01Z' + n * interval '40 seconds', md5((n / 8)::text)::uuid, ('10.' || pick(n, 2, 200) || '.' || pick(n, 3, 250) || '.' || pick(n, 4, 250))::inet,
  jsonb_build_object('page', '/p/' || pick(n, 5, 900), 'ms', pick(n, 6, 5000)) || CASE WHEN n % 311 = 0 THEN jsonb_build_object('order_id', n) WHEN n % 1000 = 0 THEN '{"error": {"code": "E42"}}' ELSE '{}' END
  FROM generate_series(1, 250000) n;
CREATE TABLE sessions (id uuid PRIMARY KEY, user_id int NOT NULL, token text NOT NULL, expires_at timestamptz NOT NULL, revoked boolean NOT NULL);
INSERT INTO sessions SELECT md5(n::text)::uuid, pick(n, 1, 30000), md5((n * 3)::text) || md5((n * 5)::text), timestamptz '2025-01-01Z' + pick(n, 2, 500000) * interval '1 minute', n % 40 = 0
  FROM generate_series(1, 80000) n;
CREATE TABLE metrics (region text NOT NULL, device_id int NOT NULL, ts timestamptz NOT NULL, name text NOT NULL, value double precision) PARTITION BY LIST (region);
CREATE TABLE metrics_eu PARTITION OF metrics FOR VALUES IN ('eu') PARTITION BY RANGE (ts);
CREATE TABLE metrics_eu_1 PARTITION OF metrics_eu FOR VALUES FROM ('2025-01-01Z') TO ('2025-04-01Z');
CREATE TABLE metrics_eu_2 PARTITION OF metrics_eu FOR VALUES FROM ('2025-04-01Z') TO ('2025-08-01Z');
CREATE TABLE metrics_us PARTITION OF metrics FOR VALUES IN ('us');
INSERT INTO metrics SELECT CASE WHEN n % 3 = 0 THEN 'us' ELSE 'eu' END, pick(n, 1, 2000), timestamptz '2025-01-01Z' + n * interval '1 minute', (ARRAY['cpu', 'mem', 'net'])[pick(n, 2, 3)], CASE WHEN n % 90 = 0 THEN NULL ELSE pick(n, 3, 100000) / 1000.0 END
  FROM generate_series(1, 200000) n;
`,
};

export const queueCases: CaseSet = {
  world: queue,
  prover: "twin",
  cases: [
    {
      title: "the next job of a queue by priority",
      sql: "SELECT id FROM jobs WHERE state = 'pending' AND queue = 'mail' AND run_at <= now() ORDER BY priority DESC, run_at LIMIT 1 FOR UPDATE SKIP LOCKED",
      ideal: ["jobs (queue, priority DESC, run_at) WHERE state = 'pending'"],
    },
    {
      title: "a job that is claimed",
      sql: "UPDATE jobs SET state = 'running', locked_at = now() WHERE id = (SELECT id FROM jobs WHERE state = 'pending' AND run_at <= now() ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *",
      ideal: ["jobs (run_at) WHERE state = 'pending'"],
    },
    {
      title: "locks that are stale",
      sql: "SELECT id FROM jobs WHERE state = 'running' AND locked_at < now() - interval '5 minutes'",
      ideal: ["jobs (locked_at) WHERE state = 'running'"],
    },
    {
      title: "failures by queue",
      sql: "SELECT queue, count(*) FROM jobs WHERE state = 'failed' GROUP BY queue",
      ideal: ["jobs (queue) WHERE state = 'failed'"],
    },
    {
      title: "everything that is not done",
      sql: "SELECT id, state FROM jobs WHERE state <> 'done'",
      ideal: ["jobs (state) WHERE state <> 'done'"],
    },
    {
      title: "what is not in a list of usual states, in order",
      sql: "SELECT * FROM jobs WHERE state NOT IN ('done', 'failed') ORDER BY created_at LIMIT 200",
      ideal: ["jobs (created_at) WHERE state NOT IN ('done', 'failed')"],
    },
    {
      title: "old jobs that go away",
      sql: "DELETE FROM jobs WHERE state = 'done' AND created_at < '2025-01-03'",
      ideal: ["jobs (created_at)"],
    },
    {
      title: "jobs that a worker holds",
      sql: "SELECT id FROM jobs WHERE locked_by = $1",
      ideal: ["jobs (locked_by)"],
    },
    {
      title: "events of an account, newest first",
      sql: "SELECT * FROM events WHERE account_id = 77 AND occurred_at >= '2025-02-01' ORDER BY occurred_at DESC LIMIT 50",
      ideal: ["events (account_id, occurred_at DESC)"],
    },
    {
      title: "a day of events by the hour",
      sql: "SELECT date_trunc('hour', occurred_at), count(*) FROM events WHERE occurred_at >= '2025-03-01' AND occurred_at < '2025-03-02' GROUP BY 1 ORDER BY 1",
      ideal: ["events (occurred_at)"],
    },
    {
      title: "accounts seen in a week",
      sql: "SELECT count(DISTINCT account_id) FROM events WHERE occurred_at >= '2025-03-01' AND occurred_at < '2025-03-08'",
      ideal: ["events (occurred_at) INCLUDE (account_id)"],
    },
    {
      title: "the newest event of each account",
      sql: "SELECT DISTINCT ON (account_id) account_id, kind, occurred_at FROM events ORDER BY account_id, occurred_at DESC",
      ideal: ["events (account_id, occurred_at DESC) INCLUDE (kind)"],
    },
    {
      title: "sessions that signed up and bought",
      sql: "SELECT a.session FROM events a JOIN events b ON b.session = a.session WHERE a.kind = 'signup' AND b.kind = 'purchase'",
      ideal: ["events (kind, session)"],
    },
    {
      title: "a document's member as text",
      sql: "SELECT id FROM events WHERE payload->>'order_id' = '31100'",
      ideal: ["events ((payload->>'order_id'))"],
    },
    {
      title: "a document within documents",
      sql: `SELECT id, occurred_at FROM events WHERE payload @> '{"error": {"code": "E42"}}'`,
      ideal: ["events USING gin (payload jsonb_path_ops)"],
    },
    {
      title: "addresses within a network",
      sql: "SELECT id FROM events WHERE ip <<= '10.7.9.0/24'",
      ideal: ["events USING gist (ip inet_ops)"],
    },
    {
      title: "events of one session",
      sql: "SELECT kind, occurred_at FROM events WHERE session = $1 ORDER BY occurred_at",
      ideal: ["events (session, occurred_at)"],
    },
    {
      title: "a session by its token",
      sql: "SELECT user_id FROM sessions WHERE token = $1 AND NOT revoked AND expires_at > now()",
      ideal: ["sessions USING hash (token)"],
    },
    {
      title: "sessions that ended long ago",
      sql: "DELETE FROM sessions WHERE expires_at < '2025-01-06'",
      ideal: ["sessions (expires_at)"],
    },
    {
      title: "the last moment of an account",
      sql: "SELECT max(occurred_at) FROM events WHERE account_id = 5",
      ideal: ["events (account_id, occurred_at)"],
    },
    {
      title: "a whole table in order",
      sql: "SELECT * FROM events ORDER BY occurred_at",
      ideal: ["events (occurred_at)"],
    },
    {
      title: "events of the commonest kind",
      sql: "SELECT * FROM events WHERE kind = 'view'",
      ideal: [],
    },
    {
      title: "jobs by a list of keys, bound",
      sql: "SELECT * FROM jobs WHERE id = ANY ($1)",
      ideal: [],
    },
    {
      title: "a day cut from a time in the session's zone",
      sql: "SELECT kind, count(*) FROM events WHERE occurred_at::date = '2025-02-03' GROUP BY kind",
      ideal: [],
    },
    {
      title: "a mean over one device of a partition",
      sql: "SELECT avg(value) FROM metrics WHERE region = 'eu' AND device_id = 55 AND ts >= '2025-02-01' AND ts < '2025-05-01'",
      ideal: ["metrics (device_id, ts) INCLUDE (value)"],
    },
    {
      title: "the last value of a device",
      sql: "SELECT value, ts FROM metrics WHERE device_id = 99 AND name = 'cpu' ORDER BY ts DESC LIMIT 1",
      ideal: ["metrics (device_id, name, ts DESC)"],
    },
    {
      title: "values that are missing",
      sql: "SELECT device_id, ts FROM metrics WHERE value IS NULL AND region = 'us'",
      ideal: ["metrics (device_id) WHERE value IS NULL"],
    },
    {
      title: "an hour that a bound moment begins",
      sql: "SELECT count(*) FROM events WHERE occurred_at >= $1 AND occurred_at < $1 + interval '1 hour' AND kind = 'purchase'",
      ideal: ["events (kind, occurred_at)"],
    },
    {
      title: "days and their events from a series",
      sql: "SELECT d, (SELECT count(*) FROM events e WHERE e.occurred_at >= d AND e.occurred_at < d + interval '1 day') FROM generate_series(timestamptz '2025-02-01', timestamptz '2025-02-10', interval '1 day') d",
      ideal: ["events (occurred_at)"],
    },
  ],
};
