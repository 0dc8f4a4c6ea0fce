import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  findConnections,
  parseEnvFile,
} from "../../../src/adapters/postgres/env-file.ts";
import {
  findPassword,
  readEnvironmentParts,
  targetFromEnvironment,
} from "../../../src/adapters/postgres/from-environment.ts";
import { parsePostgresUrl } from "../../../src/adapters/postgres/parse-target.ts";
import {
  findPgpassPassword,
  readPgpass,
} from "../../../src/adapters/postgres/pgpass.ts";
import {
  parseServiceFile,
  targetFromText,
} from "../../../src/adapters/postgres/service-file.ts";
import { english, phrase, sayText } from "../../../src/core/words.ts";

async function inFolder<Value>(
  work: (folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = await mkdtemp(path.join(tmpdir(), "planlens-targets-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("a connection text", () => {
  const readable: readonly (readonly [string, object])[] = [
    [
      "postgres://ada:s3cret@db.example:6543/app",
      {
        host: "db.example",
        port: 6543,
        user: "ada",
        database: "app",
        sslMode: "prefer",
      },
    ],
    [
      "postgresql://ada@db/app?sslmode=verify-full&sslrootcert=/ca.pem",
      { sslMode: "verify-full", sslRootCertPath: "/ca.pem" },
    ],
    ["postgres://ada@one:1,two:2/app", { host: "one", port: 1 }],
    ["postgres://ada@[::1]:5433/app", { host: "::1", port: 5433 }],
    [
      "postgres://ada@%2Frun%2Fpostgresql/app",
      { host: "/run/postgresql", port: 5432 },
    ],
    ["postgres://ada@db", { database: "ada" }],
    [
      "postgres:///app",
      { host: "localhost", database: "app", user: userInfo().username },
    ],
    [
      "postgres://db/app?user=ada&sslmode=no-verify",
      { user: "ada", sslMode: "require" },
    ],
    [
      "jdbc:postgresql://db:5432/app?user=ada&ssl=true",
      { host: "db", user: "ada", sslMode: "require" },
    ],
    ["postgresql+asyncpg://ada@db/app", { host: "db", database: "app" }],
    ["postgres://ada@db/app?ssl=verify-full", { sslMode: "verify-full" }],
    ["jdbc:postgresql://db/app?ssl", { sslMode: "require" }],
    ["postgres://ada@db/app?ssl-mode=verify-ca", { sslMode: "verify-ca" }],
    [
      "postgres://ada@db/app?sslmode=require&channel_binding=require&options=x",
      {
        sslMode: "require",
        parameters: { channel_binding: "require", options: "x" },
      },
    ],
    [
      "jdbc:postgresql://db/app?user=ada&channelBinding=require",
      { parameters: { channel_binding: "require" } },
    ],
    [
      "postgres://ada@db/app?sslmode=verify-ca&sslcrl=/gone.crl&require_auth=!md5,!password",
      { parameters: { sslcrl: "/gone.crl", require_auth: "!md5,!password" } },
    ],
    [
      "host=db gssencmode=prefer replication=0 passfile=/home/ada/pass",
      { parameters: { passfile: "/home/ada/pass" } },
    ],
    [
      "postgres://ada@db/app?schema=public&connection_limit=5",
      { database: "app" },
    ],
    [
      "host=db.local port=6000 dbname=app user=ada sslmode=disable",
      { host: "db.local", port: 6000, sslMode: "disable" },
    ],
    [
      "postgres://ada@db/app?sslrootcert=system",
      { sslMode: "verify-full", sslRootCertPath: "system" },
    ],
    [
      "host=db hostaddr=192.0.2.7,192.0.2.8",
      { host: "db", parameters: { hostaddr: "192.0.2.7" } },
    ],
    [
      "hostaddr=192.0.2.7 sslmode=require sslnegotiation=direct",
      { host: "192.0.2.7", parameters: { sslnegotiation: "direct" } },
    ],
    [
      "host=a,b port=1,2 dbname='my app' user = ada",
      { host: "a", port: 1, database: "my app", user: "ada" },
    ],
  ];
  for (const [text, expected] of readable) {
    it(`is read: ${text}`, () => {
      expect(parsePostgresUrl(text)).toMatchObject({
        ok: true,
        value: { target: expected },
      });
    });
  }

  it("keeps the password apart, decoded", () => {
    expect(
      parsePostgresUrl("postgres://ada:p%40ss%2Fw%3Ard@db/app"),
    ).toMatchObject({ ok: true, value: { password: "p@ss/w:rd" } });
    expect(
      parsePostgresUrl("host=db password='it\\'s \\\\ here'"),
    ).toMatchObject({ ok: true, value: { password: "it's \\ here" } });
  });

  const refused = [
    "",
    "mysql://ada:hunter2@db/app",
    "postgres://ada:hunter2%@db/app",
    "postgres://ada:hunter2@db:99999/app",
    "postgres://ada:hunter2@db/app?sslmode=maybe",
    "just words hunter2",
    "postgres://ada:pass?hunter2@db/app",
  ];
  for (const text of refused) {
    it(`is refused without repeating a secret: ${text.replace("hunter2", "…")}`, () => {
      const parsed = parsePostgresUrl(text);
      expect(parsed).toMatchObject({
        ok: false,
        error: { kind: "misconfigured" },
      });
      expect(JSON.stringify(parsed)).not.toContain("hunter2");
    });
  }

  const mistyped: readonly (readonly [string, string, string])[] = [
    ["postgres://ada@db/app?sslmod=require", "sslmod", "sslmode"],
    ["postgres://ada@db/app?SSLMODE=require", "SSLMODE", "sslmode"],
    ["host=db prot=6000 dbname=app", "prot", "port"],
    ["host=db sslMode=require", "sslMode", "sslmode"],
    ["hostname=db", "hostname", "host"],
    ["host=db db=app", "db", "dbname"],
    ["host=db schema=public", "schema", "leave it out"],
    ["postgres://ada@db/app?frobnicate=1", "frobnicate", "leave it out"],
    ["postgres://ada@db/app?ssl=reqire", "reqire", "verify-full"],
  ];
  for (const [text, name, remedy] of mistyped) {
    it(`is refused, not followed in part, where a parameter is mistyped: ${text}`, () => {
      const parsed = parsePostgresUrl(text);
      const message = parsed.ok ? "" : sayText(parsed.error.message, english);
      expect(message).toContain(`"${name}"`);
      expect(message.replace(`"${name}"`, "")).toContain(remedy);
    });
  }

  const unsafe: readonly (readonly [string, string])[] = [
    ["postgres://ada@db/app?sslrootcert=system&sslmode=require", "verify-full"],
    ["postgres://ada@db/app?sslrootcert=system&ssl=false", "verify-full"],
    ["host=db sslnegotiation=direct", "sslmode=require"],
    ["host=db sslmode=disable sslnegotiation=direct", "sslmode=require"],
    ["host=db hostaddr=other.example", "IP address"],
  ];
  for (const [text, remedy] of unsafe) {
    it(`is refused where it would trust whom it does not name: ${text}`, () => {
      const parsed = parsePostgresUrl(text);
      expect(parsed.ok ? "" : sayText(parsed.error.message, english)).toContain(
        remedy,
      );
    });
  }

  it("takes its missing parts from the service that it names", async () => {
    await inFolder(async (folder) => {
      const file = path.join(folder, "pg_service.conf");
      await writeFile(
        file,
        "[shop]\nhost=shop.example\nport=6001\ndbname=shop\nuser=ada\nsslmode=require\n[typo]\nhost=x\nsslmod=require\n",
      );
      const variables = { PGSERVICEFILE: file };
      const expected = {
        ok: true,
        value: {
          target: {
            host: "shop.example",
            port: 7000,
            database: "shop",
            sslMode: "require",
          },
        },
      };
      for (const text of [
        "service=shop port=7000",
        "postgres://:7000/?service=shop",
      ])
        expect(await targetFromText(text, variables)).toMatchObject(expected);
      expect(
        await targetFromText(`service=shop servicefile='${file}'`, {}),
      ).toMatchObject({ ok: true, value: { target: { port: 6001 } } });
      expect(await targetFromText("service=nope", variables)).toMatchObject({
        error: {
          message: phrase('there is no service "{0}" in {1}', "nope", file),
        },
      });
      const typo = await targetFromText("service=typo", variables);
      expect(typo.ok ? "" : sayText(typo.error.message, english)).toContain(
        'service "typo": there is no connection parameter "sslmod"',
      );
    });
  });

  const unfulfillable = [
    ["gssencmode=require", "sslmode=verify-full"],
    ["gssEncMode=require", "sslmode=verify-full"],
    ["requirepeer=postgres", "leave it out"],
    ["sslcrldir=/crl", "sslcrl"],
    ["sslcrl=/gone.crl", "sslmode=verify-full"],
    ["sslcrl=/gone.crl&sslmode=require", "sslmode=verify-full"],
    ["sslpassword=hunter2", "sslkey"],
    ["scram_client_key=hunter2", "give the password"],
    ["oauth_issuer=https://id", "password"],
    ["sslcertmode=require", "leave it out"],
    ["replication=database", "leave replication out"],
    ["require_auth=scram", "scram-sha-256"],
    ["require_auth=md5,!password", "all of them or none"],
    ["channel_binding=maybe", "disable, prefer, require"],
    ["ssl_min_protocol_version=SSLv3", "TLSv1.2"],
  ] as const;
  it.each(unfulfillable)(
    "is refused where it asks for what cannot be done, with what to do instead: %s",
    (query, advice) => {
      const parsed = parsePostgresUrl(`postgres://ada@db/app?${query}`);
      const sentence = parsed.ok ? "" : sayText(parsed.error.message, english);
      expect(sentence).toContain(advice);
      expect(sentence).not.toContain("hunter2");
    },
  );

  it("takes what it leaves out from the PG* variables and PGSERVICE, and its own values before them", async () => {
    await inFolder(async (folder) => {
      const file = path.join(folder, "pg_service.conf");
      await writeFile(file, "[shop]\nuser=keeper\nport=6001\n");
      const gaps = (service?: string) => ({
        service,
        parts: readEnvironmentParts({
          PGHOST: "env.example",
          PGPORT: "6543",
          PGUSER: "bob",
          PGDATABASE: "env",
          PGSSLMODE: "verify-full",
          PGREQUIREAUTH: "scram-sha-256",
          PGPASSWORD: "env-word",
        }),
      });
      const read = async (text: string, service?: string): Promise<unknown> => {
        const variables = { PGSERVICEFILE: file };
        const parsed = await targetFromText(text, variables, gaps(service));
        return parsed.ok
          ? { ...parsed.value.target, password: parsed.value.password }
          : parsed;
      };
      expect(await read("postgres://ada:url-word@db/app")).toMatchObject({
        host: "db",
        port: 6543,
        user: "ada",
        database: "app",
        sslMode: "verify-full",
        parameters: { require_auth: "scram-sha-256" },
        password: "url-word",
      });
      expect(await read("dbname=app sslmode=disable")).toMatchObject({
        host: "env.example",
        user: "bob",
        sslMode: "disable",
        password: "env-word",
      });
      // An address in the text is a place of its own, and so is a way to ask for TLS.
      expect(await read("hostaddr=10.0.0.7")).toMatchObject({
        host: "10.0.0.7",
      });
      expect(await read("postgres://db/app?ssl=true")).toMatchObject({
        sslMode: "require",
      });
      expect(await read("postgres://db/app", "shop")).toMatchObject({
        host: "db",
        port: 6001,
        user: "keeper",
        database: "app",
      });
    });
  });

  it("does not pass over a service where no file may be read", () => {
    expect(parsePostgresUrl("service=shop")).toMatchObject({ ok: false });
  });

  it("brings every user, password and database back that a URL can hold", () => {
    const word = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(word, word, word, (user, password, database) => {
        const encode = encodeURIComponent;
        const parsed = parsePostgresUrl(
          `postgres://${encode(user)}:${encode(password)}@db/${encode(database)}`,
        );
        expect(parsed).toMatchObject({
          ok: true,
          value: { password, target: { user, database } },
        });
      }),
    );
  });

  it("never throws, whatever is pasted", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof parsePostgresUrl(`postgres://${text}`).ok).toBe(
          "boolean",
        );
        expect(typeof parsePostgresUrl(text).ok).toBe("boolean");
      }),
    );
  });
});

