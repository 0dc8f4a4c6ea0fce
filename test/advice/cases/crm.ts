import type { CaseSet, World } from "./case.ts";

/** Customers of many tenants, one of them large: soft deletes, an enum, a domain, a generated column, a schema of its own. */
const crm: World = {
  name: "crm",
  extensions: ["hypopg"],
  tables: ["crm.tenants", "crm.contacts", "crm.deals", "crm.activities"],
  schema: `
CREATE SCHEMA crm;
CREATE DOMAIN crm.email AS text CHECK (VALUE LIKE '%@%');
CREATE TYPE crm.stage AS ENUM ('lead', 'qualified', 'proposal', 'won', 'lost');
CREATE TABLE crm.tenants (id int PRIMARY KEY, name text NOT NULL, plan text NOT NULL);
INSERT INTO crm.tenants SELECT n, 'tenant ' || n, CASE WHEN n % 9 = 0 THEN 'gold' ELSE 'free' END FROM generate_series(1, 300) n;
CREATE TABLE crm.contacts (id bigint PRIMARY KEY, tenant_id int NOT NULL, email crm.email NOT NULL, first_name text NOT NULL, last_name text NOT NULL,
  full_name text GENERATED ALWAYS AS (first_name || ' ' || last_name) STORED, owner_id int NOT NULL, score int NOT NULL, deleted_at timestamptz,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, custom jsonb NOT NULL);
INSERT INTO crm.contacts (id, tenant_id, email, first_name, last_name, owner_id, score, deleted_at, created_at, updated_at, custom)
  SELECT n, 1 + (300 * power(pick(n, 1, 1000) / 1001.0, 3))::int % 300, 'Person' || pick(n, 2, 90000) || '@mail' || pick(n, 3, 40) || '.Example', 'F' || pick(n, 4, 900),
  'L' || pick(n, 5, 4000), pick(n, 6, 60), pick(n, 7, 1000), CASE WHEN n % 8 = 0 THEN timestamptz '2025-05-01Z' END,
  timestamptz '2023-01-01Z' + n * interval '7 minutes', timestamptz '2023-01-01Z' + pick(n, 8, 1200000) * interval '1 minute',
  jsonb_build_object('region', 'r' || pick(n, 9, 400), 'seats', pick(n, 10, 1000)) || CASE WHEN n % 900 = 0 THEN '{"vip": true}' ELSE '{}' END::jsonb
  FROM generate_series(1, 120000) n;
CREATE TABLE crm.deals (id bigint PRIMARY KEY, tenant_id int NOT NULL, contact_id bigint NOT NULL, stage crm.stage NOT NULL, amount numeric(12, 2) NOT NULL, discount numeric(4, 2),
  owner_id int NOT NULL, expected_close date NOT NULL, closed_at timestamptz, created_at timestamptz NOT NULL, is_archived boolean NOT NULL);
INSERT INTO crm.deals SELECT n, 1 + (300 * power(pick(n, 1, 1000) / 1001.0, 3))::int % 300, pick(n, 2, 120000),
  (ARRAY['lost', 'lost', 'lost', 'won', 'won', 'lead', 'lead', 'qualified', 'lost', 'won']::crm.stage[])[1 + pick(n, 3, 1000) % 10], pick(n, 4, 100000),
  CASE WHEN n % 11 = 0 THEN pick(n, 5, 40) / 100.0 END, pick(n, 6, 60), date '2023-01-01' + pick(n, 7, 1000), CASE WHEN n % 5 <> 0 THEN timestamptz '2023-01-01Z' + pick(n, 8, 1200000) * interval '1 minute' END,
  timestamptz '2023-01-01Z' + n * interval '6 minutes', n % 10 <> 0 FROM generate_series(1, 150000) n;
UPDATE crm.deals SET stage = 'proposal' WHERE id % 130 = 0;
CREATE TABLE crm.activities (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id int NOT NULL, contact_id bigint NOT NULL, deal_id bigint, kind text NOT NULL,
  due_at timestamptz NOT NULL, done_at timestamptz, body text NOT NULL);
INSERT INTO crm.activities (tenant_id, contact_id, deal_id, kind, due_at, done_at, body)
  SELECT pick(n, 1, 300), pick(n, 2, 120000), CASE WHEN n % 3 = 0 THEN pick(n, 3, 150000) END, (ARRAY['call', 'mail', 'mail', 'mail', 'visit'])[pick(n, 4, 5)],
  timestamptz '2023-01-01Z' + n * interval '5 minutes', CASE WHEN n % 25 <> 0 THEN timestamptz '2023-01-02Z' + n * interval '5 minutes' END, repeat(md5(n::text), 2) FROM generate_series(1, 200000) n;
`,
};

