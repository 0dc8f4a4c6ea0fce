import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replacePlaceholders } from "../../../src/core/sql/placeholders.ts";

const replace = (text: string): string =>
  replacePlaceholders(text, { questionMarks: true }).sql;

describe("placeholders", () => {
  it.each([
    ["a = $1 AND b = $2", "a = $1 AND b = $2"],
    ["a = ? AND b = ?", "a = $1 AND b = $2"],
    ["a=?", "a=$1"],
    ["a = ?1 AND b = ?1", "a = $1 AND b = $1"],
    ["a = :name AND b = :other AND c=:name", "a = $1 AND b = $2 AND c=$1"],
    ["a = :'name'", "a = $1"],
    ["a = :1 AND b = :2", "a = $1 AND b = $2"],
    [`SELECT :"col" FROM t`, `SELECT "col" FROM t`],
    ["a = @name AND b=@name", "a = $1 AND b=$1"],
    ["a = %s AND b = %(x)s AND c = %(x)s", "a = $1 AND b = $2 AND c = $2"],
    ["a = {{ name }} AND b = {{name}}", "a = $1 AND b = $1"],
    ["a = ${user.id} AND b = #{id}", "a = $1 AND b = $2"],
    ["a = ${f({ b: 1 })}", "a = $1"],
    [
      "a = sqlc.arg(x) AND b = @x AND c = sqlc.narg('x')",
      "a = $1 AND b = $1 AND c = $1",
    ],
    ["a = $2 AND b = ?", "a = $2 AND b = $3"],
    ["a IN ?", "a IN ($1)"],
    ["a IN :ids", "a IN ($1)"],
    ["a IN (?, ?)", "a IN ($1, $2)"],
    ["a > date ? - interval ?", "a > ($1::date) - ($2::interval)"],
    ["a > ?::date", "a > $1::date"],
    [
      "a > interval ? day AND b = ?",
      "a > (($1::text || ' day')::interval) AND b = $2",
    ],
    ["LIMIT ? OFFSET :skip", "LIMIT $1 OFFSET $2"],
    ["a BETWEEN ? AND ?", "a BETWEEN $1 AND $2"],
    ["a LIKE ? ESCAPE ?", "a LIKE $1 ESCAPE $2"],
    ["a ?? 'x' AND b = ?", "a ? 'x' AND b = $1"],
    ["a = ?||'%'", "a = $1||'%'"],
  ])("in %s become parameters", (written, expected) => {
    expect(replace(written)).toBe(expected);
  });

  it.each([
    "a::int = b",
    "a = '?' AND b = ':x' AND c = '%s' AND d = '@y'",
    "a = 1 -- ? :x @y",
    "a /* $1 ? */ = 1",
    "a = $$ ? :x $1 $$",
    `"a?" = ":x"`,
    "data ? 'key' AND data ?| array['a'] AND data ?& array['b']",
    "data @? '$.a' AND data @> '{}' AND data <@ '{}' AND v @@ q",
    "v @@to_tsquery('x')",
    "a % s = 0",
    "a %s",
    "a[1:n]",
    "a[i:n]",
    "f(a := 1)",
    "a <@b",
  ])("are not seen in %s", (text) => {
    expect(replace(text)).toBe(text);
  });

  it("tell where and how they were written", () => {
    const { placeholders } = replacePlaceholders("a = :x AND b > date :x", {
      questionMarks: true,
    });
    expect(placeholders).toEqual([
      { number: 1, written: ":x", span: { start: 4, end: 6 } },
      { number: 1, written: ":x", span: { start: 20, end: 22 } },
    ]);
  });

  it("leave every question mark alone when asked to", () => {
    const text = "? 'a' = :x";
    expect(replacePlaceholders(text, { questionMarks: false }).sql).toBe(
      "? 'a' = $1",
    );
  });

  it("lead back to the same character wherever the text was not replaced", () => {
    const part = fc.constantFrom(
      "a",
      " = ",
      ":long_name",
      "?",
      "é🙂",
      " AND ",
      "%(x)s",
      "date ?",
      "'?'",
      "(",
      ")",
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join("");
        const { sql, toOriginal, placeholders } = replacePlaceholders(text, {
          questionMarks: true,
        });
        expect(toOriginal(sql.length)).toBe(text.length);
        let last = 0;
        for (let offset = 0; offset < sql.length; offset += 1) {
          const original = toOriginal(offset);
          expect(original).toBeGreaterThanOrEqual(last);
          last = original;
        }
        // `a ?? b` is JDBC's way to write the operator `?`.
        if (placeholders.length === 0 && !text.includes("??"))
          expect(sql).toBe(text);
        for (const { span, written } of placeholders)
          expect(text.slice(span.start, span.end)).toBe(written);
      }),
    );
  });
});

it("maps back each of very many placeholders", () => {
  const written = Array.from({ length: 60_000 }, (_, n) => `:name${n}`);
  const text = `SELECT 1 WHERE a IN (${written.join(", ")})`;
  const { sql, placeholders, toOriginal } = replacePlaceholders(text, {
    questionMarks: true,
  });
  const starts = [...sql.matchAll(/\$\d+/gu)].map(({ index }) =>
    toOriginal(index),
  );
  expect(starts).toEqual(placeholders.map(({ span }) => span.start));
  expect(toOriginal(sql.length)).toBe(text.length);
  expect(toOriginal(3)).toBe(3);
}, 30_000);

it.each(["%(", "{{", "${", "{"])(
  "reads a text of nothing but %s, unclosed",
  (opener) => {
    const text = `SELECT ${opener.repeat(100_000)}`;
    const read = replacePlaceholders(text, { questionMarks: true });
    expect(read.sql === text).toBe(true);
  },
  30_000,
);
