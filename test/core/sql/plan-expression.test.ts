import { describe, expect, it } from "vitest";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import { normalizePlanExpression } from "../../../src/core/sql/plan-expression.ts";

const parser = await loadSqlParser();

const columnsOf = (text: string): readonly string[] | undefined =>
  parser
    .parseExpression(text)
    ?.columns.map(({ qualifier, column }) =>
      [qualifier, column].filter((name) => name !== undefined).join("."),
    );

describe("an expression of a plan", () => {
  it.each<[string, readonly string[]]>([
    ["((o.status)::text = 'open'::text)", ["o.status"]],
    ["(a.x = b.y)", ["a.x", "b.y"]],
    ["(hashed SubPlan 1)", []],
    ["(NOT (hashed SubPlan 1))", []],
    ["(NOT (ANY (a.id = (hashed SubPlan 3).col1)))", ["a.id"]],
    ["(ANY (a.id = (hashed SubPlan any_1).col1))", ["a.id"]],
    ["(alternatives: SubPlan 1 or hashed SubPlan 2)", []],
    ["(x > (InitPlan 1).col1)", ["x"]],
    ["EXISTS(SubPlan 2)", []],
    ["(a = ANY ('{1,2}'::integer[]))", ["a"]],
    ["(a = $0)", ["a"]],
    ["PARTIAL count(*)", []],
    ["row_number() OVER (?)", []],
    ["lower((o.name)::text) DESC NULLS LAST", ["o.name"]],
    ['o."Odd Name" COLLATE "C"', ["o.Odd Name"]],
    ["(b = 'SubPlan 1'::text)", ["b"]],
  ])("%s names its columns", (text, columns) => {
    expect(columnsOf(text)).toEqual(columns);
  });

  it("names its subplans", () => {
    expect(
      parser.parseExpression("((x = 1) OR (hashed SubPlan 2))")?.subplans,
    ).toEqual(["SubPlan 2"]);
  });

  it("that is no expression gives undefined", () => {
    expect(parser.parseExpression("(((")).toBeUndefined();
  });

  it("keeps quoted text while it is made SQL", () => {
    expect(normalizePlanExpression("('hashed SubPlan 1' = (SubPlan 1))")).toBe(
      `('hashed SubPlan 1' = ("SubPlan 1"))`,
    );
  });
});
