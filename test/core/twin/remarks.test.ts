import { beforeAll, expect, it } from "vitest";
import {
  checkDdl,
  loadParseTree,
  type ParseTree,
} from "../../../src/core/twin/check-ddl.ts";
import { nameObject } from "../../../src/core/twin/object-name.ts";
import { remarkOf } from "../../../src/adapters/postgres/twin/export/remark-words.ts";
import { bundleProblemText } from "../../../src/core/twin/read-bundle.ts";
import {
  english,
  phrase,
  sayText,
  type Text,
} from "../../../src/core/words.ts";
import { pseudoTranslate, untranslated } from "../../support/pseudo.ts";

let parse: ParseTree;
beforeAll(async () => {
  parse = await loadParseTree();
});

/** Of the grammar, and what is typed. */
const names = ["SQL", "PL/pgSQL", "planlens twin export"];

const leftover = (text: Text): readonly string[] =>
  untranslated(sayText(text, pseudoTranslate), names);

it.each([
  "schema ä",
  "type ä.ö",
  "domain ä.ö",
  "sequence ä.ö",
  "function ä.ö()",
  "table ä.ö",
  "constraint ä.ö.ü",
  "inheritance ä.ö, ä.ü",
  "index ä.ö",
  "default ä.ö.ü",
  "view ä.ö",
  "statistics ä.ö",
])("an object of a bundle is named in the reader's language: %s", (what) => {
  expect(leftover(nameObject(what))).toEqual([]);
  expect(sayText(nameObject(what), english)).toContain(
    what.split(" ").at(-1) ?? "",
  );
});

it("an object that is named by its statement, or by a stranger, keeps its name", () => {
  expect(nameObject("ALTER TABLE t ADD CONSTRAINT k")).toBe(
    "ALTER TABLE t ADD CONSTRAINT k",
  );
  expect(nameObject("toString t")).toBe("toString t");
});

it.each([
  "CREATE TEMP TABLE ä (ö int)",
  "CREATE TABLE ä (ö int) TABLESPACE ü",
  "ALTER TABLE ä ATTACH PARTITION ö FOR VALUES IN (ü())",
  "CREATE FUNCTION ä() RETURNS int LANGUAGE sql SET role TO ö AS ''",
  "CREATE DOMAIN ä AS text CHECK (VALUE > 'ö')",
  "CREATE INDEX ON ä (ö) TABLESPACE ü",
  "CREATE SCHEMA ä AUTHORIZATION ö",
  "CREATE VIEW ä AS VALUES (1); CREATE SCHEMA ö",
])("why a statement is refused is said in the reader's language: %s", (sql) => {
  const checked = checkDdl(sql, parse);
  expect(checked.ok ? [] : leftover(checked.error)).toEqual([]);
});

it.each([
  ["foreign table", "Foreign table ä.ö is not carried"],
  ["aggregate", "Aggregate ä.ö is not carried"],
  ["type", "Type ä.ö is not carried"],
  ["operator class", "Operator class ä.ö is not carried"],
  ["text search configuration", "Text search configuration ä.ö is not"],
  ["collation", "Collation ä.ö is not carried"],
  ["policies", "Row security policies of ä.ö are not carried"],
  ["rows hidden", "Statistics of ä.ö are hidden from this role by row"],
  ["columns hidden", "Statistics of ä.ö are hidden from this role: it may not"],
  ["no totals", "ä.ö has no statistics over all its partitions"],
  ["never analyzed", "ä.ö was never analyzed"],
  ["expressions hidden", "Statistics of the expressions of index ä.ö"],
])(
  "what a bundle lacks is said in the reader's language: %s",
  (kind, start) => {
    const remark = remarkOf({ kind, name: "ä.ö", detail: null });
    expect(sayText(remark, english)).toContain(start);
    expect(leftover(remark)).toEqual([]);
  },
);

it.each([
  { kind: "notJson" },
  { kind: "otherFormat", found: undefined },
  { kind: "newer", version: 9 },
  { kind: "altered" },
  { kind: "damaged", problem: { path: "", expected: phrase("a list") } },
] as const)("what is wrong with a file, too: $kind", (problem) => {
  expect(leftover(bundleProblemText(problem))).toEqual([]);
});
