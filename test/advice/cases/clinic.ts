import type { CaseSet, World } from "./case.ts";

/** Patients and their visits: soft deletes, an address without case, measured values in parts, lists over two tables. */
const clinic: World = {
  name: "clinic",
  extensions: ["hypopg", "citext"],
  tables: [
    "patients",
    "doctors",
    "visits",
    "notes",
    "prescriptions",
    "invoices",
    "reminders",
    "observations",
  ],
  schema: `
CREATE TABLE patients (id int PRIMARY KEY, mrn text NOT NULL, last_name text NOT NULL, first_name text NOT NULL, born_on date NOT NULL, email citext NOT NULL,
  allergies text[] NOT NULL, contact jsonb NOT NULL, deleted_at timestamptz);
INSERT INTO patients SELECT n, 'M' || lpad(pick(n, 1, 9999999)::text, 8, '0'), 'Last' || (6000 * power(pick(n, 2, 10000) / 10001.0, 2))::int, 'First' || pick(n, 3, 800), date '1925-01-01' + (35000 * sqrt(pick(n, 4, 10000) / 10001.0))::int,
  'Mail' || pick(n, 5, 80000) || '@Clinic.example', CASE WHEN n % 250 = 0 THEN ARRAY['latex'] WHEN n % 6 = 0 THEN ARRAY['a' || pick(n, 6, 300), 'a' || pick(n, 7, 300)] ELSE '{}' END,
  jsonb_build_object('address', jsonb_build_object('zip', lpad(pick(n, 8, 3000)::text, 5, '1'), 'city', 'c' || pick(n, 9, 90)), 'calls', pick(n, 10, 500)),
  CASE WHEN n % 12 = 0 THEN timestamptz '2025-01-01Z' END FROM generate_series(1, 60000) n;
CREATE UNIQUE INDEX patients_mrn_live ON patients (mrn, id) WHERE deleted_at IS NULL;
CREATE INDEX patients_lower_last ON patients (lower(last_name), born_on);
CREATE TABLE doctors (id int PRIMARY KEY, name text NOT NULL, specialty text NOT NULL, active boolean NOT NULL);
INSERT INTO doctors SELECT n, 'Dr ' || md5(n::text), 's' || pick(n, 1, 25), n % 8 <> 0 FROM generate_series(1, 400) n;
CREATE TABLE visits (id bigint PRIMARY KEY, patient_id int NOT NULL, doctor_id int NOT NULL, ward text NOT NULL, state text, severity smallint, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
  checked_in_at timestamptz, cost numeric(10, 2) NOT NULL, remark text NOT NULL);
INSERT INTO visits SELECT n, 1 + (59990 * power(pick(n, 1, 100000) / 100001.0, 2))::int, 1 + (399 * power(pick(n, 2, 1000) / 1001.0, 2))::int, 'w' || (14 * power(pick(n, 3, 1000) / 1001.0, 2))::int,
  CASE WHEN n > 148500 THEN 'planned' WHEN n % 60 = 0 THEN 'open' WHEN n % 33 = 0 THEN 'noshow' WHEN n % 500 = 1 THEN NULL ELSE 'closed' END, CASE WHEN n % 300 <> 0 THEN pick(n, 4, 5) END,
  t, t + pick(n, 5, 300) * interval '1 minute', CASE WHEN n % 4 <> 0 THEN t - pick(n, 6, 50) * interval '1 minute' END, pick(n, 7, 200000) / 100.0, md5(n::text)
  FROM (SELECT n, timestamptz '2024-01-01Z' + n * interval '5 minutes' AS t FROM generate_series(1, 150000) n) x;
CREATE TABLE notes (id bigint PRIMARY KEY, patient_id int NOT NULL, author_id int NOT NULL, created_at timestamptz NOT NULL, body text NOT NULL);
INSERT INTO notes SELECT n, pick(n, 1, 60000), pick(n, 2, 400), timestamptz '2024-01-01Z' + n * interval '8 minutes', repeat(md5(n::text), 3) FROM generate_series(1, 90000) n;
CREATE TABLE prescriptions (id bigint PRIMARY KEY, visit_id bigint NOT NULL, drug_code text NOT NULL, dose numeric NOT NULL, starts_on date NOT NULL, ends_on date, signed boolean);
INSERT INTO prescriptions SELECT n, pick(n, 1, 150000), 'D' || (3000 * power(pick(n, 2, 10000) / 10001.0, 2))::int, pick(n, 3, 900) / 10.0, date '2024-01-01' + n / 250, CASE WHEN n % 3 = 0 THEN date '2024-01-08' + n / 250 END,
  CASE WHEN n % 800 = 0 THEN NULL WHEN n % 90 = 0 THEN false ELSE true END FROM generate_series(1, 130000) n;
CREATE INDEX prescriptions_visit ON prescriptions (visit_id) INCLUDE (drug_code);
CREATE INDEX prescriptions_drug_signed ON prescriptions (drug_code, starts_on) WHERE signed;
CREATE TABLE invoices (id bigint PRIMARY KEY, patient_id int NOT NULL, number text NOT NULL, issued_on date NOT NULL, due_on date NOT NULL, paid_at timestamptz, amount numeric(10, 2) NOT NULL, reminders int NOT NULL);
INSERT INTO invoices SELECT n, 1 + (59990 * power(pick(n, 1, 100000) / 100001.0, 2))::int, 'R-' || n, date '2023-01-01' + pick(n, 2, 900), date '2023-02-01' + pick(n, 2, 900), CASE WHEN n % 17 <> 0 THEN timestamptz '2025-01-01Z' END,
  pick(n, 3, 500000) / 100.0, CASE WHEN n % 17 = 0 THEN pick(n, 4, 4) - 1 ELSE 0 END FROM generate_series(1, 120000) n;
CREATE INDEX invoices_patient ON invoices (patient_id, issued_on DESC, id);
CREATE TABLE reminders (invoice_id bigint PRIMARY KEY, sent_on date NOT NULL);
CREATE TABLE observations (patient_id int NOT NULL, code text NOT NULL, value double precision NOT NULL, taken_at timestamptz NOT NULL, flagged boolean NOT NULL) PARTITION BY RANGE (taken_at);
CREATE TABLE observations_1 PARTITION OF observations FOR VALUES FROM ('2025-01-01Z') TO ('2025-02-01Z');
CREATE TABLE observations_2 PARTITION OF observations FOR VALUES FROM ('2025-02-01Z') TO ('2025-03-01Z');
CREATE TABLE observations_3 PARTITION OF observations FOR VALUES FROM ('2025-03-01Z') TO ('2025-04-01Z');
INSERT INTO observations SELECT pick(n, 1, 6000), 'o' || pick(n, 2, 25), pick(n, 3, 9999) / 10.0, timestamptz '2025-01-01Z' + n * interval '36 seconds', n % 200 = 0 FROM generate_series(1, 210000) n;
CREATE VIEW open_invoices AS SELECT id, patient_id, amount, due_on FROM invoices WHERE paid_at IS NULL;
CREATE VIEW debts AS SELECT patient_id, sum(amount) AS owed, min(due_on) AS since FROM open_invoices GROUP BY patient_id;
CREATE VIEW timeline AS SELECT patient_id, starts_at AS at, 'visit' AS what, remark AS told FROM visits UNION ALL SELECT patient_id, created_at, 'note', body FROM notes;
`,
};

