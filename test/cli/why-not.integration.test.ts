import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";
import { cliFile, runCli, type Run } from "./cli-runs.ts";

const run = (...args: readonly string[]): Run => runCli(["why-not", ...args]);

describeOn("15-hypopg", "planlens why-not", () => {
  let server: TestServer;
  let folder = "";
  let file = "";

  beforeAll(async () => {
    expect(
      existsSync(cliFile),
      "dist/cli.js is missing: run npm run build",
    ).toBe(true);
    folder = mkdtempSync(path.join(os.tmpdir(), "planlens-why-not-"));
    file = path.join(folder, "visits.sql");
    writeFileSync(
      file,
      "SELECT 1;\n\nSELECT id\nFROM visits\n\tWHERE abs(visitor) = 7;\n",
    );
    server = await startPostgres("15-hypopg");
    await server.query(`CREATE EXTENSION hypopg; CREATE TABLE visits (id int PRIMARY KEY, visitor int, at timestamptz);
      INSERT INTO visits SELECT n, n % 5000, now() FROM generate_series(1, 50000) n; CREATE INDEX visits_visitor ON visits (visitor)`);
    await server.query("ANALYZE visits");
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("underlines the token of each cause in its line, and ends with 0", () => {
    const { code, out } = run(
      `${file}:4`,
      "--index",
      "visits_visitor",
      "--connection",
      server.url,
    );
    expect(out).toBe(
      [
        `${file}:3  visits_visitor is not used.`,
        "  cost 1,021 · index 480 kB",
        "  1. abs(visitor) hides visitor from the index, which holds the bare values; compare the bare column, or build the index on the expression.",
        "     5 | \tWHERE abs(visitor) = 7",
        "       | \t      ^^^^^^^^^^^^",
        "",
      ].join("\n"),
    );
    expect(code).toBe(0);
  });

  test("tells programs the same, with lines and columns from 1", () => {
    const { code, out } = run(
      `${file}:3`,
      "--index=CREATE INDEX ON visits (at)",
      "--format=json",
      `--connection=${server.url}`,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      line: 3,
      index: { table: "visits", exists: false },
      used: false,
      causes: [
        {
          kind: "leadingColumn",
          token: { text: "visits", line: 4, column: 6 },
          indexKey: "at",
        },
      ],
    });
  });

  test("an index that would be used says so", () => {
    const { out } = run(
      `${file}:3`,
      "--index",
      "CREATE INDEX visits_abs ON visits (abs(visitor))",
      "--connection",
      server.url,
    );
    expect(out).toMatch(
      /visits_abs is used: the plan reads it by Bitmap Index Scan/,
    );
  });

  test("what is missing is said in one sentence, with the exit code of its kind", () => {
    const connection = ["--connection", server.url];
    const index = ["--index", "visits_visitor"];
    const wrong: readonly (readonly [number, RegExp, readonly string[]])[] = [
      [2, /needs one FILE\.sql/, index],
      [2, /--index is missing/, [file]],
      [2, /holds 2 statements: give the line of one/, [file, ...index]],
      [2, /has no statement at line 99/, [`${file}:99`, ...index]],
      [2, /cannot be read/, ["nothing.sql", ...index]],
      [2, /--format is text or json/, [file, ...index, "--format", "xml"]],
      [
        1,
        /has an index nothing/,
        [`${file}:3`, "--index", "nothing", ...connection],
      ],
      [
        3,
        /cannot be reached/,
        [
          `${file}:3`,
          ...index,
          "--connection",
          "postgresql://127.0.0.1:1/none",
        ],
      ],
    ];
    for (const [code, message, args] of wrong) {
      const told = run(...args);
      expect(told.err).toMatch(message);
      expect(told.code).toBe(code);
    }
  });
});
