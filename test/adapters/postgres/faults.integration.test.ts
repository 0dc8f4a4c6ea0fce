import type { Text } from "../../../src/core/words.ts";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PostgresTarget, SslMode } from "../../../src/app/connection.ts";
import type { Database, ExplainAnswer } from "../../../src/app/database.ts";
import type { Result } from "../../../src/core/result.ts";
import {
  describeOn,
  findFreePort,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import { openQuietly, parsed, unasked, unwrap } from "./support.ts";

const never = new AbortController().signal;
const limits = { statementTimeoutMs: 30_000, lockTimeoutMs: 1000 };

/** The contract: nothing hangs over 5 s. */
async function within5s<Value>(work: Promise<Value>): Promise<Value> {
  const startedAt = performance.now();
  const value = await work;
  expect(performance.now() - startedAt).toBeLessThan(5000);
  return value;
}

async function sleep(
  database: Database,
  seconds: number,
  signal = never,
): Promise<Result<ExplainAnswer, unknown>> {
  const statement = await parsed(`SELECT pg_sleep(${seconds})`);
  return database.analyze(
    { statement, values: [], limits, ...unasked },
    signal,
  );
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it never came true");
}

for (const kind of [13, 18] as const) {
  describeOn(kind, "a server in trouble", () => {
    let server: TestServer;
    let database: Database;
    beforeAll(async () => {
      server = await startPostgres(kind, {
        settings: { max_connections: "8", superuser_reserved_connections: "3" },
      });
      await server.query(`CREATE ROLE ada LOGIN; CREATE TABLE busy (id int); INSERT INTO busy VALUES (1);
        CREATE ROLE reader LOGIN; CREATE TABLE secret (id int);`);
    });
    beforeEach(() => {
      database = openQuietly(server.target);
      return () => database.close();
    });
    afterAll(() => server.stop());

    const sleeping = async (): Promise<boolean> =>
      (
        await server.query(
          "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(2_)%' AND state = 'active' AND pid <> pg_backend_pid()",
        )
      ).length > 0;

    it("ends the statement on the server when cancelled, and works on", async () => {
      const stop = new AbortController();
      const running = sleep(database, 20, stop.signal);
      await until(sleeping);
      stop.abort();
      expect(await within5s(running)).toEqual({
        ok: false,
        error: { kind: "cancelled" },
      });
      expect(await sleeping()).toBe(false);
      expect((await database.info(never)).ok).toBe(true);
    });

    it("ends a server that can only be cancelled so for what runs long, and not for a plan", async () => {
      let ends = 0;
      const embedded = openQuietly(server.target, {
        singleSession: true,
        onCancel: () => {
          ends += 1;
          return Promise.reject(new Error("it does not start again"));
        },
      });
      const stop = new AbortController();
      const first = embedded.info(stop.signal);
      const waiting = embedded.info(stop.signal);
      stop.abort();
      await Promise.all([first, waiting]);
      expect(ends).toBe(0);
      const later = new AbortController();
      const running = sleep(embedded, 24, later.signal);
      await until(sleeping);
      later.abort();
      expect((await within5s(running)).ok).toBe(false);
      expect(ends).toBe(1);
      // Its place is free again although the cancelling itself failed.
      expect((await within5s(embedded.info(never))).ok).toBe(true);
      await embedded.close();
    });

    it("leaves no session behind when it is closed while one is being opened", async () => {
      const sessions = async (): Promise<unknown> =>
        (
          await server.query(
            "SELECT count(*)::int AS open FROM pg_stat_activity WHERE application_name = 'planlens' AND usename = 'hasty'",
          )
        )[0]?.["open"];
      await server.query("CREATE ROLE hasty LOGIN");
      const hasty = openQuietly({ ...server.target, user: "hasty" });
      const asking = hasty.info(never);
      await hasty.close();
      expect(await within5s(asking)).toMatchObject({
        ok: false,
        error: { kind: "connectionLost" },
      });
      expect(await sessions()).toBe(0);
    });

    it("tries again after the password could not be read", async () => {
      let attempts = 0;
      const locked = openQuietly(server.target, {
        singleSession: true,
        password: () => {
          attempts += 1;
          return attempts === 1
            ? Promise.reject(new Error("the secret store is locked"))
            : Promise.resolve(undefined);
        },
      });
      await expect(locked.info(never)).rejects.toThrow("locked");
      expect((await within5s(locked.info(never))).ok).toBe(true);
      await locked.close();
    });

    it("cancels what has not begun", async () => {
      expect(await within5s(sleep(database, 20, AbortSignal.abort()))).toEqual({
        ok: false,
        error: { kind: "cancelled" },
      });
    });

    it("stops a statement at its limit", async () => {
      const statement = await parsed("SELECT pg_sleep(20)");
      const request = {
        statement,
        values: [],
        limits: { statementTimeoutMs: 300, lockTimeoutMs: 100 },
        ...unasked,
      };
      expect(await within5s(database.analyze(request, never))).toMatchObject({
        ok: false,
        error: { kind: "timedOut", what: "statement" },
      });
      expect((await database.info(never)).ok).toBe(true);
    });

    it("does not wait for another session's lock", async () => {
      const holder = new pg.Client({ connectionString: server.url });
      await holder.connect();
      await holder.query("BEGIN; LOCK TABLE busy");
      const explained = await within5s(
        database.explain(await parsed("SELECT * FROM busy"), undefined, never),
      );
      expect(explained).toMatchObject({
        ok: false,
        error: { kind: "timedOut", what: "lock" },
      });
      await holder.end();
      expect(
        (
          await database.explain(
            await parsed("SELECT * FROM busy"),
            undefined,
            never,
          )
        ).ok,
      ).toBe(true);
    });

    it("says that the connection was lost when killed in the middle of a statement, and recovers", async () => {
      const running = sleep(database, 20);
      await until(sleeping);
      const killed = performance.now();
      await server.kill();
      try {
        // A session used before is tried anew, and may meet the server while it shuts down or when it is gone.
        expect(await running).toMatchObject({
          ok: false,
          error: {
            kind: expect.stringMatching(
              /^(?:connectionLost|startingUp|unreachable)$/,
            ) as string,
          },
        });
        expect(performance.now() - killed).toBeLessThan(5000);
        expect(await within5s(database.info(never))).toMatchObject({
          ok: false,
          error: { kind: "unreachable", port: server.port },
        });
      } finally {
        await server.start();
      }
      expect((await within5s(database.info(never))).ok).toBe(true);
    });

    it("reconnects by itself after a restart", async () => {
      unwrap(await database.info(never));
      await server.restart();
      expect((await within5s(database.info(never))).ok).toBe(true);
      expect(
        (
          await within5s(
            database.explain(await parsed("SELECT 1"), undefined, never),
          )
        ).ok,
      ).toBe(true);
    });

    it("reconnects when its idle session was terminated", async () => {
      unwrap(await database.info(never));
      await server.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'planlens'",
      );
      expect((await within5s(database.info(never))).ok).toBe(true);
    });

    it("says so when all connections are taken, and connects once one is free", async () => {
      const others = Array.from(
        { length: 5 },
        () =>
          new pg.Client({
            connectionString: server.url.replace("postgres@", "ada@"),
          }),
      );
      await Promise.all(others.map((other) => other.connect()));
      const ada = openQuietly({ ...server.target, user: "ada" });
      expect(await within5s(ada.info(never))).toMatchObject({
        ok: false,
        error: { kind: "tooManyConnections" },
      });
      await Promise.all(others.map((other) => other.end()));
      await until(async () => (await ada.info(never)).ok);
      await ada.close();
    });

    it("names the database that does not exist", async () => {
      const wrong = openQuietly({ ...server.target, database: "nowhere" });
      expect(await within5s(wrong.info(never))).toEqual({
        ok: false,
        error: { kind: "unknownDatabase", database: "nowhere" },
      });
    });

    it("says which right is missing", async () => {
      const reader = openQuietly({ ...server.target, user: "reader" });
      const answer = await reader.explain(
        await parsed("SELECT * FROM secret"),
        undefined,
        never,
      );
      expect(answer).toMatchObject({
        ok: false,
        error: { kind: "missingRight" },
      });
      const ran = await reader.analyze(
        {
          statement: await parsed("SELECT * FROM secret"),
          values: [],
          limits,
          ...unasked,
        },
        never,
      );
      expect(ran).toMatchObject({ ok: false, error: { kind: "missingRight" } });
      await reader.close();
    });

    it("answers many requests at once over three sessions", async () => {
      const statement = await parsed("SELECT * FROM busy WHERE id = $1");
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          database.explain(statement, undefined, never),
        ),
      );
      expect(answers.every((answer) => answer.ok)).toBe(true);
      const [row] = await server.query(
        "SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE application_name = 'planlens'",
      );
      expect(row?.["sessions"]).toBeLessThanOrEqual(3);
    });

    it("is refused in words when closed", async () => {
      await database.close();
      expect(await database.info(never)).toMatchObject({
        ok: false,
        error: { kind: "connectionLost" },
      });
    });

    it("names the exact remedy when pg_stat_statements is missing, then when it is hidden", async () => {
      expect(await database.slowQueries(10, never)).toMatchObject({
        ok: false,
        error: {
          kind: "missingExtension",
          remedy: "CREATE EXTENSION pg_stat_statements;",
        },
      });
      await server.query(
        "CREATE EXTENSION pg_stat_statements; SELECT pg_stat_statements_reset()",
      );
      await server.query("SELECT 1 AS hidden");
      const reader = openQuietly({ ...server.target, user: "reader" });
      expect(await reader.slowQueries(10, never)).toMatchObject({
        ok: false,
        error: {
          kind: "missingRight",
          remedy: "GRANT pg_read_all_stats TO reader;",
        },
      });
      await server.query("SET ROLE reader; SELECT 2 AS own");
      expect(await reader.slowQueries(10, never)).toMatchObject({
        ok: true,
        value: {
          queries: [{ text: "SELECT $1 AS own" }],
          hidden: {
            statements: expect.any(Number) as number,
            remedy: "GRANT pg_read_all_stats TO reader;",
          },
        },
      });
      await server.query("GRANT pg_read_all_stats TO reader");
      const all = unwrap(await reader.slowQueries(10, never));
      expect(all.hidden).toBeUndefined();
      await reader.close();
    });
  });
}

