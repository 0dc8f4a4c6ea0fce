import type { RuleId } from "../../src/core/findings/finding.ts";

/** A statement of the school's and what is to be said about it. */
export interface RuleCase {
  readonly name: string;
  /** Undefined: nothing may be said. */
  readonly rule: RuleId | undefined;
  readonly sql: string;
  readonly analyze: boolean;
  /** The text the finding points at. */
  readonly token?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

const alone = { max_parallel_workers_per_gather: "0" };
const small = { ...alone, work_mem: "'128kB'" };
const noHash = { ...alone, enable_hashjoin: "off", enable_mergejoin: "off" };

export const ruleCases: readonly RuleCase[] = [
  { name: "full-read", rule: "full-read", sql: "SELECT * FROM events WHERE kind = 'submitted'", analyze: true, token: "kind", settings: alone },
  { name: "full-read-planned", rule: "full-read", sql: "SELECT * FROM enrollments WHERE status = 'refunded'", analyze: false, token: "status", settings: alone },
  { name: "full-read-parallel", rule: "full-read", sql: "SELECT count(*) FROM events WHERE kind = 'submitted'", analyze: true, token: "kind", settings: { parallel_setup_cost: "0", min_parallel_table_scan_size: "0" } },
  { name: "full-read-partitions", rule: "full-read", sql: "SELECT id FROM payments AS p WHERE p.amount = 250", analyze: true, token: "p.amount", settings: alone },
  { name: "full-read-partitions-planned", rule: "full-read", sql: "SELECT * FROM payments WHERE amount = 250", analyze: false, token: "amount", settings: alone },
  { name: "full-read-call", rule: "full-read", sql: "SELECT * FROM events WHERE lower(kind) = 'submitted'", analyze: true, token: "kind", settings: alone },
  { name: "full-read-call-and-column", rule: "full-read", sql: "SELECT * FROM events v WHERE lower(v.kind) = 'submitted' AND v.payload = '{\"score\": 7}'", analyze: false, settings: alone },
  { name: "full-read-key", rule: "full-read", sql: "SELECT id FROM events WHERE payload ->> 'score' = '7'", analyze: false, token: "payload", settings: alone },
  { name: "full-read-compared-as", rule: "full-read", sql: "SELECT * FROM events WHERE enrollment_id = 77.0", analyze: false, token: "enrollment_id", settings: alone },
  { name: "full-read-formatted", rule: "full-read", sql: "SELECT id FROM events WHERE to_char(happened_at, 'YYYY-MM') = '2024-03'", analyze: false, token: "happened_at", settings: alone },
  { name: "full-read-day", rule: "full-read", sql: "SELECT id FROM visits v WHERE date_trunc('day', v.came_at) = '2023-12-31'", analyze: true, token: "v.came_at", settings: alone },
  { name: "full-read-day-of-zone", rule: "full-read", sql: "SELECT id FROM events WHERE happened_at::date = '2024-02-29'", analyze: true, token: "happened_at", settings: alone },
  { name: "full-read-today", rule: "full-read", sql: "SELECT id FROM events WHERE happened_at::date = current_date - 1", analyze: false, token: "happened_at", settings: alone },
  { name: "full-read-month", rule: "full-read", sql: "SELECT id FROM events WHERE date_trunc('month', happened_at) = date_trunc('month', now() - interval '1 month')", analyze: false, token: "happened_at", settings: alone },
  { name: "full-read-year", rule: "full-read", sql: "SELECT id FROM visits WHERE extract(year FROM came_at) = 2024", analyze: true, token: "came_at", settings: alone },
  { name: "full-read-amid-day", rule: "full-read", sql: "SELECT id FROM visits WHERE date_trunc('day', came_at) = '2023-12-31 12:00'", analyze: false, token: "came_at", settings: alone },
  { name: "sort-spills", rule: "sort-without-index", sql: "SELECT * FROM events ORDER BY payload", analyze: true, token: "payload", settings: { ...alone, work_mem: "'256kB'" } },
  { name: "sort-for-limit", rule: "sort-without-index", sql: "SELECT id, kind FROM events ORDER BY happened_at DESC LIMIT 20", analyze: false, token: "happened_at", settings: alone },
  { name: "sort-for-limit-run", rule: "sort-without-index", sql: "SELECT id, kind FROM events ORDER BY happened_at DESC LIMIT 20", analyze: true, token: "happened_at", settings: alone },
  { name: "row-estimate-off", rule: "row-estimate-off", sql: "SELECT * FROM students WHERE city = 'City 7' AND country = 'Country 7'", analyze: true, token: "city", settings: alone },
  { name: "row-estimate-off-below", rule: "row-estimate-off", sql: "SELECT count(*) FROM events v JOIN enrollments e ON e.id = v.enrollment_id WHERE v.id % 2 = v.id % 4", analyze: true, token: "events", settings: alone },
  { name: "index-filters-most", rule: "index-filters-most", sql: "SELECT * FROM enrollments WHERE created_at < '2024-03-01' AND progress = 17", analyze: true, token: "progress", settings: { ...alone, enable_seqscan: "off" } },
  { name: "index-filters-most-planned", rule: "index-filters-most", sql: "SELECT * FROM enrollments WHERE created_at < '2024-03-01' AND progress = 17", analyze: false, token: "progress", settings: { ...alone, enable_seqscan: "off", enable_indexscan: "off" } },
  { name: "hidden-column", rule: "hidden-column", sql: "SELECT id FROM students WHERE lower(email) = 'student77@example.org'", analyze: true, token: "email", settings: alone },
  { name: "hidden-by-cast", rule: "hidden-column", sql: "SELECT id FROM students WHERE joined::date = '2023-05-01'", analyze: false, token: "joined", settings: alone },
  { name: "hidden-by-implicit-cast", rule: "hidden-column", sql: "SELECT * FROM enrollments WHERE student_id = 77.0", analyze: true, token: "student_id", settings: alone },
  { name: "foreign-key-join", rule: "foreign-key-without-index", sql: "SELECT v.* FROM enrollments e JOIN events v ON v.enrollment_id = e.id WHERE e.student_id = 78", analyze: true, token: "v.enrollment_id", settings: alone },
  { name: "foreign-key-delete", rule: "foreign-key-without-index", sql: "DELETE FROM enrollments WHERE id = 59999", analyze: true, token: "enrollments" },
  { name: "foreign-key-delete-planned", rule: "foreign-key-without-index", sql: "DELETE FROM enrollments WHERE id = 59999", analyze: false, token: "enrollments" },
  { name: "costly-inner-side", rule: "costly-inner-side", sql: "SELECT count(*) FROM courses c JOIN enrollments e ON e.progress = c.teacher_id WHERE c.id < 30", analyze: true, token: "e.progress", settings: { ...noHash, enable_material: "off", enable_memoize: "off" } },
  { name: "costly-inner-side-planned", rule: "costly-inner-side", sql: "SELECT count(*) FROM courses c JOIN students s ON s.name < c.title", analyze: false, settings: noHash },
  { name: "offset", rule: "offset", sql: "SELECT * FROM events ORDER BY id OFFSET 50000 LIMIT 20", analyze: true, settings: alone },
  { name: "offset-planned", rule: "offset", sql: "SELECT * FROM events ORDER BY id LIMIT 20 OFFSET 50000", analyze: false, settings: alone },
  { name: "leading-wildcard", rule: "leading-wildcard", sql: "SELECT id FROM students WHERE email LIKE '%77@example.org'", analyze: true, settings: alone },
  { name: "leading-wildcard-two-letters", rule: "leading-wildcard", sql: "SELECT id FROM students WHERE email LIKE '%77%'", analyze: false, settings: alone },
  { name: "leading-wildcard-ilike", rule: "leading-wildcard", sql: "SELECT e.id FROM students s JOIN enrollments e ON e.student_id = s.id WHERE s.name ILIKE '%ent 77%'", analyze: false, settings: alone },
  { name: "correlated-subquery", rule: "correlated-subquery", sql: "SELECT c.id, (SELECT count(*) FROM events v WHERE v.kind = 'submitted' AND v.id % 500 = c.id) FROM courses c WHERE c.id <= 20", analyze: true, settings: alone },
  { name: "correlated-filter", rule: "correlated-subquery", sql: "SELECT * FROM courses c WHERE 100 < (SELECT count(*) FROM enrollments e WHERE e.course_id = c.id AND e.progress > 10)", analyze: false, settings: alone },
  { name: "unhashed-list", rule: "unhashed-list", sql: "SELECT * FROM students s WHERE s.id NOT IN (SELECT student_id FROM enrollments)", analyze: false, token: "s.id NOT IN (SELECT student_id FROM enrollments)", settings: small },
  { name: "unhashed-list-run", rule: "unhashed-list", sql: "SELECT * FROM students WHERE id <= 500 AND id NOT IN (SELECT student_id FROM enrollments)", analyze: true, token: "id NOT IN (SELECT student_id FROM enrollments)", settings: small },
  { name: "unhashed-list-of-cte", rule: "unhashed-list", sql: "WITH active AS MATERIALIZED (SELECT student_id FROM enrollments) SELECT * FROM students WHERE id NOT IN (SELECT student_id FROM active)", analyze: false, settings: small },
  { name: "unhashed-list-under-or", rule: "unhashed-list", sql: "SELECT * FROM students WHERE city = 'City 7' OR id IN (SELECT student_id FROM enrollments)", analyze: false, settings: small },
  { name: "unhashed-list-beyond-all", rule: "unhashed-list", sql: "SELECT * FROM students WHERE id > ALL (SELECT student_id FROM enrollments)", analyze: false, settings: alone },
  { name: "correlated-not-in", rule: "correlated-subquery", sql: "SELECT * FROM courses c WHERE c.teacher_id NOT IN (SELECT e.progress FROM enrollments e WHERE e.course_id > c.id)", analyze: false, settings: small },
  { name: "fine-primary-key", rule: undefined, sql: "SELECT * FROM students WHERE id = 77", analyze: true },
  { name: "fine-tiny-table", rule: undefined, sql: "SELECT * FROM levels WHERE name = 'Level 7' ORDER BY name LIMIT 1", analyze: true },
  { name: "fine-whole-table", rule: undefined, sql: "SELECT count(*) FROM enrollments", analyze: true, settings: alone },
  { name: "fine-index-order", rule: undefined, sql: "SELECT * FROM enrollments ORDER BY created_at LIMIT 20", analyze: true },
  { name: "fine-join-by-index", rule: undefined, sql: "SELECT * FROM courses c JOIN enrollments e ON e.course_id = c.id WHERE c.id = 7", analyze: true },
  { name: "fine-most-rows-kept", rule: undefined, sql: "SELECT * FROM events WHERE kind <> 'submitted'", analyze: true, settings: alone },
  { name: "fine-tiny-offset", rule: undefined, sql: "SELECT * FROM levels ORDER BY id LIMIT 5 OFFSET 10", analyze: true },
  { name: "fine-prefix", rule: undefined, sql: "SELECT id FROM levels WHERE name LIKE '%7'", analyze: true },
  { name: "fine-small-subquery", rule: undefined, sql: "SELECT l.id, (SELECT count(*) FROM levels m WHERE m.id < l.id) FROM levels l", analyze: true },
  { name: "fine-hashed-list", rule: undefined, sql: "SELECT id, id IN (SELECT teacher_id FROM courses) FROM students", analyze: false, settings: alone },
];