const pages: CaseSet["cases"] = [
  {
    title: "the next page of a doctor in two directions, bound",
    sql: "SELECT id, starts_at FROM visits WHERE doctor_id = $1 AND (starts_at < $2 OR (starts_at = $2 AND id > $3)) ORDER BY starts_at DESC, id LIMIT 20",
    ideal: ["visits (doctor_id, starts_at DESC, id)"],
  },
  {
    title: "the page behind a bound row value",
    sql: "SELECT id, issued_on, amount FROM invoices WHERE (issued_on, id) > ($1, $2) ORDER BY issued_on, id LIMIT 50",
    ideal: ["invoices (issued_on, id)"],
  },
  {
    title: "unknown severities first",
    sql: "SELECT id, severity FROM visits WHERE ward = 'w3' ORDER BY severity NULLS FIRST, starts_at LIMIT 20",
    ideal: ["visits (ward, severity NULLS FIRST, starts_at)"],
  },
  {
    title: "the newest visits of a family",
    sql: "SELECT id, remark FROM visits WHERE patient_id IN (30011, 30012, 41013, 52014) AND state = 'closed' ORDER BY starts_at DESC LIMIT 5",
    ideal: ["visits (patient_id)"],
  },
  {
    title: "visits and notes of somebody in one order",
    sql: "SELECT * FROM timeline WHERE patient_id = 777 ORDER BY at DESC LIMIT 20",
    ideal: ["visits (patient_id)", "notes (patient_id)"],
  },
  {
    title: "the newest of visits and notes together",
    sql: "SELECT at, what, told FROM timeline ORDER BY at DESC LIMIT 20",
    ideal: ["visits (starts_at)", "notes (created_at)"],
  },
];

