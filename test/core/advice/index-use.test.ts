import { describe, expect, it } from "vitest";
import {
  judgeIndexes,
  type IndexUse,
  type IndexVerdict,
} from "../../../src/core/advice/index-use.ts";
import { indexInUse as index } from "../../support/index-use.ts";

const now = Date.parse("2026-11-21T00:00:00Z");
const longAgo = "2026-10-01T00:00:00Z";

/** A server that nobody streams from. */
const alone = { isReplica: false, replicas: 0 };

function verdicts(
  indexes: readonly IndexUse[],
  countedSince: string | undefined = longAgo,
): Readonly<Record<string, IndexVerdict>> {
  return Object.fromEntries(
    judgeIndexes({ ...alone, indexes, countedSince }, now).map(
      ({ index: { name }, verdict }) => [name, verdict],
    ),
  );
}

describe("judging the use of indexes", () => {
  it("holds an index that nobody scanned for weeks to be unused", () => {
    expect(
      verdicts([index("a", ["a"], { scans: 0 }), index("b", ["b"])]),
    ).toEqual({ a: { kind: "unused" }, b: { kind: "used" } });
  });

  it("does not judge by counters of less than a week, or of an unknown time", () => {
    const idle = [index("a", ["a"], { scans: 0 })];
    expect(verdicts(idle, "2026-11-19T00:00:00Z")).toEqual({
      a: { kind: "tooEarly" },
    });
    expect(
      judgeIndexes({ ...alone, indexes: idle, countedSince: undefined }, now)[0]
        ?.verdict,
    ).toEqual({ kind: "tooEarly" });
    expect(verdicts(idle, "yesterday")).toEqual({ a: { kind: "tooEarly" } });
  });

  it.each([{ isReplica: true }, { replicas: 1 }])(
    "calls nothing unused that another server may scan: %j",
    (elsewhere) => {
      const idle = index("a", ["a"], { scans: 0 });
      const usage = { ...alone, indexes: [idle], countedSince: longAgo };
      expect(judgeIndexes({ ...usage, ...elsewhere }, now)[0]?.verdict).toEqual(
        { kind: "uncountedElsewhere" },
      );
    },
  );

  it.each([
    [{ constraint: "t_pkey", unique: true }, "constraint"],
    [{ unique: true }, "unique"],
    [{ isReplicaIdentity: true, unique: true }, "replicaIdentity"],
    [{ foreignKey: "t_a_fkey" }, "foreignKey"],
  ] as const)("never calls %j unused", (more, reason) => {
    expect(verdicts([index("a", ["a"], { ...more, scans: 0 })])).toEqual({
      a: { kind: "kept", reason },
    });
  });

  it("finds an index that is the beginning of a wider one, used or not", () => {
    expect(verdicts([index("a", ["a"]), index("ab", ["a", "b"])])).toEqual({
      a: { kind: "redundant", by: "ab", isSame: false },
      ab: { kind: "used" },
    });
  });

  it("names the widest of several that could take its place", () => {
    expect(
      verdicts([
        index("a", ["a"]),
        index("ab", ["a", "b"]),
        index("abc", ["a", "b", "c"]),
      ]),
    ).toEqual({
      a: { kind: "redundant", by: "abc", isSame: false },
      ab: { kind: "redundant", by: "abc", isSame: false },
      abc: { kind: "used" },
    });
  });

  it("keeps one of two that are alike: the enforcing, then the more used", () => {
    expect(
      verdicts([index("one", ["a"], { scans: 3 }), index("two", ["a"])]),
    ).toEqual({
      one: { kind: "redundant", by: "two", isSame: true },
      two: { kind: "used" },
    });
    expect(
      verdicts([
        index("one", ["a"], { scans: 900 }),
        index("pkey", ["a"], { scans: 0, unique: true, constraint: "pkey" }),
      ]),
    ).toEqual({
      one: { kind: "redundant", by: "pkey", isSame: true },
      pkey: { kind: "kept", reason: "constraint" },
    });
  });

  it("never calls both of two alike redundant", () => {
    const both = verdicts([index("one", ["a"]), index("two", ["a"])]);
    expect(
      Object.values(both).filter(({ kind }) => kind === "redundant"),
    ).toHaveLength(1);
  });

  it.each([
    ["another direction", { keys: ["a|int4_ops||1", "b|int4_ops||0"] }],
    ["another operator class", { keys: ["a|text_pattern_ops||0", "b|x||0"] }],
    ["another predicate", { predicate: "(b > 0)" }],
    ["another method", { method: "gin" }],
    ["another table", { table: "u" }],
    ["another schema", { schema: "other" }],
    ["not being valid", { valid: false }],
    ["being built", { isBeingBuilt: true }],
  ])("does not take a wider index of %s for a replacement", (_, more) => {
    const { a } = verdicts([index("a", ["a"]), index("ab", ["a", "b"], more)]);
    expect(a).toEqual({ kind: "used" });
  });

  it("asks the wider one to hold the included columns too", () => {
    const narrow = index("a", ["a"], { included: ["c"] });
    expect(verdicts([narrow, index("ab", ["a", "b"])])["a"]?.kind).toBe("used");
    expect(verdicts([narrow, index("ac", ["a", "c"])])["a"]?.kind).toBe(
      "redundant",
    );
  });

  it("takes a longer key of a method without order for no replacement", () => {
    const gin = { method: "gin" };
    expect(
      verdicts([index("a", ["a"], gin), index("ab", ["a", "b"], gin)])["a"],
    ).toEqual({ kind: "used" });
    expect(
      verdicts([index("a", ["a"], gin), index("b", ["a"], gin)])["b"]?.kind,
    ).toBe("redundant");
  });

  it("never calls a unique index redundant: it enforces what the wider does not", () => {
    expect(
      verdicts([index("a", ["a"], { unique: true }), index("ab", ["a", "b"])])[
        "a"
      ],
    ).toEqual({ kind: "used" });
  });

  it("tells what a failed build left from what is being built now", () => {
    expect(
      verdicts([
        index("left", ["a"], { valid: false, scans: 0 }),
        index("leftUnique", ["c"], { valid: false, unique: true }),
        index("parent", ["d"], { valid: false, isPartitioned: true }),
        index("now", ["b"], { valid: false, isBeingBuilt: true }),
      ]),
    ).toEqual({
      left: { kind: "invalid" },
      leftUnique: { kind: "invalid" },
      parent: { kind: "used" },
      now: { kind: "beingBuilt" },
    });
  });
});
