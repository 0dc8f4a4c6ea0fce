import { describe, expect, test } from "vitest";
import type {
  ConnectionProfile,
  PostgresTarget,
} from "../../../src/app/connection.ts";
import {
  draftFromProfile,
  emptyDraft,
  fieldsOf,
  guessEnvironment,
  profileFromDraft,
  suggestName,
  withHost,
  withTarget,
} from "../../../src/extension/connections/form/draft.ts";
import { readMongoSecret } from "../../../src/app/mongo-secret.ts";
import { splitMongoUrl } from "../../../src/extension/connections/form/mongo-url.ts";

const target: PostgresTarget = {
  engine: "postgres",
  host: "db.example.net",
  port: 5432,
  database: "edu",
  user: "reader",
  sslMode: "require",
  sslRootCertPath: undefined,
  sslCertPath: undefined,
  sslKeyPath: undefined,
};
const draft = withTarget(emptyDraft("me"), target, "s3cret");

describe("a form becomes a profile", () => {
  test("with a name, and without the password", () => {
    const profile = profileFromDraft({ ...draft, name: "Edu Main" }, new Set());
    expect(profile).toEqual({
      ok: true,
      value: {
        id: "edu-main",
        name: "Edu Main",
        color: undefined,
        environment: "dev",
        target,
        explainWhileTyping: true,
        explainOnHover: true,
      },
    });
    expect(JSON.stringify(profile)).not.toContain("s3cret");
  });

  test("the first field that is missing is named", () => {
    expect(profileFromDraft(draft, new Set())).toEqual({
      ok: false,
      error: "name",
    });
    expect(profileFromDraft({ ...draft, database: " " }, new Set())).toEqual({
      ok: false,
      error: "database",
    });
    expect(
      profileFromDraft(
        { ...emptyDraft("me"), engine: "mongodb", name: "m" },
        new Set(),
      ),
    ).toEqual({
      ok: false,
      error: "url",
    });
  });

  test("a password in a MongoDB URL never reaches the profile", () => {
    const mongo = {
      ...emptyDraft("me"),
      engine: "mongodb" as const,
      name: "m",
      url: "mongodb://u:p@h",
    };
    expect(profileFromDraft(mongo, new Set()).ok).toBe(false);
  });

  test("a secret option of a MongoDB URL goes to the secret store alone", () => {
    const parts = splitMongoUrl(
      "mongodb://u:p@h/db?tls=true&tlsCertificateKeyFilePassword=hidden",
    );
    if (!parts.ok) throw new Error("unreadable");
    expect(parts.value.url).toBe("mongodb://u@h/db?tls=true");
    expect(readMongoSecret(parts.value.password)).toEqual({
      password: "p",
      options: { tlsCertificateKeyFilePassword: "hidden" },
    });
    const mongo = {
      ...emptyDraft("me"),
      engine: "mongodb" as const,
      name: "m",
      url: "mongodb://u@h/?proxyPassword=hidden",
    };
    expect(profileFromDraft(mongo, new Set()).ok).toBe(false);
  });

  test("editing keeps the id, whatever the name", () => {
    const profile: ConnectionProfile = {
      id: "kept",
      name: "old",
      color: "green",
      environment: "staging",
      target,
      explainWhileTyping: false,
      explainOnHover: true,
    };
    const edited = profileFromDraft(
      { ...draftFromProfile(profile, undefined), name: "new" },
      new Set(["kept"]),
    );
    expect(edited).toEqual({ ok: true, value: { ...profile, name: "new" } });
  });

  test("certificates are offered unless encryption is off", () => {
    expect(fieldsOf({ ...draft, sslMode: "verify-full" })).toContain(
      "sslRootCertPath",
    );
    expect(fieldsOf({ ...draft, sslMode: "disable" })).not.toContain(
      "sslCertPath",
    );
    expect(fieldsOf({ ...draft, engine: "mongodb" })).not.toContain("host");
  });
});

test("another host leaves the old one's address behind, and keeps the other parameters", () => {
  const draft = {
    ...emptyDraft(""),
    host: "db",
    parameters: { hostaddr: "10.0.0.7", options: "-c geqo=off" },
  };
  expect(withHost(draft, "db").parameters).toEqual(draft.parameters);
  expect(withHost(draft, "other")).toMatchObject({
    host: "other",
    parameters: { options: "-c geqo=off" },
  });
  expect(withHost(draft, "other").parameters).not.toHaveProperty("hostaddr");
});

describe("what is suggested", () => {
  test.each([
    ["db.prod.example.net", "edu", "production"],
    ["prod-db", "edu", "production"],
    ["db", "edu_live", "production"],
    ["pre-prod.example.net", "edu", "staging"],
    ["stg.example.net", "edu", "staging"],
    ["localhost", "products", "dev"],
    ["delivery.example.net", "reproduction", "dev"],
  ])("%s/%s is taken for %s? ", (host, database, environment) => {
    expect(guessEnvironment({ ...draft, host, database })).toBe(environment);
  });

  test("the name says the database, and the machine when it is another one", () => {
    expect(suggestName({ ...draft, host: "localhost" })).toBe("edu");
    expect(suggestName(draft)).toBe("edu@db");
    expect(
      suggestName({
        ...draft,
        engine: "mongodb",
        url: "mongodb+srv://u@c1.example.net/app?w=1",
      }),
    ).toBe("app@c1");
  });
});

describe("a MongoDB URL is split", () => {
  test.each([
    ["mongodb://u:p%40ss@h:27017/app", "mongodb://u@h:27017/app", "p@ss"],
    [
      "mongodb+srv://u:p@c.example.net/app?retryWrites=true",
      "mongodb+srv://u@c.example.net/app?retryWrites=true",
      "p",
    ],
    [
      "mongodb://a:1,b:2/app?replicaSet=r",
      "mongodb://a:1,b:2/app?replicaSet=r",
      undefined,
    ],
    ["mongodb://u:p@ss@h/app", "mongodb://u@h/app", "p@ss"],
    ["mongodb://u:100%@h/app", "mongodb://u@h/app", "100%"],
    ["mongodb://h", "mongodb://h", undefined],
  ])("%s", (text, url, password) => {
    expect(splitMongoUrl(text)).toEqual({ ok: true, value: { url, password } });
  });

  test.each(["", "postgres://h/db", "mongodb://", "mongodb://u:p@", "h:27017"])(
    "%j is none",
    (text) => {
      expect(splitMongoUrl(text).ok).toBe(false);
    },
  );
});
