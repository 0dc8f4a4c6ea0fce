import { describe, expect, it } from "vitest";
import type { DatabaseError, SlowQuery } from "../../src/app/database.ts";
import { failed, succeeded } from "../../src/core/result.ts";
import { english } from "../../src/core/words.ts";
import { demoProfile } from "../../src/extension/connections/demo-host.ts";
import {
  messageOf,
  remedyOf,
  stateOf,
  stepsAt,
  type LoadedQueries,
} from "../../src/extension/sidebar/slow-query-state.ts";

const profile = { ...demoProfile("campus"), id: "campus" };
const words = { t: english, language: "en" };
const refused = (error: DatabaseError): LoadedQueries => ({
  profile,
  answer: failed(error),
});
const read = (count: number, since: string | undefined): LoadedQueries => ({
  profile,
  answer: succeeded({
    queries: Array.from({ length: count }, () => ({}) as SlowQuery),
    totalMs: 0,
    since,
  }),
});
const shown = (
  loaded: LoadedQueries | undefined,
  count = 0,
): { readonly message: string | undefined; readonly steps: unknown } => {
  const state = stateOf(loaded, count);
  return {
    message: messageOf(loaded, state, words),
    steps: stepsAt(state)?.map(({ step }) => step),
  };
};

describe("the view of slow queries", () => {
  it.each([
    ["missingRight", "GRANT pg_read_all_stats TO ada;"],
    ["missingExtension", "CREATE EXTENSION pg_stat_statements;"],
  ] as const)(
    "says the exact statement that helps and offers to copy it and to look again: %s",
    (kind, remedy) => {
      const loaded = refused(
        kind === "missingRight"
          ? { kind, message: "hidden", remedy }
          : { kind, extension: "pg_stat_statements", remedy },
      );
      const { message, steps } = shown(loaded);
      expect(message).toContain(remedy);
      expect(steps).toEqual(["copy", "refresh"]);
      expect(remedyOf(loaded)).toBe(remedy);
    },
  );

  it("says beside a list how many statements it does not show, and what shows them", () => {
    const loaded = read(2, undefined);
    const hidden = { statements: 7, remedy: "GRANT pg_read_all_stats TO ada;" };
    const some: LoadedQueries = {
      profile,
      answer: loaded.answer.ok
        ? succeeded({ ...loaded.answer.value, hidden })
        : loaded.answer,
    };
    expect(shown(some, 2).message).toMatch(/: 7\. Have .*GRANT pg_read/);
    expect(shown(loaded, 2).message).toBeUndefined();
  });

  it("offers a way on when the list could not be read", () => {
    const loaded = refused({ kind: "connectionLost", message: "gone" });
    expect(shown(loaded).message).toContain("campus");
    expect(shown(loaded).steps).toEqual(["refresh", "log"]);
    expect(remedyOf(loaded)).toBeUndefined();
  });

  it("leaves the view to its welcome where there is nothing to list: a message would hide it", () => {
    const nothing = { message: undefined, steps: undefined };
    const since = "2026-01-01T00:00:00Z";
    expect(shown(undefined)).toEqual(nothing);
    expect(shown(read(0, since))).toEqual(nothing);
    expect(shown(read(3, since), 0)).toEqual(nothing);
    const bundle: LoadedQueries = {
      ...read(0, since),
      profile: { ...profile, target: { engine: "bundle", path: "campus.gz" } },
    };
    expect(shown(bundle)).toEqual(nothing);
    const mongo: LoadedQueries = {
      ...refused({ kind: "unsupported", message: "no" }),
      profile: {
        ...profile,
        target: { engine: "mongodb", url: "mongodb://ada@host/app" },
      },
    };
    expect(shown(mongo)).toEqual(nothing);
  });

  it("tells a bundle that carries no counted statements from a server that has counted none yet", () => {
    const { answer } = read(0, undefined);
    const bundle = {
      ...profile,
      target: { engine: "bundle" as const, path: "campus.gz" },
    };
    expect(stateOf({ profile, answer }, 0)).toBe("empty");
    expect(stateOf({ profile: bundle, answer }, 0)).toBe("emptyBundle");
    const listed = { ...read(2, undefined), profile: bundle };
    expect(stateOf(listed, 2)).toBe("list");
    expect(stateOf(listed, 0)).toBe("noMatch");
  });

  it("says over the list since when was counted, where the server tells a time", () => {
    expect(shown(read(3, "2026-01-01T12:00:00Z"), 3).message).toMatch(
      /^campus, counted since .*2026/u,
    );
    expect(shown(read(3, undefined), 3).message).toBeUndefined();
    expect(shown(read(3, "not a time"), 3).message).toBeUndefined();
  });
});
