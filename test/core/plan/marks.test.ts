import { expect, it } from "vitest";
import { findMarks } from "../../../src/core/plan/marks.ts";
import { walk } from "../../../src/core/plan/walk.ts";
import { readRuleCase } from "../findings/rule-cases.ts";

it("an operator marks its table and the columns its conditions evaluate", async () => {
  const { plan, statement, sql } = await readRuleCase("foreign-key-join");
  const marks = findMarks(plan, statement);
  const textOf = (operator: string, kind: string): readonly string[] => {
    const node = [...walk(plan)].find((one) => one.operator === operator);
    return marks
      .filter((mark) => mark.nodeId === node?.id && mark.kind === kind)
      .map(({ span }) => sql.slice(span.start, span.end));
  };
  expect(textOf("Seq Scan", "table")).toEqual(["events"]);
  expect(textOf("Hash Join", "condition")).toEqual(["v.enrollment_id", "e.id"]);
  expect(textOf("Bitmap Heap Scan", "condition")).toEqual(["e.student_id"]);
});

it("a sort marks its keys", async () => {
  const { plan, statement, sql } = await readRuleCase("sort-for-limit");
  const sort = [...walk(plan)].find(({ kind }) => kind === "sort");
  const texts = findMarks(plan, statement)
    .filter(({ nodeId }) => nodeId === sort?.id)
    .map(({ span }) => sql.slice(span.start, span.end));
  expect(texts).toEqual(["happened_at"]);
});

it("a partition marks the table that the statement names, and its columns", async () => {
  const { plan, statement, sql } = await readRuleCase("full-read-partitions");
  const marks = findMarks(plan, statement);
  const scans = [...walk(plan)].filter(({ kind }) => kind === "seqScan");
  expect(scans).toHaveLength(3);
  for (const { id } of scans) {
    const own = marks.filter(({ nodeId }) => nodeId === id);
    expect(
      own.map(({ kind, span }) => [kind, sql.slice(span.start, span.end)]),
    ).toEqual([
      ["table", "payments"],
      ["condition", "p.amount"],
    ]);
  }
});
