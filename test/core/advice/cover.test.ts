import { describe, expect, test } from "vitest";
import { findCoverage } from "../../../src/core/advice/cover.ts";
import { existingIndex, indexOf, keyOf } from "./samples.ts";

const sortBy = (text: string, descending = false) =>
  keyOf(text, { role: "sort", descending });

describe("findCoverage", () => {
  test.each([
    ["the same index", indexOf(["a", "b"]), "btree (a, b)", "exists"],
    ["a wider index", indexOf(["a"]), "btree (a, b)", "covered"],
    [
      "a cast of the column",
      indexOf([keyOf("a::text", { isExpression: true })]),
      "btree (a)",
      undefined,
    ],
    [
      "the same expression with the server's casts",
      indexOf([keyOf("lower(a)", { isExpression: true })]),
      "btree (lower((a)::text))",
      "exists",
    ],
    [
      "another collation",
      indexOf([keyOf("a", { collation: '"C"' })]),
      "btree (a)",
      undefined,
    ],
    [
      "the same collation",
      indexOf([keyOf("a", { collation: '"C"' })]),
      'btree (a COLLATE "C")',
      "exists",
    ],
    [
      "the pattern class of text for varchar",
      indexOf([keyOf("a", { operatorClass: "varchar_pattern_ops" })]),
      "btree (a text_pattern_ops)",
      "exists",
    ],
    ["other columns first", indexOf(["a"]), "btree (b, a)", undefined],
    ["a narrower index", indexOf(["a", "b"]), "btree (a)", undefined],
    ["another method", indexOf(["a"]), "hash (a)", undefined],
    [
      "the order wholly reversed",
      indexOf([sortBy("a"), sortBy("b")]),
      "btree (a DESC, b DESC)",
      "exists",
    ],
    [
      "the order half reversed",
      indexOf([sortBy("a"), sortBy("b", true)]),
      "btree (a, b)",
      undefined,
    ],
    [
      "direction after equality",
      indexOf(["a", sortBy("b", true)]),
      "btree (a, b)",
      "exists",
    ],
    [
      "NULLS elsewhere",
      indexOf([sortBy("a", true)]),
      "btree (a DESC NULLS LAST)",
      undefined,
    ],
    [
      "direction of an equality key",
      indexOf(["a"]),
      "btree (a DESC)",
      "exists",
    ],
    [
      "a column carried along",
      indexOf(["a"], { included: ["c"] }),
      "btree (a)",
      undefined,
    ],
    ["a quoted name", indexOf(["Order"]), 'btree ("Order")', "exists"],
    [
      "another operator class",
      indexOf([keyOf("a", { operatorClass: "text_pattern_ops" })]),
      "btree (a)",
      undefined,
    ],
    [
      "its operator class",
      indexOf([keyOf("a", { operatorClass: "text_pattern_ops" })]),
      "btree (a text_pattern_ops)",
      "exists",
    ],
    [
      "an expression as the server prints it",
      indexOf([keyOf("lower(email)", { isExpression: true })]),
      "btree (lower((email)::text))",
      "exists",
    ],
    [
      "an arrow expression",
      indexOf([keyOf("data->>'k'", { isExpression: true })]),
      "btree (((data ->> 'k'::text)))",
      "exists",
    ],
  ] as const)("judges %s", (_, wanted, using, kind) => {
    expect(findCoverage(wanted, [existingIndex(using)])?.kind).toBe(kind);
  });

  test("passes over an INVALID index", () => {
    expect(
      findCoverage(indexOf(["a"]), [
        existingIndex("btree (a)", { valid: false }),
      ]),
    ).toBeUndefined();
  });

  test("takes a partial index only for the same predicate", () => {
    const partial = existingIndex("btree (a) WHERE (deleted_at IS NULL)", {
      predicate: "(deleted_at IS NULL)",
    });
    expect(findCoverage(indexOf(["a"]), [partial])).toBeUndefined();
    const wanted = indexOf(["a"], { predicate: "deleted_at IS NULL" });
    expect(findCoverage(wanted, [partial])?.kind).toBe("exists");
    expect(findCoverage(wanted, [existingIndex("btree (a)")])).toBeUndefined();
  });

  test("counts carried columns of the existing index", () => {
    const existing = existingIndex("btree (a) INCLUDE (c)", {
      keys: ["a"],
      included: ["c"],
    });
    expect(
      findCoverage(indexOf(["a"], { included: ["c"] }), [existing])?.kind,
    ).toBe("exists");
  });

  test("prefers telling that it exists", () => {
    const wide = existingIndex("btree (a, b)", { name: "wide" });
    const same = existingIndex("btree (a)", { name: "same" });
    expect(findCoverage(indexOf(["a"]), [wide, same])).toMatchObject({
      kind: "exists",
      index: { name: "same" },
    });
  });
});
