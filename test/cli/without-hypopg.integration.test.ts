import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";
import { cliFile, runCli } from "./cli-runs.ts";

describeOn(15, "the command line on a server without HypoPG", () => {
  let server: TestServer;
  let folder = "";
  let sql = "";
  const on = (command: string, ...args: readonly string[]) =>
    runCli([command, ...args, "--connection", server.url]);

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "planlens-cli-"));
    sql = path.join(folder, "q.sql");
    writeFileSync(sql, "SELECT * FROM visits WHERE visitor = 7;\n");
    server = await startPostgres(15);
    await server.query(
      `CREATE TABLE visits (id int PRIMARY KEY, visitor int NOT NULL, at timestamptz);
       INSERT INTO visits SELECT n, n % 5000, now() FROM generate_series(1, 80000) n; ANALYZE visits;`,
    );
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("explain tries indexes on a copy of the statistics, and leaves nothing on the server", async () => {
    const { out, err, code } = on("explain", sql, "--summary");
    expect(out).toMatch(
      /Create index: cost [\d,]+ → [\d,.]+ \(−\d\d(\.\d)? %\), about \d+ kB, proven on a statistics twin/,
    );
    // A slow machine hears what goes on.
    expect(err).toMatch(
      /^planlens: The statistics of 127\.0\.0\.1:\d+\/postgres are copied into a temporary database on this machine, .* are data of its tables\. --no-twin makes no copy\.\n(planlens: after \d+ s: Copying the statistics of .*\n)*$/,
    );
    expect(code).toBe(0);
    expect(
      await server.query(
        "SELECT count(*)::int AS n FROM pg_database WHERE datname LIKE '%twin%'",
      ),
    ).toEqual([{ n: 0 }]);
  });

  test("a table that was never analyzed is advised on by its size, and the advice says so", async () => {
    await server.query(
      "CREATE TABLE fresh (id int, k int); INSERT INTO fresh SELECT n, n % 900 FROM generate_series(1, 90000) n",
    );
    const asked = path.join(folder, "fresh.sql");
    writeFileSync(asked, "SELECT * FROM fresh WHERE k = 7;\n");
    const { out, code } = on("advise", asked);
    expect(out).toMatch(/CREATE INDEX CONCURRENTLY .* ON public\.fresh \(k\)/);
    expect(out).toMatch(/fresh was never analyzed, .* Run ANALYZE/);
    expect(code).toBe(0);
    const explained = on("explain", asked);
    expect(explained.out).toMatch(
      /cost [\d,]+ → [\d,]+ \(−\d\d %\), about [12]\.\d\d MB/,
    );
    expect(explained.err).toMatch(/fresh was never analyzed, .* Run ANALYZE/);
  });

  test("advise tries on the copy what HypoPG cannot, and knows the parts of a partitioned table", async () => {
    await server.query(
      `CREATE TABLE papers (id int, body jsonb); INSERT INTO papers SELECT n, jsonb_build_object('k', n % 5000) FROM generate_series(1, 40000) n;
       CREATE TABLE days (day date, k int) PARTITION BY RANGE (day);
       CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
       CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
       INSERT INTO days SELECT '2026-01-01'::date + n % 300, n FROM generate_series(1, 60000) n; ANALYZE papers, days`,
    );
    const asked = path.join(folder, "wide.sql");
    writeFileSync(
      asked,
      `SELECT id FROM papers WHERE body @> '{"k": 7}';\nSELECT * FROM days WHERE k = 5;\n`,
    );
    const { out, code } = on("advise", asked);
    expect(out).toMatch(
      /CREATE INDEX CONCURRENTLY .* ON public\.papers USING gin \(body jsonb_path_ops\)/,
    );
    expect(out).toMatch(/CREATE INDEX days_k_idx ON public\.days \(k\)/);
    expect(code).toBe(0);
  });

  test("writes that the server has counted weigh on the copy too", async () => {
    await server.query(
      "CREATE EXTENSION IF NOT EXISTS pg_stat_statements; CREATE TABLE tallies (id int, k int); INSERT INTO tallies SELECT n, n % 900 FROM generate_series(1, 90000) n; DELETE FROM tallies; INSERT INTO tallies SELECT n, n % 900 FROM generate_series(1, 90000) n; ANALYZE tallies; SELECT pg_stat_statements_reset(); SELECT * FROM tallies WHERE k = 7",
    );
    await expect
      .poll(() => on("advise", "--from-statements").out, { timeout: 30_000 })
      .toMatch(
        /Not worth its writes: CREATE INDEX .* ON public\.tallies \(k\)/,
      );
    await server.query("DROP EXTENSION pg_stat_statements");
  });

  test("explain --no-twin makes no copy and says that nothing is proven", () => {
    const { out, err, code } = on("explain", sql, "--summary", "--no-twin");
    expect(out).toMatch(/Create index: heuristic \(/);
    expect(err).toBe("");
    expect(code).toBe(0);
  });

  test("why-not imagines an index on a copy of the statistics, and says so", () => {
    const { out, code } = on(
      "why-not",
      sql,
      "--index",
      "CREATE INDEX visits_visitor ON visits (visitor)",
    );
    expect(out).toMatch(/visits_visitor is used: the plan reads it by/);
    expect(out).toMatch(/index about \d+ kB/);
    expect(out).toMatch(/Planned on a twin of PostgreSQL 15.*has no HypoPG\./);
    expect(code).toBe(0);
  });

  test("why-not --no-twin makes no copy, and says what that leaves open", () => {
    const index = "CREATE INDEX ON visits (visitor)";
    const { out, err, code } = on(
      "why-not",
      sql,
      "--index",
      index,
      "--no-twin",
    );
    expect(out).toMatch(/whether it pays cannot be tried here/);
    expect(err).toBe("");
    expect(code).toBe(0);
  });

  test("advise tells of the copy before it makes one, and makes none with --proof hypopg", () => {
    const told = /are copied into a temporary database/;
    expect(on("advise", sql).err).toMatch(told);
    const without = on("advise", sql, "--proof", "hypopg");
    expect(without.err).toMatch(
      /There is no HypoPG in this database\. Have CREATE EXTENSION hypopg run there/,
    );
    expect(without.err).not.toMatch(told);
    expect(without.code).toBe(2);
  });

  test("why-not that breaks by itself ends all the same, with 70", () => {
    // Without the grammar's WebAssembly beside it no bundle can be checked.
    const alone = path.join(folder, "cli.js");
    copyFileSync(cliFile, alone);
    const { err, code } = runCli(
      [
        ...["why-not", sql, "--index", "CREATE INDEX ON visits (visitor)"],
        ...["--connection", server.url],
      ],
      { script: alone },
    );
    expect(err).toMatch(/a fault in PlanLens itself/);
    expect(code).toBe(70);
  });

  test("calibration promises what a copy of the statistics has proven", () => {
    const log = path.join(folder, "log.jsonl");
    const { out } = on("calibration", "record", sql, "--calibration", log);
    expect(out).toMatch(/^1 promised/);
    expect(runCli(["calibration", "--calibration", log]).out).toMatch(
      /planned on a statistics twin: 0 of 1 built/,
    );
  });

  test("twin build says what becomes of a twin that nothing is asked of", () => {
    const { out, err, code } = on("twin", "build");
    expect(out).toBe("");
    expect(err).toMatch(
      /^Twin of PostgreSQL 15.*\n(?:.* was never analyzed.*\n)?Nothing was asked of it, so it is taken away again: name FILE\.sql .*--serve\.\n$/,
    );
    expect(code).toBe(0);
  });

  test("advise plans with what the role may read, and names the GRANT that shows it more", async () => {
    await server.query(
      "CREATE ROLE blind LOGIN; GRANT SELECT ON visits TO blind; REVOKE SELECT ON pg_stats FROM public",
    );
    const grant =
      /Have this run: GRANT SELECT ON pg_catalog\.pg_stats TO blind;/g;
    try {
      const url = server.url.replace("postgres@", "blind@");
      const as = (...args: readonly string[]) =>
        runCli([...args, "--connection", url]);
      const advised = as("advise", sql);
      expect(advised.out).toMatch(/CREATE INDEX .* ON public\.visits/);
      expect(advised.out.split("CREATE INDEX")[0]).toMatch(grant);
      expect(advised.code).toBe(0);
      const explained = as("explain", sql, sql, "--summary");
      expect(explained.out).toMatch(
        /Create index: heuristic \(statistics are hidden from this role/,
      );
      // Once, though two statements are concerned.
      expect(explained.err.match(grant)).toHaveLength(1);
      expect(explained.code).toBe(0);
      const index = "CREATE INDEX ON visits (visitor)";
      const asked = as("why-not", sql, "--index", index);
      expect(asked.out).toMatch(/is used: /);
      expect(asked.out.match(grant)).toHaveLength(1);
      expect(asked.code).toBe(0);
    } finally {
      await server.query("GRANT SELECT ON pg_stats TO public");
    }
  });

  test("advise --from-statements says what is missing, why, and what to do", () => {
    const { out, err, code } = on("advise", "--from-statements");
    expect(out).toBe("");
    expect(err).toMatch(
      /^planlens: --from-statements needs the statements that pg_stat_statements counts\. The extension pg_stat_statements is not available on .*\. Have this run: /,
    );
    expect(err).toMatch(/CREATE EXTENSION pg_stat_statements/);
    expect(code).toBe(2);
  });
});
