import { expect, test } from "vitest";
import { findFindings } from "../../../src/core/findings/catalogue.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import { resolveColumns } from "../../../src/core/sql/resolve-columns.ts";
import { columnOf, tableOf } from "../advice/samples.ts";
import { describeRule } from "./describe-rule.ts";
import { sayChanged } from "./rule-cases.ts";

describeRule("correlated-subquery");

const scanOf = (table: string, rows: number, more: object): object => ({
  "Node Type": "Seq Scan",
  "Relation Name": table,
  Alias: table,
  "Startup Cost": 0,
  "Plan Rows": rows,
  "Plan Width": 8,
  ...more,
});

const subPlan = {
  "Node Type": "Aggregate",
  Strategy: "Plain",
  "Parent Relationship": "SubPlan",
  "Subplan Name": "SubPlan 1",
  "Startup Cost": 900,
  "Total Cost": 900.01,
  "Plan Rows": 1,
  "Plan Width": 8,
  Plans: [
    scanOf("enrollments", 5, {
      "Parent Relationship": "Outer",
      "Total Cost": 900,
      Filter: "(student_id = courses.teacher_id)",
    }),
  ],
};

test("a subquery in the output that the plan shows to refer to the row is one, though the statement does not tell", async () => {
  const said = await sayChanged(
    "fine-hashed-list",
    [
      "id IN (SELECT teacher_id FROM courses)",
      "EXISTS (SELECT FROM courses WHERE teacher_id = joined_by)",
    ],
    [
      '"Alias":"courses"',
      '"Alias":"courses","Filter":"(teacher_id = students.joined_by)"',
    ],
  );
  expect(said.map(([rule]) => rule)).toEqual(["correlated-subquery"]);
});

test("a subquery is marked as a whole where no column says whose it is", async () => {
  const subquery =
    "(SELECT max(created_at) FROM enrollments WHERE student_id = teacher_id)";
  const sql = `SELECT title, ${subquery} FROM courses`;
  const parsed = (await loadSqlParser()).parse(sql);
  const plan = parseExplain([
    {
      Plan: scanOf("courses", 2000, {
        "Total Cost": 1_800_040,
        Plans: [subPlan],
      }),
    },
  ]);
  if (!parsed.ok || !plan.ok) throw new Error("not readable");
  const catalog = {
    tables: [
      tableOf(
        "courses",
        ["title", "teacher_id"].map((name) => columnOf(name)),
      ),
      tableOf(
        "enrollments",
        ["student_id", "created_at"].map((name) => columnOf(name)),
      ),
    ],
  };
  const { value } = parsed;
  const statement = { ...value, facts: resolveColumns(value.facts, catalog) };
  const found = findFindings({ plan: plan.value, statement, catalog }).find(
    ({ rule }) => rule === "correlated-subquery",
  );
  expect(sql.slice(found?.span?.start, found?.span?.end)).toBe(subquery);
});
