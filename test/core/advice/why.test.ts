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

  it("speaks of stretches of the table for block ranges, which have no descent", () => {
    expect(say("brin", [key("id", "join")])).toBe(
      "id follows the table's own order, so stretches of the table without a match are passed over.",
    );
  });
});
