import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database, ExplainAnswer } from "../../../src/app/database.ts";
import type { Result } from "../../../src/core/result.ts";
import type { ServerKind } from "../../support/server-binaries.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import { openQuietly, parsed, unwrap } from "./support.ts";

const never = new AbortController().signal;

/** A library that lends books. */
const schema = `
  CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, isbn char(13), price numeric(8, 2), pages int,
    weight float8, published date, tags text[], facts jsonb, in_print boolean, cover bytea);
  CREATE TABLE loans (id bigint PRIMARY KEY, book_id bigint NOT NULL, reader text NOT NULL, taken_on date NOT NULL,
    due_at timestamptz, fee numeric, state text NOT NULL);
  INSERT INTO books SELECT i, 'book ' || i, lpad(i::text, 13, '0'), i % 90, i % 700, i / 3.0, date '1990-01-01' + i % 9000,
    ARRAY['a'], '{}', i % 9 > 0, NULL FROM generate_series(1, 5000) i;
  INSERT INTO loans SELECT i, i % 5000 + 1, 'reader ' || i % 300, date '2024-01-01' + i % 600, now(), i % 7,
    CASE WHEN i % 50 = 0 THEN 'lost' ELSE 'returned' END FROM generate_series(1, 20000) i;
  CREATE INDEX ON loans (taken_on);
  CREATE INDEX ON books (pages);
  ANALYZE;`;

/** As pg_stat_statements prints them: literals replaced wherever they stood. */
const printed: readonly string[] = [
  "SELECT * FROM loans WHERE taken_on >= date $1 AND taken_on < date $2 + interval $3 month",
  "SELECT * FROM loans WHERE taken_on < date $1 - interval $2",
  "SELECT * FROM loans WHERE due_at > timestamp with time zone $1",
  "SELECT * FROM loans WHERE due_at > timestamptz $1 + interval $2 day to second",
  "SELECT * FROM loans WHERE due_at > now() - $1::interval",
  "SELECT * FROM loans WHERE due_at > now() - interval $1 hour ORDER BY due_at DESC LIMIT $2 OFFSET $3",
  "SELECT * FROM loans WHERE taken_on BETWEEN cast($1 AS date) AND (cast($2 AS date) + $3)",
  "SELECT * FROM loans WHERE taken_on BETWEEN $1 AND $2",
  "SELECT extract($1 FROM taken_on) AS year, count(*) FROM loans GROUP BY extract(year FROM taken_on)",
  "SELECT count(*) FROM unnest($1) AS u (n), loans WHERE state = $2 AND format($3, reader, $4) = $5",
  "SELECT * FROM loans WHERE extract($1 FROM due_at) = $2 AND date_trunc($3, due_at) = $4",
  "SELECT * FROM books WHERE pages IN ($1, $2, $3)",
  "SELECT * FROM books WHERE pages = ANY ($1) OR title = ANY (ARRAY[$2, $3])",
  "SELECT * FROM books WHERE substring(title FROM $1 FOR $2) IN ($3, $4)",
  "SELECT * FROM books WHERE substr(title, $1, $2) = $3 AND length(title) > $4",
  "SELECT substr(title, $1, $2), count(*) FROM books GROUP BY substr(title, 1, 4) ORDER BY substr(title, 1, 4)",
  "SELECT substr(title, $1, $2), count(*) FROM books GROUP BY substr(title, $3, $4)",
  "SELECT DISTINCT pages + $1 FROM books ORDER BY pages + $2",
  "SELECT pages / $1, sum(price) FROM books GROUP BY pages / $2 HAVING sum(price) > $3 * $4",
  "SELECT sum(CASE WHEN state = $1 THEN $2 ELSE $3 END) FROM loans",
  "SELECT sum(CASE WHEN state = $1 OR state = $2 THEN $3 WHEN fee > $4 THEN $5 END) / sum(fee) * $6 FROM loans",
  "SELECT avg(coalesce($1, $2)) FROM loans",
  "SELECT $1 * sum(fee * ($2 - fee)) / sum(fee) FROM loans",
  "SELECT * FROM books WHERE price BETWEEN $1 - $2 AND $3 + $4",
  "SELECT * FROM books WHERE pages >= $1 + $2 AND weight < $3 / $4",
  "SELECT * FROM loans WHERE taken_on >= $1 + $2",
  "SELECT * FROM books WHERE price > $1 * (SELECT avg(price) FROM books WHERE pages > $2)",
  "SELECT CASE WHEN pages > $1 THEN $2 ELSE $3 END AS size, count(*) FROM books GROUP BY 1 ORDER BY 1 LIMIT $4",
  "SELECT $1 AS channel, id FROM books UNION ALL SELECT $2, id FROM loans",
  "SELECT id, $1 AS n FROM books UNION ALL SELECT id, pages FROM books",
  "SELECT round($1 * price, $2), power(weight, $3), greatest(pages, $4) FROM books",
  "SELECT cast(price AS numeric(15, 4)) / nullif($1, $2) FROM books WHERE title LIKE $3 AND title NOT LIKE $4 ESCAPE $5",
  "SELECT title || $1 || $2 FROM books WHERE (pages, price) > ($3, $4)",
  "SELECT * FROM books WHERE facts @> $1 AND facts ->> $2 = $3 AND tags && $4",
  "SELECT * FROM books WHERE facts @> jsonb $1 AND price = numeric $2 AND in_print = $3 AND isbn = $4",
  "SELECT * FROM books WHERE trim(both $1 FROM title) = upper($2) AND position($3 IN title) > $4",
  "SELECT rank() OVER (PARTITION BY pages % $1 ORDER BY price), ntile($2) OVER () FROM books FETCH FIRST $3 ROWS ONLY",
  "SELECT generate_series($1, $2), generate_series($3::date, $4, $5)",
  "WITH late AS (SELECT * FROM loans WHERE due_at + $1 < now()) SELECT count(*) FROM late WHERE state <> $2",
  "SELECT to_char(taken_on, $1), to_date($2, $3), age($4, due_at) FROM loans WHERE taken_on = $5",
  "INSERT INTO loans (id, book_id, reader, taken_on, state) VALUES ($1, $2 + $3, $4, current_date + $5, $6)",
  "INSERT INTO loans (id, book_id, reader, taken_on, state) SELECT id + $1, id, $2, published, $3 FROM books WHERE pages > $4",
  "UPDATE books SET price = price * $1 + $2, tags = tags || $3 WHERE id = $4",
  "DELETE FROM loans WHERE taken_on < current_date - $1",
  "SELECT * FROM books WHERE title = $1 AND (pages > $2 OR $3 IS NULL) AND $4 = $5",
];