describeOn(18, "a server without pg_stat_statements in its libraries", () => {
  it("is told what to preload", async () => {
    const server = await startPostgres(18, {
      settings: { shared_preload_libraries: "auto_explain" },
    });
    await server.query("CREATE EXTENSION pg_stat_statements");
    const database = openQuietly(server.target);
    expect(await database.slowQueries(10, never)).toMatchObject({
      ok: false,
      error: {
        kind: "missingExtension",
        remedy:
          "ALTER SYSTEM SET shared_preload_libraries = 'auto_explain', 'pg_stat_statements'; -- then restart the server",
      },
    });
    await database.close();
    await server.stop();
  });
});

describe("a host that does not speak", () => {
  it("is given up within 5 s", async () => {
    const silent = createServer(() => undefined);
    const port = await findFreePort();
    await new Promise<void>((resolve) =>
      silent.listen(port, "127.0.0.1", resolve),
    );
    const target: PostgresTarget = {
      engine: "postgres",
      host: "127.0.0.1",
      port,
      database: "x",
      user: "x",
      sslMode: "disable",
      sslRootCertPath: undefined,
      sslCertPath: undefined,
      sslKeyPath: undefined,
    };
    const database = openQuietly(target);
    expect(await within5s(database.info(never))).toMatchObject({
      ok: false,
      error: { kind: "timedOut", what: "connect" },
    });
    await database.close();
    silent.close();
  });
});

