import { describe, expect, it } from "vitest";
import { createSessionCache } from "../../src/extension/editor/session-cache.ts";

const never = new AbortController().signal;

function setUp(keepMs = 1000): {
  cache: ReturnType<typeof createSessionCache<string>>;
  clock: { now: number };
} {
  const clock = { now: 0 };
  const cache = createSessionCache<string>({
    maximumEntries: 2,
    keepMs: () => keepMs,
    now: () => clock.now,
  });
  return { cache, clock };
}

describe("session cache", () => {
  it("loads once for two who ask at the same time", async () => {
    const { cache } = setUp();
    let loads = 0;
    const load = (): Promise<string> => {
      loads += 1;
      return Promise.resolve("plan");
    };
    const answers = await Promise.all([
      cache.get("a", load, never),
      cache.get("a", load, never),
    ]);
    expect(answers).toEqual(["plan", "plan"]);
    expect(loads).toBe(1);
  });

  it("answers from memory while the value is fresh, and asks again after", async () => {
    const { cache, clock } = setUp(1000);
    let loads = 0;
    const load = (): Promise<string> => Promise.resolve(String((loads += 1)));
    expect(await cache.get("a", load, never)).toBe("1");
    expect(cache.peek("a")).toBe("1");
    clock.now = 1001;
    expect(cache.peek("a")).toBeUndefined();
    expect(await cache.get("a", load, never)).toBe("2");
  });

  it("aborts the load only when everybody who waits has gone", async () => {
    const { cache } = setUp();
    const one = new AbortController();
    const other = new AbortController();
    let seen: AbortSignal | undefined;
    let finish: (value: string) => void = () => undefined;
    const load = (signal: AbortSignal): Promise<string> => {
      seen = signal;
      return new Promise((resolve) => (finish = resolve));
    };
    const first = cache.get("a", load, one.signal);
    const second = cache.get("a", load, other.signal);
    one.abort();
    expect(seen?.aborted).toBe(false);
    other.abort();
    expect(seen?.aborted).toBe(true);
    finish("late");
    expect(await Promise.all([first, second])).toEqual(["late", "late"]);
  });

  it("does not join a load that was given up", async () => {
    const { cache } = setUp();
    const gone = new AbortController();
    const loads: string[] = [];
    const load = (): Promise<string> => {
      loads.push("load");
      return new Promise((resolve) =>
        setTimeout(() => {
          resolve(String(loads.length));
        }, 5),
      );
    };
    const first = cache.get("a", load, gone.signal);
    gone.abort();
    const second = cache.get("a", load, never);
    await Promise.all([first, second]);
    expect(loads).toHaveLength(2);
  });

  it("keeps nothing that was dropped while it was loading", async () => {
    const { cache } = setUp();
    const asked = cache.get("a", () => Promise.resolve("old"), never);
    cache.drop("a");
    expect(await asked).toBe("old");
    expect(cache.peek("a")).toBeUndefined();
  });

  it("keeps nothing of before it was cleared", async () => {
    const { cache } = setUp();
    await cache.get("a", () => Promise.resolve("old"), never);
    const late = cache.get("b", () => Promise.resolve("old"), never);
    cache.clear();
    expect(await late).toBe("old");
    expect([cache.peek("a"), cache.peek("b")]).toEqual([undefined, undefined]);
  });

  it("forgets the oldest when it is full", async () => {
    const { cache } = setUp();
    for (const key of ["a", "b", "c"])
      await cache.get(key, () => Promise.resolve(key), never);
    expect([cache.peek("a"), cache.peek("b"), cache.peek("c")]).toEqual([
      undefined,
      "b",
      "c",
    ]);
  });

  it("hands an error on and tries again the next time", async () => {
    const { cache } = setUp();
    await expect(
      cache.get("a", () => Promise.reject(new Error("bug")), never),
    ).rejects.toThrow("bug");
    expect(await cache.get("a", () => Promise.resolve("fine"), never)).toBe(
      "fine",
    );
  });
});
