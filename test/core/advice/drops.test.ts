import { describe, expect, test } from "vitest";
import {
  hasUnused,
  proposeDrops,
  type DropInput,
} from "../../../src/core/advice/drops.ts";
import type { IndexUse } from "../../../src/core/advice/index-use.ts";
import { indexInUse as index } from "../../support/index-use.ts";

const idle = { scans: 0 };

const inputOf = (
  indexes: readonly IndexUse[],
  more: Partial<DropInput> = {},
  usage: Partial<DropInput["usage"]> = {},
): DropInput => ({
  usage: {
    indexes,
    countedSince: "2026-10-01T00:00:00Z",
    isReplica: false,
    replicas: 0,
    isCut: false,
    ...usage,
  },
  countsUse: true,
  nowMs: Date.parse("2026-11-21T00:00:00Z"),
  advised: [],
  readByWorkload: new Set(),
  ...more,
});

const dropsOf = (input: DropInput): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    proposeDrops(input).drops.map(({ index: { name }, reason }) => [
      name,
      reason,
    ]),
  );

const advised = [
  { name: "t_a_b_idx", replaces: [{ schema: "public", name: "a" }] },
];

describe("existing indexes that can go", () => {
  test("are those that a new one replaces, that another serves, that failed, and that nobody scanned", () => {
    const indexes = [
      index("a", ["a"]),
      index("c", ["c"]),
      index("c_d", ["c", "d"]),
      index("broken", ["e"], { valid: false }),
      index("idle", ["f"], { ...idle, sizeBytes: 1e6 }),
      index("busy", ["g"]),
    ];
    const { drops, undecided } = proposeDrops(inputOf(indexes, { advised }));
    expect(drops.map(({ index: { name }, reason }) => [name, reason])).toEqual([
      ["idle", { kind: "unused" }],
      ["a", { kind: "replaced", by: "t_a_b_idx" }],
      ["c", { kind: "redundant", by: "c_d", isSame: false }],
      ["broken", { kind: "invalid" }],
    ]);
    expect(undecided).toBe(0);
  });

  test("are never what backs a constraint, keeps values unique or identifies rows for replication", () => {
    const kept: readonly Partial<IndexUse>[] = [
      { constraint: "t_pkey", unique: true },
      { unique: true },
      { isReplicaIdentity: true, unique: true },
      { constraint: "t_excl", method: "gist" },
    ];
    for (const more of kept) {
      const indexes = [
        index("a", ["a"], { ...idle, ...more }),
        index("a_b", ["a", "b"]),
      ];
      expect(dropsOf(inputOf(indexes, { advised }))).toEqual({});
    }
  });

  test("do not include the one on which the drop of another rests", () => {
    const indexes = [index("c", ["c"]), index("c_d", ["c", "d"], idle)];
    expect(dropsOf(inputOf(indexes))).toEqual({
      c: { kind: "redundant", by: "c_d", isSame: false },
    });
  });

  test("wait for the new index where the one that serves them is replaced itself", () => {
    const indexes = [index("short", ["a"]), index("a", ["a", "b"])];
    expect(dropsOf(inputOf(indexes, { advised }))).toEqual({
      short: { kind: "replaced", by: "t_a_b_idx" },
      a: { kind: "replaced", by: "t_a_b_idx" },
    });
  });

  test("do not include what the workload's plans read", () => {
    const indexes = [index("idle", ["f"], idle)];
    const readByWorkload = new Set(["idle"]);
    expect(dropsOf(inputOf(indexes, { readByWorkload }))).toEqual({});
  });

  test.each([
    ["on a replica", {}, { isReplica: true }],
    ["where replicas scan too", {}, { replicas: 2 }],
    [
      "where the workload's plans are not known",
      { readByWorkload: undefined },
      {},
    ],
  ] as const)("are not called unused %s, but counted", (_, more, usage) => {
    const indexes = [
      index("idle", ["f"], idle),
      index("c", ["c"]),
      index("c_d", ["c", "d"]),
    ];
    const input = inputOf(indexes, more, usage);
    expect(dropsOf(input)).toEqual({
      c: { kind: "redundant", by: "c_d", isSame: false },
    });
    expect(proposeDrops(input).undecided).toBe(1);
  });

  test("are judged by their columns alone where scans are not counted", () => {
    const indexes = [
      index("idle", ["f"], idle),
      index("c", ["c"], idle),
      index("c_d", ["c", "d"], idle),
    ];
    const input = inputOf(indexes, { countsUse: false });
    expect(Object.keys(dropsOf(input))).toEqual(["c"]);
    expect(proposeDrops(input).undecided).toBe(0);
    expect(hasUnused(input)).toBe(false);
  });

  test("ask for the workload's plans only where one might be called unused", () => {
    expect(hasUnused(inputOf([index("idle", ["f"], idle)]))).toBe(true);
    expect(hasUnused(inputOf([index("busy", ["f"])]))).toBe(false);
    expect(
      hasUnused(inputOf([index("idle", ["f"], idle)], {}, { replicas: 1 })),
    ).toBe(false);
  });
});
