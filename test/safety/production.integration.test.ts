import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { AnalyzeRequest, Database } from "../../src/app/database.ts";
import { openQuietly, parsed } from "../adapters/postgres/support.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";

const never = new AbortController().signal;
const everythingAgreed = { mayWrite: true, mayCallVolatile: true };

const setUp = `
  CREATE EXTENSION dblink;
  CREATE TABLE accounts (id serial PRIMARY KEY, balance int DEFAULT 10);
  INSERT INTO accounts (balance) SELECT i FROM generate_series(1, 50) i;
  CREATE TABLE audit (entry text);
  CREATE FUNCTION far_away() RETURNS int VOLATILE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM * FROM dblink('host=127.0.0.1 dbname=postgres user=postgres port=' || current_setting('port'),
      'INSERT INTO audit VALUES (''written from a read-only transaction'') RETURNING 1') AS t(x int); RETURN 1; END $$;
  CREATE FUNCTION far_away(a int, b int) RETURNS int VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN far_away(); END $$;
  CREATE FUNCTION reach(a accounts) RETURNS int VOLATILE LANGUAGE plpgsql AS $$ BEGIN RETURN far_away(); END $$;
  CREATE OPERATOR #~# (LEFTARG = int, RIGHTARG = int, FUNCTION = far_away);
  CREATE AGGREGATE far_sum(int) (SFUNC = far_away, STYPE = int, INITCOND = '0');
  CREATE VIEW far_view AS SELECT id #~# 1 AS reached FROM accounts;
  CREATE VIEW calm_view AS SELECT id, random() AS chance, clock_timestamp() AS at FROM accounts;`;

const refused = [
  ["INSERT", "INSERT INTO audit VALUES ('x')"],
  ["a CTE that writes", "WITH a AS (DELETE FROM audit RETURNING 1) SELECT 1"],
  ["a row lock", "SELECT * FROM accounts FOR UPDATE"],
  ["SELECT INTO", "SELECT * INTO copied FROM accounts"],
  ["a volatile function", "SELECT far_away()"],
  [
    "dblink itself",
    "SELECT * FROM dblink('dbname=postgres', 'DELETE FROM accounts RETURNING 1') AS t(x int)",
  ],
  ["dblink_exec", "SELECT dblink_exec('dbname=postgres', 'DROP TABLE audit')"],
  ["a function behind an operator", "SELECT id #~# 1 FROM accounts"],
  ["a named operator", "SELECT id OPERATOR(public.#~#) 1 FROM accounts"],
  ["an operator behind ANY", "SELECT 1 #~# ANY (SELECT id FROM accounts)"],
  ["a function behind an aggregate", "SELECT far_sum(id) FROM accounts"],
  ["a function written as a column", "SELECT a.reach FROM accounts a"],
  ["a function behind a view's operator", "SELECT * FROM far_view"],
  ["another session's end", "SELECT pg_terminate_backend(1)"],
  ["a file of the server", "SELECT lo_export(1, '/nowhere/x')"],
] as const;

const allowed = [
  ["a plain read", "SELECT count(*) FROM accounts WHERE balance > 5"],
  ["functions that only read a clock", "SELECT now(), clock_timestamp()"],
  ["a harmless function behind a view", "SELECT * FROM calm_view"],
  ["the size of a table", "SELECT pg_total_relation_size('accounts')"],
] as const;

for (const kind of [13, 18] as const) {
  describeOn(kind, "production", () => {
    let server: TestServer;
    let database: Database;
    let before: unknown;
    const state = (): Promise<unknown> =>
      server.query(
        "SELECT (SELECT count(*) FROM audit) AS audit, count(*) FROM accounts",
      );

    beforeAll(async () => {
      server = await startPostgres(kind);
      await server.query(setUp);
      database = openQuietly(server.target);
    });
    beforeEach(async () => {
      before = await state();
    });
    afterAll(async () => {
      await database.close();
      await server.stop();
    });

    const request = async (
      text: string,
      environment: AnalyzeRequest["environment"],
    ): Promise<AnalyzeRequest> => ({
      statement: await parsed(text),
      environment,
      values: [],
      limits: { statementTimeoutMs: 3000, lockTimeoutMs: 500 },
      consent: everythingAgreed,
    });

    it.each(refused)("runs %s for nobody, whoever agrees", async (_, text) => {
      expect(
        await database.analyze(await request(text, "production"), never),
      ).toMatchObject({ ok: false, error: { kind: "refusedOnProduction" } });
      expect(await state()).toEqual(before);
    });

    it.each(allowed)("runs %s", async (_, text) => {
      expect(
        await database.analyze(await request(text, "production"), never),
      ).toMatchObject({ ok: true });
    });

    it("has a reason: a read-only transaction does not hold dblink back", async () => {
      const agreed = {
        ...(await request("SELECT far_away()", "staging")),
        consent: { mayWrite: false, mayCallVolatile: true },
      };
      expect(await database.analyze(agreed, never)).toMatchObject({ ok: true });
      expect(await state()).not.toEqual(before);
    });
  });
}
