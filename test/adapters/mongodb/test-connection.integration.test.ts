import { createServer, type Server } from "node:net";
import type { MongoMemoryServer } from "mongodb-memory-server-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testMongo } from "../../../src/adapters/mongodb/test-connection.ts";
import { writeMongoSecret } from "../../../src/app/mongo-secret.ts";
import { findMongodBinary, startMongod } from "../../support/mongod.ts";

const never = new AbortController().signal;
const binary = findMongodBinary();
const skipped = "missing" in binary ? ` (skipped: ${binary.missing})` : "";

describe.skipIf("missing" in binary)(`a real mongod${skipped}`, () => {
  let server: MongoMemoryServer;
  let address: string;
  beforeAll(async () => {
    process.env["MONGOMS_SYSTEM_BINARY_VERSION_CHECK"] = "false";
    if ("missing" in binary) return;
    server = await startMongod(binary.path, {
      user: "ada",
      password: "s3cret",
    });
    address = `127.0.0.1:${server.instanceInfo?.port ?? 0}`;
  });
  afterAll(() => server.stop());

  it("tells its version to the right password", async () => {
    const answer = await testMongo(
      `mongodb://ada@${address}/?authSource=admin`,
      "s3cret",
      never,
    );
    expect(answer).toMatchObject({
      ok: true,
      value: { engine: "mongodb", isReadOnlyReplica: false },
    });
    expect(answer.ok && answer.value.versionNumber).toBeGreaterThanOrEqual(
      60_000,
    );
  });

  it("refuses a wrong password in words that do not repeat it", async () => {
    const answer = await testMongo(
      `mongodb://ada@${address}/?authSource=admin`,
      "wrong-hunter2",
      never,
    );
    expect(answer).toMatchObject({
      ok: false,
      error: { kind: "authentication", user: "ada" },
    });
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });
});

it("does not repeat a secret option that the driver cannot use", async () => {
  const secret = writeMongoSecret({
    password: undefined,
    options: {
      authMechanismProperties: "AWS_SESSION_TOKEN:hunter2",
      proxyPassword: "hunter3%21",
      nosuchpassword: "hunter4",
    },
  });
  const answer = await testMongo("mongodb://127.0.0.1:1/", secret, never);
  expect(answer).toMatchObject({ ok: false, error: { kind: "misconfigured" } });
  expect(JSON.stringify(answer)).not.toContain("hunter");
});

describe("an address without a MongoDB server", () => {
  let silent: Server;
  beforeAll(
    () =>
      new Promise<void>((resolve) => {
        silent = createServer().listen(0, "127.0.0.1", resolve);
      }),
  );
  afterAll(() => {
    silent.close();
  });
  const port = (): number => {
    const address = silent.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  };

  it("is unreachable where nothing listens", async () => {
    expect(
      await testMongo("mongodb://127.0.0.1:1/", undefined, never),
    ).toMatchObject({
      ok: false,
      error: {
        kind: "unreachable",
        host: "127.0.0.1",
        port: 1,
        cause: "nothing listens there",
      },
    });
  });

  it("times out within 5 s where nobody answers", async () => {
    const startedAt = performance.now();
    expect(
      await testMongo(`mongodb://127.0.0.1:${port()}/`, undefined, never),
    ).toMatchObject({
      ok: false,
      error: { kind: "timedOut", what: "connect" },
    });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it("is given up at once when cancelled", async () => {
    const startedAt = performance.now();
    const answer = await testMongo(
      `mongodb://127.0.0.1:${port()}/`,
      undefined,
      AbortSignal.timeout(300),
    );
    expect(answer).toMatchObject({ ok: false, error: { kind: "cancelled" } });
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it("is misconfigured when the URL is none", async () => {
    expect(
      await testMongo("mongodb://127.0.0.1/?nonsense=1", undefined, never),
    ).toMatchObject({ ok: false, error: { kind: "misconfigured" } });
    expect(
      await testMongo("http://127.0.0.1/", undefined, never),
    ).toMatchObject({ ok: false, error: { kind: "misconfigured" } });
  });
});
