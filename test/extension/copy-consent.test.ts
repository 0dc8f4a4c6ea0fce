import { describe, expect, test } from "vitest";
import type { ConnectionProfile } from "../../src/app/connection.ts";
import {
  createCopyConsent,
  type CopyAnswer,
  type CopyConsent,
} from "../../src/extension/twin/copy-consent.ts";

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

const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

interface Question {
  readonly consent: CopyConsent;
  /** By name, environment and host. */
  readonly asked: string[];
  /** What was answered, in turn, as `onAnswer` heard it. */
  readonly heard: string[];
  /** Presses a button of the latest question, or closes it. */
  readonly press: (answer: CopyAnswer | undefined) => Promise<void>;
  /** The same on the first question. */
  readonly pressFirst: (answer: CopyAnswer | undefined) => Promise<void>;
}

/** One window: questions stay open until somebody presses. */
function openWindow(memory = newMemory()): Question {
  const asked: string[] = [];
  const heard: string[] = [];
  const open: ((answer: CopyAnswer | undefined) => void)[] = [];
  const consent = createCopyConsent({
    memory,
    ask: ({ name, environment, target }, isAwaited) => {
      const host = target.engine === "postgres" ? target.host : "";
      const how = isAwaited ? " awaited" : "";
      asked.push(`${name} ${environment} ${host}${how}`);
      return new Promise((resolve) => {
        open.push(resolve);
      });
    },
    onAnswer: ({ name }, answer) => {
      heard.push(`${name} ${answer}`);
    },
    report: (error) => {
      throw error;
    },
  });
  const pressAt = async (
    at: number,
    answer: CopyAnswer | undefined,
  ): Promise<void> => {
    open.at(at)?.(answer);
    await settled();
  };
  return {
    consent,
    asked,
    heard,
    press: (answer) => pressAt(-1, answer),
    pressFirst: (answer) => pressAt(0, answer),
  };
}

const first = "school dev db.example";

describe("the question whether statistics may be copied", () => {
  test("lets nobody wait: until it is answered nothing may be copied", async () => {
    const { consent, asked, press } = openWindow();
    expect(consent.isRefused(profile)).toBe(false);
    expect(consent.isOpen(profile)).toBe(false);
    expect(consent.seek(profile)).toBeUndefined();
    expect(asked).toEqual([first]);
    expect(consent.isRefused(profile)).toBe(true);
    expect(consent.isOpen(profile)).toBe(true);
    await press("all");
    expect(consent.isRefused(profile)).toBe(false);
    expect(consent.isOpen(profile)).toBe(false);
    expect(consent.seek(profile)).toBe("all");
  });

  test("is asked once per connection and remembered in the next window", async () => {
    const memory = newMemory();
    const window = openWindow(memory);
    window.consent.seek(profile);
    window.consent.seek(profile);
    await window.press("withoutTexts");
    expect(window.consent.seek(profile)).toBe("withoutTexts");
    expect(window.asked).toEqual([first]);
    expect(window.heard).toEqual(["school withoutTexts"]);
    const next = openWindow(memory);
    expect(next.consent.seek(profile)).toBe("withoutTexts");
    expect(next.asked).toEqual([]);
  });

  test("is asked again for another server and for one that has become production", () => {
    const { consent, asked } = openWindow();
    const { target } = profile;
    if (target.engine !== "postgres") throw new Error("another engine");
    consent.seek(profile);
    consent.seek({ ...profile, environment: "production" });
    consent.seek({ ...profile, target: { ...target, host: "x" } });
    expect(asked).toEqual([
      first,
      "school production db.example",
      "school dev x",
    ]);
  });

  test("stays open when it is closed, and comes again only when it is asked for", async () => {
    const memory = newMemory();
    const { consent, asked, heard, press } = openWindow(memory);
    consent.seek(profile);
    await press(undefined);
    consent.seek(profile);
    expect(asked).toEqual([first]);
    expect(consent.isOpen(profile)).toBe(true);
    expect(consent.isRefused(profile)).toBe(true);
    const again = consent.ask(profile);
    expect(asked).toEqual([first, first]);
    await press("all");
    await again;
    expect(heard).toEqual(["school all"]);
    expect(consent.isOpen(profile)).toBe(false);
    expect(consent.seek(profile)).toBe("all");
    expect(openWindow().consent.isRefused(profile)).toBe(false);
  });

  test("asked anew, the one closed by it takes nothing back", async () => {
    const { consent, heard, press, pressFirst } = openWindow();
    consent.seek(profile);
    const again = consent.ask(profile);
    // The editor closes a notification when another one says the same.
    await pressFirst(undefined);
    await press("all");
    await again;
    expect(heard).toEqual(["school all"]);
    expect(consent.seek(profile)).toBe("all");
  });

  test("is awaited only by who cannot do without, and only where nobody answered", async () => {
    const { consent, asked, press } = openWindow();
    consent.seek(profile);
    const settling = consent.settle(profile);
    expect(asked).toEqual([first, `${first} awaited`]);
    await press("nothing");
    await settling;
    await consent.settle(profile);
    expect(asked).toHaveLength(2);
    expect(consent.isRefused(profile)).toBe(true);
  });

  test("is answered with no for good, until answers are forgotten", async () => {
    const memory = newMemory();
    const window = openWindow(memory);
    window.consent.seek(profile);
    await window.press("nothing");
    const { consent, asked } = openWindow(memory);
    expect(consent.isRefused(profile)).toBe(true);
    expect(consent.isOpen(profile)).toBe(false);
    expect(consent.seek(profile)).toBe("nothing");
    await consent.forget();
    expect(consent.isRefused(profile)).toBe(false);
    expect(consent.seek(profile)).toBeUndefined();
    expect(asked).toEqual([first]);
  });

  test("is not answered by what else lies in the memory", async () => {
    const memory = newMemory();
    await memory.update("planlens.copyAnswers", "all");
    const { consent, asked } = openWindow(memory);
    expect(consent.seek(profile)).toBeUndefined();
    expect(asked).toEqual([first]);
  });

  test("tells why it could not be asked", async () => {
    const errors: unknown[] = [];
    const consent = createCopyConsent({
      memory: newMemory(),
      ask: () => Promise.reject(new Error("no window")),
      onAnswer: () => undefined,
      report: (error) => {
        errors.push(error);
      },
    });
    consent.seek(profile);
    await settled();
    expect(errors).toEqual([new Error("no window")]);
  });
});