describe("a pgpass file", () => {
  const login = { host: "db", port: 5432, database: "app", user: "ada" };
  it("gives the first matching line, wildcards and escapes included", () => {
    const text =
      "# db:5432:app:ada:comment\nother:*:*:*:no\ndb:5432:*:ada:se\\:cr\\\\et:x\n*:*:*:*:late";
    expect(findPgpassPassword(text, login)).toBe("se:cr\\et:x");
    expect(findPgpassPassword(text, { ...login, user: "bob" })).toBe("late");
    expect(findPgpassPassword("db:5432:app", login)).toBeUndefined();
  });

  it("is the one that passfile names, before PGPASSFILE", async () => {
    await inFolder(async (folder) => {
      const named = path.join(folder, "named");
      const other = path.join(folder, "other");
      await writeFile(named, "*:*:*:*:of-the-url", { mode: 0o600 });
      await writeFile(other, "*:*:*:*:of-the-variable", { mode: 0o600 });
      const parsed = parsePostgresUrl(`postgres://db/app?passfile=${named}`);
      if (!parsed.ok) throw new Error("not read");
      expect(
        await findPassword(parsed.value, { PGPASSFILE: other }),
      ).toMatchObject({ password: "of-the-url" });
    });
  });

  it("knows a socket's folder as localhost", () => {
    expect(
      findPgpassPassword("localhost:*:*:*:here", {
        ...login,
        host: "/run/postgresql",
      }),
    ).toBe("here");
  });

  it.skipIf(process.platform === "win32")(
    "is ignored with a warning when others may read it",
    async () => {
      await inFolder(async (folder) => {
        const file = path.join(folder, "pgpass");
        await writeFile(file, "*:*:*:*:open-secret");
        await chmod(file, 0o644);
        const ignored = await readPgpass(login, { PGPASSFILE: file });
        expect(ignored).toMatchObject({
          password: undefined,
          warning: expect.stringContaining("chmod 600") as string,
        });
        await chmod(file, 0o600);
        expect(await readPgpass(login, { PGPASSFILE: file })).toEqual({
          password: "open-secret",
          warning: undefined,
        });
      });
    },
  );

  it.skipIf(process.platform === "win32")(
    "is not waited for where it is a pipe",
    async () => {
      await inFolder(async (folder) => {
        const pipe = path.join(folder, "pgpass");
        execFileSync("mkfifo", ["-m", "600", pipe]);
        expect(await readPgpass(login, { PGPASSFILE: pipe })).toMatchObject({
          password: undefined,
          warning: expect.stringContaining("no plain file") as string,
        });
      });
    },
  );
});