export const crmCases: CaseSet = {
  world: crm,
  prover: "hypopg",
  cases: [
    {
      title: "the newest live rows of a tenant",
      sql: "SELECT id, email FROM crm.contacts WHERE tenant_id = 137 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 25",
      ideal: [
        "crm.contacts (tenant_id, created_at DESC) WHERE deleted_at IS NULL",
      ],
    },
    {
      title: "a folded address of a tenant, bound",
      sql: "SELECT * FROM crm.contacts WHERE tenant_id = $1 AND lower(email) = lower($2) AND deleted_at IS NULL",
      ideal: ["crm.contacts (tenant_id, lower(email))"],
    },
    {
      title: "a beginning behind an equality",
      sql: "SELECT id, email FROM crm.contacts WHERE tenant_id = 12 AND email LIKE 'Person12%' ORDER BY email LIMIT 10",
      ideal: ["crm.contacts (tenant_id, email text_pattern_ops)"],
    },
    {
      title: "several stages of an owner in order",
      sql: "SELECT id, amount FROM crm.deals WHERE tenant_id = 5 AND owner_id = 9 AND stage IN ('proposal', 'qualified') AND NOT is_archived ORDER BY expected_close LIMIT 20",
      ideal: [
        "crm.deals (tenant_id, owner_id, expected_close) WHERE NOT is_archived",
      ],
    },
    {
      title: "totals by stage of one tenant",
      sql: "SELECT stage, count(*), sum(amount) FROM crm.deals WHERE tenant_id = 42 GROUP BY stage",
      ideal: ["crm.deals (tenant_id, stage) INCLUDE (amount)"],
    },
    {
      title: "tasks that are due",
      sql: "SELECT * FROM crm.activities WHERE done_at IS NULL AND due_at < now() ORDER BY due_at LIMIT 100",
      ideal: ["crm.activities (due_at) WHERE done_at IS NULL"],
    },
    {
      title: "the last activity of each contact of a page",
      sql: "SELECT c.id, a.kind, a.due_at FROM (SELECT id FROM crm.contacts WHERE tenant_id = 77 ORDER BY id LIMIT 20) c LEFT JOIN LATERAL (SELECT kind, due_at FROM crm.activities WHERE contact_id = c.id ORDER BY due_at DESC LIMIT 1) a ON true",
      ideal: [
        "crm.contacts (tenant_id, id)",
        "crm.activities (contact_id, due_at DESC)",
      ],
    },
    {
      title: "contacts of a tenant without any activity",
      sql: "SELECT c.id FROM crm.contacts c WHERE c.tenant_id = 250 AND NOT EXISTS (SELECT FROM crm.activities a WHERE a.contact_id = c.id AND a.kind = 'visit')",
      ideal: ["crm.contacts (tenant_id)", "crm.activities (contact_id)"],
    },
    {
      title: "a range over a value put in place of NULL",
      sql: "SELECT id FROM crm.deals WHERE coalesce(discount, 0) > 0.38",
      ideal: ["crm.deals (coalesce(discount, 0))"],
    },
    {
      title: "the largest of a computed value",
      sql: "SELECT id, amount FROM crm.deals ORDER BY amount * (1 - coalesce(discount, 0)) DESC LIMIT 10",
      ideal: ["crm.deals ((amount * (1 - coalesce(discount, 0))))"],
    },
    {
      title: "a field of a document beside an equality",
      sql: "SELECT id FROM crm.contacts WHERE tenant_id = 8 AND custom->>'region' = 'r77'",
      ideal: ["crm.contacts (tenant_id, (custom->>'region'))"],
    },
    {
      title: "a range over a number within a document",
      sql: "SELECT id FROM crm.contacts WHERE (custom->>'seats')::int > 995",
      ideal: ["crm.contacts (((custom->>'seats')::int))"],
    },
    {
      title: "a rare member of documents",
      sql: `SELECT id FROM crm.contacts WHERE custom @> '{"vip": true}'`,
      ideal: ["crm.contacts USING gin (custom jsonb_path_ops)"],
    },
    {
      title: "a part of a name, without trigrams",
      sql: "SELECT id FROM crm.contacts WHERE full_name ILIKE '%F77 L1%'",
      ideal: [],
    },
    {
      title: "a folded address in a join",
      sql: "SELECT d.* FROM crm.deals d JOIN crm.contacts c ON c.id = d.contact_id WHERE lower(c.email) = 'person5@mail7.example'",
      ideal: ["crm.contacts (lower(email))"],
    },
    {
      title: "a generated column",
      sql: "SELECT id FROM crm.contacts WHERE full_name = 'F7 L77'",
      ideal: ["crm.contacts (full_name)"],
    },
    {
      title: "a month of a time in a fixed zone",
      sql: "SELECT id FROM crm.contacts WHERE date_trunc('month', created_at AT TIME ZONE 'UTC') = '2024-05-01'",
      ideal: [
        "crm.contacts (date_trunc('month', created_at AT TIME ZONE 'UTC'))",
      ],
    },
    {
      title: "a month of a time in the session's zone",
      sql: "SELECT id FROM crm.contacts WHERE date_trunc('month', created_at) = '2024-05-01'",
      ideal: [],
    },
    {
      title: "an UPDATE of the few that are not archived",
      sql: "UPDATE crm.deals SET is_archived = true WHERE closed_at < '2023-03-01' AND NOT is_archived",
      ideal: ["crm.deals (closed_at) WHERE NOT is_archived"],
    },
    {
      title: "deals won lately, by tenant",
      sql: "SELECT t.name, sum(d.amount) FROM crm.tenants t JOIN crm.deals d ON d.tenant_id = t.id WHERE d.stage = 'won' AND d.closed_at >= '2025-03-25' GROUP BY t.name",
      ideal: ["crm.deals (stage, closed_at)"],
    },
    {
      title: "the next page of a tenant",
      sql: "SELECT id, email FROM crm.contacts WHERE tenant_id = 7 AND (updated_at, id) < ('2024-03-01', 5000) ORDER BY updated_at DESC, id DESC LIMIT 50",
      ideal: ["crm.contacts (tenant_id, updated_at DESC, id DESC)"],
    },
    {
      title: "the next page, written out",
      sql: "SELECT id FROM crm.contacts WHERE tenant_id = 7 AND (updated_at < '2024-03-01' OR (updated_at = '2024-03-01' AND id < 5000)) ORDER BY updated_at DESC, id DESC LIMIT 50",
      ideal: ["crm.contacts (tenant_id, updated_at DESC, id DESC)"],
    },
    {
      title: "the best of each owner by a window",
      sql: "SELECT * FROM (SELECT id, owner_id, amount, rank() OVER (PARTITION BY owner_id ORDER BY amount DESC) AS place FROM crm.deals WHERE tenant_id = 60) ranked WHERE place <= 3",
      ideal: ["crm.deals (tenant_id)"],
    },
    {
      title: "rows of a rare enum value",
      sql: "SELECT id, amount FROM crm.deals WHERE stage = 'proposal' ORDER BY amount DESC LIMIT 30",
      ideal: ["crm.deals (amount DESC) WHERE stage = 'proposal'"],
    },
    {
      title: "contacts of gold tenants with a high score",
      sql: "SELECT c.id FROM crm.contacts c JOIN crm.tenants t ON t.id = c.tenant_id WHERE t.plan = 'gold' AND c.score > 990",
      ideal: ["crm.contacts (score)"],
    },
    {
      title: "most of the rows, soft-deleted ones left out",
      sql: "SELECT id, email, score FROM crm.contacts WHERE deleted_at IS NULL",
      ideal: [],
    },
    {
      title: "a deal upserted by its key",
      sql: "INSERT INTO crm.deals VALUES (1, 2, 3, 'lead', 4, NULL, 5, '2025-01-01', NULL, now(), false) ON CONFLICT (id) DO UPDATE SET amount = excluded.amount",
      ideal: [],
    },
    {
      title: "deals matched to contacts of a tenant in a MERGE",
      sql: "MERGE INTO crm.deals d USING (SELECT id, owner_id FROM crm.contacts WHERE tenant_id = 280) c ON d.contact_id = c.id WHEN MATCHED AND NOT d.is_archived THEN UPDATE SET owner_id = c.owner_id",
      ideal: ["crm.contacts (tenant_id)", "crm.deals (contact_id)"],
    },
  ],
};
