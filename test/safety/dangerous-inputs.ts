/** What becomes of an input: refused by the parser, by the adapter, by the server, or carried out. */
export type Outcome =
  /** Nothing is sent; the parser's kind of failure and a word of its message. */
  | { readonly by: "parser"; readonly kind: string }
  /** Nothing of the statement is sent to be run; the reason given. */
  | { readonly by: "adapter"; readonly words: string }
  /** The server refuses inside the read-only session or finds it wrong. */
  | { readonly by: "server"; readonly kind: string }
  | { readonly by: "nobody" };

export interface DangerousInput {
  readonly title: string;
  readonly text: string;
  /** Plain EXPLAIN, which may happen on a hover. */
  readonly explain: Outcome;
  /** ANALYZE without consent. */
  readonly analyze: Outcome;
}

const parser = (kind: string): Pick<DangerousInput, "explain" | "analyze"> => ({
  explain: { by: "parser", kind },
  analyze: { by: "parser", kind },
});
const planned: Outcome = { by: "nobody" };
const adapter = (
  words: string,
): Pick<DangerousInput, "explain" | "analyze"> => ({
  explain: planned,
  analyze: { by: "adapter", words },
});
const server = (kind: string): Pick<DangerousInput, "explain" | "analyze"> => ({
  explain: { by: "server", kind },
  analyze: { by: "server", kind },
});