describe("the environment", () => {
  it("asks for TLS by PGREQUIRESSL unless PGSSLMODE says otherwise, as libpq does", () => {
    expect(readEnvironmentParts({ PGREQUIRESSL: "1" })).toEqual({
      sslmode: "require",
    });
    expect(readEnvironmentParts({ PGREQUIRESSL: "0" })).toEqual({});
    expect(
      readEnvironmentParts({ PGREQUIRESSL: "1", PGSSLMODE: "verify-full" }),
    ).toEqual({ sslmode: "verify-full" });
  });

  it("checks the server's name by the system's authorities with PGSSLROOTCERT=system", async () => {
    expect(
      await targetFromEnvironment({ PGHOST: "db", PGSSLROOTCERT: "system" }),
    ).toMatchObject({
      ok: true,
      value: { target: { sslMode: "verify-full" } },
    });
    expect(
      await targetFromEnvironment({
        PGHOST: "db",
        PGSSLROOTCERT: "system",
        PGREQUIRESSL: "1",
      }),
    ).toMatchObject({ ok: false });
  });

  it("describes a connection with PG* variables", async () => {
    const found = await targetFromEnvironment({
      PGHOST: "db",
      PGPORT: "6000",
      PGUSER: "ada",
      PGDATABASE: "app",
      PGSSLMODE: "require",
      PGPASSWORD: "x",
    });
    expect(found).toMatchObject({
      ok: true,
      value: {
        password: "x",
        target: {
          host: "db",
          port: 6000,
          user: "ada",
          database: "app",
          sslMode: "require",
        },
      },
    });
    expect(
      await targetFromEnvironment({ PGUSER: "ada", HOME: "/home/ada" }),
    ).toBeUndefined();
  });

  it("describes one by PGSERVICE, whose settings come before variables, as in libpq", async () => {
    await inFolder(async (folder) => {
      const file = path.join(folder, "pg_service.conf");
      await writeFile(
        file,
        "# ours\n[shop]\nhost=shop.example\nport=6001\ndbname=shop\nuser=ada\n[other]\nhost=other\n",
      );
      const found = await targetFromEnvironment({
        PGSERVICE: "shop",
        PGSERVICEFILE: file,
        PGPORT: "7000",
        PGSSLMODE: "require",
      });
      expect(found).toMatchObject({
        ok: true,
        value: {
          target: {
            host: "shop.example",
            port: 6001,
            database: "shop",
            sslMode: "require",
          },
        },
      });
      const unknown = await targetFromEnvironment({
        PGSERVICE: "nope",
        PGSERVICEFILE: file,
      });
      expect(unknown).toMatchObject({
        ok: false,
        error: {
          message: phrase('there is no service "{0}" in {1}', "nope", file),
        },
      });
    });
  });

  it("reads the sections of a service file", () => {
    expect([
      ...parseServiceFile("[a]\nhost = x\n\n[b]\r\ndbname=y\nldap://ignored\n"),
    ]).toEqual([
      ["a", { host: "x" }],
      ["b", { dbname: "y" }],
    ]);
  });

  it("prefers the given password to PGPASSWORD and to the file", async () => {
    const parsed = parsePostgresUrl("postgres://ada:own@db/app");
    if (!parsed.ok) throw new Error("unreadable");
    expect(
      await findPassword(parsed.value, { PGPASSWORD: "other" }),
    ).toMatchObject({ password: "own" });
    expect(
      await findPassword(
        { ...parsed.value, password: undefined },
        { PGPASSWORD: "other" },
      ),
    ).toMatchObject({ password: "other" });
  });
});

