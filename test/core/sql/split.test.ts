import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  splitStatements,
  statementAt,
  updateSplit,
} from "../../../src/core/sql/split.ts";
import { readTokens } from "../../../src/core/sql/lexer.ts";
import { anyCharacter } from "../../support/any-text.ts";

const textsOf = (script: string): readonly string[] =>
  splitStatements(script).map(({ start, end }) => script.slice(start, end));

/** Pieces that open, close and hide each other, so that random texts reach every state. */
const fragment = fc.constantFrom(
  "SELECT 1",
  ";",
  ";\n",
  "\n",
  " ",
  "'",
  "''",
  "E'a\\'b'",
  "E'",
  "\\",
  '"',
  "$$",
  "$tag$",
  "$1",
  "${x}",
  "${",
  "{{ ';' }}",
  "#{",
  "}",
  "--",
  "-",
  "/*",
  "*/",
  "/",
  "\\gset\n",
  "\\d t\n",
  "\\;",
  "\\.\n",
  "COPY t FROM stdin;\n",
  "copy t from stdin",
  "1\t2\n",
  "CREATE FUNCTION f() RETURNS int ",
  "CREATE OR REPLACE PROCEDURE p() ",
  "BEGIN ATOMIC ",
  "case ",
  "END",
  "CREATE RULE r AS ON INSERT TO t DO (",
  "(",
  ")",
  "é🙂",
  "\0",
  "U&'",
);

const script = fc
  .array(fragment, { maxLength: 25 })
  .map((parts) => parts.join(""));

