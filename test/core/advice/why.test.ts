import { describe, expect, it } from "vitest";
import type {
  IndexDefinition,
  IndexKey,
} from "../../../src/core/advice/suggestion.ts";
import { explainOrder } from "../../../src/core/advice/why.ts";
import { english, sayText } from "../../../src/core/words.ts";

const key = (text: string, role: IndexKey["role"]): IndexKey => ({
  text,
  isExpression: false,
  descending: false,
  nulls: undefined,
  operatorClass: undefined,
  role,
});

const say = (
  method: IndexDefinition["method"],
  keys: readonly IndexKey[],
): string =>
  sayText(
    explainOrder({
      schema: "public",
      table: "events",
      method,
      keys,
      included: [],
      predicate: undefined,
    }),
    english,
  );

describe("why the columns stand in this order", () => {
  it("claims no comparison where the condition alone finds the rows", () => {
    expect(say("btree", [key("id", "any")])).toBe(
      "id as a small key, since the condition of the index alone finds the rows.",
    );
  });

  it("is told role by role for a B-tree", () => {
    expect(
      say("btree", [key("kind", "equality"), key("created_at", "range")]),
    ).toBe(
      "kind compared for equality, so one descent finds the rows; then created_at bounded by a range, read as one stretch.",
    );
  });

  it("says of an equality behind the asked order that the index is only checked for it", () => {
    expect(
      say("btree", [key("created_at", "sort"), key("kind", "equality")]),
    ).toBe(
      "created_at in the asked order, so rows arrive sorted; then kind checked within the index, so only rows that match are fetched.",
    );
  });

  it.each(["range", "prefix", "group"] as const)(
    "promises no descent and no second stretch behind a %s",
    (role) => {
      const [first, ...others] = say("btree", [
        key("day", role),
        key("kind", "equality"),
        key("user_id", "join"),
        key("score", "range"),
        key("name", "prefix"),
      ]).split("; ");
      expect(first).toMatch(/^day /);
      expect(others).toEqual([
        "then kind, user_id, score and name checked within the index, so only rows that match are fetched.",
      ]);
    },
  );

  it("knows that GIN and GiST look up every key for itself", () => {
    expect(
      say("gist", [key("place", "range"), key("kind", "equality")]),
    ).toContain("then kind compared for equality");
  });

  it("speaks of stretches of the table for block ranges, which have no descent", () => {
    expect(say("brin", [key("id", "join")])).toBe(
      "id follows the table's own order, so stretches of the table without a match are passed over.",
    );
  });
});