const groups: CaseSet["cases"] = [
  {
    title: "the newest open visit of each ward",
    sql: "SELECT DISTINCT ON (ward) ward, id, starts_at FROM visits WHERE state = 'open' ORDER BY ward, starts_at DESC",
    ideal: ["visits (ward, starts_at DESC) INCLUDE (id) WHERE state = 'open'"],
  },
  {
    title: "the last visit of every doctor",
    sql: "SELECT d.name, (SELECT max(v.starts_at) FROM visits v WHERE v.doctor_id = d.id) FROM doctors d",
    ideal: ["visits (doctor_id, starts_at)"],
  },
  {
    title: "patients with several unpaid invoices",
    sql: "SELECT patient_id, count(*) FROM invoices WHERE paid_at IS NULL GROUP BY patient_id HAVING count(*) > 3",
    ideal: ["invoices (patient_id) WHERE paid_at IS NULL"],
  },
  {
    title: "several groupings of a span, bound",
    sql: "SELECT ward, state, count(*) FROM visits WHERE starts_at >= $1 AND starts_at < $2 GROUP BY GROUPING SETS ((ward), (state), ())",
    ideal: ["visits (starts_at)"],
  },
  {
    title: "counts under a filter of their own",
    sql: "SELECT count(*) FILTER (WHERE state = 'noshow'), count(*) FROM visits WHERE doctor_id = 217 AND starts_at >= '2025-01-01'",
    ideal: ["visits (doctor_id, starts_at)"],
  },
  {
    title: "three newest visits of each doctor of a specialty",
    sql: "SELECT d.name, v.id FROM doctors d CROSS JOIN LATERAL (SELECT id FROM visits WHERE doctor_id = d.id AND state = 'closed' ORDER BY starts_at DESC LIMIT 3) v WHERE d.specialty = 's7' AND d.active",
    ideal: ["visits (doctor_id, starts_at DESC)"],
  },
  {
    title: "the first rank of each patient among a few",
    sql: "SELECT * FROM (SELECT patient_id, body, row_number() OVER (PARTITION BY patient_id ORDER BY created_at DESC) AS rn FROM notes WHERE patient_id = ANY ($1)) ranked WHERE rn = 1",
    ideal: ["notes (patient_id)"],
  },
];

