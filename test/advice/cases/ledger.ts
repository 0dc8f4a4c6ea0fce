import type { CaseSet, World } from "./case.ts";

/** Bookings of accounts: money, dates in the table's order, a table with children, views. */
const ledger: World = {
  name: "ledger",
  extensions: ["hypopg"],
  tables: [
    "accounts",
    "entries",
    "transfers",
    "audit",
    "audit_2024",
    "audit_2025",
  ],
  schema: `
CREATE TABLE accounts (id int PRIMARY KEY, iban char(22) NOT NULL, holder text NOT NULL, opened_on date NOT NULL, closed_on date, "limit" numeric);
INSERT INTO accounts SELECT n, 'DE' || lpad(pick(n, 1, 99999999)::text, 20, '0'), 'Holder ' || md5(n::text), date '2010-01-01' + pick(n, 2, 5000), CASE WHEN n % 15 = 0 THEN date '2024-06-01' + n % 300 END, pick(n, 3, 90) * 100 FROM generate_series(1, 40000) n;
CREATE TABLE entries (id bigint PRIMARY KEY, account_id int NOT NULL, currency char(3) NOT NULL, booked_on date NOT NULL, value_on date, debit numeric(12, 2) NOT NULL, credit numeric(12, 2) NOT NULL, memo text, reversed_by bigint);
INSERT INTO entries SELECT n, pick(n, 1, 40000), (ARRAY['EUR', 'EUR', 'EUR', 'USD', 'CHF'])[pick(n, 2, 5)], date '2022-01-01' + n / 250, CASE WHEN n % 50 <> 0 THEN date '2022-01-02' + n / 250 END,
  CASE WHEN n % 2 = 0 THEN pick(n, 3, 100000) / 10.0 ELSE 0 END, CASE WHEN n % 2 = 1 THEN pick(n, 4, 100000) / 10.0 ELSE 0 END, CASE WHEN n % 10 = 0 THEN 'ref ' || pick(n, 5, 20000) END, CASE WHEN n % 333 = 0 THEN n + 1 END
  FROM generate_series(1, 250000) n;
CREATE TABLE transfers (id int PRIMARY KEY, from_id int NOT NULL, to_id int NOT NULL, amount numeric NOT NULL, requested_at timestamptz NOT NULL, settled_at timestamptz, state smallint NOT NULL);
INSERT INTO transfers SELECT n, pick(n, 1, 40000), pick(n, 2, 40000), pick(n, 3, 900000) / 100.0, timestamptz '2024-01-01Z' + n * interval '7 minutes', CASE WHEN n % 150 <> 0 THEN timestamptz '2024-01-02Z' + n * interval '7 minutes' END, CASE WHEN n % 150 = 0 THEN 1 ELSE 2 END FROM generate_series(1, 100000) n;
CREATE TABLE audit (id int NOT NULL, who text NOT NULL, at timestamptz NOT NULL, what text NOT NULL);
CREATE TABLE audit_2024 (CHECK (at < '2025-01-01Z')) INHERITS (audit);
CREATE TABLE audit_2025 (CHECK (at >= '2025-01-01Z')) INHERITS (audit);
INSERT INTO audit_2024 SELECT n, 'w' || pick(n, 1, 3000), timestamptz '2024-01-01Z' + n * interval '7 minutes', md5(n::text) FROM generate_series(1, 70000) n;
INSERT INTO audit_2025 SELECT n, 'w' || pick(n, 1, 3000), timestamptz '2025-01-01Z' + n * interval '7 minutes', md5(n::text) FROM generate_series(1, 70000) n;
CREATE VIEW balances AS SELECT account_id, currency, sum(credit - debit) AS balance FROM entries GROUP BY account_id, currency;
`,
};

