import { describe, expect, it, test } from "vitest";
import { findFindings } from "../../../src/core/findings/catalogue.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import { columnOf, existingIndex, tableOf } from "../advice/samples.ts";
import { describeRule } from "./describe-rule.ts";
import { sayChanged } from "./rule-cases.ts";

describeRule("hidden-column");

test("AT TIME ZONE around an indexed column hides it", async () => {
  const parser = await loadSqlParser();
  const statement = parser.parse(
    "SELECT * FROM payments WHERE (created_at AT TIME ZONE 'UTC')::date = '2026-01-01'",
  );
  const plan = parseExplain([
    {
      Plan: {
        "Node Type": "Seq Scan",
        "Relation Name": "payments",
        Alias: "payments",
        "Startup Cost": 0,
        "Total Cost": 5000,
        "Plan Rows": 500,
        "Plan Width": 8,
        Filter:
          "(((created_at AT TIME ZONE 'UTC'::text))::date = '2026-01-01'::date)",
      },
    },
  ]);
  if (!statement.ok || !plan.ok) throw new Error("not readable");
  const table = tableOf(
    "payments",
    [columnOf("created_at", { type: "timestamp with time zone" })],
    {
      indexes: [
        existingIndex("btree (created_at)", {
          name: "payments_created_at_idx",
          keys: ["created_at"],
          descending: [false],
        }),
      ],
    },
  );
  const findings = findFindings({
    plan: plan.value,
    statement: statement.value,
    catalog: { tables: [table] },
  });
  expect(findings.map(({ rule }) => rule)).toEqual(["hidden-column"]);
});

describe("a date hidden from its index", () => {
  it("is given the range that the index can serve", async () => {
    const [said] = await sayChanged("hidden-by-cast");
    expect(said?.[1]).toBe(
      "joined::date hides joined from index students_joined: all 20.0k rows of students are read. The index can serve joined >= '2023-05-01' AND joined < '2023-05-02', which goes by the session's time zone like the condition and asks for the same rows, but for an hour where clocks are set back to midnight.",
    );
  });

  it("is given none where a view hides it, for the value may be one that only planning put in", async () => {
    const [said] = await sayChanged("hidden-by-cast", [
      "FROM students WHERE joined::date = '2023-05-01'",
      "FROM student_days WHERE day = $1",
    ]);
    expect(said?.[1]).toBe(
      "(joined)::date hides joined from index students_joined: all 20.0k rows of students are read.",
    );
  });

  it("is given the range of a view's own value where the statement has no placeholders", async () => {
    const [said] = await sayChanged("hidden-by-cast", [
      "FROM students WHERE joined::date = '2023-05-01'",
      "FROM students_of_may",
    ]);
    expect(said?.[1]).toContain(
      "joined >= '2023-05-01' AND joined < '2023-05-02'",
    );
  });

  it("is given none where the column's own condition is another", async () => {
    const [said] = await sayChanged("hidden-column");
    expect(said?.[1]).toMatch(/rows of students are read\.$/u);
  });
});