const subqueries: CaseSet["cases"] = [
  {
    title: "the oldest patients who did not come lately",
    sql: "SELECT p.id, p.last_name FROM patients p WHERE p.born_on < '1927-01-01' AND EXISTS (SELECT 1 FROM visits v WHERE v.patient_id = p.id AND v.state = 'noshow' AND v.starts_at > '2025-01-01')",
    ideal: ["patients (born_on)", "visits (patient_id)"],
  },
  {
    title: "open visits of a ward without a note since",
    sql: "SELECT v.id FROM visits v WHERE v.state = 'open' AND v.ward = 'w12' AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.patient_id = v.patient_id AND n.created_at > v.starts_at)",
    ideal: ["visits (ward) WHERE state = 'open'", "notes (patient_id)"],
  },
  {
    title: "either of two tables names the row",
    sql: "SELECT v.id, v.remark, p.contact FROM visits v JOIN patients p ON p.id = v.patient_id WHERE p.last_name = 'Last77' OR v.remark = 'x'",
    ideal: [],
  },
  {
    title: "rows of either table by a UNION",
    sql: "SELECT v.id FROM visits v WHERE v.remark = $1 UNION SELECT v.id FROM visits v JOIN patients p ON p.id = v.patient_id WHERE p.last_name = $2 AND p.born_on = $3",
    ideal: [
      "visits (remark)",
      "patients (last_name, born_on)",
      "visits (patient_id)",
    ],
  },
];

const changes: CaseSet["cases"] = [
  {
    title: "reminders written for what is due, once each",
    sql: "INSERT INTO reminders (invoice_id, sent_on) SELECT id, current_date FROM invoices WHERE paid_at IS NULL AND due_on < $1 ON CONFLICT (invoice_id) DO NOTHING",
    ideal: ["invoices (due_on) WHERE paid_at IS NULL"],
  },
  {
    title: "a batch of unpaid invoices claimed",
    sql: "UPDATE invoices SET reminders = reminders + 1 WHERE id IN (SELECT id FROM invoices WHERE paid_at IS NULL AND reminders = 0 ORDER BY due_on LIMIT 100 FOR UPDATE SKIP LOCKED)",
    ideal: ["invoices (reminders, due_on) WHERE paid_at IS NULL"],
  },
  {
    title: "prescriptions of stale plans taken away",
    sql: "DELETE FROM prescriptions p USING visits v WHERE v.id = p.visit_id AND v.state = 'planned' AND v.starts_at < '2025-05-30 13:00Z'",
    ideal: ["visits (starts_at) WHERE state = 'planned'"],
    missed:
      "HypoPG 1.3 sees no predicate on a table other than the first of its level",
  },
];