describe("splitting a script", () => {
  it.each<[string, string, readonly string[]]>([
    ["ends statements at semicolons", "a; b ;\nc", ["a", "b", "c"]],
    ["leaves out empty statements", ";; a ;;", ["a"]],
    [
      "leaves out comments around, keeps those within",
      "-- x\na /* y */ b /* z */; -- w",
      ["a /* y */ b"],
    ],
    ["knows quoted text", `a ';' ";" ''';' ; b`, [`a ';' ";" ''';'`, "b"]],
    [
      "knows escapes in E'' strings only",
      "a E'\\';' ; b '\\' ; c",
      ["a E'\\';'", "b '\\'", "c"],
    ],
    [
      "knows dollar quotes and their tags",
      "a $x$ ; $$ ; $x$ ; b $1;c",
      ["a $x$ ; $$ ; $x$", "b $1", "c"],
    ],
    [
      "takes no dollar quote from within a name",
      "a$b$ ; c$b$ ; d",
      ["a$b$", "c$b$", "d"],
    ],
    [
      "knows nested comments",
      "a /* ; /* ; */ ; */ ; b",
      ["a /* ; /* ; */ ; */", "b"].map((text) => text.replace(/ \/\*.*/, "")),
    ],
    [
      "ends psql commands with their line",
      "\\set x ';'\na;\\d t\nb",
      ["\\set x ';'", "a", "\\d t", "b"],
    ],
    ["ends a statement at \\gset", "a \\gset\nb", ["a", "\\gset", "b"]],
    ["separates at psql's \\;", "a \\; b", ["a", "b"]],
    [
      "skips the rows of COPY in a dump",
      "COPY t FROM stdin;\n1;2\n'\n\\.\nb;",
      ["COPY t FROM stdin", "b"],
    ],
    [
      "keeps a template hole whole",
      "a {{ x('y') }} ; b ${z}",
      ["a {{ x('y') }}", "b ${z}"],
    ],
    [
      "keeps the statements of a rule together",
      "CREATE RULE r AS ON INSERT TO t DO (a; b); c",
      ["CREATE RULE r AS ON INSERT TO t DO (a; b)", "c"],
    ],
    [
      "lets an unclosed parenthesis end with its statement",
      "a (b; c",
      ["a (b", "c"],
    ],
    ["lets an unclosed quote reach to the end", "a; b 'c; d", ["a", "b 'c; d"]],
  ])("%s", (_, text, expected) => {
    expect(textsOf(text)).toEqual(expected);
  });

  it("keeps a BEGIN ATOMIC body whole, CASE … END within it", () => {
    const body =
      "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END";
    expect(textsOf(`${body}; SELECT 3`)).toEqual([body, "SELECT 3"]);
  });

  it("ends BEGIN of a transaction at its semicolon", () => {
    expect(textsOf("BEGIN; SELECT 1; END;")).toEqual([
      "BEGIN",
      "SELECT 1",
      "END",
    ]);
  });

  it("tells psql commands from SQL", () => {
    expect(
      splitStatements("\\timing\nSELECT 1").map(({ kind }) => kind),
    ).toEqual(["metaCommand", "sql"]);
  });

  it("joins all tokens to the text again", () => {
    fc.assert(
      fc.property(
        fc.oneof(script, fc.string({ unit: anyCharacter })),
        (text) => {
          const joined = readTokens(text).map(({ start, end }) =>
            text.slice(start, end),
          );
          expect(joined.join("")).toBe(text);
        },
      ),
    );
  });

  it("never throws, and its spans are numbered, ordered, apart, not empty and trimmed", () => {
    fc.assert(
      fc.property(
        fc.oneof(script, fc.string({ unit: anyCharacter })),
        (text) => {
          let last = 0;
          for (const [index, span] of splitStatements(text).entries()) {
            expect(span.index).toBe(index);
            expect(span.start).toBeGreaterThanOrEqual(last);
            expect(span.end).toBeGreaterThan(span.start);
            expect(span.end).toBeLessThanOrEqual(text.length);
            expect(text.slice(span.start, span.end)).toMatch(/^[^ \n;][^]*$/);
            last = span.end;
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reads a megabyte of one string without outgrowing the stack", () => {
    const text = `SELECT '${"a''".repeat(500_000)}'; SELECT 2`;
    expect(splitStatements(text)).toHaveLength(2);
  });
});

describe("following an edit", () => {
  it("equals splitting the new text", () => {
    const edit = fc.record({
      text: script,
      at: fc.nat(),
      removed: fc.nat({ max: 12 }),
      inserted: fc.oneof(fragment, fc.constant("")),
    });
    fc.assert(
      fc.property(edit, ({ text, at, removed, inserted }) => {
        const start = at % (text.length + 1);
        const oldEnd = Math.min(text.length, start + removed);
        const changed = text.slice(0, start) + inserted + text.slice(oldEnd);
        const change = { start, oldEnd, newEnd: start + inserted.length };
        expect(updateSplit(splitStatements(text), changed, change)).toEqual(
          splitStatements(changed),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it("sees that an edit right behind a backslash joins what it separated", () => {
    const text = "CREATE RULE r AS ON INSERT TO t DO (\\d t\n;x";
    const at = text.indexOf("d t");
    const changed = text.slice(0, at) + text.slice(text.indexOf(";"));
    const change = { start: at, oldEnd: text.indexOf(";"), newEnd: at };
    expect(updateSplit(splitStatements(text), changed, change)).toEqual(
      splitStatements(changed),
    );
  });

  it("keeps the spans far above the edit as they are", () => {
    const text = "SELECT 1;\n".repeat(1000);
    const before = splitStatements(text);
    const changed = `${text}SELECT 2;`;
    const change = {
      start: text.length,
      oldEnd: text.length,
      newEnd: changed.length,
    };
    const after = updateSplit(before, changed, change);
    expect(after[500]).toBe(before[500]);
    expect(after).toHaveLength(1001);
  });
});

describe("the statement at a cursor", () => {
  const text = "SELECT 1;\n\nSELECT 2";
  const spans = splitStatements(text);

  it("is the one around it", () => {
    expect(statementAt(spans, 3)?.index).toBe(0);
    expect(statementAt(spans, text.length)?.index).toBe(1);
  });

  it("is still there right behind the semicolon", () => {
    expect(statementAt(spans, 9)?.index).toBe(0);
  });

  it("is none on an empty line between", () => {
    expect(statementAt(spans, 10)).toBeUndefined();
  });
});
