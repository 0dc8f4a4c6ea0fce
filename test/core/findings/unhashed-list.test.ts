import { describe, expect, it } from "vitest";
import { describeRule } from "./describe-rule.ts";
import { sayChanged } from "./rule-cases.ts";

describeRule("unhashed-list");

const before17 = "(NOT (SubPlan 1))";

describe("a list that is not hashed", () => {
  it("is told by the comparison that the plan shows since PostgreSQL 17", async () => {
    const [said] = await sayChanged("unhashed-list", [
      before17,
      "(NOT (ANY (id = (SubPlan 1).col1)))",
    ]);
    expect(said?.[1]).toMatch(/^NOT IN goes .* work_mem .* anti join/u);
  });

  it.each([
    "(ALL (id > (SubPlan 1).col1))",
    "(NOT (ANY (id < (SubPlan 1).col1)))",
  ])("is not blamed on memory where %s cannot be hashed", async (condition) => {
    const said = await sayChanged("unhashed-list", [before17, condition]);
    expect(said).toEqual([
      [
        "unhashed-list",
        "For each row, up to 60.0k values of a subquery are compared one by one.",
      ],
    ]);
  });

  it("is promised no anti join under OR, only the memory it lacks", async () => {
    const said = await sayChanged("unhashed-list-under-or", [
      "OR (SubPlan 1)",
      "OR (ANY (id = (SubPlan 1).col1))",
    ]);
    expect(said).toEqual([
      [
        "unhashed-list",
        "For each row, up to 60.0k values of a subquery are compared one by one: as a hash table they would take 1.83 MB, more than work_mem × hash_mem_multiplier.",
      ],
    ]);
  });

  it("is not blamed on memory where there was enough of it", async () => {
    const [said] = await sayChanged("unhashed-list", [
      '"work_mem":"128kB"',
      '"work_mem":"2MB"',
    ]);
    expect(said?.[1]).toBe(
      "NOT IN goes through up to 60.0k values for each row, one by one. NOT EXISTS can become an anti join and finds the same rows where neither side can be NULL.",
    );
  });

  it("counts hash_mem_multiplier as memory", async () => {
    const [said] = await sayChanged("unhashed-list", [
      '"work_mem":"128kB"',
      '"work_mem":"128kB","hash_mem_multiplier":"16"',
    ]);
    expect(said?.[1]).not.toContain("work_mem");
  });

  it("is no longer one when the plan says that it is hashed", async () => {
    const said = await sayChanged("unhashed-list", [
      before17,
      "(NOT (hashed SubPlan 1))",
    ]);
    expect(said).toEqual([]);
  });

  it("is found by its name as it is, whatever characters that has", async () => {
    const said = await sayChanged(
      "unhashed-list",
      ['"Subplan Name":"SubPlan 1"', '"Subplan Name":"a list (*["'],
      [before17, "(NOT (a list (*[))"],
    );
    expect(said.map(([rule]) => rule)).toEqual(["unhashed-list"]);
  });

  it("of a CTE is a subquery run for each row once it refers to the row", async () => {
    const said = await sayChanged("unhashed-list-of-cte", [
      '"CTE Name":"active"',
      '"CTE Name":"active","Filter":"(student_id > students.id)"',
    ]);
    expect(said.map(([rule]) => rule)).toEqual(["correlated-subquery"]);
  });

  it("of a CTE is one though another table's alias ends like the row's", async () => {
    const said = await sayChanged("unhashed-list-of-cte", [
      '"CTE Name":"active"',
      '"CTE Name":"active","Filter":"(old_students.id > 7)"',
    ]);
    expect(said.map(([rule]) => rule)).toEqual(["unhashed-list"]);
  });
});
