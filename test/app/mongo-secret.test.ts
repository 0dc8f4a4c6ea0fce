import { describe, expect, it } from "vitest";
import {
  joinSecretOptions,
  mergeMongoSecrets,
  readMongoSecret,
  splitSecretOptions,
  writeMongoSecret,
} from "../../src/app/mongo-secret.ts";

describe("options of a MongoDB URL", () => {
  it.each([
    "authMechanismProperties=AWS_SESSION_TOKEN:abc%2B",
    "authmechanismproperties=SERVICE_NAME:x,AWS_SESSION_TOKEN:abc",
    "authMechanismProperties=SERVICE_NAME%3Ax%2CAWS_SESSION_TOKEN%3Aabc",
    "tlsCertificateKeyFilePassword=s3cret",
    "TLSCERTIFICATEKEYFILEPASSWORD=s3cret",
    "proxyPassword=s3cret",
    "sslPass=s3cret",
  ])("are taken out when they hold a secret: %s", (option) => {
    const [name = "", value] = option.split("=");
    for (const [url, rest] of [
      [`mongodb://h/db?w=1&${option}&tls=true`, "mongodb://h/db?w=1&tls=true"],
      [`mongodb://h/?${option}`, "mongodb://h/"],
    ] as const)
      expect(splitSecretOptions(url)).toEqual({
        url: rest,
        options: { [name]: value },
      });
  });

  it.each([
    "mongodb://h/passwords?replicaSet=tokens&w=1",
    "mongodb://h/?authMechanismProperties=SERVICE_NAME:mongodb",
    "mongodb://h/?authMechanismProperties=ENVIRONMENT:azure,TOKEN_RESOURCE:api%3A%2F%2Fx",
    "mongodb://h/?tlsCertificateKeyFile=/home/me/key.pem&proxyHost=p&proxyUsername=u",
    "mongodb://h",
    "mongodb://h/?",
    "mongodb://h/?&",
  ])("stay when they hold none: %s", (url) => {
    expect(splitSecretOptions(url)).toEqual({ url, options: {} });
  });

  it.each([
    ["mongodb://h", "mongodb://h/?proxyPassword=a%20b"],
    ["mongodb://h/", "mongodb://h/?proxyPassword=a%20b"],
    ["mongodb://h/?", "mongodb://h/?proxyPassword=a%20b"],
    ["mongodb://h/?w=1&", "mongodb://h/?w=1&proxyPassword=a%20b"],
    [
      "mongodb://a:1,b:2/db?w=1",
      "mongodb://a:1,b:2/db?w=1&proxyPassword=a%20b",
    ],
  ])("come back for the driver alone: %s", (url, whole) => {
    expect(joinSecretOptions(url, { proxyPassword: "a%20b" })).toBe(whole);
    expect(joinSecretOptions(url, {})).toBe(url);
  });
});

describe("the secret of a MongoDB connection", () => {
  it("is the password itself when there is nothing else", () => {
    expect(writeMongoSecret({ password: "p", options: {} })).toBe("p");
    expect(readMongoSecret('{"password":"x"}').password).toBe(
      '{"password":"x"}',
    );
    expect(writeMongoSecret(readMongoSecret(undefined))).toBeUndefined();
  });

  it("holds password and options together", () => {
    const both = { password: 'p"\u0000', options: { proxyPassword: "a" } };
    expect(readMongoSecret(writeMongoSecret(both))).toEqual(both);
    const one = { password: undefined, options: { proxyPassword: "a" } };
    expect(readMongoSecret(writeMongoSecret(one))).toEqual(one);
  });

  it("keeps from before what is not entered again", () => {
    const before = writeMongoSecret({
      password: "old",
      options: { proxyPassword: "a", sslPass: "b" },
    });
    const now = writeMongoSecret({
      password: undefined,
      options: { sslPass: "c" },
    });
    expect(readMongoSecret(mergeMongoSecrets(now, before))).toEqual({
      password: "old",
      options: { proxyPassword: "a", sslPass: "c" },
    });
  });
});
