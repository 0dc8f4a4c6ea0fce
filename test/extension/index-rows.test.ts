import { describe, expect, it } from "vitest";
import type {
  IndexUse,
  IndexVerdict,
} from "../../src/core/advice/index-use.ts";
import type { Suggestion } from "../../src/core/advice/suggestion.ts";
import {
  childrenOf,
  rowId,
  type IndexFacts,
  type IndexRow,
} from "../../src/extension/sidebar/indexes/index-rows.ts";
import { indexOn } from "../support/index-definition.ts";

const judged = (
  table: string,
  name: string,
  verdict: IndexVerdict,
  sizeBytes = 8192,
): IndexFacts["judged"][number] => ({
  verdict,
  index: { schema: "public", table, name, sizeBytes, scans: 0 } as IndexUse,
});

const suggestion: Suggestion = {
  index: indexOn("t", "a"),
  name: "t_a_idx",
  costBefore: 2,
  costAfter: 1,
  sizeBytes: 8192,
  proof: { kind: "planner", how: "HypoPG" },
  planAfter: undefined,
  why: "",
};

const facts: IndexFacts = {
  suggested: [{ suggestion, from: "workspace" }],
  judged: [
    judged("t", "small", { kind: "unused" }),
    judged("t", "large", { kind: "redundant", by: "x", isSame: false }, 1e9),
    judged("u", "used", { kind: "used" }),
    judged("u", "kept", { kind: "kept", reason: "unique" }),
  ],
};

const namesUnder = (row: IndexRow | undefined): readonly string[] =>
  childrenOf(facts, row).map((child) =>
    child.kind === "finding" || child.kind === "index"
      ? child.judged.index.name
      : child.kind === "table"
        ? child.name
        : child.kind,
  );

describe("the rows of the Indexes view", () => {
  it("has a group for what is suggested, what is superfluous, and what there is", () => {
    expect(namesUnder(undefined)).toEqual([
      "suggestions",
      "superfluous",
      "existing",
    ]);
  });

  it("has no group without rows", () => {
    expect(childrenOf({ suggested: [], judged: [] }, undefined)).toEqual([]);
  });

  it("lists what is superfluous, the largest first, and nothing that is needed", () => {
    expect(namesUnder({ kind: "superfluous" })).toEqual(["large", "small"]);
  });

  it("lists every index under its table", () => {
    expect(namesUnder({ kind: "existing" })).toEqual(["t", "u"]);
    expect(
      namesUnder({ kind: "table", schema: "public", name: "u" }).toSorted(),
    ).toEqual(["kept", "used"]);
  });

  it("gives every row an id of its own", () => {
    const all = (row: IndexRow | undefined): readonly string[] =>
      childrenOf(facts, row).flatMap((child) => [rowId(child), ...all(child)]);
    const ids = all(undefined);
    expect(ids.length).toBe(12);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