/** A certificate authority and a server certificate for `localhost`, made anew. */
function makeCertificates():
  | { folder: string; authority: string; files: Record<string, string> }
  | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), "planlens-tls-"));
  const run = (words: string): boolean =>
    spawnSync("openssl", words.split(" "), { cwd: folder }).status === 0;
  const made =
    run(
      "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-authority -keyout ca.key -out ca.crt",
    ) &&
    run(
      "req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server.csr",
    ) &&
    run(
      "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out server.crt",
    );
  if (!made) return undefined;
  const read = (name: string): string =>
    readFileSync(path.join(folder, name), "utf8");
  return {
    folder,
    authority: path.join(folder, "ca.crt"),
    files: {
      "server.crt": read("server.crt"),
      "server.key": read("server.key"),
    },
  };
}

const certificates = makeCertificates();

describeOn(18, "logging in", () => {
  let server: TestServer;
  let plain: TestServer;
  beforeAll(async () => {
    if (certificates === undefined) return;
    const hba = [
      "hostssl all tlsonly 127.0.0.1/32 trust",
      "hostnossl all tlsonly 127.0.0.1/32 reject",
      "hostnossl all plainonly 127.0.0.1/32 trust",
      "host all scram 127.0.0.1/32 scram-sha-256",
      "host all postgres 127.0.0.1/32 trust",
    ].join("\n");
    server = await startPostgres(18, {
      settings: { ssl: "on" },
      hba: `${hba}\n`,
      files: certificates.files,
    });
    await server.query(
      "CREATE ROLE tlsonly LOGIN; CREATE ROLE plainonly LOGIN; CREATE ROLE scram LOGIN PASSWORD 'right-hunter2'",
    );
    plain = await startPostgres(18);
  });
  afterAll(async () => {
    if (certificates === undefined) return;
    await server.stop();
    await plain.stop();
    rmSync(certificates.folder, { recursive: true });
  });

  const connect = async (
    to: TestServer,
    change: Partial<PostgresTarget>,
    password?: string,
  ): Promise<{ readonly kind: string; readonly message?: Text }> => {
    const database = openQuietly(
      { ...to.target, ...change },
      { password: () => Promise.resolve(password) },
    );
    const answer = await within5s(database.info(never));
    await database.close();
    return answer.ok ? { kind: "ok" } : answer.error;
  };

  const cases: readonly (readonly [
    string,
    "tls" | "plain",
    string,
    SslMode,
    boolean,
    string,
  ])[] = [
    [
      "disable where TLS is required",
      "tls",
      "tlsonly",
      "disable",
      false,
      "tls",
    ],
    ["allow where TLS is required", "tls", "tlsonly", "allow", false, "ok"],
    ["prefer where TLS is required", "tls", "tlsonly", "prefer", false, "ok"],
    ["prefer where TLS is rejected", "tls", "plainonly", "prefer", false, "ok"],
    [
      "require where TLS is rejected",
      "tls",
      "plainonly",
      "require",
      false,
      "tls",
    ],
    [
      "require with an unknown authority",
      "tls",
      "tlsonly",
      "require",
      false,
      "ok",
    ],
    [
      "require with the authority given",
      "tls",
      "tlsonly",
      "require",
      true,
      "ok",
    ],
    [
      "verify-ca with the authority given",
      "tls",
      "tlsonly",
      "verify-ca",
      true,
      "ok",
    ],
    [
      "verify-ca with an unknown authority",
      "tls",
      "tlsonly",
      "verify-ca",
      false,
      "tls",
    ],
    [
      "verify-full on an address the certificate does not name",
      "tls",
      "tlsonly",
      "verify-full",
      true,
      "tls",
    ],
    [
      "prefer where the server has no TLS",
      "plain",
      "postgres",
      "prefer",
      false,
      "ok",
    ],
    [
      "require where the server has no TLS",
      "plain",
      "postgres",
      "require",
      false,
      "tls",
    ],
    [
      "verify-full where the server has no TLS",
      "plain",
      "postgres",
      "verify-full",
      false,
      "tls",
    ],
  ];
  for (const [title, where, user, sslMode, withAuthority, outcome] of cases) {
    it.skipIf(certificates === undefined)(
      `${outcome === "ok" ? "works" : "is refused for want of TLS"}: ${title}`,
      async () => {
        const sslRootCertPath = withAuthority
          ? certificates?.authority
          : undefined;
        const answer = await connect(where === "tls" ? server : plain, {
          user,
          sslMode,
          sslRootCertPath,
        });
        expect(answer).toMatchObject({ kind: outcome });
      },
    );
  }

  it.skipIf(certificates === undefined)(
    "checks the name in the certificate with verify-full",
    async () => {
      const sslRootCertPath = certificates?.authority;
      expect(
        await connect(server, {
          user: "postgres",
          host: "localhost",
          sslMode: "verify-full",
          sslRootCertPath,
        }),
      ).toEqual({ kind: "ok" });
    },
  );

  it.skipIf(certificates === undefined)(
    "names the certificate file that cannot be read",
    async () => {
      const answer = await connect(server, {
        sslMode: "verify-ca",
        sslRootCertPath: "/nowhere/ca.crt",
      });
      expect(answer).toMatchObject({
        kind: "tls",
        message: {
          values: [expect.stringContaining("/nowhere/ca.crt") as string],
        },
      });
    },
  );

  it.skipIf(certificates === undefined)(
    "takes the right password and never repeats a wrong one",
    async () => {
      expect(await connect(server, { user: "scram" }, "right-hunter2")).toEqual(
        { kind: "ok" },
      );
      const wrong = await connect(server, { user: "scram" }, "wrong-hunter2");
      expect(wrong).toMatchObject({ kind: "authentication", user: "scram" });
      expect(JSON.stringify(wrong)).not.toContain("hunter2");
      expect(await connect(server, { user: "scram" })).toMatchObject({
        kind: "authentication",
      });
    },
  );
});

