import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { PostgresTarget } from "../../../src/app/connection.ts";
import { parsePostgresUrl } from "../../../src/adapters/postgres/parse-target.ts";
import { openSession } from "../../../src/adapters/postgres/session.ts";
import { english, sayText } from "../../../src/core/words.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import { unwrap } from "./support.ts";

/** An authority, a server certificate for `localhost`, and lists that revoke nothing and this certificate. */
function makeCertificates(): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), "planlens-crl-"));
  writeFileSync(path.join(folder, "index.txt"), "");
  writeFileSync(
    path.join(folder, "ca.cnf"),
    "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=2\n",
  );
  const commands = [
    "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-authority -keyout ca.key -out ca.crt",
    "req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server.csr",
    "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out server.crt",
    "ca -config ca.cnf -keyfile ca.key -cert ca.crt -gencrl -out none.crl",
    "ca -config ca.cnf -keyfile ca.key -cert ca.crt -revoke server.crt",
    "ca -config ca.cnf -keyfile ca.key -cert ca.crt -gencrl -out revoked.crl",
  ];
  const isMade = commands.every(
    (command) =>
      spawnSync("openssl", command.split(" "), { cwd: folder }).status === 0,
  );
  return isMade ? folder : undefined;
}

const folder = makeCertificates();
const fileOf = (name: string): string => path.join(folder ?? "", name);

const hba = `
  host all md5er 127.0.0.1/32 md5
  host all clear 127.0.0.1/32 password
  host all scram 127.0.0.1/32 scram-sha-256
  host all all 127.0.0.1/32 trust
`;

