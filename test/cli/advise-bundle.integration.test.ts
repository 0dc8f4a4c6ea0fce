import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findSchemaErrors } from "../support/advise-schema.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";
import { cliFile, runCli, startCli, type Run } from "./cli-runs.ts";

const schema = `
CREATE EXTENSION pg_stat_statements;
SET pg_stat_statements.track = 'none';
CREATE TABLE visits (id int PRIMARY KEY, visitor int NOT NULL, page int NOT NULL, at timestamptz NOT NULL);
INSERT INTO visits SELECT n, n % 5000, n % 300, timestamptz '2026-01-01' - n * interval '1 s' FROM generate_series(1, 60000) n;
ANALYZE visits;`;

interface Advice {
  readonly baselineCost: number;
  readonly cost: number;
  readonly ended: string;
  readonly indexes: readonly { readonly ddl: string; readonly proof: string }[];
  readonly queries: readonly {
    readonly name: string;
    readonly weight: number;
  }[];
  readonly leftOut: readonly { readonly reason: string }[];
  readonly notes: readonly string[];
}

function readAdvice({ out }: Run): Advice {
  expect(findSchemaErrors(out)).toEqual([]);
  return JSON.parse(out) as Advice;
}

/** A server that has neither HypoPG nor anything else but the statements that it counts. */
for (const major of [13, 15] as const)
  describeOn(major, "planlens advise without HypoPG", () => {
    let server: TestServer;
    let folder = "";
    const at = (name: string): string => path.join(folder, name);
    const quick = ["--time-limit", "20s", "--max-explains", "60"];

    beforeAll(async () => {
      folder = mkdtempSync(path.join(os.tmpdir(), "planlens-cli-"));
      // Servers run as another user when we are root.
      chmodSync(folder, 0o755);
      server = await startPostgres(major);
      await server.query(schema);
      for (let call = 0; call < 3; call += 1)
        await server.query(
          `SELECT count(*) FROM visits WHERE visitor = ${call}`,
        );
      await server.query(
        `SELECT id FROM visits WHERE page = 9 AND at > date '2025-12-31' - interval '1 day' ORDER BY at LIMIT 20`,
      );
      const exported = spawnSync(
        process.execPath,
        [
          cliFile,
          "twin",
          "export",
          "--with-statements",
          "--connection",
          server.url,
        ],
        { maxBuffer: 64 * 1024 ** 2 },
      );
      writeFileSync(at("bundle.json.gz"), exported.stdout);
      writeFileSync(
        at("work.sql"),
        "SELECT * FROM visits WHERE visitor = 7;\nSELECT nope FROM visits;\n",
      );
    });

    afterAll(async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test("plans the bundle's counted statements on a twin, without the server", () => {
      const run = runCli([
        "advise",
        "--bundle",
        at("bundle.json.gz"),
        "--format=json",
        ...quick,
        "--server",
        "15",
        "--all-queries",
      ]);
      const advice = readAdvice(run);
      expect(advice.leftOut).toEqual([]);
      expect(advice.queries.map(({ weight }) => weight)).toContain(3);
      expect(advice.indexes.length).toBeGreaterThan(0);
      expect(advice.indexes.every(({ proof }) => proof === "twin")).toBe(true);
      expect(advice.notes[0]).toMatch(
        new RegExp(
          `Planned on a twin of PostgreSQL ${major}.*on PostgreSQL 15`,
        ),
      );
      expect(run.code).toBe(0);
    });

    test("takes the bundle's counted statements beside a file's with --from-statements", () => {
      const { out } = runCli([
        "advise",
        at("work.sql"),
        "--bundle",
        at("bundle.json.gz"),
        "--from-statements",
        "--format=json",
        ...quick,
        "--server=15",
      ]);
      const { queries } = JSON.parse(out) as Advice;
      expect(queries.map(({ weight }) => weight)).toContain(3);
      expect(queries.map(({ name }) => name)).toContain(`${at("work.sql")}:1`);
    });

    test("looks at the files before it builds anything", () => {
      for (const command of [["advise"], ["twin", "build"]]) {
        const { err, code } = runCli([
          ...command,
          at("missing.sql"),
          "--bundle",
          at("bundle.json.gz"),
        ]);
        expect(err).toMatch(
          /^planlens: .*missing\.sql cannot be read: there is no such file\.\n$/,
        );
        expect(code).toBe(2);
      }
    });

    test("makes a twin by itself where the server has no HypoPG, and refuses --proof hypopg there", () => {
      const run = runCli([
        "advise",
        at("work.sql"),
        "--from-statements",
        "--connection",
        server.url,
        "--format=json",
        ...quick,
        "--server",
        "15",
      ]);
      const advice = readAdvice(run);
      expect(advice.indexes.map(({ ddl }) => ddl).join("\n")).toMatch(
        /ON public\.visits \(visitor/,
      );
      expect(advice.leftOut.map(({ reason }) => reason)).toEqual([
        expect.stringMatching(/column "nope" does not exist/),
      ]);
      expect(advice.queries.length).toBeGreaterThanOrEqual(3);
      expect(run.code).toBe(1);
      const refused = runCli([
        "advise",
        at("work.sql"),
        "--connection",
        server.url,
        "--proof=hypopg",
      ]);
      expect(refused.err).toMatch(/no HypoPG in this database/);
      expect(refused.code).toBe(2);
    });

    test("says what is wrong with a bundle that is cut, altered, newer or none", () => {
      const bytes = gunzipSync(readFileSync(at("bundle.json.gz")));
      const bundle = JSON.parse(bytes.toString("utf8")) as Record<
        string,
        unknown
      >;
      const packed = gzipSync(bytes);
      const cases: readonly (readonly [string, Buffer, RegExp])[] = [
        ["cut", packed.subarray(0, packed.length / 2), /cut short or damaged/],
        ["cut-text", bytes.subarray(0, bytes.length / 2), /bundle|JSON/i],
        [
          "altered",
          gzipSync(JSON.stringify({ ...bundle, relations: "none" })),
          /changed or cut after it was written/,
        ],
        [
          "newer",
          gzipSync(JSON.stringify({ ...bundle, version: 99 })),
          /newer|version/,
        ],
        ["other", gzipSync(JSON.stringify({ hello: 1 })), /bundle/],
        ["empty", Buffer.alloc(0), /bundle/i],
      ];
      for (const [name, content, sentence] of cases) {
        writeFileSync(at(name), content);
        const run = runCli(["advise", "--bundle", at(name)]);
        expect(run.err).toMatch(sentence);
        expect(run.err).toContain(name);
        expect(run.out).toBe("");
        expect(run.code).toBe(2);
      }
    });

    test.runIf(major === 15)(
      "an index that PostgreSQL refuses never stops the embedded server's search",
      () => {
        // The cast depends on the session's time zone, so it cannot be indexed.
        writeFileSync(
          at("cast.sql"),
          "SELECT id FROM visits WHERE at::date = '2025-12-31';\nSELECT * FROM visits WHERE visitor = 7;\n",
        );
        const run = runCli([
          "advise",
          at("cast.sql"),
          "--bundle",
          at("bundle.json.gz"),
          "--server=pglite",
          "--format=json",
          "--max-explains=10",
        ]);
        const advice = readAdvice(run);
        expect(advice.leftOut).toEqual([]);
        expect(advice.indexes.length).toBeGreaterThan(0);
        expect(run.code).toBe(0);
      },
      240_000,
    );

    test("Ctrl+C while the twin is made ends with 130 and leaves no server behind", async () => {
      const servers = mkdtempSync(path.join(folder, "servers-"));
      chmodSync(servers, 0o755);
      const run = startCli(
        ["advise", "--bundle", at("bundle.json.gz"), "--server", "15"],
        { env: { TMPDIR: servers } },
      );
      while (readdirSync(servers).length === 0)
        await new Promise((resolve) => setTimeout(resolve, 20));
      run.interrupt("group");
      const { code, out } = await run.ended;
      expect(code).toBe(130);
      expect(out).toBe("");
      expect(readdirSync(servers)).toEqual([]);
    });
  });
