import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgres } from "../../../src/adapters/postgres/open.ts";
import type { Database } from "../../../src/app/database.ts";
import { adviseStatement } from "../../../src/core/advice/advise.ts";
import {
  renderCreateIndex,
  renderIndexKey,
} from "../../../src/core/advice/render-ddl.ts";
import type {
  Advice,
  Suggestion,
} from "../../../src/core/advice/suggestion.ts";
import { walk } from "../../../src/core/plan/walk.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import type { Result } from "../../../src/core/result.ts";
import { loadSqlParser, type SqlParser } from "../../../src/core/sql/parse.ts";
import { resolveColumns } from "../../../src/core/sql/resolve-columns.ts";
import type { ParsedStatement } from "../../../src/core/sql/statement.ts";
import { phrase } from "../../../src/core/words.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";

/** Skewed on purpose: a hot course, a rare status, one student in a thousand. */
const schema = `
CREATE TABLE students (id bigint PRIMARY KEY, email text NOT NULL, name text NOT NULL, city text);
INSERT INTO students SELECT n, 'User' || n || '@Example.org', 'name ' || md5(n::text), 'city ' || n % 400 FROM generate_series(1, 40000) n;
CREATE TABLE courses (id int PRIMARY KEY, title text NOT NULL, tags text[] NOT NULL, details jsonb NOT NULL);
INSERT INTO courses SELECT n, 'course ' || md5(n::text), ARRAY['tag' || n % 700, 'all'], jsonb_build_object('level', n % 900, 'lang', 'en') FROM generate_series(1, 20000) n;
CREATE TABLE enrollments (id bigint PRIMARY KEY, student_id bigint NOT NULL REFERENCES students, course_id int NOT NULL, status text NOT NULL, created_at timestamptz NOT NULL, finished_at timestamptz, note text);
INSERT INTO enrollments SELECT n, 1 + (n * 7919) % 40000, CASE WHEN n % 3 = 0 THEN 1 ELSE 1 + (n * 31) % 2000 END,
  CASE WHEN n % 500 = 0 THEN 'failed' WHEN n % 2 = 0 THEN 'active' ELSE 'done' END,
  timestamptz '2025-01-01' + (n * 7907 % 200000) * interval '1 minute', CASE WHEN n % 300 = 0 THEN NULL ELSE now() END, md5(n::text)
  FROM generate_series(1, 200000) n;
CREATE TABLE settings (id int, key text);
INSERT INTO settings SELECT n, 'k' || n FROM generate_series(1, 50) n;
CREATE INDEX students_city_name_idx ON students (city, name);
ANALYZE;
`;
const tables = "students, courses, enrollments, settings";

interface Expected {
  readonly title: string;
  readonly sql: string;
  /** Method and keys, `gin (tags)`; undefined when nothing is to be suggested. */
  readonly index: string | undefined;
}

const cases: readonly Expected[] = [
  {
    title: "a missing composite index for equality and sort",
    sql: "SELECT * FROM enrollments WHERE course_id = 17 ORDER BY created_at DESC LIMIT 20",
    index: "enrollments (course_id, created_at DESC)",
  },
  {
    title: "a sort that a LIMIT wants from an index",
    sql: "SELECT * FROM enrollments ORDER BY created_at DESC, id DESC LIMIT 10",
    index: "enrollments (created_at DESC, id DESC)",
  },
  {
    title: "a function that hides the column",
    sql: "SELECT s.name FROM students AS s WHERE lower(s.email) = 'user77@example.org'",
    index: "students (lower(email))",
  },
  {
    title: "a foreign key in a join",
    sql: "SELECT e.* FROM students s JOIN enrollments e ON e.student_id = s.id WHERE s.id = 4711",
    index: "enrollments (student_id)",
  },
  {
    title: "a LIKE with a known beginning",
    sql: "SELECT * FROM students WHERE email LIKE 'User777%'",
    index: "students (email text_pattern_ops)",
  },
  {
    title: "equality before a range",
    sql: "SELECT note FROM enrollments WHERE created_at >= '2025-02-01' AND created_at < '2025-02-02' AND student_id = 9",
    index: "enrollments (student_id, created_at)",
  },
  {
    title: "a range alone",
    sql: "SELECT note FROM enrollments WHERE created_at >= '2025-02-01' AND created_at < '2025-02-02'",
    index: "enrollments (created_at)",
  },
  {
    title: "a field of a jsonb column",
    sql: "SELECT * FROM courses WHERE details->>'level' = '77'",
    index: "courses ((details->>'level'))",
  },
  {
    title: "a statement with a parameter",
    sql: "SELECT * FROM enrollments WHERE student_id = $1",
    index: "enrollments (student_id)",
  },
  {
    title: "the rows an UPDATE looks for",
    sql: "UPDATE enrollments SET note = '' WHERE student_id = 12",
    index: "enrollments (student_id)",
  },
  {
    title: "a rare NULL with an order",
    sql: "SELECT * FROM enrollments WHERE finished_at IS NULL ORDER BY created_at LIMIT 5",
    index: "enrollments (created_at) where finished_at IS NULL",
  },
  {
    title: "a primary key that is there",
    sql: "SELECT * FROM students WHERE id = 5",
    index: undefined,
  },
  {
    title: "a wider index that is there",
    sql: "SELECT * FROM students WHERE city = 'city 7'",
    index: undefined,
  },
  {
    title: "a tiny table",
    sql: "SELECT * FROM settings WHERE key = 'k7' ORDER BY id",
    index: undefined,
  },
  {
    title: "a statement that needs every row",
    sql: "SELECT status, count(*) FROM enrollments GROUP BY status",
    index: undefined,
  },
];

