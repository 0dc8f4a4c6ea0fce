import { describe, expect, test } from "vitest";
import type { ConnectionProfile } from "../../../src/app/connection.ts";
import type { Database } from "../../../src/app/database.ts";
import { failed, succeeded } from "../../../src/core/result.ts";
import {
  createActiveChoice,
  type Memory,
} from "../../../src/extension/connections/active-choice.ts";
import {
  createDemoHost,
  demoProfile,
} from "../../../src/extension/connections/demo-host.ts";
import {
  createPasswords,
  type SecretShelf,
} from "../../../src/extension/connections/passwords.ts";
import { createPool } from "../../../src/extension/connections/pool.ts";

const profile = (id: string, host = "h"): ConnectionProfile => ({
  ...demoProfile(id),
  id,
  target: {
    engine: "postgres",
    host,
    port: 1,
    database: "d",
    user: "u",
    sslMode: "prefer",
    sslRootCertPath: undefined,
    sslCertPath: undefined,
    sslKeyPath: undefined,
  },
});

function memory(): Memory {
  const values = new Map<string, unknown>();
  return {
    get: (key) => values.get(key),
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

function shelf(): SecretShelf {
  const values = new Map<string, string>();
  return {
    get: (key) => Promise.resolve(values.get(key)),
    store: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
    delete: (key) => {
      values.delete(key);
      return Promise.resolve();
    },
  };
}

const unsupported = (): Promise<
  ReturnType<typeof failed<{ kind: "cancelled" }>>
> => Promise.resolve(failed({ kind: "cancelled" }));

function database(onClose: () => void): Database {
  return {
    info: unsupported,
    explain: unsupported,
    analyze: unsupported,
    describeParameters: unsupported,
    effects: unsupported,
    catalog: unsupported,
    openWhatIf: () => ({ plan: unsupported, close: () => Promise.resolve() }),
    explainWith: unsupported,
    plannerFacts: unsupported,
    slowQueries: unsupported,
    indexUse: unsupported,
    close: () => {
      onClose();
      return Promise.resolve();
    },
  };
}

describe("the active connection", () => {
  test("a file's own choice stands beside the workspace's", async () => {
    const choice = createActiveChoice(memory());
    await choice.useInWorkspace("a");
    await choice.useInFile("file:///x.sql", "b");
    expect([
      choice.workspace(),
      choice.file("file:///x.sql"),
      choice.file("file:///y.sql"),
    ]).toEqual(["a", "b", undefined]);
  });

  test("a removed connection is used by nobody", async () => {
    const choice = createActiveChoice(memory());
    await choice.useInWorkspace("a");
    await choice.useInFile("file:///x.sql", "a");
    await choice.useInFile("file:///y.sql", "b");
    await choice.forget("a");
    expect([
      choice.workspace(),
      choice.file("file:///x.sql"),
      choice.file("file:///y.sql"),
    ]).toEqual([undefined, undefined, "b"]);
  });

  test("memory of another shape is as good as none", () => {
    const odd: Memory = { get: () => [1], update: () => Promise.resolve() };
    const choice = createActiveChoice(odd);
    expect([choice.workspace(), choice.file("0")]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe("passwords", () => {
  test("are not handed to another server under the same id", async () => {
    const passwords = createPasswords(shelf());
    await passwords.set(profile("a"), "s3cret");
    expect(await passwords.get(profile("a"))).toBe("s3cret");
    expect(
      await passwords.get(profile("a", "evil.example.net")),
    ).toBeUndefined();
    await passwords.delete(profile("a"));
    expect(await passwords.get(profile("a"))).toBeUndefined();
  });
});

describe("open databases", () => {
  test("two callers at once share one", async () => {
    let opens = 0;
    const pool = createPool(
      () => {
        opens += 1;
        return Promise.resolve(succeeded(database(() => undefined)));
      },
      () => undefined,
    );
    const [first, second] = await Promise.all([
      pool.open(profile("a")),
      pool.open(profile("a")),
    ]);
    expect(opens).toBe(1);
    expect(first).toBe(second);
    expect(pool.state("a")).toEqual({ kind: "open", info: undefined });
  });

  test("a failed attempt is tried anew, and its error stays visible", async () => {
    let opens = 0;
    const pool = createPool(
      () => {
        opens += 1;
        return Promise.resolve(
          failed({ kind: "unknownDatabase", database: "d" }),
        );
      },
      () => undefined,
    );
    await pool.open(profile("a"));
    expect(pool.state("a")).toEqual({
      kind: "trouble",
      error: { kind: "unknownDatabase", database: "d" },
    });
    await pool.open(profile("a"));
    expect(opens).toBe(2);
  });

  test("an answer that arrives after closing does not say open again", async () => {
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow: Database = {
      ...database(() => undefined),
      info: async () => {
        await asked;
        return failed({ kind: "unknownDatabase", database: "d" });
      },
    };
    const pool = createPool(
      () => Promise.resolve(succeeded(slow)),
      () => undefined,
    );
    const connecting = pool.connect(profile("a"), new AbortController().signal);
    await pool.open(profile("a"));
    await pool.close("a");
    answer();
    expect((await connecting).ok).toBe(false);
    expect(pool.state("a")).toBeUndefined();
  });

  test("an edited connection closes the old one", async () => {
    const closed: string[] = [];
    const pool = createPool(
      ({ target }) =>
        Promise.resolve(
          succeeded(
            database(() =>
              closed.push(target.engine === "postgres" ? target.host : ""),
            ),
          ),
        ),
      () => undefined,
    );
    await pool.open(profile("a", "old"));
    await pool.open(profile("a", "new"));
    expect(closed).toEqual(["old"]);
    await pool.closeAll();
    expect(closed).toEqual(["old", "new"]);
  });
});

describe("the demo", () => {
  test("is started once, and again after it was stopped", async () => {
    let starts = 0;
    let stops = 0;
    const target = profile("demo").target;
    const host = createDemoHost(() => {
      starts += 1;
      if (target.engine !== "postgres")
        return Promise.resolve(failed({ kind: "cancelled" }));
      return Promise.resolve(
        succeeded({
          target,
          restart: () => Promise.resolve(),
          stop: () => {
            stops += 1;
            return Promise.resolve();
          },
        }),
      );
    });
    await Promise.all([host.start(), host.start()]);
    expect(starts).toBe(1);
    await host.stop();
    expect(stops).toBe(1);
    await host.start();
    expect(starts).toBe(2);
  });
});

describe("a start that the person cancelled", () => {
  test("is not begun again by what opens connections by itself, only when it is asked for", async () => {
    let starts = 0;
    const host = createDemoHost(() => {
      starts += 1;
      return Promise.resolve(failed({ kind: "cancelled" }));
    });
    await host.start();
    expect(await host.start()).toEqual(failed({ kind: "cancelled" }));
    expect(starts).toBe(1);
    host.allow();
    await host.start();
    expect(starts).toBe(2);
  });

  test("leaves the connection closed, not in trouble", async () => {
    const pool = createPool(
      () => Promise.resolve(failed({ kind: "cancelled" })),
      () => undefined,
    );
    await pool.connect(profile("a"), new AbortController().signal);
    expect(pool.state("a")).toBeUndefined();
  });
});

describe("an attempt that breaks", () => {
  test("is not kept by the pool: the next one opens anew", async () => {
    let attempts = 0;
    const pool = createPool(
      () => {
        attempts += 1;
        return attempts === 1
          ? Promise.reject(new Error("driver not found"))
          : Promise.resolve(failed({ kind: "cancelled" }));
      },
      () => undefined,
    );
    await expect(pool.open(profile("a"))).rejects.toThrow("driver not found");
    expect(await pool.open(profile("a"))).toEqual(
      failed({ kind: "cancelled" }),
    );
    await pool.closeAll();
  });

  test("is not kept by the demo either", async () => {
    let attempts = 0;
    const host = createDemoHost(() => {
      attempts += 1;
      return attempts === 1
        ? Promise.reject(new Error("no script"))
        : Promise.resolve(failed({ kind: "cancelled" }));
    });
    await expect(host.start()).rejects.toThrow("no script");
    expect(await host.start()).toEqual(failed({ kind: "cancelled" }));
    await host.stop();
  });
});