/** Tables, functions and traps that the inputs below reach for; see the set-up next door. */
export const dangerousInputs: readonly DangerousInput[] = [
  // Several statements.
  {
    title: "a second statement",
    text: "SELECT 1; DELETE FROM accounts",
    ...parser("severalStatements"),
  },
  {
    title: "a second statement after empty ones",
    text: "SELECT 1;;; DELETE FROM accounts;",
    ...parser("severalStatements"),
  },
  {
    title: "a transaction of its own",
    text: "COMMIT; DELETE FROM accounts; BEGIN",
    ...parser("severalStatements"),
  },
  {
    title: "a second statement behind a comment",
    text: "SELECT 1 /* ; */ ; -- x\nDROP TABLE accounts",
    ...parser("severalStatements"),
  },
  {
    title: "a second statement behind a quote trick",
    text: "SELECT 'a\\'; DELETE FROM accounts; --'",
    ...parser("severalStatements"),
  },
  {
    title: "a second statement in a nested comment's shadow",
    text: "SELECT 1 /* /* */ */; TRUNCATE accounts",
    ...parser("severalStatements"),
  },
  {
    title: "a second statement after dollar quotes",
    text: "SELECT $x$;$x$; DROP SCHEMA public CASCADE",
    ...parser("severalStatements"),
  },
  {
    title: "the end of EXPLAIN's own text",
    text: "SELECT 1) ; DELETE FROM accounts; --",
    ...parser("severalStatements"),
  },
  {
    title: "an unclosed comment",
    text: "SELECT 1 /* DELETE FROM accounts",
    explain: planned,
    analyze: planned,
  },
  {
    title: "an unclosed string",
    text: "SELECT 'DELETE FROM accounts",
    ...parser("syntax"),
  },
  {
    title: "a NUL byte",
    text: "SELECT 1\0; DELETE FROM accounts",
    ...parser("nulByte"),
  },
  {
    title: "a psql meta-command",
    text: "\\! touch pwned",
    ...parser("metaCommand"),
  },
  {
    title: "a psql include",
    text: "\\i drop-everything.sql",
    ...parser("metaCommand"),
  },
  {
    title: "nothing but a comment",
    text: "/* DROP TABLE accounts */ -- DELETE",
    ...parser("empty"),
  },
  // The user's own EXPLAIN.
  {
    title: "EXPLAIN ANALYZE of a delete",
    text: "EXPLAIN ANALYZE DELETE FROM accounts",
    ...parser("notExplainable"),
  },
  {
    title: "EXPLAIN (ANALYZE) of an update",
    text: "EXPLAIN (ANALYZE, BUFFERS) UPDATE accounts SET balance = 0",
    ...parser("notExplainable"),
  },
  {
    title: "an option list that closes ours",
    text: "(ANALYZE) DELETE FROM accounts",
    ...parser("syntax"),
  },
  {
    title: "a bare ANALYZE before a query",
    text: "ANALYZE SELECT 1",
    ...parser("syntax"),
  },
  // Writes.
  {
    title: "INSERT",
    text: "INSERT INTO accounts (owner) VALUES ('mallory')",
    ...adapter("INSERT changes data"),
  },
  {
    title: "UPDATE",
    text: "UPDATE accounts SET balance = 0",
    ...adapter("UPDATE changes data"),
  },
  {
    title: "DELETE",
    text: "DELETE FROM accounts",
    ...adapter("DELETE changes data"),
  },
  {
    title: "INSERT … ON CONFLICT",
    text: "INSERT INTO accounts (id, owner) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET owner = 'x'",
    ...adapter("INSERT changes data"),
  },
  {
    title: "INSERT … RETURNING nextval",
    text: "INSERT INTO accounts (owner) SELECT 'x' RETURNING nextval('tickets')",
    ...adapter("INSERT changes data"),
  },
  {
    title: "a CTE that deletes",
    text: "WITH gone AS (DELETE FROM accounts RETURNING *) SELECT count(*) FROM gone",
    ...adapter("DELETE in WITH changes data"),
  },
  {
    title: "a CTE that inserts two levels down",
    text: "WITH a AS (SELECT 1), b AS (INSERT INTO audit VALUES ('x') RETURNING *) SELECT * FROM a",
    ...adapter("INSERT in WITH changes data"),
  },
  {
    title: "CREATE TABLE AS",
    text: "CREATE TABLE copied AS SELECT * FROM accounts",
    ...adapter("CREATE TABLE AS changes data"),
  },
  {
    title: "CREATE TEMP TABLE AS",
    text: "CREATE TEMP TABLE copied AS SELECT * FROM accounts",
    ...adapter("CREATE TABLE AS changes data"),
  },
  {
    title: "CREATE MATERIALIZED VIEW",
    text: "CREATE MATERIALIZED VIEW copied AS SELECT * FROM accounts",
    ...adapter("CREATE MATERIALIZED VIEW changes data"),
  },
  {
    title: "SELECT INTO",
    text: "SELECT * INTO copied FROM accounts",
    ...adapter("SELECT INTO creates a table"),
  },
  {
    title: "writing through a view",
    text: "DELETE FROM rich_accounts",
    ...adapter("DELETE changes data"),
  },
  // Locks.
  {
    title: "FOR UPDATE",
    text: "SELECT * FROM accounts FOR UPDATE",
    ...adapter("FOR UPDATE locks rows"),
  },
  {
    title: "FOR NO KEY UPDATE",
    text: "SELECT * FROM accounts FOR NO KEY UPDATE SKIP LOCKED",
    ...adapter("FOR NO KEY UPDATE locks rows"),
  },
  {
    title: "FOR SHARE",
    text: "SELECT * FROM accounts FOR SHARE",
    ...adapter("FOR SHARE locks rows"),
  },
  {
    title: "FOR KEY SHARE in a subquery",
    text: "SELECT * FROM (SELECT * FROM accounts FOR KEY SHARE) x",
    ...adapter("FOR KEY SHARE locks rows"),
  },
  {
    title: "an advisory lock",
    text: "SELECT pg_advisory_lock(42)",
    ...adapter("it calls pg_advisory_lock(bigint)"),
  },
  {
    title: "an advisory lock that is only tried",
    text: "SELECT pg_try_advisory_lock(42)",
    ...adapter("it calls pg_try_advisory_lock("),
  },
  // Functions.
  {
    title: "a volatile function that writes",
    text: "SELECT charge()",
    ...adapter("it calls charge()"),
  },
  {
    title: "a volatile function named with its schema",
    text: 'SELECT "public"."charge"()',
    ...adapter("it calls charge()"),
  },
  {
    title: "a volatile function in WHERE",
    text: "SELECT * FROM accounts WHERE charge() > 0",
    ...adapter("it calls charge()"),
  },
  {
    title: "a volatile function in FROM",
    text: "SELECT * FROM charge()",
    ...adapter("it calls charge()"),
  },
  {
    title: "a volatile function in ORDER BY of a subquery",
    text: "SELECT (SELECT id FROM accounts ORDER BY charge() LIMIT 1)",
    ...adapter("it calls charge()"),
  },
  {
    title: "a volatile function behind a view",
    text: "SELECT * FROM charging_view",
    ...adapter("it calls charge()"),
  },
  {
    title: "a volatile function behind two views",
    text: "SELECT * FROM charging_view_of_view",
    ...adapter("it calls charge()"),
  },
  {
    title: "a volatile function behind an operator",
    text: "SELECT 1 #+# 1",
    ...adapter("it calls charge(integer,integer)"),
  },
  {
    title: "a volatile function behind an operator of a schema aside",
    text: "SELECT 1 OPERATOR(aside.#-#) 1",
    ...adapter("it calls charge(integer,integer)"),
  },
  {
    title: "a volatile function behind BETWEEN",
    text: "SELECT count(*) FROM bills WHERE total BETWEEN 1 AND 2",
    ...adapter("it calls charge_compare(priced,integer)"),
  },
  {
    title: "a volatile function behind NOT BETWEEN SYMMETRIC",
    text: "SELECT count(*) FROM bills WHERE total NOT BETWEEN SYMMETRIC 1 AND 2",
    ...adapter("it calls charge_differ(priced,integer)"),
  },
  {
    title: "a volatile function behind JOIN USING",
    text: "SELECT count(*) FROM bills a JOIN bills b USING (total)",
    ...adapter("it calls charge_equal(priced,priced)"),
  },
  {
    title: "a volatile function behind NATURAL JOIN",
    text: "SELECT count(*) FROM bills a NATURAL JOIN bills b",
    ...adapter("it calls charge_equal(priced,priced)"),
  },
  {
    title: "a volatile function behind a simple CASE",
    text: "SELECT CASE total WHEN total THEN 1 END FROM bills",
    ...adapter("it calls charge_equal(priced,priced)"),
  },
  {
    title: "a volatile function behind IN of a subquery",
    text: "SELECT total IN (SELECT total FROM bills) FROM bills",
    ...adapter("it calls charge_equal(priced,priced)"),
  },
  {
    title: "a volatile function behind ORDER BY USING",
    text: "SELECT total FROM bills ORDER BY total USING <<<",
    ...adapter("it calls charge_order(priced,priced)"),
  },
  {
    title: "a volatile function behind a cast",
    text: "SELECT 5::priced",
    ...adapter("it calls charge_cast(integer)"),
  },
  {
    title: "a volatile function behind a cast to an array's elements",
    text: "SELECT CAST(ARRAY[5] AS priced[])",
    ...adapter("it calls charge_cast(integer)"),
  },
  {
    title: "a volatile function behind a cast that nobody writes",
    text: "SELECT abs(total) FROM refunds",
    ...adapter("it calls charge_back(refund)"),
  },
  {
    title: "a volatile function in a domain's CHECK",
    text: "SELECT 5::charged",
    ...adapter("it calls charge(integer,integer)"),
  },
  {
    title: "a volatile function in the CHECK of a domain's base",
    text: "SELECT 5::twice_charged",
    ...adapter("it calls charge(integer,integer)"),
  },
  {
    title: "a volatile function of the server in a domain's CHECK",
    text: "SELECT 'off'::configured",
    ...adapter("it calls set_config("),
  },
  {
    title: "a volatile function in the CHECK of a parameter's domain",
    text: "SELECT takes_charged(5)",
    ...adapter("it calls charge(integer,integer)"),
  },
  {
    title: "a volatile function in the CHECK of a field's domain",
    text: "SELECT json_populate_record(NULL::wrapped, '{\"inner\": 5}')",
    ...adapter("it calls charge(integer,integer)"),
  },
  {
    title: "a volatile function in the CHECK of a column that FROM declares",
    text: "SELECT * FROM json_to_record('{\"x\": 5}') AS r(x charged)",
    ...adapter("it calls charge(integer,integer)"),
  },
  {
    title: "a volatile function written as a field of a row in parentheses",
    text: "SELECT (a).surcharge FROM accounts a",
    ...adapter("it calls surcharge(accounts)"),
  },
  {
    title: "a volatile function written as a field of a function's row",
    text: "SELECT r.surcharge FROM first_account() r",
    ...adapter("it calls surcharge(accounts)"),
  },
  {
    title: "a volatile function of the server behind a view",
    text: "SELECT * FROM configuring_view",
    ...adapter("it calls set_config("),
  },
  {
    title: "a cast behind a view",
    text: "SELECT * FROM casting_view",
    ...adapter("it calls charge_cast(integer)"),
  },
  {
    title: "a domain behind a view",
    text: "SELECT * FROM domain_view",
    ...adapter("it calls charge(integer,integer)"),
  },
  {
    title: "a writing function that lies it is immutable",
    text: "SELECT * FROM accounts WHERE id = lying_immutable()",
    ...server("readOnlyViolation"),
  },
  {
    title: "a writing function that lies it is stable",
    text: "SELECT count(*) FROM accounts WHERE balance > lying_stable()",
    ...server("readOnlyViolation"),
  },
  {
    title: "a lying function that turns read-only off first",
    text: "SELECT * FROM accounts WHERE id = lying_unlock()",
    ...server("sql"),
  },
  {
    title: "nextval",
    text: "SELECT nextval('tickets')",
    ...adapter("it calls nextval(regclass)"),
  },
  {
    title: "setval",
    text: "SELECT setval('tickets', 1000)",
    ...adapter("it calls setval("),
  },
  {
    title: "nextval in LIMIT",
    text: "SELECT 1 LIMIT nextval('tickets')",
    ...adapter("it calls nextval(regclass)"),
  },
  {
    title: "set_config of read-only",
    text: "SELECT set_config('transaction_read_only', 'off', false)",
    ...adapter("it calls set_config("),
  },
  {
    title: "set_config of the session's default",
    text: "SELECT set_config('default_transaction_read_only', 'off', false)",
    ...adapter("it calls set_config("),
  },
  {
    title: "terminating another session",
    text: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
    ...adapter("it calls pg_terminate_backend("),
  },
  {
    title: "cancelling another session",
    text: "SELECT pg_cancel_backend(pid) FROM pg_stat_activity",
    ...adapter("it calls pg_cancel_backend(integer)"),
  },
  {
    title: "reloading the configuration",
    text: "SELECT pg_reload_conf()",
    ...adapter("it calls pg_reload_conf()"),
  },
  {
    title: "resetting statistics",
    text: "SELECT pg_stat_reset()",
    ...adapter("it calls pg_stat_reset()"),
  },
  {
    title: "resetting pg_stat_statements",
    text: "SELECT pg_stat_statements_reset()",
    ...adapter("it calls pg_stat_statements_reset("),
  },
  {
    title: "switching the write-ahead log",
    text: "SELECT pg_switch_wal()",
    ...adapter("it calls pg_switch_wal()"),
  },
  {
    title: "a logical message that survives a rollback",
    text: "SELECT pg_logical_emit_message(false, 'p', 'x')",
    ...adapter("it calls pg_logical_emit_message("),
  },
  {
    title: "a large object",
    text: "SELECT lo_create(0)",
    ...adapter("it calls lo_create(oid)"),
  },
  {
    title: "a large object written to a file",
    text: "SELECT lo_export(1, '/nowhere/x')",
    ...adapter("it calls lo_export(oid,text)"),
  },
  {
    title: "a file of the server",
    text: "SELECT pg_read_file('postgresql.conf')",
    ...adapter("it calls pg_read_file("),
  },
  {
    title: "SQL inside query_to_xml",
    text: "SELECT query_to_xml('DELETE FROM accounts RETURNING 1', true, true, '')",
    ...adapter("it calls query_to_xml("),
  },
  {
    title: "a notification",
    text: "SELECT pg_notify('channel', 'x')",
    ...adapter("it calls pg_notify(text,text)"),
  },
  {
    title: "a new replication slot",
    text: "SELECT pg_create_physical_replication_slot('x')",
    ...adapter("it calls pg_create_physical_replication_slot("),
  },
  {
    title: "rotating the server's log",
    text: "SELECT pg_rotate_logfile()",
    ...adapter("it calls pg_rotate_logfile()"),
  },
  // What EXPLAIN cannot take.
  ...[
    "COPY accounts TO PROGRAM 'touch pwned'",
    "COPY accounts FROM '/etc/passwd'",
    "COPY (DELETE FROM accounts RETURNING *) TO STDOUT",
    "DO $$ BEGIN DELETE FROM accounts; END $$",
    "CALL charge_by_call()",
    "TRUNCATE accounts",
    "DROP TABLE accounts",
    "ALTER TABLE accounts ADD COLUMN x int",
    "CREATE INDEX ON accounts (owner)",
    "CREATE INDEX CONCURRENTLY ON accounts (owner)",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END",
    "VACUUM FULL accounts",
    "ANALYZE accounts",
    "REINDEX TABLE accounts",
    "CLUSTER accounts",
    "LOCK TABLE accounts",
    "SET default_transaction_read_only = off",
    "RESET ALL",
    "DISCARD ALL",
    "COMMIT",
    "ROLLBACK AND CHAIN",
    "BEGIN READ WRITE",
    "SAVEPOINT x",
    "PREPARE TRANSACTION 'x'",
    "PREPARE x AS DELETE FROM accounts",
    "DEALLOCATE ALL",
    "LISTEN channel",
    "NOTIFY channel, 'x'",
    "CHECKPOINT",
    "LOAD 'auto_explain'",
    "GRANT ALL ON accounts TO PUBLIC",
    "CREATE ROLE mallory SUPERUSER",
    "ALTER SYSTEM SET fsync = off",
    "REFRESH MATERIALIZED VIEW totals",
    "IMPORT FOREIGN SCHEMA public FROM SERVER x INTO public",
    "CREATE EXTENSION pg_trgm",
    "COMMENT ON TABLE accounts IS 'x'",
    "SECURITY LABEL ON TABLE accounts IS 'x'",
    "FETCH ALL FROM c",
    "SHOW ALL",
  ].map((text) => ({
    title: text.slice(0, 40),
    text,
    ...parser("notExplainable"),
  })),
  // What EXPLAIN takes although it is no query.
  {
    title: "EXECUTE of a statement nobody prepared",
    text: "EXECUTE delete_everything",
    explain: { by: "server", kind: "sql" },
    analyze: { by: "adapter", words: "EXECUTE changes data" },
  },
  {
    title: "DECLARE CURSOR over a write",
    text: "DECLARE c CURSOR FOR SELECT charge()",
    ...adapter("it calls charge()"),
  },
  // Placeholders.
  {
    title: "a template hole that is a statement",
    text: "SELECT * FROM accounts WHERE id = {{ 1; DELETE FROM accounts }}",
    ...parser("severalStatements"),
  },
  {
    title: "a placeholder that is a second statement",
    text: "SELECT * FROM accounts WHERE id = ${x}; DELETE FROM accounts",
    ...parser("severalStatements"),
  },
];
