import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Database } from "../../src/app/database.ts";
import type { Result } from "../../src/core/result.ts";
import { english, sayText, type Text } from "../../src/core/words.ts";
import { loadSqlParser, type SqlParser } from "../../src/core/sql/parse.ts";
import type { ParsedStatement } from "../../src/core/sql/statement.ts";
import {
  agreedToWrite,
  openQuietly,
  unasked,
} from "../adapters/postgres/support.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";
import { dangerousInputs, type Outcome } from "./dangerous-inputs.ts";

const never = new AbortController().signal;

const setUp = `
  CREATE EXTENSION pg_stat_statements;
  CREATE TABLE accounts (id serial PRIMARY KEY, owner text, balance int DEFAULT 10);
  CREATE TABLE audit (entry text);
  INSERT INTO accounts (owner) SELECT 'owner ' || i FROM generate_series(1, 50) i;
  CREATE SEQUENCE tickets;
  CREATE MATERIALIZED VIEW totals AS SELECT sum(balance) FROM accounts;
  CREATE FUNCTION charge() RETURNS int VOLATILE LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO audit VALUES ('charged'); RETURN 1; END $$;
  CREATE FUNCTION charge(a int, b int) RETURNS int VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN charge(); END $$;
  CREATE OPERATOR #+# (LEFTARG = int, RIGHTARG = int, FUNCTION = charge);
  CREATE PROCEDURE charge_by_call() LANGUAGE plpgsql AS $$ BEGIN PERFORM charge(); END $$;
  CREATE FUNCTION lying_immutable() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN charge(); END $$;
  CREATE FUNCTION lying_stable() RETURNS int STABLE LANGUAGE plpgsql AS $$ BEGIN RETURN charge(); END $$;
  CREATE FUNCTION lying_unlock() RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM set_config('transaction_read_only', 'off', false); RETURN charge(); END $$;
  CREATE FUNCTION lying_default() RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM set_config('default_transaction_read_only', 'off', false); RETURN 1; END $$;
  CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM charge(); RETURN NULL; END $$;
  CREATE TRIGGER watched AFTER INSERT OR UPDATE OR DELETE ON accounts FOR EACH STATEMENT EXECUTE FUNCTION watch();
  CREATE VIEW rich_accounts AS SELECT * FROM accounts WHERE balance > 5;
  CREATE VIEW charging_view AS SELECT charge() AS charged;
  CREATE VIEW charging_view_of_view AS SELECT * FROM charging_view;
  CREATE VIEW configuring_view AS SELECT set_config('transaction_read_only', 'off', false);
  CREATE SCHEMA aside;
  CREATE OPERATOR aside.#-# (LEFTARG = int, RIGHTARG = int, FUNCTION = charge);
  CREATE TYPE priced AS (amount int);
  CREATE TABLE bills (total priced);
  INSERT INTO bills VALUES (ROW(1)), (ROW(2));
  CREATE FUNCTION charge_cast(int) RETURNS priced VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN ROW(charge()); END $$;
  CREATE CAST (int AS priced) WITH FUNCTION charge_cast(int);
  CREATE TYPE refund AS (amount int);
  CREATE TABLE refunds (total refund);
  CREATE FUNCTION charge_back(refund) RETURNS int VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN charge(); END $$;
  CREATE CAST (refund AS int) WITH FUNCTION charge_back(refund) AS IMPLICIT;
  CREATE FUNCTION charge_compare(priced, int) RETURNS bool VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN charge() > 0; END $$;
  CREATE FUNCTION charge_differ(priced, int) RETURNS bool VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN charge() > 0; END $$;
  CREATE OPERATOR >= (LEFTARG = priced, RIGHTARG = int, FUNCTION = charge_compare);
  CREATE OPERATOR <= (LEFTARG = priced, RIGHTARG = int, FUNCTION = charge_compare);
  CREATE OPERATOR < (LEFTARG = priced, RIGHTARG = int, FUNCTION = charge_differ);
  CREATE OPERATOR > (LEFTARG = priced, RIGHTARG = int, FUNCTION = charge_differ);
  CREATE FUNCTION charge_equal(priced, priced) RETURNS bool VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN charge() > 0; END $$;
  CREATE OPERATOR = (LEFTARG = priced, RIGHTARG = priced, FUNCTION = charge_equal);
  CREATE FUNCTION calm_less(priced, priced) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT ($1).amount < ($2).amount';
  CREATE OPERATOR <<< (LEFTARG = priced, RIGHTARG = priced, FUNCTION = calm_less);
  CREATE OPERATOR === (LEFTARG = priced, RIGHTARG = priced, FUNCTION = calm_less);
  CREATE FUNCTION charge_order(priced, priced) RETURNS int VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN charge() - 1; END $$;
  CREATE OPERATOR CLASS by_charge FOR TYPE priced USING btree AS OPERATOR 1 <<<, OPERATOR 3 ===, FUNCTION 1 charge_order(priced, priced);
  CREATE DOMAIN charged AS int CHECK (charge(VALUE, 1) > 0);
  CREATE DOMAIN twice_charged AS charged;
  CREATE DOMAIN configured AS text CHECK (set_config('transaction_read_only', VALUE, false) IS NOT NULL);
  CREATE FUNCTION takes_charged(charged) RETURNS int STABLE LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
  CREATE TYPE wrapped AS ("inner" charged);
  CREATE FUNCTION surcharge(accounts) RETURNS int VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN charge(); END $$;
  CREATE FUNCTION first_account() RETURNS accounts STABLE LANGUAGE sql AS 'SELECT * FROM accounts LIMIT 1';
  CREATE VIEW casting_view AS SELECT balance::priced FROM accounts;
  CREATE VIEW domain_view AS SELECT balance::charged FROM accounts;
  ANALYZE;`;