describe("a .env file", () => {
  it("is read with quotes, comments, export and references", () => {
    const text =
      'export A=1 # one\nB="two # not"\nC=\'$A\'\nD=${A}-$B\n# E=5\n\nF="a\\"b"';
    expect(Object.fromEntries(parseEnvFile(text))).toEqual({
      A: "1",
      B: "two # not",
      C: "$A",
      D: "1-two # not",
      F: 'a"b',
    });
  });

  it("offers every database it describes once", () => {
    const text = [
      "DATABASE_URL=postgresql://ada:x@db/app?schema=public",
      "DIRECT_URL=postgresql://ada:x@db/app",
      "REPORTING=postgres://ada@reports/app",
      "MONGO_URL=mongodb+srv://ada@cluster.example/app",
      "REDIS_URL=redis://cache",
      "POSTGRES_DB=inner",
      "POSTGRES_USER=root",
    ].join("\n");
    expect(findConnections(text).map((offer) => offer.variable)).toEqual([
      "DATABASE_URL",
      "REPORTING",
      "MONGO_URL",
      "POSTGRES_DB",
    ]);
  });

  it("leaves other engines alone", () => {
    expect(
      findConnections(
        "DB_CONNECTION=mysql\nDB_HOST=x\nDB_DATABASE=app\nDB_USERNAME=me",
      ),
    ).toEqual([]);
  });
});
