import { expect, it } from "vitest";
import { keepLoaded } from "../../src/extension/keep-loaded.ts";

function counted(outcomes: readonly (string | Error)[]): {
  readonly load: () => Promise<string>;
  readonly calls: () => number;
} {
  let calls = 0;
  return {
    load: () => {
      const outcome = outcomes[calls] ?? "more";
      calls += 1;
      return outcome instanceof Error
        ? Promise.reject(outcome)
        : Promise.resolve(outcome);
    },
    calls: () => calls,
  };
}

it("loads once for all who ask", async () => {
  const { load, calls } = counted(["a"]);
  const kept = keepLoaded(load);
  expect(await Promise.all([kept.get(), kept.get()])).toEqual(["a", "a"]);
  expect(await kept.get()).toBe("a");
  expect(calls()).toBe(1);
});

it("tries again after a load that broke", async () => {
  const kept = keepLoaded(counted([new Error("no file"), "b"]).load);
  const both = await Promise.allSettled([kept.get(), kept.get()]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await kept.get()).toBe("b");
});

it("loads again when it was told to forget", async () => {
  const kept = keepLoaded(counted(["a", "b"]).load);
  await kept.get();
  kept.forget();
  expect(await kept.get()).toBe("b");
});
