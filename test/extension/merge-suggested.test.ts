import { expect, it } from "vitest";
import type { Suggestion } from "../../src/core/advice/suggestion.ts";
import { mergeSuggested } from "../../src/extension/sidebar/indexes/merge-suggested.ts";

const suggestionOn = (
  column: string,
  role: Suggestion["index"]["keys"][number]["role"],
): Suggestion => ({
  index: {
    schema: "public",
    table: "enrollments",
    method: "btree",
    keys: [
      {
        text: column,
        isExpression: false,
        descending: false,
        nulls: undefined,
        operatorClass: undefined,
        role,
      },
    ],
    included: [],
    predicate: undefined,
  },
  name: `enrollments_${column}_idx`,
  costBefore: 2,
  costAfter: 1,
  sizeBytes: 8192,
  proof: { kind: "planner", how: "HypoPG" },
  planAfter: undefined,
  why: "because",
});

it("lists an index once that the workspace and a statement ask for, whatever for", () => {
  const merged = mergeSuggested(
    [suggestionOn("student_id", "join")],
    [
      suggestionOn("student_id", "equality"),
      suggestionOn("status", "equality"),
    ],
  );
  expect(merged.map(({ suggestion, from }) => [suggestion.name, from])).toEqual(
    [
      ["enrollments_student_id_idx", "workspace"],
      ["enrollments_status_idx", "statement"],
    ],
  );
});
