import { expect, test } from "vitest";
import { renderIndexKey } from "../../../src/core/advice/render-ddl.ts";
import { triedForms } from "../../../src/core/advice/tried-forms.ts";
import { columnOf, indexOf, keyOf, tableOf } from "./samples.ts";

const table = tableOf("users", [
  columnOf("amount", { type: "numeric(12,2)" }),
  columnOf("weight", { type: "real" }),
  columnOf("age", { type: "integer" }),
  columnOf("mail", { type: "crm.email" }),
]);

const formsOf = (
  text: string,
  kind: "hypopg" | "twin" = "hypopg",
): readonly string[] =>
  triedForms(
    { index: indexOf([keyOf(text, { isExpression: true })]), table, rank: 0 },
    kind,
  ).map(renderIndexKey);

test("HypoPG is given whole numbers also in the type of the column beside them", () => {
  expect(formsOf("amount * (1 - coalesce(amount, 0))")).toEqual([
    "((amount * (1 - coalesce(amount, 0))))",
    "((amount * ('1'::numeric - coalesce(amount, '0'::numeric))))",
  ]);
  expect(formsOf("weight * 2.5 + 3")).toEqual([
    "((weight * 2.5 + 3))",
    "((weight * 2.5 + '3'::double precision))",
  ]);
});

test("HypoPG is given a domain's column as the text that it likely is", () => {
  expect(formsOf("lower(mail)")).toEqual([
    "(lower(mail))",
    "((lower((mail)::text)))",
  ]);
});

test("a sign goes with its number", () => {
  expect(formsOf("amount * -1")).toEqual([
    "((amount * -1))",
    "((amount * '-1'::numeric))",
  ]);
  expect(formsOf("amount -1")).toContain("((amount -'1'::numeric))");
});

test("whole numbers beside whole numbers, and all that another prover tries, stay as written", () => {
  expect(formsOf("age + 1")).toEqual(["((age + 1))"]);
  expect(formsOf("amount + 1", "twin")).toEqual(["((amount + 1))"]);
});

test("a partitioned table is tried by its parts, whose indexes plans name", () => {
  const child = { estimatedRows: 10, pages: 1, indexes: [] };
  const parent = tableOf("users", [columnOf("age")], {
    kind: "partitioned",
    children: ["users_1", "users_2"].map((name) => ({
      ...child,
      schema: "public",
      name,
    })),
  });
  const index = indexOf(["age"]);
  for (const kind of ["hypopg", "twin", "build"] as const)
    expect(
      triedForms({ index, table: parent, rank: 0 }, kind).map(
        (form) => form.table,
      ),
    ).toEqual(["users_1", "users_2"]);
});
