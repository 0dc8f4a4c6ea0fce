import { expect, it } from "vitest";
import type { ConnectionProfile } from "../../src/app/connection.ts";
import { failed } from "../../src/core/result.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { demoProfile } from "../../src/extension/connections/demo-host.ts";
import { createExplainer } from "../../src/extension/editor/explainer.ts";

const on = (url: string): ConnectionProfile => ({
  ...demoProfile("main"),
  target: { engine: "mongodb", url },
});

it("does not show what another server answered after the connection was edited", async () => {
  const explainer = createExplainer({
    open: () =>
      Promise.resolve(failed({ kind: "unknownDatabase", database: "d" })),
    parser: loadSqlParser,
    changed: {
      event: () => {
        throw new Error("nobody listens here");
      },
      fire: () => undefined,
    },
    now: () => 0,
  });
  const before = on("mongodb://one");
  await explainer.plan(before, "SELECT 1", new AbortController().signal);
  expect(explainer.peek(before, "SELECT 1")?.ok).toBe(false);
  expect(explainer.peek(on("mongodb://two"), "SELECT 1")).toBeUndefined();
});

it("reads a statement without opening the connection", async () => {
  const asked: string[] = [];
  const parser = await loadSqlParser();
  const explainer = createExplainer({
    open: () => {
      throw new Error("nothing may be opened");
    },
    parser: () =>
      Promise.resolve({
        ...parser,
        parse: (text) => {
          asked.push(text);
          return parser.parse(text);
        },
      }),
    changed: {
      event: () => {
        throw new Error("nobody listens here");
      },
      fire: () => {
        throw new Error("nothing has changed");
      },
    },
    now: () => 0,
  });
  await explainer.read("SELECT FROM WHERE");
  expect(asked).toEqual(["SELECT FROM WHERE"]);
});
