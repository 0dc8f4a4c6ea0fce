import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { usualLog } from "../../src/cli/calibration.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";
import { cliFile, runCli, type Run } from "./cli-runs.ts";

test("the log lies where the XDG specification has state", () => {
  expect(usualLog({ XDG_STATE_HOME: "/var/state" }, "/home/ann")).toBe(
    path.join("/var/state", "planlens", "calibration.jsonl"),
  );
  for (const given of [undefined, "", "relative/folder"])
    expect(usualLog({ XDG_STATE_HOME: given }, "/home/ann")).toBe(
      path.join(
        "/home/ann",
        ".local",
        "state",
        "planlens",
        "calibration.jsonl",
      ),
    );
});

describeOn("15-hypopg", "planlens calibration", () => {
  let server: TestServer;
  let folder = "";
  let sql = "";

  const run = (...args: readonly string[]): Run =>
    runCli(["calibration", ...args], { env: { HOME: folder } });

  beforeAll(async () => {
    expect(
      existsSync(cliFile),
      "dist/cli.js is missing: run npm run build",
    ).toBe(true);
    folder = mkdtempSync(path.join(os.tmpdir(), "planlens-calibration-"));
    sql = path.join(folder, "q.sql");
    writeFileSync(sql, "SELECT * FROM visits WHERE visitor = 4711;\n");
    server = await startPostgres("15-hypopg");
    await server.query(`CREATE EXTENSION hypopg; CREATE TABLE visits (id int PRIMARY KEY, visitor int NOT NULL, at timestamptz);
      INSERT INTO visits SELECT n, n % 5000, now() FROM generate_series(1, 80000) n`);
    await server.query("VACUUM ANALYZE visits");
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("records promises, compares them when the index is there, and tells both", async () => {
    expect(run().out).toMatch(/^Nothing was promised yet/);
    const connection = ["--connection", server.url];
    const first = run("record", sql, ...connection);
    expect(first.out).toMatch(
      /^1 promised, 0 compared with what came, 0 not planned/,
    );
    expect(first.code).toBe(0);
    await server.query("CREATE INDEX mine ON visits (visitor)");
    const second = run("record", sql, ...connection);
    expect(second.out).toMatch(/^0 promised, 1 compared/);
    const { out } = run();
    expect(out).toMatch(
      /^proven by the planner: 1 of 1 built, 1 used, cost off by 1(\.0)?×, size off by/,
    );
    expect(out).toContain("for       SELECT * FROM visits WHERE visitor = ?");
    const told = JSON.parse(run("--format", "json").out) as unknown;
    expect(told).toMatchObject({
      levels: [{ proof: "planner", promised: 1, kept: 1, used: 1 }],
      promises: [{ outcome: { name: "mine" }, compared: { isUsed: true } }],
    });
    const log = path.join(folder, ".local/state/planlens/calibration.jsonl");
    expect(readFileSync(log, "utf8")).not.toContain("4711");
  });

  test("a statement that is not planned is told with the reason, and the end is 1", () => {
    const mixed = path.join(folder, "mixed.sql");
    writeFileSync(mixed, "SELECT 1;\nSELECT nope FROM visits;\n");
    const { code, out, err } = run("record", mixed, "--connection", server.url);
    expect(err).toMatch(
      /^planlens: .*mixed\.sql:2 was not planned\. column "nope" does not exist \(42703\)\.\n$/,
    );
    expect(out).toMatch(
      /^0 promised, 0 compared with what came, 1 not planned/,
    );
    expect(code).toBe(1);
  });

  test("lines that cannot be read are counted, and cost only themselves", () => {
    const log = path.join(folder, "damaged.jsonl");
    writeFileSync(log, '{"version":1,"kind":"prom\n\nnonsense\n');
    const { code, out, err } = run("--calibration", log);
    expect(err).toBe(
      `planlens: 2 lines of ${log} cannot be read, being damaged or of another release of PlanLens, and are passed over.\n`,
    );
    expect(out).toMatch(/^Nothing was promised yet/);
    expect(code).toBe(0);
  });

  test("what cannot be done is said in one sentence", () => {
    const wrong: readonly (readonly [number, RegExp, readonly string[]])[] = [
      [2, /knows "record", not "forget"/, ["forget"]],
      [2, /at least one FILE\.sql/, ["record"]],
      [2, /--format is text or json/, ["--format", "xml"]],
      [2, /cannot be read/, ["record", "nothing.sql"]],
      [
        2,
        /The calibration log .* cannot be used: it is a folder\./,
        ["--calibration", folder],
      ],
      [
        3,
        /cannot be reached/,
        ["record", sql, "--connection", "postgresql://127.0.0.1:1/none"],
      ],
    ];
    for (const [code, message, args] of wrong) {
      const told = run(...args);
      expect(told.err).toMatch(message);
      expect(told.code).toBe(code);
    }
  });
});