const leastShare = 0.95;

for (const kind of [13, 14, 15] satisfies readonly ServerKind[])
  describeOn(kind, "statements without their values", () => {
    let server: TestServer;
    let database: Database;
    beforeAll(async () => {
      server = await startPostgres(kind);
      await server.query(schema);
      await server.query("CREATE EXTENSION pg_stat_statements");
      database = openQuietly(server.target);
    });
    afterAll(async () => {
      await database.close();
      await server.stop();
    });

    const explain = async (
      text: string,
      values?: readonly (string | null)[],
    ): Promise<Result<ExplainAnswer, unknown>> =>
      database.explain(await parsed(text), values, never);

    it("are planned, nearly every one, and what is left out has its reason", async () => {
      const leftOut: string[] = [];
      for (const text of printed) {
        const answer = await explain(text);
        if (!answer.ok) {
          expect(answer.error).toMatchObject({ kind: "sql" });
          leftOut.push(`${text}: ${JSON.stringify(answer.error)}`);
          continue;
        }
        expect(answer.value.parameters.kind, text).toBe("prepared");
        // NULLs taken for values would leave an empty plan.
        expect(JSON.stringify(answer.value.plan), text).not.toContain(
          '"One-Time Filter":"false"',
        );
      }
      expect(leftOut).toEqual([]);
      expect(1 - leftOut.length / printed.length).toBeGreaterThanOrEqual(
        leastShare,
      );
    });

    it("keep their indexes where a type had to be found", async () => {
      const dated = unwrap(
        await explain("SELECT * FROM loans WHERE taken_on = $1 + $2"),
      );
      expect(JSON.stringify(dated.plan)).toContain("loans_taken_on_idx");
      const numbered = unwrap(
        await explain("SELECT * FROM books WHERE pages = $1 * $2"),
      );
      expect(JSON.stringify(numbered.plan)).toContain("books_pages_idx");
    });

    it("are planned with values where the server found no type for them", async () => {
      const text =
        "SELECT sum(CASE WHEN state = $1 THEN $2 ELSE $3 END) FROM loans";
      const answer = unwrap(await explain(text, ["lost", "1", "0"]));
      expect(answer.parameters).toEqual({
        kind: "given",
        values: ["lost", "1", "0"],
      });
    });

    it("tell the types that were found", async () => {
      const statement = await parsed(
        "SELECT substr(title, $1, $2), sum(CASE WHEN pages > $3 THEN $4 ELSE $5 END) FROM books GROUP BY substr(title, 1, 4)",
      );
      const described = unwrap(
        await database.describeParameters(statement, never),
      );
      expect(described.map(({ type }) => type).slice(2)).toEqual([
        "integer",
        "integer",
        "integer",
      ]);
    });

    it("get common values from the statistics where there is no generic plan", async () => {
      for (const begin of ["DECLARE c CURSOR FOR", "CREATE TABLE kept AS"]) {
        const answer = unwrap(
          await explain(
            `${begin} SELECT * FROM loans WHERE state = $1 AND taken_on > $2 AND fee < $3 + 1 AND due_at < $4 LIMIT $5`,
          ),
        );
        expect(answer.parameters).toMatchObject({
          kind: "fromStatistics",
          values: [
            "returned",
            expect.stringMatching(/^202[45]-\d\d-\d\d$/),
            "1",
            expect.stringMatching(/^20\d\d-/),
            "20",
          ],
        });
        expect(JSON.stringify(answer.plan)).toContain("Limit");
        expect(JSON.stringify(answer.plan)).not.toContain("One-Time Filter");
      }
    });

    it("are refused with the server's own words where nothing helps, and the next one is planned", async () => {
      const answer = await explain("SELECT no_such_function($1) FROM loans");
      expect(answer).toMatchObject({
        ok: false,
        error: { kind: "sql", code: "42883" },
      });
      expect(await explain("SELECT * FROM loans WHERE id = $1")).toMatchObject({
        ok: true,
      });
    });

    it("get other types where a column has changed since", async () => {
      await server.query("CREATE TABLE changing (v int)");
      const text = "SELECT 1 FROM changing WHERE v = $1 + $2";
      const types = async (): Promise<readonly string[]> =>
        unwrap(
          await database.describeParameters(await parsed(text), never),
        ).map(({ type }) => type);
      unwrap(await explain(text));
      expect(await types()).toEqual(["integer", "integer"]);
      await server.query(
        "ALTER TABLE changing ALTER v TYPE date USING date '2024-01-01'",
      );
      expect(await types()).toEqual(["date", "integer"]);
      await server.query("ALTER TABLE changing ALTER v TYPE int USING 1");
      unwrap(await explain(text));
      await server.query(
        "ALTER TABLE changing ALTER v TYPE date USING date '2024-01-01'",
      );
      unwrap(await explain(text, ["2024-01-01", "1"]));
    });

    it("point at what is wrong in the text as it was written, where another was sent", async () => {
      await server.query("CREATE TABLE shelf (title text, gone int)");
      const grouped =
        "SELECT '📚', substr(title, $1, $2), max(gone) FROM shelf GROUP BY substr(title, 1, 400)";
      unwrap(await explain(grouped));
      await server.query("ALTER TABLE shelf DROP gone");
      const inserted =
        "CREATE TABLE kept AS SELECT '📚' FROM loans WHERE state = $1 AND nowhere = 2";
      for (const [text, word] of [
        [grouped, "gone"],
        [inserted, "nowhere"],
      ] as const) {
        const answer = await explain(text);
        expect(answer).toMatchObject({
          ok: false,
          error: { kind: "sql", code: "42703", at: text.indexOf(word) },
        });
      }
    });
  });

describeOn(17, "statements without their values", () => {
  it("get the rows that a call brought for their LIMIT", async () => {
    const server = await startPostgres(17);
    const database = openQuietly(server.target);
    await server.query(schema);
    await server.query("CREATE EXTENSION pg_stat_statements");
    await server.query(
      "CREATE TABLE kept AS SELECT * FROM loans WHERE state = 'lost' LIMIT 7",
    );
    const [row] = await server.query(
      "SELECT query FROM pg_stat_statements WHERE query LIKE 'CREATE TABLE kept%'",
    );
    await server.query("DROP TABLE kept");
    const statement = await parsed(String(row?.["query"]));
    const answer = unwrap(await database.explain(statement, undefined, never));
    expect(answer.parameters).toEqual({
      kind: "fromStatistics",
      values: ["returned", "7"],
    });
    await database.close();
    await server.stop();
  });
});