/** Everything that an input could change: rows, sequences, catalog, roles, settings, slots, locks, other sessions. */
const snapshot = `
  SELECT json_build_object(
    'accounts', (SELECT md5(string_agg(a::text, ';' ORDER BY id)) FROM accounts a),
    'audit', (SELECT count(*) FROM audit),
    'totals', (SELECT md5(string_agg(t::text, ';')) FROM totals t),
    'sequences', (SELECT json_agg(s ORDER BY s) FROM (SELECT last_value || ' ' || is_called FROM tickets
      UNION ALL SELECT last_value || ' ' || is_called FROM accounts_id_seq) x(s)),
    'relations', (SELECT md5(string_agg(format('%s %s %s %s %s', oid, relname, relkind, relfilenode, relacl), ';' ORDER BY oid))
      FROM pg_class WHERE relname NOT LIKE 'pg_toast%'),
    'columns', (SELECT count(*) FROM pg_attribute), 'functions', (SELECT count(*) FROM pg_proc),
    'schemas', (SELECT count(*) FROM pg_namespace), 'extensions', (SELECT count(*) FROM pg_extension),
    'types', (SELECT count(*) FROM pg_type), 'comments', (SELECT count(*) FROM pg_description),
    'roles', (SELECT string_agg(rolname::text || rolsuper::text, ',' ORDER BY rolname) FROM pg_authid),
    'settings', (SELECT count(*) FROM pg_db_role_setting),
    'changedSettings', (SELECT count(*) FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf'),
    'largeObjects', (SELECT count(*) FROM pg_largeobject_metadata),
    'slots', (SELECT count(*) FROM pg_replication_slots),
    'prepared', (SELECT count(*) FROM pg_prepared_xacts),
    'advisoryLocks', (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
    'reset', (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()),
    'bystanders', (SELECT json_agg(pid ORDER BY pid) FROM pg_stat_activity WHERE application_name = 'bystander')) AS state`;

