import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runner as runMigrations } from "node-pg-migrate";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  test,
} from "vitest";
import { renderMigration } from "../../../src/core/migrations/catalogue.ts";
import type {
  MigrationFile,
  RunnerId,
} from "../../../src/core/migrations/migration.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import { enrollmentsIndex, listingOf } from "./samples.ts";

const name = "enrollments_course_id_created_at_idx";

describeOn("15-hypopg", "what the runners are given", () => {
  let server: TestServer;
  let folder: string;

  beforeAll(async () => {
    server = await startPostgres("15-hypopg");
  });
  afterAll(() => server.stop());

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "planlens-migrations-"));
    await server.query(
      "DROP TABLE IF EXISTS enrollments; CREATE TABLE enrollments AS SELECT n AS id, n % 50 AS course_id, now() AS created_at FROM generate_series(1, 1000) AS n",
    );
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function write(runner: RunnerId): readonly MigrationFile[] {
    const { files } = renderMigration(runner, {
      index: enrollmentsIndex,
      name,
      folder: "migrations",
      concurrently: true,
      now: new Date("2026-03-04T05:06:07.089Z"),
      listing: listingOf({}),
      reason: "Cost 48,210 → 12; proven by HypoPG",
    });
    for (const file of files) {
      const target = path.join(folder, file.path);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, file.content);
    }
    return files;
  }

  async function indexState(): Promise<string> {
    const [row] = await server.query(
      `SELECT coalesce((SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END FROM pg_index WHERE indexrelid = to_regclass('${name}')), 'absent') AS state`,
    );
    return String(row?.["state"]);
  }

  function psql(file: MigrationFile | undefined): string {
    const done = spawnSync(
      "psql",
      [
        server.url,
        "-X",
        "-v",
        "ON_ERROR_STOP=1",
        "-f",
        path.join(folder, file?.path ?? ""),
      ],
      { encoding: "utf8" },
    );
    return `${String(done.status)}${done.error?.message ?? ""}: ${done.stderr}`;
  }

  const hasPsql = spawnSync("psql", ["--version"]).status === 0;

  for (const runner of ["plain-sql", "prisma", "flyway"] as const)
    test.skipIf(!hasPsql)(
      `${runner}: psql builds a valid index from the file`,
      async () => {
        const [file] = write(runner);
        expect(psql(file)).toBe("0: ");
        expect(await indexState()).toBe("valid");
      },
    );

  test.skipIf(!hasPsql)(
    "golang-migrate: up builds, down drops, through psql",
    async () => {
      const [up, down] = write("golang-migrate");
      expect(psql(up)).toBe("0: ");
      expect(await indexState()).toBe("valid");
      expect(psql(down)).toBe("0: ");
      expect(await indexState()).toBe("absent");
    },
  );

  for (const runner of [
    "plain-sql",
    "golang-migrate",
    "flyway",
    "prisma",
  ] as const)
    test(`${runner}: the whole file as one string is outside a transaction`, async () => {
      const [file] = write(runner);
      await server.query(file?.content ?? "");
      expect(await indexState()).toBe("valid");
    });

  test("dbmate: each section as one string, as dbmate sends it, builds and drops", async () => {
    const content = write("dbmate")[0]?.content ?? "";
    const at = content.indexOf("-- migrate:down");
    await server.query(content.slice(0, at));
    expect(await indexState()).toBe("valid");
    await server.query(content.slice(at));
    expect(await indexState()).toBe("absent");
  });

  test("node-pg-migrate itself runs the file up and down", async () => {
    write("node-pg-migrate");
    writeFileSync(path.join(folder, "package.json"), '{ "type": "commonjs" }');
    const settings = {
      databaseUrl: server.url,
      dir: path.join(folder, "migrations"),
      migrationsTable: "pgmigrations",
      log: () => undefined,
    };
    await runMigrations({ ...settings, direction: "up" });
    expect(await indexState()).toBe("valid");
    await runMigrations({ ...settings, direction: "down" });
    expect(await indexState()).toBe("absent");
  });

  test("a header in front of CONCURRENTLY is harmless, a second statement is not", async () => {
    const [file] = write("plain-sql");
    await expect(
      server.query(`SET lock_timeout = '5s'; ${file?.content ?? ""}`),
    ).rejects.toMatchObject({
      code: "25001",
    });
  });
});