describeOn(18, "the log of what was sent", () => {
  it("tells connection, statement kind and outcome, and no literal and no secret", async () => {
    const server = await startPostgres(18);
    const lines: string[] = [];
    const database = openQuietly(server.target, {
      name: "shop",
      password: () => Promise.resolve("hunter2"),
      log: (entry) => lines.push(JSON.stringify(entry)),
    });
    await database.explain(
      await parsed("SELECT 'topsecret' WHERE 1 = 4711"),
      undefined,
      never,
    );
    await database.explain(
      await parsed("SELECT nope FROM nowhere WHERE x = 'topsecret'"),
      undefined,
      never,
    );
    await database.analyze(
      {
        statement: await parsed("SELECT $1::text"),
        values: ["topsecret"],
        limits,
        ...unasked,
      },
      never,
    );
    await database.close();
    await server.stop();
    expect(lines).toHaveLength(3);
    expect(lines.join("\n")).not.toMatch(/topsecret|4711|hunter2/);
    expect(lines[0]).toMatch(
      /"connection":"shop","what":"EXPLAIN select [0-9a-f]+","elapsedMs":[\d.]+,"outcome":"ok"/,
    );
    expect(lines[1]).toContain("sql 42P01");
    expect(lines[2]).toContain("EXPLAIN ANALYZE select");
  });
});