describe.skipIf(folder === undefined)("connection parameters", () => {
  describeOn(18, "are done as they say", () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres(18, {
        hba,
        settings: { ssl: "on" },
        files: {
          "server.crt": readFileSync(fileOf("server.crt"), "utf8"),
          "server.key": readFileSync(fileOf("server.key"), "utf8"),
        },
      });
      await server.query(
        `SET password_encryption = 'md5'; CREATE ROLE md5er LOGIN PASSWORD 'secret';
         SET password_encryption = 'scram-sha-256';
         CREATE ROLE clear LOGIN PASSWORD 'secret'; CREATE ROLE scram LOGIN PASSWORD 'secret'; CREATE ROLE anybody LOGIN;
         CREATE SCHEMA shop; CREATE TABLE shop.orders (id int); GRANT USAGE ON SCHEMA shop TO public`,
      );
    });
    afterAll(async () => {
      await server.stop();
      rmSync(folder ?? "", { recursive: true });
    });

    const targetOf = (user: string, query: string): PostgresTarget =>
      unwrap(
        parsePostgresUrl(
          `postgres://${user}@localhost:${server.port}/postgres?${query}`,
        ),
      ).target;

    /** "ok", or the sentence of the refusal. */
    const connect = async (user: string, query: string): Promise<string> => {
      const opened = await openSession(targetOf(user, query), "secret", 4900);
      if (opened.ok) {
        await opened.value.end();
        return "ok";
      }
      const { error } = opened;
      return "message" in error ? sayText(error.message, english) : error.kind;
    };

    const logins: readonly (readonly [string, string, string])[] = [
      ["scram", "require_auth=scram-sha-256", "ok"],
      ["scram", "require_auth=!password,!md5", "ok"],
      ["md5er", "require_auth=md5,scram-sha-256", "ok"],
      ["clear", "require_auth=password", "ok"],
      ["anybody", "require_auth=none", "ok"],
      ["md5er", "require_auth=scram-sha-256", "by md5, which require_auth"],
      [
        "clear",
        "require_auth=scram-sha-256",
        "by password, which require_auth",
      ],
      ["clear", "require_auth=!password", "by password, which require_auth"],
      ["anybody", "require_auth=scram-sha-256", "asks for no login, which"],
      ["scram", "require_auth=none", "by scram-sha-256, which require_auth"],
      ["scram", "channel_binding=require&sslmode=require", "ok"],
      ["scram", "channel_binding=prefer&sslmode=disable", "ok"],
      [
        "scram",
        "channel_binding=require&sslmode=disable",
        "channel_binding=require cannot be fulfilled",
      ],
      [
        "clear",
        "channel_binding=require",
        "channel_binding=require cannot be fulfilled",
      ],
      [
        "anybody",
        "channel_binding=require",
        "channel_binding=require cannot be fulfilled",
      ],
      ["anybody", "sslmode=require&ssl_min_protocol_version=TLSv1.3", "ok"],
      [
        "anybody",
        "sslmode=require&ssl_max_protocol_version=TLSv1.1&ssl_min_protocol_version=TLSv1.1",
        "rotocol",
      ],
    ];
    test.each(logins)("%s with %s: %s", async (user, query, expected) => {
      expect(await connect(user, query)).toContain(expected);
    });

    test("a password never leaves for a server that asks for it in a forbidden way", async () => {
      await server.query("ALTER SYSTEM SET log_connections = on");
      await server.query("SELECT pg_reload_conf()");
      const logged = (user: string) =>
        connect(user, "sslmode=disable").then(() => server.log());
      // Until the setting is in force.
      await expect
        .poll(() => logged("md5er"), { timeout: 10_000 })
        .toMatch(/connection authenticated: identity="md5er"/);
      await connect("clear", "require_auth=scram-sha-256&sslmode=disable");
      // What comes later in the log tells that the login before it is in there, too.
      await expect
        .poll(() => logged("scram"), { timeout: 10_000 })
        .toMatch(/connection authenticated: identity="scram"/);
      expect(server.log()).not.toMatch(/authenticated: identity="clear"/);
    });

    test("options reach the server, and cannot take the session's guard away", async () => {
      const options = encodeURIComponent(
        "-c search_path=shop -c statement_timeout=0 -c default_transaction_read_only=off",
      );
      const session = unwrap(
        await openSession(
          targetOf("anybody", `options=${options}`),
          undefined,
          4900,
        ),
      );
      const [row] = await session.run(
        `SELECT to_regclass('orders')::text AS found, current_setting('default_transaction_read_only') AS read_only,
           current_setting('statement_timeout') AS timeout`,
      );
      await session.end();
      expect(row).toEqual({
        found: "orders",
        read_only: "on",
        timeout: "4500ms",
      });
    });

    test("sslcrl refuses a certificate that was revoked, and no other", async () => {
      const query = (list: string): string =>
        `sslmode=verify-full&sslrootcert=${fileOf("ca.crt")}&sslcrl=${fileOf(list)}`;
      expect(await connect("anybody", query("none.crl"))).toBe("ok");
      expect(await connect("anybody", query("revoked.crl"))).toMatch(/revoked/);
      expect(await connect("anybody", query("absent.crl"))).toMatch(
        /cannot be read/,
      );
    });

    test("hostaddr says where the host is, and the certificate is still the host's", async () => {
      const at = (host: string, query: string): PostgresTarget =>
        unwrap(
          parsePostgresUrl(
            `postgres://anybody@${host}:${server.port}/postgres?hostaddr=127.0.0.1&sslrootcert=${fileOf("ca.crt")}&${query}`,
          ),
        ).target;
      const open = async (target: PostgresTarget): Promise<string> => {
        const opened = await openSession(target, undefined, 4900);
        if (!opened.ok) return opened.error.kind;
        await opened.value.end();
        return "ok";
      };
      expect(await open(at("nowhere.invalid", "sslmode=verify-ca"))).toBe("ok");
      expect(await open(at("nowhere.invalid", "sslmode=verify-full"))).toBe(
        "tls",
      );
      expect(await open(at("localhost", "sslmode=verify-full"))).toBe("ok");
    });

    test("sslnegotiation=direct begins with TLS, and PGSSLNEGOTIATION alone changes no other connection", async () => {
      expect(
        await connect("anybody", "sslmode=require&sslnegotiation=direct"),
      ).toBe("ok");
      vi.stubEnv("PGSSLNEGOTIATION", "direct");
      try {
        expect(await connect("anybody", "sslmode=disable")).toBe("ok");
      } finally {
        vi.unstubAllEnvs();
      }
    });

    test("the system's authorities are not taken for a file of that name", async () => {
      expect(await connect("anybody", "sslrootcert=system")).toMatch(
        /certificate|signed/,
      );
    });

    test("settings that name a parameter nobody knows are refused, not passed over", async () => {
      const target = {
        ...server.target,
        parameters: { requirepeer: "postgres" },
      };
      expect(await openSession(target, undefined, 4900)).toMatchObject({
        ok: false,
        error: { kind: "misconfigured" },
      });
      const unknown = { ...server.target, parameters: { frobnicate: "1" } };
      expect(await openSession(unknown, undefined, 4900)).toMatchObject({
        ok: false,
        error: { kind: "misconfigured" },
      });
    });
  });
});
