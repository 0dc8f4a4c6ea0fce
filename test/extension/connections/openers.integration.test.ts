import { english } from "../../../src/core/words.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectionProfile } from "../../../src/app/connection.ts";
import { createDemoHost } from "../../../src/extension/connections/demo-host.ts";
import {
  createOpener,
  createTester,
  type OpenerPorts,
} from "../../../src/extension/connections/openers.ts";
import { createPasswords } from "../../../src/extension/connections/passwords.ts";
import { createPool } from "../../../src/extension/connections/pool.ts";
import { readPostgresUrl } from "../../../src/extension/connections/form/read-postgres-url.ts";
import { failed } from "../../../src/core/result.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";

const kind = "15-hypopg";
const password = "s3cret";
const signal = AbortSignal.timeout(60_000);

describeOn(kind, "connections on a real server", () => {
  let server: TestServer;
  let profile: ConnectionProfile;
  const secrets = new Map<string, string>();
  const sent: string[] = [];
  const ports: OpenerPorts = {
    passwords: createPasswords({
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => Promise.resolve(void secrets.set(key, value)),
      delete: (key) => Promise.resolve(void secrets.delete(key)),
    }),
    demo: createDemoHost(() => Promise.resolve(failed({ kind: "cancelled" }))),
    twins: {
      dispose: () => undefined,
      beside: (live) => live,
      open: () => Promise.resolve(failed({ kind: "cancelled" })),
      remarks: () => [],
      question: {
        isOpen: () => false,
        ask: () => Promise.resolve(),
        settle: () => Promise.resolve(),
        onDidAnswer: () => {
          throw new Error("opening hears of no answers");
        },
      },
    },
    log: (entry) => sent.push(JSON.stringify(entry)),
    findPassword: () => Promise.resolve(undefined),
  };

  beforeAll(async () => {
    server = await startPostgres(kind, {
      hba: "host all postgres 127.0.0.1/32 trust\nhost all reader 127.0.0.1/32 scram-sha-256\n",
    });
    await server.query(
      "CREATE EXTENSION hypopg; CREATE ROLE reader LOGIN PASSWORD 's3cret'",
    );
    const parsed = readPostgresUrl(
      `postgres://reader@127.0.0.1:${server.port}/postgres`,
      english,
    );
    if (!parsed.ok) throw new Error(parsed.error);
    profile = {
      id: "edu",
      name: "edu",
      color: undefined,
      environment: "dev",
      target: parsed.value.target,
      explainWhileTyping: true,
      explainOnHover: true,
    };
  });
  afterAll(async () => {
    await server.stop();
  });

  test("a test tells the server's version and its means to prove an index", async () => {
    const answer = await createTester(ports)(profile, password, signal);
    expect(answer).toMatchObject({
      ok: true,
      value: { engine: "postgres", whatIf: "hypopg" },
    });
  });

  test("a port where nothing listens is named as the cause", async () => {
    const target = {
      ...profile.target,
      port: 1,
    } as ConnectionProfile["target"];
    const answer = await createTester(ports)(
      { ...profile, target },
      password,
      signal,
    );
    expect(answer).toMatchObject({
      ok: false,
      error: { kind: "unreachable", port: 1 },
    });
  });

  test.each([undefined, "wrong"])(
    "the password %s is refused as such",
    async (wrong) => {
      const answer = await createTester(ports)(profile, wrong, signal);
      expect(answer).toMatchObject({
        ok: false,
        error: { kind: "authentication", user: "reader" },
      });
    },
  );

  test("an open connection outlives a restart of the server, and knows who answered", async () => {
    await ports.passwords.set(profile, password);
    const pool = createPool(createOpener(ports), () => undefined);
    expect((await pool.connect(profile, signal)).ok).toBe(true);
    expect(pool.state("edu")).toMatchObject({
      kind: "open",
      info: { engine: "postgres" },
    });
    await server.restart();
    expect((await pool.connect(profile, signal)).ok).toBe(true);
    await pool.closeAll();
  });

  test("the log holds no password", () => {
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.join("\n")).not.toContain(password);
  });
});