function valueOf<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const signal = new AbortController().signal;

interface Advised {
  readonly advice: Advice;
  readonly plan: Plan;
  readonly statement: ParsedStatement;
  readonly plannings: number;
}

async function advise(
  database: Database,
  parser: SqlParser,
  sql: string,
): Promise<Advised> {
  const parsed = valueOf(parser.parse(sql));
  const catalog = valueOf(await database.catalog(parsed.facts.tables, signal));
  const statement = { ...parsed, facts: resolveColumns(parsed.facts, catalog) };
  const explained = valueOf(
    await database.explain(statement, undefined, signal),
  );
  const plan = valueOf(parseExplain(explained.plan));
  const info = valueOf(await database.info(signal));
  let plannings = 0;
  const trials = database.openWhatIf();
  const advice = await adviseStatement({
    statement,
    plan,
    catalog,
    prover: {
      kind: info.whatIf,
      hypopgVersion: info.hypopgVersion,
      whatIf: (indexes) => {
        plannings += 1;
        return trials.plan(statement, indexes, signal);
      },
    },
  });
  await trials.close();
  return { advice: valueOf(advice), plan, statement, plannings };
}

const tellIndex = ({ index }: Suggestion): string => {
  const method = index.method === "btree" ? "" : ` ${index.method}`;
  const included =
    index.included.length === 0 ? "" : ` +${index.included.join(",")}`;
  const predicate =
    index.predicate === undefined ? "" : ` where ${index.predicate}`;
  return `${index.table}${method} ${renderIndexKey(index)}${included}${predicate}`;
};

async function build(
  server: TestServer,
  suggestion: Suggestion,
): Promise<void> {
  const ddl = renderCreateIndex(suggestion.index, suggestion.name, {
    concurrently: false,
  });
  // ANALYZE would change the statistics that the promise was made on, so it is left out.
  await server.query(ddl);
}

async function planOf(
  database: Database,
  statement: ParsedStatement,
): Promise<Plan> {
  return valueOf(
    parseExplain(
      valueOf(await database.explain(statement, undefined, signal)).plan,
    ),
  );
}

const indexesIn = (plan: Plan): readonly (string | undefined)[] =>
  [...walk(plan)].map((node) => node.index);

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

interface Ground {
  readonly server: TestServer;
  readonly database: Database;
}

async function prepare(
  kind: "15-hypopg" | 18,
  byBuilding: boolean,
): Promise<Ground> {
  const server = await startPostgres(kind);
  if (kind === "15-hypopg") await server.query("CREATE EXTENSION hypopg");
  await server.query(schema);
  const database = openPostgres(server.target, {
    name: "advice test",
    password: () => Promise.resolve(undefined),
    log: () => undefined,
    whatIfByBuilding: byBuilding,
  });
  return { server, database };
}

const provable = [
  ["15-hypopg", false, "planner"],
  [18, true, "measured"],
] as const;

