import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";
import { findSchemaErrors } from "../support/advise-schema.ts";
import {
  describeOn,
  findFreePort,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";
import { cliFile, runCli, startCli, type Run } from "./cli-runs.ts";

const schema = `
CREATE TABLE visits (id int PRIMARY KEY, visitor int NOT NULL, page int NOT NULL, at timestamptz NOT NULL, note text);
INSERT INTO visits SELECT n, n % 5000, n % 300, timestamptz '2026-01-01' - n * interval '1 s', repeat('x', 40) FROM generate_series(1, 120000) n;
CREATE TABLE pages (id int PRIMARY KEY, title text NOT NULL, owner int NOT NULL);
INSERT INTO pages SELECT n, 'page ' || n, n % 700 FROM generate_series(1, 20000) n;`;

const workload = `SELECT * FROM visits WHERE visitor = 7;
SELECT p.title, count(*) FROM visits v JOIN pages p ON p.id = v.page WHERE p.owner = 12 GROUP BY p.title;
SELECT id FROM visits WHERE page = 9 ORDER BY at DESC LIMIT 20;
`;

interface Advice {
  readonly baselineCost: number;
  readonly cost: number;
  readonly sizeBytes: number;
  readonly explains: number;
  readonly ended: string;
  readonly indexes: readonly {
    readonly ddl: string;
    readonly sizeBytes: number;
    readonly proof: string;
  }[];
  readonly queries: readonly {
    readonly name: string;
    readonly weight: number;
  }[];
  readonly drops: readonly { readonly ddl: string; readonly reason: string }[];
  readonly leftOut: readonly {
    readonly name: string;
    readonly reason: string;
  }[];
  readonly notes: readonly string[];
}

/** JSON that keeps the published shape. */
function readAdvice(out: string): Advice {
  expect(findSchemaErrors(out)).toEqual([]);
  return JSON.parse(out) as Advice;
}

/** Backends of the command line that are still there. */
const leftOver = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'planlens'`;

const quick = ["--time-limit", "30s"];
const manyOf = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) =>
      `SELECT v.id, p.title FROM visits v JOIN pages p ON p.id = v.page WHERE v.visitor = ${n} AND v.at > now() - interval '${n} days' AND p.owner > ${n} ORDER BY v.at, p.title;`,
  ).join("\n");

describeOn("15-hypopg", "planlens advise on a server with HypoPG", () => {
  let server: TestServer;
  let folder = "";
  let many = "";
  /** The three queries without a budget, which several tests look at. */
  let whole: Run;
  let full: Advice;
  const file = (name: string, text: string): string => {
    const full = path.join(folder, name);
    writeFileSync(full, text);
    return full;
  };
  const advise = (...args: string[]): ReturnType<typeof runCli> =>
    runCli(["advise", ...quick, "--connection", server.url, ...args]);

  beforeAll(async () => {
    expect(
      existsSync(cliFile),
      "dist/cli.js is missing: run npm run build",
    ).toBe(true);
    folder = mkdtempSync(path.join(os.tmpdir(), "planlens-cli-"));
    server = await startPostgres("15-hypopg");
    await server.query(
      `CREATE EXTENSION hypopg; CREATE EXTENSION pg_stat_statements;`,
    );
    await server.query(schema);
    await server.query("VACUUM ANALYZE visits");
    await server.query("VACUUM ANALYZE pages");
    file("work.sql", workload);
    many = file("many.sql", manyOf(120));
    whole = advise(path.join(folder, "work.sql"), "--format", "json");
    full = readAdvice(whole.out);
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("writes the published JSON, proven by HypoPG, and ends with 0", async () => {
    expect(full.cost).toBeLessThan(full.baselineCost / 10);
    expect(full.indexes.every(({ proof }) => proof === "planner")).toBe(true);
    expect(full.indexes.map(({ ddl }) => ddl).join("\n")).toMatch(
      /ON public\.visits \(visitor\b/,
    );
    expect(full.ended).toBe("complete");
    expect(full.queries.map(({ name }) => path.basename(name))).toEqual([
      "work.sql:1",
      "work.sql:2",
      "work.sql:3",
    ]);
    expect(full.sizeBytes).toBe(
      full.indexes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    );
    expect(whole.code).toBe(0);
    // Nothing is left on the server: no session, no index.
    expect(await server.query(leftOver)).toEqual([{ n: 0 }]);
    expect(
      await server.query(
        `SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`,
      ),
    ).toEqual([{ indexname: "pages_pkey" }, { indexname: "visits_pkey" }]);
  });

  test("writes text, and SQL that runs as it stands", async () => {
    const text = advise(path.join(folder, "work.sql"));
    expect(text.out).toMatch(
      /^Cost of 3 queries [\d,]+ → [\d,.]+ \(−\d\d(\.\d)? %\) with \d index(es)? of /,
    );
    expect(text.out).toMatch(/^ {4}.*work\.sql:1: [\d,]+ → [\d,.]+/m);
    const sql = advise(path.join(folder, "work.sql"), "--format", "sql");
    await server.query("CREATE DATABASE copy TEMPLATE postgres");
    const statements = sql.out
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("--"));
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) await server.query(statement, "copy");
    const [made] = await server.query(
      `SELECT count(*)::int AS n FROM pg_index WHERE indisvalid AND indrelid IN ('visits'::regclass, 'pages'::regclass)`,
      "copy",
    );
    expect(made).toEqual({ n: 2 + statements.length });
  });

  test("keeps to the budget, down to none", () => {
    const budget = Math.floor(full.sizeBytes / 2);
    const half = readAdvice(
      advise(
        path.join(folder, "work.sql"),
        "--format=json",
        `--budget=${budget}`,
      ).out,
    );
    expect(half.sizeBytes).toBeLessThanOrEqual(budget);
    expect(half.cost).toBeGreaterThanOrEqual(full.cost);
    expect(half.cost).toBeLessThan(half.baselineCost);
    const none = readAdvice(
      advise(path.join(folder, "work.sql"), "--format=json", "--budget=0").out,
    );
    expect(none.indexes).toEqual([]);
    expect(none.cost).toBe(none.baselineCost);
  });

  test("takes HypoPG's sizes for its own when told to", () => {
    const model = readAdvice(
      advise(
        path.join(folder, "work.sql"),
        "--format=json",
        "--no-include",
        "--max-columns=1",
      ).out,
    );
    const hypopg = readAdvice(
      advise(
        path.join(folder, "work.sql"),
        "--format=json",
        "--no-include",
        "--max-columns=1",
        "--sizes=hypopg",
      ).out,
    );
    const sizeOf = (advice: Advice): number | undefined =>
      advice.indexes.find(({ ddl }) => ddl.includes("(visitor)"))?.sizeBytes;
    expect(sizeOf(model)).toBeGreaterThan(0);
    // HypoPG does not know of deduplication, which a column of few values lives by.
    expect(sizeOf(hypopg)).toBeGreaterThan((sizeOf(model) ?? Infinity) * 1.5);
    expect(
      hypopg.indexes.every(
        ({ ddl }) => !ddl.includes("INCLUDE") && !ddl.includes(", "),
      ),
    ).toBe(true);
  });

  test("tells the same size of an index in every command", () => {
    const connection = ["--connection", server.url, "--format", "json"];
    const place = `${path.join(folder, "work.sql")}:1`;
    const ddl = "CREATE INDEX ON visits (visitor)";
    const advised = full.indexes.find((index) =>
      index.ddl.endsWith("ON public.visits (visitor)"),
    );
    expect(advised?.sizeBytes).toBeGreaterThan(500_000);
    const explained = runCli(["explain", place, ...connection]);
    expect(JSON.parse(explained.out)).toMatchObject({
      statements: [{ suggestions: [{ sizeBytes: advised?.sizeBytes }] }],
    });
    const imagined = runCli(["why-not", place, "--index", ddl, ...connection]);
    expect(JSON.parse(imagined.out)).toMatchObject({
      index: { exists: false, sizeBytes: advised?.sizeBytes },
    });
  });

  test("one bad statement never ends a run: each is listed with its reason, and the end is 1", () => {
    const mixed = file(
      "mixed.sql",
      `SELEC 1;
SELECT nope FROM visits;
SELECT * FROM no_such_table;
VACUUM visits;
\\d visits
SELECT * FROM visits WHERE visitor = 7; SELECT count(*) FROM visits WHERE page = 5;
SELECT * FROM visits WHERE visitor = $1 AND page = ?;
`,
    );
    const { code, out } = advise(mixed, "--format=json");
    const advice = readAdvice(out);
    const reasons = new Map(
      advice.leftOut.map(({ name, reason }) => [path.basename(name), reason]),
    );
    expect(reasons.get("mixed.sql:1")).toMatch(/Not valid SQL/);
    expect(reasons.get("mixed.sql:2")).toMatch(/column "nope" does not exist/);
    expect(reasons.get("mixed.sql:3")).toMatch(
      /relation "no_such_table" does not exist/,
    );
    // What is no query has nothing to gain, and is no fault of the file.
    expect(reasons.has("mixed.sql:4")).toBe(false);
    expect(
      advice.queries.map(({ name }) => path.basename(name)).slice(0, 2),
    ).toEqual(["mixed.sql:6", "mixed.sql:6:41"]);
    expect(advice.indexes.length).toBeGreaterThan(0);
    expect(code).toBe(1);
  });

  test("says in a sentence what cannot be: no statement, no file, no server, two sources, nonsense", async () => {
    const port = await findFreePort();
    const refusals: readonly (readonly [string[], RegExp, number])[] = [
      [["--connection", server.url], /no statement to advise on/, 2],
      [
        ["--connection", server.url, path.join(folder, "none.sql")],
        /none\.sql cannot be read/,
        2,
      ],
      [
        [
          "--connection",
          `postgres://nobody@127.0.0.1:${port}/x`,
          path.join(folder, "work.sql"),
        ],
        /cannot be reached/,
        3,
      ],
      [["--connection", server.url, "--demo"], /one of --connection/, 2],
      [
        ["--connection", server.url, folder],
        /cannot be read: it is a folder\. Name its files/,
        2,
      ],
      [
        ["--buget=3MB", "work.sql"],
        /no option --buget; did you mean --budget\?/,
        2,
      ],
      [
        ["--connection", server.url, "--budget", "a lot"],
        /--budget is a size/,
        2,
      ],
      [
        ["--bundle", path.join(folder, "none.json.gz")],
        /none\.json\.gz: The bundle cannot be read/,
        2,
      ],
      [[path.join(folder, "work.sql")], /No connection/, 2],
    ];
    for (const [args, sentence, code] of refusals) {
      const done = runCli(["advise", ...args]);
      expect(done.err).toMatch(sentence);
      expect(done.err.trim().split("\n")).toHaveLength(1);
      expect(done.out).toBe("");
      expect(done.code).toBe(code);
    }
  });

  test("weighs the statements of pg_stat_statements by their calls, and plans their $n", async () => {
    await server.query("SELECT pg_stat_statements_reset()");
    for (let call = 0; call < 5; call += 1)
      await server.query(`SELECT count(*) FROM visits WHERE visitor = ${call}`);
    await server.query(
      `SELECT title FROM pages WHERE owner = 3 AND title LIKE 'page 1%' LIMIT 5`,
    );
    await server.query(
      `SELECT count(*) FROM visits WHERE at > date '2025-12-31' AND at < date '2025-12-31' + interval '1 hour'`,
    );
    const asText = advise("--from-statements", "--max-explains=20");
    expect(asText.out).toMatch(
      /^ {4}-?\d+ SELECT count\(\*\) FROM visits WHERE visitor = \$1: [\d,]+ → [\d.]+ \(−99.* %\) × 5$/m,
    );
    const { code, out } = advise("--from-statements", "--format=json");
    const advice = readAdvice(out);
    expect(advice.leftOut).toEqual([]);
    expect(advice.queries.map(({ weight }) => weight).sort()).toContain(5);
    expect(advice.queries.length).toBeGreaterThanOrEqual(3);
    expect(advice.cost).toBeLessThan(advice.baselineCost);
    expect(code).toBe(0);
  });

  test("a query that a file holds and the server has counted stands once, weighed by its calls", async () => {
    await server.query("SELECT pg_stat_statements_reset()");
    for (let call = 0; call < 7; call += 1)
      await server.query(`SELECT id FROM visits WHERE visitor = ${call}`);
    const one = file("one.sql", "SELECT id FROM visits WHERE visitor = 99;");
    const { out } = advise(one, "--from-statements", "--format=json");
    const held = readAdvice(out).queries.filter(({ weight }) => weight === 7);
    expect(held.map(({ name }) => path.basename(name))).toEqual(["one.sql:1"]);
  });

  test("proposes to drop what others serve, and drops nothing", async () => {
    await server.query(
      "CREATE INDEX pages_owner ON pages (owner); CREATE INDEX pages_owner_id ON pages (owner, id); CREATE UNIQUE INDEX pages_title ON pages (title, id)",
    );
    try {
      const { out } = advise(path.join(folder, "work.sql"), "--format=json");
      const { drops, notes } = readAdvice(out);
      expect(drops.map(({ ddl }) => ddl)).toContain(
        "DROP INDEX CONCURRENTLY public.pages_owner",
      );
      expect(JSON.stringify(drops)).not.toMatch(/pages_title|pages_pkey/);
      // The server has just been made: nothing is called unused.
      expect(drops.map(({ reason }) => reason)).not.toContain("unused");
      expect(notes.join()).toMatch(/too short to call an index unused/);
      expect(
        await server.query(
          "SELECT 1 AS n FROM pg_class WHERE relname = 'pages_owner'",
        ),
      ).toEqual([{ n: 1 }]);
    } finally {
      await server.query("DROP INDEX pages_owner, pages_owner_id, pages_title");
    }
  });

  test("ends at its time limit or its number of EXPLAINs with the best so far", () => {
    const limited = readAdvice(
      advise(many, "--format=json", "--max-explains=30").out,
    );
    expect(limited.ended).toBe("planningLimit");
    expect(limited.explains).toBeLessThanOrEqual(30);
    expect(limited.indexes.length).toBeGreaterThan(0);
    expect(limited.notes.join()).toMatch(/best so far/);
    const startedAt = Date.now();
    const timed = readAdvice(
      runCli([
        "advise",
        many,
        "--connection",
        server.url,
        "--format=json",
        "--time-limit",
        "4s",
      ]).out,
    );
    expect(timed.ended).toBe("timeLimit");
    expect(timed.indexes.length).toBeGreaterThan(0);
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });

  test.each(["alone", "group"] as const)(
    "Ctrl+C gives the best so far and releases the server (%s)",
    async (whom) => {
      const run = startCli([
        "advise",
        many,
        "--connection",
        server.url,
        "--format=json",
        "--time-limit",
        "10min",
      ]);
      await untilBusy(server);
      run.interrupt(whom);
      const { code, out } = await run.ended;
      const advice = readAdvice(out);
      expect(advice.ended).toBe("interrupted");
      expect(advice.indexes.length).toBeGreaterThan(0);
      expect(code).toBe(advice.leftOut.length === 0 ? 0 : 1);
      expect(await server.query(leftOver)).toEqual([{ n: 0 }]);
    },
  );

  test("a session that the server ends in mid-run is replaced, and the search goes on", async () => {
    const run = startCli([
      "advise",
      many,
      "--connection",
      server.url,
      "--format=json",
      "--max-explains=400",
    ]);
    await untilBusy(server);
    await server.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'planlens'`,
    );
    const advice = readAdvice((await run.ended).out);
    expect(advice.ended).toBe("planningLimit");
    expect(advice.leftOut).toEqual([]);
  });

  test("a server killed in mid-run ends the run with the best so far, a sentence and 3", async () => {
    const run = startCli([
      "advise",
      many,
      "--connection",
      server.url,
      "--format=json",
      "--time-limit",
      "10min",
    ]);
    await untilBusy(server);
    await server.kill();
    try {
      const { code, out, err } = await run.ended;
      expect(readAdvice(out)).toMatchObject({ ended: "failed" });
      expect(readAdvice(out).indexes.length).toBeGreaterThan(0);
      expect(err).toMatch(/lost|cannot be reached|not ready/);
      expect(code).toBe(3);
    } finally {
      await server.start();
    }
  });

  test("a table dropped in mid-run costs its queries at most", async () => {
    await server.query(
      "CREATE TABLE doomed AS SELECT n AS id, n % 100 AS k FROM generate_series(1, 50000) n; ANALYZE doomed",
    );
    const some = file(
      "doomed.sql",
      `SELECT * FROM doomed WHERE k = 5;\n${manyOf(120)}`,
    );
    const run = startCli([
      "advise",
      some,
      "--connection",
      server.url,
      "--format=json",
      "--max-explains=600",
    ]);
    await untilBusy(server);
    await server.query("DROP TABLE doomed");
    const { code, out } = await run.ended;
    const advice = readAdvice(out);
    expect(advice.ended).toBe("planningLimit");
    expect(
      advice.indexes.some(({ ddl }) => ddl.includes("public.visits")),
    ).toBe(true);
    expect([0, 1]).toContain(code);
  });
});

/** Every planning is rolled back; the server tells of them about once a second. */
async function countPlannings(server: TestServer): Promise<number> {
  const [row] = await server.query(
    "SELECT xact_rollback::int AS n FROM pg_stat_database WHERE datname = 'postgres'",
  );
  return Number(row?.["n"]);
}

/** Waits until the command line has planned some dozen times. */
async function untilBusy(server: TestServer): Promise<void> {
  const before = await countPlannings(server);
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if ((await countPlannings(server)) > before + 60) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the command line never planned anything");
}
