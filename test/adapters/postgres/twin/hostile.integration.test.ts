import { afterAll, beforeAll, expect, it } from "vitest";
import { openSession } from "../../../../src/adapters/postgres/session.ts";
import {
  buildTwin,
  type BuiltTwin,
} from "../../../../src/adapters/postgres/twin/build-twin.ts";
import {
  createTrials,
  prepareTrials,
} from "../../../../src/adapters/postgres/twin/trial-indexes.ts";
import type {
  Bundle,
  ColumnStatistics,
} from "../../../../src/core/twin/bundle.ts";
import { loadParseTree } from "../../../../src/core/twin/check-ddl.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../../support/servers.ts";
import { english, sayText } from "../../../../src/core/words.ts";
import { unwrap } from "../support.ts";
import { indexOn } from "../../../support/index-definition.ts";

const evilName = `t"; DROP TABLE keep; --`;
const quoted = `"${evilName.replaceAll('"', '""')}"`;

const column = (
  relation: string,
  name: string,
  values: string,
): ColumnStatistics => ({
  schema: "public",
  relation,
  column: name,
  inherited: false,
  nullFraction: 0,
  averageBytes: 4,
  distinctValues: -1,
  slots: [{ kind: 2, values }],
});

/** Leaves a trace in a table when anybody with the right calls it. */
const trap = (name: string, body: string): string =>
  `CREATE FUNCTION public.${name}(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN ${body}; RETURN true; END $$`;

const bundle: Bundle = {
  server: { versionNumber: 160_000, versionText: "16" },
  locale: {
    encoding: "UTF8",
    collate: `C'; DROP DATABASE postgres; --`,
    ctype: "C",
    provider: "libc",
  },
  settings: {
    work_mem: "4MB'; ALTER ROLE postgres RENAME TO gone; --",
    search_path: `public, "x'; DROP TABLE keep"`,
    "enable_seqscan = off; SELECT 1; --": "on",
  },
  extensions: [
    { name: `citext"; CREATE ROLE evil SUPERUSER; --`, schema: "public" },
  ],
  ddl: [
    { what: "trap", sql: trap("trap", "PERFORM pg_advisory_lock(4711)") },
    { what: "domain", sql: "CREATE DOMAIN public.checked AS text" },
    {
      what: "table",
      sql: `CREATE TABLE public.${quoted} (a int, c public.checked)`,
    },
    { what: "keep", sql: "CREATE TABLE public.keep (a int)" },
    {
      what: "check",
      sql: "ALTER DOMAIN public.checked ADD CONSTRAINT c CHECK (public.trap(VALUE))",
    },
    {
      what: "program",
      sql: trap("program", "PERFORM pg_read_file('PG_VERSION')"),
    },
    { what: "trials", sql: "CREATE SCHEMA planlens_trials" },
    { what: "kept", sql: "CREATE TABLE planlens_trials.kept (id oid)" },
    {
      what: "teller",
      sql: trap("teller", "RAISE EXCEPTION 'called as %', session_user"),
    },
    {
      what: "index",
      sql: "CREATE INDEX folded ON public.keep ((public.program('x')))",
    },
    { what: "stranger", sql: "UPDATE pg_class SET relname = 'x'" },
  ],
  relations: [
    {
      schema: "public",
      name: evilName,
      pages: 10,
      rows: 1000,
      allVisiblePages: 10,
      blocks: 10,
    },
    {
      schema: "public",
      name: `x' OR true; --`,
      pages: 1,
      rows: 1,
      allVisiblePages: 1,
      blocks: 1,
    },
    // A relation of the server's own must stay as it is.
    {
      schema: "pg_catalog",
      name: "pg_class",
      pages: 99_999,
      rows: 9,
      allVisiblePages: 9,
      blocks: 99_999,
    },
  ],
  columns: [
    column(evilName, "a", "{1,2,3}"),
    column(evilName, "c", "{a,b}"),
    column(evilName, "a'; DROP TABLE keep; --", "{1}"),
    column("keep", "a", "{1,notanumber}"),
  ],
  extended: [],
  queries: [],
  remarks: [],
};

