import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  startPostgres,
  whyUnavailable,
  type TestServer,
} from "../support/servers.ts";
import { repositoryRoot } from "../support/server-binaries.ts";
import { cliFile, runCli, type Run } from "./cli-runs.ts";

describe.skipIf(whyUnavailable("15-hypopg") !== undefined)(
  "planlens explain",
  () => {
    let server: TestServer;
    let folder = "";
    const file = (name: string, text: string): string => {
      const full = path.join(folder, name);
      writeFileSync(full, text);
      return full;
    };

    beforeAll(async () => {
      expect(
        existsSync(cliFile),
        "dist/cli.js is missing: run npm run build",
      ).toBe(true);
      folder = mkdtempSync(path.join(os.tmpdir(), "planlens-cli-"));
      server = await startPostgres("15-hypopg");
      await server.query(`CREATE EXTENSION hypopg; CREATE TABLE visits (id int PRIMARY KEY, visitor int, at timestamptz);
      INSERT INTO visits SELECT n, n % 5000, now() - n * interval '1 s' FROM generate_series(1, 100000) n; ANALYZE visits;`);
    });

    afterAll(async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test("tells cost, finding, proven index and plan of each statement, and ends with 0", () => {
      const { code, out } = runCli([
        "explain",
        file("ok.sql", "SELECT * FROM visits WHERE visitor = 7;\n"),
        "--connection",
        server.url,
      ]);
      expect(out).toMatch(/ok\.sql:1/);
      expect(out).toMatch(/cost [\d,.]+k?/);
      expect(out).toMatch(/Reading all of visits/);
      expect(out).toMatch(/proven by the planner \(HypoPG/);
      expect(out).toMatch(
        /CREATE INDEX CONCURRENTLY \S+ ON public\.visits \(visitor\)/,
      );
      expect(out).toMatch(/Seq Scan on (public\.)?visits/);
      expect(code).toBe(0);
    });

    test("gives the same as one JSON document, read from standard input and PG variables", () => {
      const { host, port, user, database } = server.target;
      const { code, out } = runCli(["explain", "-", "--format", "json"], {
        input:
          "SELECT count(*) FROM visits;\nSELECT * FROM visits WHERE visitor = $1;\n",
        env: {
          PGHOST: host,
          PGPORT: String(port),
          PGUSER: user,
          PGDATABASE: database,
          PGSSLMODE: "disable",
        },
      });
      const told = JSON.parse(out) as {
        version: number;
        statements: {
          line: number;
          cost: number;
          suggestions: { ddl: string }[];
        }[];
      };
      expect(told.version).toBe(1);
      expect(told.statements.map(({ line }) => line)).toEqual([1, 2]);
      expect(told.statements.every(({ cost }) => cost > 0)).toBe(true);
      expect(told.statements[1]?.suggestions[0]?.ddl).toMatch(/\(visitor\)/);
      expect(code).toBe(0);
    });

    test("names the statement that cannot be planned, plans the others, and ends with 1", () => {
      const { code, out } = runCli(
        [
          "explain",
          file("half.sql", "SELEC 1;\nSELECT nope FROM visits;\nSELECT 1;\n"),
          "--summary",
        ],
        { env: { DATABASE_URL: server.url } },
      );
      expect(out).toMatch(/half\.sql:1[\s\S]*Not valid SQL/);
      expect(out).toMatch(/half\.sql:2[\s\S]*nope/);
      expect(out).toMatch(/half\.sql:3[\s\S]*cost 0\.01/);
      expect(code).toBe(1);
    });

    test("tells how many rows a writing statement returns only where it returns some", () => {
      const plan = (input: string): string =>
        runCli(["explain", "-", "--connection", server.url, "--summary"], {
          input,
        }).out;
      const update = "UPDATE visits SET at = now() WHERE id = 5";
      expect(plan(`${update};`)).toMatch(/^ {2}cost [\d.,]+$/m);
      expect(plan(`${update} RETURNING id;`)).toMatch(
        /^ {2}cost [\d.,]+ · about 1 row$/m,
      );
    });

    test("tells indexes that help only together both, also in short, and says so", async () => {
      await server.query(`CREATE TABLE pair (a int, b int, pad text);
      INSERT INTO pair SELECT n, n % 50021, repeat('x', 60) FROM generate_series(1, 100000) n; ANALYZE pair;`);
      const { out } = runCli(
        ["explain", "-", "--connection", server.url, "--summary"],
        { input: "SELECT * FROM pair WHERE a = 5 OR b = 7;" },
      );
      expect(out).toMatch(/ON public\.pair \(a\)\n.* holds together with/);
      expect(out).toMatch(/ON public\.pair \(b\)\n.* holds together with/);
    });

    test("leaves CONCURRENTLY out on a partitioned parent, which refuses it", async () => {
      await server.query(`CREATE TABLE parts (day date NOT NULL, k int) PARTITION BY RANGE (day);
      CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      INSERT INTO parts SELECT '2026-01-01'::date + n % 300, n FROM generate_series(1, 60000) n; ANALYZE parts;`);
      const { out } = runCli(
        ["explain", "-", "--connection", server.url, "--summary"],
        { input: "SELECT * FROM parts WHERE k = 5;" },
      );
      expect(out).toMatch(/CREATE INDEX \S+ ON public\.parts \(k\)/);
    });

    test("ends with 2 for a wrong command line or a file that cannot be read", () => {
      expect(runCli(["explain"]).code).toBe(2);
      expect(runCli(["explain", "x.sql", "--formatt"]).code).toBe(2);
      const missing = runCli([
        "explain",
        path.join(folder, "missing.sql"),
        "--connection",
        server.url,
      ]);
      expect(missing.err).toMatch(
        /missing\.sql cannot be read: there is no such file\.\n$/,
      );
      expect(missing.code).toBe(2);
    });

    test("plans only the statement at a line that is named", () => {
      const some = file(
        "some.sql",
        "SELECT 1;\n\nSELECT id\nFROM visits\nWHERE id = 3;\nSELECT 2; SELECT nope;\n",
      );
      const at = (line: number): Run =>
        runCli(["explain", `${some}:${line}`, "--connection", server.url]);
      expect(at(4).out).toMatch(/^.*some\.sql:3 {2}SELECT id FROM visits/);
      expect(at(4).out).not.toMatch(/SELECT 1|SELECT 2/);
      const none = at(2);
      expect(none.err).toMatch(
        /some\.sql has no statement at line 2; its statements begin at 1, 3, 6\.\n$/,
      );
      expect(none.code).toBe(2);
    });

    test("shows where in the file the server or the grammar found fault", () => {
      const { out } = runCli([
        "explain",
        file(
          "fault.sql",
          "SELECT id,\n  nope\nFROM visits;\nSELECT FROM WHERE;\n",
        ),
        "--connection",
        server.url,
      ]);
      expect(out).toMatch(
        /column "nope" does not exist \(42703\)\. Correct the statement\.\n {5}2 \| {3}nope\n {7}\| {3}\^{4}\n/,
      );
      expect(out).toMatch(
        /Nothing was sent\. Correct the statement\.\n {5}4 \| SELECT FROM WHERE\n {7}\| {13}\^{5}\n/,
      );
    });

    test("says of a file without a statement that it holds none, and of a folder that it is one", () => {
      const empty = runCli([
        "explain",
        file("empty.sql", "-- nothing yet\n"),
        "--connection",
        server.url,
      ]);
      expect(empty.err).toMatch(/empty\.sql holds no SQL statement\.\n$/);
      expect(empty.code).toBe(0);
      const asFolder = runCli(["explain", folder, "--connection", server.url]);
      expect(asFolder.err).toMatch(
        /cannot be read: it is a folder\. Name its files: .*\*\.sql\.\n$/,
      );
      expect(asFolder.code).toBe(2);
    });

    test("an unknown role is not asked for its password", () => {
      const url = server.url.replace(/\/\/[^@]*@/u, "//nobody_here@");
      const { err, code } = runCli([
        "explain",
        file("role.sql", "SELECT 1;"),
        "--connection",
        url,
      ]);
      expect(err).toMatch(
        /refused the user nobody_here: role "nobody_here" does not exist\. Name another user/,
      );
      expect(err).not.toMatch(/password/i);
      expect(code).toBe(3);
    });

    test("a mistyped option or command is answered with the one that was meant", () => {
      expect(runCli(["explain", "x.sql", "--conection", "x"]).err).toBe(
        "planlens: There is no option --conection; did you mean --connection? See planlens --help.\n",
      );
      expect(runCli(["advice", "a.sql"]).err).toMatch(
        /no command "advice"; did you mean advise\?/,
      );
    });

    test("ends with 70 and one line when it breaks by itself", () => {
      const folder = mkdtempSync(path.join(os.tmpdir(), "planlens-broken-"));
      const alone = path.join(folder, "cli.js");
      copyFileSync(cliFile, alone);
      // Without the grammar's WebAssembly beside it nothing can be read.
      const broken = runCli(["explain", "-", "--connection", server.url], {
        input: "SELECT 1",
        script: alone,
      });
      rmSync(folder, { recursive: true });
      expect(broken.code).toBe(70);
      expect(broken.err).toMatch(
        /^planlens: a fault in PlanLens itself \(.+\n$/m,
      );
    });

    test("ends with 3 when there is no connection, and never prints the password", () => {
      const sql = file("one.sql", "SELECT 1;");
      const { code, out, err } = runCli([
        "explain",
        sql,
        "--connection",
        "postgres://me:s3cretWord@127.0.0.1:1/app?sslmode=disable",
      ]);
      expect(code).toBe(3);
      expect(err).toMatch(/cannot be reached/);
      expect(out + err).not.toContain("s3cretWord");
    });

    const otherNode = path.join(
      repositoryRoot,
      "tools",
      "workbench",
      "node_modules",
      `node-linux-${process.arch}`,
      "bin",
      "node",
    );
    test.skipIf(!existsSync(otherNode))(
      "runs on the workbench's newer Node as well",
      () => {
        const { code, out } = runCli(
          [
            "explain",
            file("newer.sql", "SELECT 1;"),
            "--connection",
            server.url,
          ],
          { node: otherNode },
        );
        expect(out).toMatch(/cost 0\.01/);
        expect(code).toBe(0);
      },
    );
  },
);
