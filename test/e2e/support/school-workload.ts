/** A workspace with a workload: several tables without indexes, queries in three files, and one file of many generated queries. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { rosterQuery, smallSchoolTable } from "./small-school.ts";

const columns = Array.from({ length: 24 }, (_, at) => `c${String(at)}`);

/** Beside the enrollments: submissions of 120,000 rows, and a wide table that many queries read by any two columns. */
export const workloadSchema = `${smallSchoolTable}
CREATE TABLE submissions (id bigint PRIMARY KEY, enrollment_id bigint NOT NULL, handed_in_at timestamptz NOT NULL, points int);
INSERT INTO submissions SELECT n, n % 200000, '2026-01-01'::timestamptz + n * interval '1 minute', n % 100
FROM generate_series(1, 120000) AS n;
CREATE INDEX submissions_points_idx ON submissions (points);
CREATE INDEX submissions_points_again_idx ON submissions (points, handed_in_at);
CREATE TABLE wide (id bigint PRIMARY KEY, ${columns.map((name) => `${name} int`).join(", ")});
INSERT INTO wide SELECT n, ${columns.map((_, at) => `(n * ${String(7919 + at * 31)}) % ${String(50 + at * 40)}`).join(", ")}
FROM generate_series(1, 60000) AS n;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;`;

const wideQueries = columns.flatMap((one, at) =>
  columns
    .slice(at + 1, at + 7)
    .map(
      (other) =>
        `SELECT id FROM wide WHERE ${one} = 3 AND ${other} = 7 ORDER BY ${columns[(at + 9) % columns.length] ?? one} LIMIT 20;`,
    ),
);

const files: Readonly<Record<string, string>> = {
  "queries/roster.sql": `-- The newest of a course.\n${rosterQuery};\n\n-- Everything of one student.\nSELECT * FROM enrollments WHERE student_id = 7;\n`,
  "queries/handed-in.sql": `SELECT * FROM submissions WHERE enrollment_id = 12 ORDER BY handed_in_at DESC LIMIT 5;\n\nSELECT * FROM gone WHERE a = 1;\n`,
  "migrations/000001_start.up.sql": "SELECT 1;\n",
  "migrations/000001_start.down.sql": "SELECT 1;\n",
};

/** Writes the workspace into a temporary folder; the caller removes it. */
export function writeWorkload(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "planlens-workload-"));
  for (const name of ["queries", "migrations"])
    mkdirSync(path.join(folder, name));
  for (const [name, text] of Object.entries(files))
    writeFileSync(path.join(folder, name), text);
  return folder;
}

/** A search over these takes longer than a person who turns away. */
export function writeManyQueries(folder: string): void {
  writeFileSync(
    path.join(folder, "queries", "wide.sql"),
    wideQueries.join("\n"),
  );
}
