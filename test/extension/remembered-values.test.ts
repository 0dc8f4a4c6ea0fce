import { expect, it } from "vitest";
import {
  forgetValues,
  recallValues,
  rememberValues,
} from "../../src/extension/editor/remembered-values.ts";

function memory(
  start: Readonly<Record<string, unknown>> = {},
): Parameters<typeof recallValues>[0] & { readonly all: Map<string, unknown> } {
  const all = new Map(Object.entries(start));
  return {
    all,
    get: (key: string) => all.get(key),
    keys: () => [...all.keys()],
    update: (key, value) => {
      if (value === undefined) all.delete(key);
      else all.set(key, value);
      return Promise.resolve();
    },
  } as Parameters<typeof recallValues>[0] & { all: Map<string, unknown> };
}

it("remembers the values of each query for itself", async () => {
  const kept = memory();
  await rememberValues(kept, { fingerprint: "a" }, ["1", null]);
  expect(recallValues(kept, { fingerprint: "a" })).toEqual(["1", null]);
  expect(recallValues(kept, { fingerprint: "b" })).toEqual([]);
});

it("forgets all values, and nothing else", async () => {
  const kept = memory({ "planlens.panelPlace": { uri: "x", offset: 0 } });
  await rememberValues(kept, { fingerprint: "a" }, ["secret"]);
  await rememberValues(kept, { fingerprint: "b" }, ["7"]);
  expect(await forgetValues(kept)).toBe(2);
  expect([...kept.all.keys()]).toEqual(["planlens.panelPlace"]);
  expect(await forgetValues(kept)).toBe(0);
});