/** The first report to the collector of 13 sets this time; later only a reset changes it. */
async function statisticsAreOn(server: TestServer): Promise<void> {
  const text = "SELECT pg_stat_reset()";
  await server.query(text);
  for (let attempt = 0; attempt < 100; attempt++) {
    const [row] = await server.query(
      "SELECT stats_reset IS NOT NULL AS known FROM pg_stat_database WHERE datname = current_database()",
    );
    if (row?.["known"] === true) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const limits = { statementTimeoutMs: 3000, lockTimeoutMs: 500 };

for (const kind of [13, 18] as const) {
  describeOn(kind, "a dangerous input", () => {
    let server: TestServer;
    let database: Database;
    let parser: SqlParser;
    let bystander: pg.Client;
    let before: unknown;
    let logged = 0;

    beforeAll(async () => {
      server = await startPostgres(kind, {
        settings: { log_statement: "all", log_line_prefix: "<%a> " },
      });
      await server.query(setUp);
      database = openQuietly(server.target);
      parser = await loadSqlParser();
      bystander = new pg.Client({
        connectionString: server.url,
        application_name: "bystander",
      });
      await bystander.connect();
      await database.info(never);
      await statisticsAreOn(server);
    });
    beforeEach(async () => {
      before = await server.query(snapshot);
      logged = server.log().length;
    });
    afterAll(async () => {
      await bystander.end();
      await database.close();
      await server.stop();
    });

    /** What the product sent, as the server itself logged it, without its own catalog reads. */
    const sent = (): readonly string[] =>
      server
        .log()
        .slice(logged)
        .split("\n")
        .flatMap(
          (line) =>
            /^<planlens> LOG: {2}execute [^:]+: (.*)$/.exec(line)?.[1] ?? [],
        )
        .filter((text) => !/^(SELECT|WITH) \/\* planlens \*\//.test(text));

    const check = (
      result: Result<
        unknown,
        { readonly kind: string; readonly message?: Text }
      >,
      outcome: Outcome,
    ): void => {
      if (outcome.by === "nobody") expect(result).toMatchObject({ ok: true });
      else if (outcome.by === "adapter") {
        expect(result).toMatchObject({
          ok: false,
          error: { kind: "readOnlyViolation" },
        });
        if (!result.ok)
          expect(sayText(result.error.message ?? "", english)).toContain(
            outcome.words,
          );
      } else
        expect(result).toMatchObject({
          ok: false,
          error: { kind: outcome.kind },
        });
    };

    const parse = (
      text: string,
      outcome: Outcome,
    ): ParsedStatement | undefined => {
      const parsed = parser.parse(text);
      if (outcome.by === "parser") {
        check(parsed, outcome);
        return undefined;
      }
      if (!parsed.ok)
        throw new Error(`the parser refused: ${JSON.stringify(parsed.error)}`);
      return parsed.value;
    };

    for (const input of dangerousInputs) {
      it(`is only planned or refused on EXPLAIN: ${input.title}`, async () => {
        const statement = parse(input.text, input.explain);
        if (statement === undefined) {
          expect(sent()).toEqual([]);
        } else {
          check(
            await database.explain(statement, undefined, never),
            input.explain,
          );
          // The server answers an error before it has logged what follows it.
          await expect.poll(() => sent().at(-1)).toBe("ROLLBACK");
          const texts = sent();
          expect(texts[0]).toBe("BEGIN READ ONLY");
          expect(
            texts
              .slice(1, -1)
              .every((text) => text.startsWith("EXPLAIN (FORMAT JSON")),
          ).toBe(true);
        }
        expect(await server.query(snapshot)).toEqual(before);
      });

      it(`changes nothing on ANALYZE without consent: ${input.title}`, async () => {
        const statement = parse(input.text, input.analyze);
        if (statement === undefined) {
          expect(sent()).toEqual([]);
        } else {
          const values = statement.placeholders.map(() => "1");
          check(
            await database.analyze(
              { statement, values, limits, ...unasked },
              never,
            ),
            input.analyze,
          );
          if (input.analyze.by === "adapter") expect(sent()).toEqual([]);
          else await expect.poll(sent).toContain("BEGIN READ ONLY");
        }
        expect(await server.query(snapshot)).toEqual(before);
      });
    }

    it("keeps a lying function from turning the session's default off", async () => {
      const lying = parser.parse(
        "SELECT * FROM accounts WHERE id = lying_default()",
      );
      if (!lying.ok) throw new Error("unreadable");
      expect(
        await database.explain(lying.value, undefined, never),
      ).toMatchObject({ ok: true });
      const writing = parser.parse(
        "SELECT * FROM accounts WHERE id = lying_immutable()",
      );
      if (!writing.ok) throw new Error("unreadable");
      expect(
        await database.explain(writing.value, undefined, never),
      ).toMatchObject({ ok: false, error: { kind: "readOnlyViolation" } });
      expect(await server.query(snapshot)).toEqual(before);
    });

    it("leaves the session read-only after all of it", async () => {
      const readOnly = parser.parse("UPDATE accounts SET balance = 0");
      if (!readOnly.ok) throw new Error("unreadable");
      const request = {
        statement: readOnly.value,
        values: [],
        limits,
        ...agreedToWrite,
      };
      expect(await database.analyze(request, never)).toMatchObject({
        ok: true,
      });
      expect(sent().slice(0, 1)).toEqual(["BEGIN READ WRITE"]);
      expect(sent().at(-1)).toBe("ROLLBACK");
      expect(await server.query(snapshot)).toEqual(before);
    });
  });
}

it("covers at least sixty dangerous inputs", () => {
  expect(dangerousInputs.length).toBeGreaterThanOrEqual(60);
  expect(new Set(dangerousInputs.map((input) => input.text)).size).toBe(
    dangerousInputs.length,
  );
});