for (const kind of [15, 18] as const)
  describeOn(kind, "a bundle made to do harm", () => {
    let server: TestServer;
    let twin: BuiltTwin;
    beforeAll(async () => {
      server = await startPostgres(kind);
      const place = {
        target: server.target,
        password: undefined,
        dataFolder: undefined,
        singleSession: false,
      };
      twin = unwrap(await buildTwin(bundle, place, await loadParseTree()));
    });
    afterAll(async () => {
      await twin.drop();
      await server.stop();
    });
    const ask = (sql: string): Promise<readonly Record<string, unknown>[]> =>
      server.query(sql, twin.target.database);

    it("creates what is schema under whatever name, and nothing else", async () => {
      const [row] = await ask(
        "SELECT to_regclass('public.keep') IS NOT NULL AS kept, count(*)::int AS evil FROM pg_class WHERE relname LIKE 't\"; DROP%'",
      );
      expect(row).toEqual({ kept: true, evil: 1 });
      const [roles] = await ask(
        "SELECT count(*)::int AS n FROM pg_roles WHERE rolname IN ('evil', 'gone')",
      );
      expect(roles).toEqual({ n: 0 });
    });

    it("tells every object that was refused or failed", () => {
      const told = twin.remarks
        .map(({ what }) => sayText(what, english))
        .join("\n");
      for (const part of [
        "stranger",
        "index",
        "extension citext",
        "locale",
        "setting work_mem",
        "statistics of public.keep.a",
      ])
        expect(told).toContain(part);
    });

    it("calls no function of the bundle while it is superuser", async () => {
      const [locks] = await ask(
        "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory'",
      );
      expect(locks).toEqual({ n: 0 });
    });

    it("leaves the server's own catalog as it is", async () => {
      const [row] = await ask(
        "SELECT relpages < 1000 AS small, pg_relation_size('pg_class') < 10000000 AS short FROM pg_class WHERE oid = 'pg_class'::regclass",
      );
      expect(row).toEqual({ small: true, short: true });
    });

    it("makes trial indexes in a session of the twin's role, with no way back to the superuser", async () => {
      await prepareTrials(twin);
      const index = indexOn("keep", "a", {
        predicate: "public.teller('x')",
      });
      const make = (predicate: string | undefined): Promise<unknown> =>
        createTrials(
          twin,
          [{ index: { ...index, predicate }, name: "trial_of_harm" }],
          () => 8192,
        );
      expect(await make(index.predicate)).toEqual([
        { refused: "called as planlens_twin" },
      ]);
      expect(await make(undefined)).toMatchObject([{ sizeBytes: 8192 }]);
    });

    it("lets the twin's role change nothing of others by the functions for trial indexes", async () => {
      const session = unwrap(await openSession(twin.target, undefined, 4000));
      await session.run("SET default_transaction_read_only = off");
      await session.run(
        `SELECT planlens_trials.empty_tables('[{"schema": "pg_catalog", "table": "pg_authid"}]')`,
      );
      await session.run("SELECT planlens_trials.fill_tables()");
      for (const text of [
        "SELECT * FROM planlens_trials.kept",
        "INSERT INTO planlens_trials.kept VALUES (1, 1, 1, 1, 1)",
        "CREATE TABLE planlens_trials.mine ()",
      ])
        await expect(session.run(text)).rejects.toThrow(/permission denied/);
      await session.end();
      const [row] = await ask("SELECT count(*) > 0 AS there FROM pg_authid");
      expect(row).toEqual({ there: true });
    });

    it("plans as a role that can start no program and read no file", async () => {
      const session = unwrap(await openSession(twin.target, undefined, 4000));
      await expect(
        session.run(
          "EXPLAIN SELECT * FROM public.keep WHERE public.program('x')",
        ),
      ).rejects.toThrow(/permission denied/);
      await expect(
        session.run("SELECT pg_read_file('PG_VERSION')"),
      ).rejects.toThrow(/permission denied/);
      await session.end();
    });
  });

describeOn(16, "a twin that cannot be built", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres(16, {
      hba: "host all postgres 127.0.0.1/32 trust\n",
    });
  });
  afterAll(async () => {
    await server.stop();
  });
  const build = async (asked: Bundle): ReturnType<typeof buildTwin> =>
    buildTwin(
      asked,
      {
        target: server.target,
        password: undefined,
        dataFolder: undefined,
        singleSession: false,
      },
      await loadParseTree(),
    );
  const countDatabases = async (): Promise<unknown> => {
    const [row] = await server.query(
      "SELECT count(*)::int AS n FROM pg_database WHERE datname LIKE 'planlens%'",
    );
    return row?.["n"];
  };

  it("leaves no database when its role may not connect", async () => {
    const built = await build({ ...bundle, locale: undefined });
    expect(built.ok).toBe(false);
    expect(await countDatabases()).toBe(0);
  });

  it("is refused when its relations would need more files than a disk can name", async () => {
    const relations = Array.from({ length: 3 }, (_, at) => ({
      schema: "public",
      name: `huge_${at}`,
      pages: 4_294_967_294,
      rows: 1e12,
      allVisiblePages: 0,
      blocks: 4_294_967_294,
    }));
    expect(await build({ ...bundle, relations })).toMatchObject({
      ok: false,
      error: { kind: "misconfigured" },
    });
    expect(await countDatabases()).toBe(0);
  });
});