const written: CaseSet["cases"] = [
  {
    title: "an address without case, bound",
    sql: "SELECT id FROM patients WHERE email = $1",
    ideal: ["patients (email)"],
  },
  {
    title: "the beginning of an address without case",
    sql: "SELECT id FROM patients WHERE email LIKE 'mail77%'",
    ideal: [],
  },
  {
    title: "a text two levels down a document",
    sql: "SELECT id FROM patients WHERE contact->'address'->>'zip' = '11777'",
    ideal: ["patients ((contact->'address'->>'zip'))"],
  },
  {
    title: "a bound text two levels down, beside what is live",
    sql: "SELECT id, last_name FROM patients p WHERE p.contact->'address'->>'zip' = $1 AND p.deleted_at IS NULL",
    ideal: ["patients ((contact->'address'->>'zip'))"],
  },
  {
    title: "a local day",
    sql: "SELECT id, ward FROM visits WHERE (starts_at AT TIME ZONE 'Europe/Berlin')::date = '2025-03-01'",
    ideal: ["visits (((starts_at AT TIME ZONE 'Europe/Berlin')::date))"],
  },
  {
    title: "the first moment that is known, between two bound ones",
    sql: "SELECT id FROM visits WHERE coalesce(checked_in_at, starts_at) BETWEEN $1 AND $2",
    ideal: ["visits (coalesce(checked_in_at, starts_at))"],
  },
  {
    title: "a bound allergy",
    sql: "SELECT id, last_name FROM patients WHERE allergies @> ARRAY[$1]::text[]",
    ideal: ["patients USING gin (allergies)"],
  },
  {
    title: "amounts between two bound ones",
    sql: "SELECT id, number FROM invoices WHERE amount BETWEEN $1 AND $2",
    ideal: ["invoices (amount)"],
  },
  {
    title: "a bound pattern",
    sql: "SELECT id FROM patients WHERE last_name LIKE $1",
    ideal: [],
  },
  {
    title: "what is not closed, unknown states too",
    sql: "SELECT id, ward, starts_at FROM visits WHERE state IS DISTINCT FROM 'closed' ORDER BY starts_at DESC LIMIT 50",
    ideal: ["visits (starts_at DESC) WHERE state IS DISTINCT FROM 'closed'"],
  },
  {
    title: "unsigned prescriptions in order",
    sql: "SELECT id, visit_id FROM prescriptions WHERE NOT signed ORDER BY starts_on",
    ideal: ["prescriptions (starts_on) WHERE NOT signed"],
  },
  {
    title: "prescriptions not known to be signed",
    sql: "SELECT id, visit_id, dose FROM prescriptions WHERE signed IS NOT TRUE",
    ideal: ["prescriptions (id) WHERE signed IS NOT TRUE"],
  },
  {
    title: "the last value of a patient and code, bound",
    sql: "SELECT value, taken_at FROM observations WHERE patient_id = $1 AND code = $2 ORDER BY taken_at DESC LIMIT 1",
    ideal: ["observations (patient_id, code, taken_at DESC)"],
  },
  {
    title: "flagged values since a day",
    sql: "SELECT patient_id, code, value FROM observations WHERE flagged AND taken_at >= '2025-02-20'",
    ideal: ["observations (taken_at) WHERE flagged"],
  },
];

const nothing: CaseSet["cases"] = [
  {
    title: "a number among the living, which an index of theirs finds",
    sql: "SELECT id FROM patients WHERE mrn = $1 AND deleted_at IS NULL",
    ideal: [],
  },
  {
    title: "a folded name, which a longer index begins with",
    sql: "SELECT id, first_name FROM patients WHERE lower(last_name) = lower($1)",
    ideal: [],
  },
  {
    title: "debts by a view over a view, which a longer index finds",
    sql: "SELECT owed, since FROM debts WHERE patient_id = 777",
    ideal: [],
  },
  {
    title: "the oldest invoices first, which an index has backwards",
    sql: "SELECT id, number FROM invoices WHERE patient_id = $1 ORDER BY issued_on, id DESC LIMIT 10",
    ideal: [],
  },
  {
    title: "a drug among signed prescriptions, which a partial index finds",
    sql: "SELECT id, dose FROM prescriptions WHERE drug_code = 'D2900' AND signed",
    ideal: [],
  },
  {
    title: "drugs of a visit, which an index carries along",
    sql: "SELECT drug_code FROM prescriptions WHERE visit_id = ANY ($1)",
    ideal: [],
  },
  {
    title: "rows after others in no order",
    sql: "SELECT * FROM visits OFFSET 5000 LIMIT 10",
    ideal: [],
  },
  {
    title: "functions on both sides",
    sql: "SELECT id FROM patients WHERE upper(last_name) = upper(first_name)",
    ideal: [],
  },
  {
    title: "a random share",
    sql: "SELECT * FROM visits WHERE random() < 0.001",
    ideal: [],
  },
  {
    title: "some rows in random order",
    sql: "SELECT id, last_name FROM patients ORDER BY random() LIMIT 5",
    ideal: [],
  },
];

export const clinicCases: CaseSet = {
  world: clinic,
  prover: "hypopg",
  cases: [
    ...pages,
    ...groups,
    ...subqueries,
    ...changes,
    ...written,
    ...nothing,
  ],
};
