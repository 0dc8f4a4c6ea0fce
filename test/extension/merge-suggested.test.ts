import { expect, it } from "vitest";
import type { Suggestion } from "../../src/core/advice/suggestion.ts";
import { mergeSuggested } from "../../src/extension/sidebar/indexes/merge-suggested.ts";
import { indexOn } from "../support/index-definition.ts";

type Index = Suggestion["index"];
type Role = Index["keys"][number]["role"];

const withRole = (index: Index, role: Role): Index => ({
  ...index,
  keys: index.keys.map((key) => ({ ...key, role })),
});

const suggestionOn = (column: string, role: Role): Suggestion => ({
  index: withRole(indexOn("enrollments", column), role),
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