export const ledgerCases: CaseSet = {
  world: ledger,
  prover: "hypopg",
  cases: [
    {
      title: "the balance of an account by its view",
      sql: "SELECT balance FROM balances WHERE account_id = 77 AND currency = 'EUR'",
      ideal: ["entries (account_id, currency)"],
    },
    {
      title: "a statement of account",
      sql: "SELECT booked_on, debit, credit FROM entries WHERE account_id = 77 AND booked_on BETWEEN '2023-01-01' AND '2023-12-31' ORDER BY booked_on, id",
      ideal: ["entries (account_id, booked_on, id)"],
    },
    {
      title: "running totals of an account",
      sql: "SELECT id, sum(credit - debit) OVER (ORDER BY booked_on, id) FROM entries WHERE account_id = $1",
      ideal: ["entries (account_id, booked_on, id)"],
    },
    {
      title: "a difference of two columns",
      sql: "SELECT id FROM entries WHERE credit - debit > 9990",
      ideal: ["entries ((credit - debit))"],
    },
    {
      title: "a year and a month cut from a date",
      sql: "SELECT sum(credit) FROM entries WHERE extract(year FROM booked_on) = 2023 AND extract(month FROM booked_on) = 5",
      ideal: [
        "entries (extract(year FROM booked_on), extract(month FROM booked_on))",
      ],
    },
    {
      title: "a date as text",
      sql: "SELECT count(*) FROM entries WHERE to_char(booked_on, 'YYYY-MM') = '2023-05'",
      ideal: [],
    },
    {
      title: "a column and a number added",
      sql: "SELECT id FROM entries WHERE booked_on + 30 < '2022-02-05'",
      ideal: ["entries ((booked_on + 30))"],
    },
    {
      title: "largest first, unknown last",
      sql: `SELECT id, "limit" FROM accounts ORDER BY "limit" DESC NULLS LAST, id LIMIT 20`,
      ideal: [`accounts ("limit" DESC NULLS LAST, id)`],
    },
    {
      title: "the first rows with their ties",
      sql: "SELECT id FROM transfers ORDER BY amount DESC FETCH FIRST 5 ROWS WITH TIES",
      ideal: ["transfers (amount)"],
    },
    {
      title: "a pair of columns in a list of pairs",
      sql: "SELECT id FROM entries WHERE (account_id, currency) IN ((5, 'EUR'), (77, 'USD'), (900, 'CHF'))",
      ideal: ["entries (account_id, currency)"],
    },
    {
      title: "a value that may be NULL compared",
      sql: "SELECT id FROM entries WHERE memo IS NOT DISTINCT FROM 'ref 77'",
      ideal: [],
    },
    {
      title: "a memo found by its text",
      sql: "SELECT id FROM entries WHERE memo = $1",
      ideal: ["entries (memo)"],
    },
    {
      title: "entries that were reversed, with their reversals",
      sql: "SELECT a.id, b.id FROM entries a JOIN entries b ON b.id = a.reversed_by WHERE a.reversed_by IS NOT NULL AND a.account_id = 3",
      ideal: ["entries (account_id)"],
    },
    {
      title: "transfers that are not settled, oldest first",
      sql: "SELECT * FROM transfers WHERE settled_at IS NULL ORDER BY requested_at LIMIT 50",
      ideal: ["transfers (requested_at) WHERE settled_at IS NULL"],
    },
    {
      title: "a rare state that is a number",
      sql: "SELECT id, amount FROM transfers WHERE state = 1",
      ideal: ["transfers (state)"],
    },
    {
      title: "amounts over a literal",
      sql: "SELECT id FROM transfers WHERE amount > 8990",
      ideal: ["transfers (amount)"],
    },
    {
      title: "transfers to or from an account, newest first",
      sql: "SELECT * FROM transfers WHERE from_id = 7 OR to_id = 7 ORDER BY requested_at DESC LIMIT 10",
      ideal: ["transfers (from_id)", "transfers (to_id)"],
    },
    {
      title: "an account by its number",
      sql: "SELECT * FROM accounts WHERE iban = 'DE00000000000012345678'",
      ideal: ["accounts (iban)"],
    },
    {
      title: "accounts without entries since a day",
      sql: "SELECT a.id FROM accounts a WHERE a.closed_on IS NULL AND NOT EXISTS (SELECT FROM entries e WHERE e.account_id = a.id AND e.booked_on > '2024-09-20')",
      ideal: ["entries (booked_on) INCLUDE (account_id)"],
    },
    {
      title: "an UPDATE from a few transfers",
      sql: `UPDATE accounts a SET "limit" = 0 FROM transfers t WHERE t.from_id = a.id AND t.amount > 8999`,
      ideal: ["transfers (amount)"],
    },
    {
      title: "a day of a table with children",
      sql: "SELECT who, what FROM audit WHERE at >= '2025-03-01' AND at < '2025-03-02'",
      ideal: ["audit_2025 (at)"],
    },
    {
      title: "somebody in a table with children, newest first",
      sql: "SELECT at, what FROM audit WHERE who = 'w77' ORDER BY at DESC LIMIT 10",
      ideal: ["audit_2024 (who, at DESC)", "audit_2025 (who, at DESC)"],
    },
    {
      title: "days and their sums, all of them",
      sql: "SELECT booked_on, sum(debit), sum(credit), count(memo) FROM entries GROUP BY booked_on",
      ideal: [],
    },
    {
      title: "a sample of a table",
      sql: "SELECT avg(amount) FROM transfers TABLESAMPLE SYSTEM (1)",
      ideal: [],
    },
    {
      title: "grouping sets over everything",
      sql: "SELECT currency, booked_on, sum(debit), max(memo) FROM entries GROUP BY GROUPING SETS ((currency), (booked_on), ())",
      ideal: [],
    },
    {
      title: "amounts outside of a wide span",
      sql: "SELECT id FROM transfers WHERE amount NOT BETWEEN 5 AND 8995",
      ideal: [],
    },
    {
      title: "the newest entry of some accounts by a subquery",
      sql: "SELECT * FROM entries e WHERE e.account_id = 5 AND e.booked_on = (SELECT max(booked_on) FROM entries x WHERE x.account_id = e.account_id)",
      ideal: ["entries (account_id, booked_on)"],
    },
    {
      title: "a shape by CASE",
      sql: "SELECT count(*) FROM entries WHERE CASE WHEN debit > 9995 THEN 'big' ELSE 'small' END = 'big'",
      ideal: ["entries ((CASE WHEN debit > 9995 THEN 'big' ELSE 'small' END))"],
    },
  ],
};
