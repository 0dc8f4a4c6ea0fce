/** A workspace for a server with HypoPG: one skewed table, one query, migrations of golang-migrate. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const up = `CREATE TABLE enrollments (
  id bigint PRIMARY KEY,
  student_id bigint NOT NULL,
  course_id bigint NOT NULL,
  status text NOT NULL,
  enrolled_at timestamptz NOT NULL
);
`;

/** The table and its 200,000 rows. */
export const smallSchoolTable = `${up}
INSERT INTO enrollments
SELECT n, n % 40000, 1 + (n * 7919) % 900,
  CASE WHEN n % 50 = 0 THEN 'paused' ELSE 'active' END,
  '2026-01-01'::timestamptz + n * interval '1 minute'
FROM generate_series(1, 200000) AS n;`;

export const smallSchoolSchema = `${smallSchoolTable}
CREATE EXTENSION IF NOT EXISTS hypopg;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;`;

export const rosterQuery = `SELECT id, student_id, enrolled_at
FROM enrollments
WHERE course_id = 42 AND status = 'active'
ORDER BY enrolled_at DESC
LIMIT 10`;

/** Writes the workspace into a temporary folder; the caller removes it. */
export function writeSmallSchool(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "planlens-school-"));
  mkdirSync(path.join(folder, "queries"));
  mkdirSync(path.join(folder, "migrations"));
  writeFileSync(
    path.join(folder, "queries", "learning.sql"),
    `-- The newest of a course.\n${rosterQuery};\n`,
  );
  writeFileSync(
    path.join(folder, "migrations", "000001_create_enrollments.up.sql"),
    up,
  );
  writeFileSync(
    path.join(folder, "migrations", "000001_create_enrollments.down.sql"),
    "DROP TABLE enrollments;\n",
  );
  return folder;
}
