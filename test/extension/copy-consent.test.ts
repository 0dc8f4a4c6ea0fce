import { describe, expect, test } from "vitest";
import type { ConnectionProfile } from "../../src/app/connection.ts";
import {
  createCopyConsent,
  type CopyAnswer,
} from "../../src/extension/twin/copy-consent.ts";

const never = new AbortController().signal;

const profile: ConnectionProfile = {
  id: "school",
  name: "school",
  color: undefined,
  environment: "dev",
  explainOnHover: true,
  explainWhileTyping: true,
  target: {
    engine: "postgres",
    host: "db.example",
    port: 5432,
    database: "school",
    user: "reader",
    sslMode: "require",
    sslRootCertPath: undefined,
    sslCertPath: undefined,
    sslKeyPath: undefined,
  },
};

function newMemory(): {
  get: (key: string) => unknown;
  update: (key: string, value: unknown) => Promise<void>;
} {
  const kept = new Map<string, unknown>();
  return {
    get: (key) => kept.get(key),
    update: (key, value) => {
      kept.set(key, value);
      return Promise.resolve();
    },
  };
}

describe("the question whether statistics may be copied", () => {
  test("is asked once per connection and remembered in the next window", async () => {
    const memory = newMemory();
    const asked: string[] = [];
    const ask = ({ name }: ConnectionProfile): Promise<CopyAnswer> => {
      asked.push(name);
      return Promise.resolve("withoutTexts");
    };
    const consent = createCopyConsent(memory, ask);
    expect(await consent.seek(profile, never)).toBe("withoutTexts");
    expect(await consent.seek(profile, never)).toBe("withoutTexts");
    const next = createCopyConsent(memory, ask);
    expect(await next.seek(profile, never)).toBe("withoutTexts");
    expect(asked).toEqual(["school"]);
  });

  test("is asked again for another server and for one that has become production", async () => {
    const asked: string[] = [];
    const consent = createCopyConsent(
      newMemory(),
      ({ environment, target }) => {
        asked.push(
          `${environment} ${target.engine === "postgres" ? target.host : ""}`,
        );
        return Promise.resolve("all");
      },
    );
    const { target } = profile;
    if (target.engine !== "postgres") throw new Error("another engine");
    await consent.seek(profile, never);
    await consent.seek({ ...profile, environment: "production" }, never);
    await consent.seek({ ...profile, target: { ...target, host: "x" } }, never);
    expect(asked).toEqual(["dev db.example", "production db.example", "dev x"]);
  });

  test("is shown once while several wait, and outlives the one who has gone", async () => {
    const memory = newMemory();
    let answer: (value: CopyAnswer) => void = () => undefined;
    let shown = 0;
    const consent = createCopyConsent(memory, () => {
      shown += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const leaving = new AbortController();
    const first = consent.seek(profile, leaving.signal);
    const second = consent.seek(profile, never);
    leaving.abort();
    expect(await first).toBeUndefined();
    answer("all");
    expect(await second).toBe("all");
    expect(await consent.seek(profile, never)).toBe("all");
    expect(shown).toBe(1);
  });

  test("is put off until the next window when it was closed", async () => {
    const memory = newMemory();
    let shown = 0;
    const ask = (): Promise<undefined> => {
      shown += 1;
      return Promise.resolve(undefined);
    };
    const consent = createCopyConsent(memory, ask);
    expect(consent.isRefused(profile)).toBe(false);
    expect(await consent.seek(profile, never)).toBeUndefined();
    expect(await consent.seek(profile, never)).toBeUndefined();
    expect(consent.isRefused(profile)).toBe(true);
    expect(shown).toBe(1);
    expect(createCopyConsent(memory, ask).isRefused(profile)).toBe(false);
  });

  test("is answered with no for good, until answers are forgotten", async () => {
    const memory = newMemory();
    const no = (): Promise<CopyAnswer> => Promise.resolve("nothing");
    await createCopyConsent(memory, no).seek(profile, never);
    const next = createCopyConsent(memory, () => Promise.resolve("all"));
    expect(next.isRefused(profile)).toBe(true);
    expect(await next.seek(profile, never)).toBe("nothing");
    await next.forget();
    expect(next.isRefused(profile)).toBe(false);
    expect(await next.seek(profile, never)).toBe("all");
  });

  test("is not answered by what else lies in the memory", async () => {
    const memory = newMemory();
    await memory.update("planlens.copyAnswers", "all");
    const consent = createCopyConsent(memory, () => Promise.resolve("nothing"));
    expect(await consent.seek(profile, never)).toBe("nothing");
  });
});
