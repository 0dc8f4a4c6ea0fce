import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDemo, type Demo } from "../../../src/adapters/demo/start-demo.ts";
import {
  askDemo,
  buildDemoForTest,
  type BuiltDemo,
} from "../../support/demo.ts";

const never = new AbortController().signal;
const silent = (): void => undefined;

describe("the demo database", () => {
  let built: BuiltDemo;
  let demo: Demo;
  let folder: string;
  const steps: string[] = [];

  const start = async (): Promise<Demo> => {
    const started = await startDemo({
      folder,
      serverScript: built.serverScript,
      assetsFolder: built.assetsFolder,
      onProgress: ({ step }) => steps.push(step),
      signal: never,
    });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    return started.value;
  };
  const ask = (sql: string): Promise<readonly Record<string, unknown>[]> =>
    askDemo(demo.target, sql);
  const serverPid = async (): Promise<number> =>
    Number(await readFile(path.join(folder, "1.lock"), "utf8"));

  beforeAll(async () => {
    built = await buildDemoForTest();
    folder = path.join(built.scratch, "data");
    demo = await start();
  });
  afterAll(async () => {
    await demo.stop();
    await built.remove();
  });

  it("tells how far it is", () => {
    expect(steps[0]).toBe("starting");
    expect(steps).toContain("420,000 progress events");
    expect(steps.at(-1)).toBe("a day's queries");
  });

  it("holds the same million rows every time", async () => {
    const [counts] = await ask(`SELECT
      (SELECT count(*) FROM teachers) AS teachers, (SELECT count(*) FROM students) AS students,
      (SELECT count(*) FROM courses) AS courses, (SELECT count(*) FROM modules) AS modules,
      (SELECT count(*) FROM lessons) AS lessons, (SELECT count(*) FROM enrollments) AS enrollments,
      (SELECT count(*) FROM progress_events) AS progress_events, (SELECT count(*) FROM submissions) AS submissions,
      (SELECT count(*) FROM payments) AS payments, (SELECT count(*) FROM sessions) AS sessions,
      (SELECT count(*) FROM messages) AS messages`);
    expect(counts).toEqual({
      teachers: "800",
      students: "50000",
      courses: "1200",
      modules: "9600",
      lessons: "57600",
      enrollments: "150000",
      progress_events: "420000",
      submissions: "120000",
      payments: "100000",
      sessions: "110000",
      messages: "60000",
    });
    const [student] = await ask(
      "SELECT email, country, city, status FROM students WHERE id = 4712",
    );
    const [sums] = await ask(
      "SELECT sum(student_id) AS students, sum(course_id) AS courses, sum(price_cents) AS cents FROM enrollments",
    );
    expect({ student, sums }).toMatchSnapshot();
  });

  it("is skewed as real data are", async () => {
    const [skew] = await ask(`SELECT
      (SELECT count(*) FROM enrollments WHERE course_id = 1) AS hot,
      (SELECT count(*) FROM enrollments WHERE course_id = 1100) AS cold,
      (SELECT count(*) FROM students WHERE status = 'suspended') AS suspended,
      (SELECT count(*) FROM students WHERE phone IS NULL) AS phoneless,
      (SELECT count(*) FROM students WHERE city = 'Reykjavík' AND country <> 'IS') AS misplaced,
      (SELECT count(*) FROM payments WHERE status = 'disputed') AS disputed`);
    const number = (name: string): number => Number(skew?.[name]);
    expect(number("hot")).toBeGreaterThan(100 * number("cold"));
    expect(number("suspended") / 50_000).toBeLessThan(0.005);
    expect(number("phoneless") / 50_000).toBeGreaterThan(0.6);
    expect(number("misplaced")).toBe(0);
    expect(number("disputed")).toBeGreaterThan(50);
  });

  it("keeps every foreign key, though none was checked while the rows were made", async () => {
    const keys =
      await ask(`SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent,
      (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) AS column
      FROM pg_constraint WHERE contype = 'f'`);
    expect(keys.length).toBeGreaterThan(14);
    for (const { child, parent, column } of keys as readonly Record<
      string,
      string
    >[]) {
      const orphans = await ask(
        `SELECT count(*)::int AS n FROM ${child} AS c LEFT JOIN ${parent} AS p ON p.id = c.${column} WHERE c.${column} IS NOT NULL AND p.id IS NULL`,
      );
      expect({ child, column, orphans: orphans[0]?.["n"] }).toEqual({
        child,
        column,
        orphans: 0,
      });
    }
  });

  it("has statistics, the runner's journal and no index that nobody wrote down", async () => {
    const [state] = await ask(`SELECT
      (SELECT count(*)::int FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples < 0) AS unknown,
      (SELECT max(version)::int FROM schema_migrations WHERE NOT dirty) AS migrated,
      (SELECT count(*)::int FROM pg_namespace WHERE nspname = 'generator') AS left_over`);
    expect(state).toEqual({ unknown: 0, migrated: 4, left_over: 0 });
  });

  it("has counted what was really run", async () => {
    const queries = await ask(
      "SELECT calls::int, mean_exec_time AS ms, query FROM pg_stat_statements WHERE query LIKE 'SELECT%' ORDER BY calls DESC",
    );
    expect(
      queries.find(({ query }) => String(query).includes("WHERE email = $1"))?.[
        "calls"
      ],
    ).toBe(60);
    expect(queries.filter(({ ms }) => Number(ms) > 5).length).toBeGreaterThan(
      5,
    );
  });

  it("ends a query that would run for hours when it is restarted, and is back on the same port with all it had", async () => {
    const before = await serverPid();
    const endless = ask(
      "SELECT count(*) FROM enrollments a, enrollments b, enrollments c",
    );
    const outcome = endless.then(
      () => "finished",
      () => "ended",
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    await demo.restart();
    expect(await outcome).toBe("ended");
    expect(await serverPid()).not.toBe(before);
    const rows = await ask(
      "SELECT count(*)::int AS n FROM pg_stat_statements WHERE calls = 6 AND query LIKE '%WHERE email = $1%'",
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  it("comes back by itself after a crash", async () => {
    const before = await serverPid();
    process.kill(before, "SIGKILL");
    await expect
      .poll(
        () => ask("SELECT count(*)::int AS n FROM payments").catch(() => []),
        { timeout: 20_000 },
      )
      .toEqual([{ n: 100_000 }]);
    expect(await serverPid()).not.toBe(before);
  });

  it("listens on loopback only and says where", () => {
    expect(demo.target).toMatchObject({
      engine: "postgres",
      host: "127.0.0.1",
      sslMode: "disable",
    });
    expect(demo.target.port).toBeGreaterThan(1023);
  });

  it("makes nothing the next time, and starts from what is there", async () => {
    await demo.stop();
    steps.length = 0;
    demo = await start();
    expect(steps).toEqual(["a day's queries"]);
  });

  it("makes the data again when they were half made", async () => {
    await demo.stop();
    await rm(path.join(folder, "1", "prepared"));
    await writeFile(path.join(folder, "1", "data", "PG_VERSION"), "broken");
    steps.length = 0;
    demo = await start();
    expect(steps[0]).toBe("starting");
    expect(await ask("SELECT count(*)::int AS n FROM students")).toEqual([
      { n: 50_000 },
    ]);
  }, 180_000);

  it("can be cancelled while it is made, and leaves no process", async () => {
    const abort = new AbortController();
    const other = path.join(built.scratch, "cancelled");
    const starting = startDemo({
      folder: other,
      serverScript: built.serverScript,
      assetsFolder: built.assetsFolder,
      onProgress: () => {
        abort.abort();
      },
      signal: abort.signal,
    });
    expect(await starting).toEqual({ ok: false, error: { kind: "cancelled" } });
    const pid = Number(await readFile(path.join(other, "1.lock"), "utf8"));
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("says what is wrong with a folder that cannot be used", async () => {
    const file = path.join(built.scratch, "a-file");
    await writeFile(file, "");
    const started = await startDemo({
      folder: path.join(file, "data"),
      serverScript: built.serverScript,
      assetsFolder: built.assetsFolder,
      onProgress: silent,
      signal: never,
    });
    expect(started).toMatchObject({
      ok: false,
      error: { kind: "misconfigured" },
    });
    expect(existsSync(path.join(file, "data"))).toBe(false);
  });
});