for (const [kind, byBuilding, proof] of provable)
  describeOn(
    kind,
    `advice proven ${byBuilding ? "by building" : "by HypoPG"}`,
    () => {
      let ground: Ground;
      beforeAll(async () => {
        ground = await prepare(kind, byBuilding);
      });
      afterAll(async () => {
        await ground.database.close();
        await ground.server.stop();
      });

      for (const { title, sql, index } of cases)
        test(`${title}: the suggestion is right, kept when built, and not repeated`, async () => {
          const { server, database } = ground;
          const first = await advise(database, parser, sql);
          expect(first.plannings).toBeLessThanOrEqual(60);
          if (index !== undefined)
            expect(first.advice.suggestions.map(tellIndex)).toEqual([index]);
          else expect(first.advice.suggestions.map(tellIndex)).toEqual([]);
          for (const suggestion of first.advice.suggestions) {
            expect(suggestion.proof.kind).toBe(proof);
            expect(suggestion.costAfter).toBeLessThan(
              suggestion.costBefore ?? 0,
            );
            await build(server, suggestion);
          }
          const plan = await planOf(database, first.statement);
          const second = await advise(database, parser, sql);
          for (const suggestion of first.advice.suggestions)
            await server.query(`DROP INDEX public.${suggestion.name}`);
          for (const suggestion of first.advice.suggestions)
            expect(indexesIn(plan)).toContain(suggestion.name);
          const promised = first.advice.suggestions.at(-1)?.costAfter;
          if (promised !== undefined) {
            const kept = plan.root.estimate?.totalCost ?? 0;
            // A page or two of the index's height and size is all that a trial may be wrong by.
            expect(Math.abs(kept - promised)).toBeLessThan(
              Math.max(promised * 0.03, 5),
            );
          }
          expect(second.advice.suggestions.map(tellIndex)).toEqual([]);
        });
    },
  );

describeOn("15-hypopg", "advice that HypoPG cannot prove", () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await prepare("15-hypopg", false);
  });
  afterAll(async () => {
    await ground.database.close();
    await ground.server.stop();
  });

  test.each([
    [
      "SELECT * FROM courses WHERE details @> '{\"level\": 77}'",
      "courses gin (details jsonb_path_ops)",
    ],
    ["SELECT * FROM courses WHERE tags && ARRAY['tag7']", "courses gin (tags)"],
    [
      "SELECT * FROM courses WHERE to_tsvector('english', title) @@ to_tsquery('english', 'abc')",
      "courses gin ((to_tsvector('english', title)))",
    ],
  ])("says so: %s", async (sql, index) => {
    const { advice } = await advise(ground.database, parser, sql);
    expect(advice.suggestions.map(tellIndex)).toEqual([index]);
    expect(advice.suggestions[0]?.proof).toEqual({
      kind: "heuristic",
      reason: phrase("HypoPG cannot simulate {0} indexes", "GIN"),
    });
  });

  test("a refused expression does not end the run", async () => {
    const sql =
      "SELECT * FROM enrollments WHERE created_at::date = '2025-02-01' AND student_id = 5";
    const { advice } = await advise(ground.database, parser, sql);
    expect(advice.suggestions.map(tellIndex)).toEqual([
      "enrollments (student_id)",
    ]);
    expect(advice.rejected.map(({ reason }) => reason)).toContain("failed");
  });

  test("a DELETE is told of the foreign key that its checks read in full", async () => {
    const { advice } = await advise(
      ground.database,
      parser,
      "DELETE FROM students WHERE id = 5",
    );
    expect(advice.suggestions.map(tellIndex)).toEqual([
      "enrollments (student_id)",
    ]);
    expect(advice.suggestions[0]?.proof.kind).toBe("heuristic");
  });
});

describeOn(18, "advice without a prover", () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await prepare(18, false);
  });
  afterAll(async () => {
    await ground.database.close();
    await ground.server.stop();
  });

  test("is a heuristic that gives its reason, only where a costly scan keeps little", async () => {
    const { advice } = await advise(
      ground.database,
      parser,
      "SELECT * FROM enrollments WHERE student_id = 5 ORDER BY created_at DESC LIMIT 3",
    );
    expect(advice.suggestions.map(tellIndex)).toEqual([
      "enrollments (student_id, created_at DESC)",
    ]);
    expect(advice.suggestions[0]?.proof).toEqual({
      kind: "heuristic",
      reason: "this server has no HypoPG, so the planner could not be asked",
    });
    expect(advice.suggestions[0]?.costAfter).toBeUndefined();
  });

  test("keeps silent about joins, groupings and tables that are read whole", async () => {
    for (const sql of [
      "SELECT count(*) FROM enrollments e JOIN courses c ON c.id = e.course_id",
      "SELECT status, count(*) FROM enrollments GROUP BY status",
      "SELECT * FROM enrollments WHERE status = 'active'",
    ])
      expect(
        (await advise(ground.database, parser, sql)).advice.suggestions,
      ).toEqual([]);
  });
});

describe("the test data", () => {
  test("names the tables that the statements read", () => {
    for (const { sql } of cases)
      expect(tables.split(", ").some((table) => sql.includes(table))).toBe(
        true,
      );
  });
});
