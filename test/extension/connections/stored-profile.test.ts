import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConnectionProfile } from "../../../src/app/connection.ts";
import { secretKey } from "../../../src/extension/connections/secret-key.ts";
import {
  chooseId,
  colors,
  environments,
  parseProfile,
  parseProfiles,
  renderProfile,
  sslModes,
} from "../../../src/extension/connections/stored-profile.ts";

const entry = {
  id: "edu-main",
  name: "edu-main",
  environment: "production",
  engine: "postgres",
  host: "db.example.net",
  port: 5433,
  database: "edu",
  user: "reader",
  sslMode: "verify-full",
  sslRootCertPath: "/etc/ca.pem",
};

const text = fc.string({ minLength: 1 });
const path = fc.option(text, { nil: undefined });
const profiles: fc.Arbitrary<ConnectionProfile> = fc.record({
  id: text.filter((id) => id !== "demo"),
  name: text,
  color: fc.option(fc.constantFrom(...colors), { nil: undefined }),
  environment: fc.constantFrom(...environments),
  target: fc.oneof(
    fc.record({
      engine: fc.constant("postgres" as const),
      host: text,
      port: fc.integer({ min: 1, max: 65_535 }),
      database: text,
      user: text,
      sslMode: fc.constantFrom(...sslModes),
      sslRootCertPath: path,
      sslCertPath: path,
      sslKeyPath: path,
    }),
    fc.record({
      engine: fc.constant("mongodb" as const),
      url: fc.webFragments().map((rest) => `mongodb://user@host/${rest}`),
    }),
    fc.record({ engine: fc.constant("bundle" as const), path: text }),
  ),
  explainWhileTyping: fc.boolean(),
  explainOnHover: fc.boolean(),
});

describe("reading the setting planlens.connections", () => {
  test("a complete entry becomes a profile", () => {
    expect(parseProfile(entry)).toEqual({
      ok: true,
      value: {
        id: "edu-main",
        name: "edu-main",
        color: undefined,
        environment: "production",
        target: {
          engine: "postgres",
          host: "db.example.net",
          port: 5433,
          database: "edu",
          user: "reader",
          sslMode: "verify-full",
          sslRootCertPath: "/etc/ca.pem",
          sslCertPath: undefined,
          sslKeyPath: undefined,
        },
        explainWhileTyping: true,
        explainOnHover: true,
      },
    });
  });

  test("what is written is read back", () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        const stored: unknown = JSON.parse(
          JSON.stringify(renderProfile(profile)),
        );
        expect(parseProfile(stored)).toEqual({ ok: true, value: profile });
      }),
    );
  });

  test("a MongoDB URL that ends in /? is written and read back", () => {
    const stored = {
      id: "m",
      name: "m",
      environment: "dev",
      engine: "mongodb",
      url: "mongodb://user@host/?",
    };
    const read = parseProfile(stored);
    expect(read.ok && renderProfile(read.value)).toEqual(stored);
  });

  test("nothing that a person can write makes it throw", () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        expect(typeof parseProfile(raw).ok).toBe("boolean");
        expect(parseProfiles(raw).profiles).toBeInstanceOf(Array);
      }),
    );
  });

  test.each([
    ["text instead of an object", "postgres://x", { kind: "notAnObject" }],
    [
      "no engine",
      { ...entry, engine: undefined },
      { kind: "missing", field: "engine" },
    ],
    ["no host", { ...entry, host: "" }, { kind: "missing", field: "host" }],
    [
      "a host that is a number",
      { ...entry, host: 5 },
      { kind: "wrong", field: "host", allowed: "text" },
    ],
    [
      "a port as text",
      { ...entry, port: "5432" },
      { kind: "wrong", field: "port", allowed: "1–65535" },
    ],
    [
      "a port out of range",
      { ...entry, port: 70_000 },
      { kind: "wrong", field: "port", allowed: "1–65535" },
    ],
    [
      "an unknown environment",
      { ...entry, environment: "live" },
      {
        kind: "wrong",
        field: "environment",
        allowed: "dev, staging, production",
      },
    ],
    [
      "a password",
      { ...entry, password: "x" },
      { kind: "secret", field: "password" },
    ],
    [
      "a MongoDB URL with a password",
      { id: "m", name: "m", engine: "mongodb", url: "mongodb://u:p@h/db" },
      { kind: "secret", field: "url" },
    ],
    [
      "the demo's id",
      { ...entry, id: "demo" },
      { kind: "repeatedId", id: "demo" },
    ],
    [
      "a switch as text",
      { ...entry, explainOnHover: "no" },
      { kind: "wrong", field: "explainOnHover", allowed: "true, false" },
    ],
  ])("%s is refused with the field to correct", (_what, raw, problem) => {
    expect(parseProfile(raw)).toEqual({ ok: false, error: problem });
  });

  test("of two entries with one id the first counts, and a bad one does not hide the good ones", () => {
    const { profiles: read, troubles } = parseProfiles([
      entry,
      { ...entry, host: "evil" },
      1,
      { ...entry, id: "b" },
    ]);
    expect(read.map(({ id }) => id)).toEqual(["edu-main", "b"]);
    expect(troubles).toEqual([
      { index: 1, problem: { kind: "repeatedId", id: "edu-main" } },
      { index: 2, problem: { kind: "notAnObject" } },
    ]);
  });

  test("libpq's further parameters are kept, and are part of what a password is stored for", () => {
    const parameters = { require_auth: "scram-sha-256", options: "-c a.b=1" };
    const parsed = parseProfile({ ...entry, parameters });
    if (!parsed.ok) throw new Error("not read");
    expect(parsed.value.target).toMatchObject({ parameters });
    expect(renderProfile(parsed.value)).toMatchObject({ parameters });
    const plain = parseProfile(entry);
    if (!plain.ok) throw new Error("not read");
    expect(secretKey("a", plain.value.target)).not.toBe(
      secretKey("a", parsed.value.target),
    );
    for (const parameters of [{ options: 1 }, ["options"], [], "options", null])
      expect(parseProfile({ ...entry, parameters })).toEqual({
        ok: false,
        error: { kind: "wrong", field: "parameters", allowed: "text" },
      });
  });

  test("a stored password is found whatever order the parameters are written in, and none are as good as no word of them", () => {
    const keyOf = (parameters: unknown): string => {
      const parsed = parseProfile({ ...entry, parameters });
      if (!parsed.ok) throw new Error(parsed.error.kind);
      return secretKey("a", parsed.value.target);
    };
    expect(keyOf({ options: "-c a.b=1", gssencmode: "disable" })).toBe(
      keyOf({ gssencmode: "disable", options: "-c a.b=1" }),
    );
    expect(keyOf({})).toBe(keyOf(undefined));
    // The key of connections that were stored before there were parameters.
    expect(keyOf({})).toBe(
      "planlens.password/a/reader@db.example.net:5433/verify-full",
    );
  });

  test("an id of the user's settings cannot be taken over by a folder", () => {
    expect(parseProfiles([entry], new Set(["edu-main"])).profiles).toEqual([]);
  });

  test("ids are readable and unique", () => {
    expect(chooseId("Edu Main!", new Set())).toBe("edu-main");
    expect(chooseId("Edu Main", new Set(["edu-main", "edu-main-2"]))).toBe(
      "edu-main-3",
    );
    expect(chooseId("demo", new Set())).toBe("demo-2");
    expect(chooseId("—", new Set())).toBe("connection");
  });
});
