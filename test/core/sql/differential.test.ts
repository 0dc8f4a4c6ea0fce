import { describe, expect, it } from "vitest";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import type { ParsedStatement } from "../../../src/core/sql/statement.ts";
import { corpus } from "./corpus.ts";
import { readWithSecondParser } from "./second-reader.ts";
import type { Reading } from "./second-reader.ts";

const parser = await loadSqlParser();

/** Where pgsql-ast-parser 12 is wrong: the part of its reading, and why. */
const misreadings: Readonly<
  Record<
    string,
    { readonly parts: readonly (keyof Reading)[]; readonly reason: string }
  >
> = {
  "SELECT id FROM t1 UNION SELECT id FROM t2 ORDER BY id LIMIT 5": {
    parts: ["isLimited"],
    reason: "it hangs ORDER BY and LIMIT of a UNION on the last branch",
  },
  "SELECT id FROM t1 WHERE a = b IS NULL": {
    parts: ["nullTests"],
    reason: "IS binds weaker than =, it reads a = (b IS NULL)",
  },
  "SELECT id FROM t1 WHERE id = ANY($1)": {
    parts: ["functions"],
    reason: "it takes ANY for a function",
  },
};

/** Calls to the one, constructs of the grammar to the other. */
const grammarCalls = new Set(["coalesce", "exists"]);

function readWithOurs(text: string): Reading {
  const parsed = parser.parse(text);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.error)}`);
  const { facts }: ParsedStatement = parsed.value;
  const read = facts.columns.filter(({ role }) => role !== "assigned");
  const plain = facts.columns.filter(
    ({ wrappedIn }) => wrappedIn === undefined,
  );
  return {
    tables: facts.tables
      .map(({ schema, name }) =>
        schema === undefined ? name : `${schema}.${name}`,
      )
      .sort(),
    columns: [...new Set(read.map(({ column }) => column))].sort(),
    sortKeys: plain
      .filter(({ role }) => role === "sort")
      .map(
        ({ column, direction, nulls }) =>
          `${column} ${direction ?? ""}${nulls === undefined ? "" : ` nulls ${nulls}`}`,
      )
      .sort(),
    limits: facts.constructs
      .flatMap((construct) =>
        construct.kind === "limit" || construct.kind === "offset"
          ? [`${construct.kind} ${construct.rows ?? "?"}`]
          : [],
      )
      .sort(),
    isLimited: facts.scopes[0]?.hasLimit ?? false,
    nullTests: plain
      .filter(({ role }) => role === "isNull" || role === "isNotNull")
      .map(({ column }) => column)
      .sort(),
    functions: facts.functions
      .map(({ schema, name }) =>
        schema === undefined || schema === "pg_catalog"
          ? name
          : `${schema}.${name}`,
      )
      .sort(),
  };
}

const withoutGrammarCalls = (reading: Reading): Reading => ({
  ...reading,
  functions: reading.functions.filter((name) => !grammarCalls.has(name)),
});

const readable = corpus.flatMap((text) => {
  const second = readWithSecondParser(text);
  return second ? [{ text, second: withoutGrammarCalls(second) }] : [];
});

describe("two parsers", () => {
  it("both read at least sixty statements of the corpus", () => {
    expect(readable.length).toBeGreaterThanOrEqual(60);
  });

  it.each(readable)("agree on $text", ({ text, second }) => {
    const ours = readWithOurs(text);
    const known = misreadings[text]?.parts ?? [];
    const agreed = (reading: Reading): Partial<Reading> =>
      Object.fromEntries(
        Object.entries(reading).filter(
          ([part]) => !known.some((name) => name === part),
        ),
      );
    expect(agreed(ours)).toEqual(agreed(second));
  });

  it.each(Object.entries(misreadings))(
    "still differ on %s",
    (text, { parts, reason }) => {
      const second = readWithSecondParser(text);
      const ours = readWithOurs(text);
      for (const part of parts)
        expect(ours[part], reason).not.toEqual(second?.[part]);
    },
  );
});

describe("spans", () => {
  it.each(corpus)("point at the names in %s", (text) => {
    const parsed = parser.parse(`/* é🙂 */ ${text}`);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const { facts, original, toOriginal } = parsed.value;
    const textAt = (span: { start: number; end: number }): string =>
      original
        .slice(toOriginal(span.start), toOriginal(span.end))
        .replaceAll('"', "");
    for (const table of facts.tables)
      expect(textAt(table.span)).toBe(
        [table.schema, table.name].filter(Boolean).join("."),
      );
    // Sort and group items may point at the output's name or number instead.
    const named = facts.columns.filter(
      ({ role }) => role !== "sort" && role !== "group",
    );
    for (const use of named)
      expect(textAt(use.span)).toBe(
        [use.qualifier, use.column].filter(Boolean).join("."),
      );
  });
});
