import type { OperatorKind } from "../../src/core/plan/plan.ts";

/** A statement that makes a real server use certain operators. */
export interface Situation {
  readonly name: string;
  readonly sql: string;
  /** Planner settings that leave only the wished plan. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Statements run before, in the same transaction. */
  readonly before?: string;
  /** First version that has it. */
  readonly from?: number;
  readonly shows: readonly OperatorKind[];
}

const noHash = { enable_hashjoin: "off", enable_mergejoin: "off" };
const parallel = {
  parallel_setup_cost: "0",
  parallel_tuple_cost: "0",
  min_parallel_table_scan_size: "0",
  min_parallel_index_scan_size: "0",
  max_parallel_workers_per_gather: "2",
};

export const situations: readonly Situation[] = [
  { name: "seq-scan", sql: "SELECT * FROM events WHERE kind = 'submitted'", shows: ["seqScan"] },
  { name: "sample-scan", sql: "SELECT * FROM students TABLESAMPLE bernoulli (5) REPEATABLE (7) WHERE id > 10", shows: ["sampleScan"] },
  { name: "index-scan-backward", sql: "SELECT * FROM students WHERE id < 50 ORDER BY id DESC", settings: { enable_bitmapscan: "off" }, shows: ["indexScan"] },
  { name: "index-only-scan", sql: "SELECT id FROM students WHERE id BETWEEN 10 AND 40", settings: { enable_bitmapscan: "off" }, shows: ["indexOnlyScan"] },
  { name: "bitmap-and", sql: "SELECT * FROM enrollments WHERE course_id BETWEEN 5 AND 30 AND student_id BETWEEN 100 AND 1500", settings: { enable_indexscan: "off", enable_seqscan: "off" }, shows: ["bitmapHeapScan", "bitmapIndexScan", "bitmapAnd"] },
  { name: "bitmap-or", sql: "SELECT * FROM enrollments WHERE course_id = 5 OR student_id = 77", settings: { enable_seqscan: "off" }, shows: ["bitmapHeapScan", "bitmapOr"] },
  { name: "tid-scan", sql: "SELECT * FROM students WHERE ctid = '(0,1)'", shows: ["tidScan"] },
  { name: "tid-range-scan", sql: "SELECT * FROM students WHERE ctid < '(2,1)'", from: 14, shows: ["tidScan"] },
  { name: "subquery-scan", sql: "SELECT * FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM courses) numbered WHERE n > 490", shows: ["subqueryScan", "windowAgg"] },
  { name: "function-scan", sql: "SELECT * FROM generate_series(1, 100) AS g (i) WHERE i > 50", shows: ["functionScan"] },
  { name: "table-function-scan", sql: "SELECT * FROM xmltable('/r/v' PASSING XMLPARSE(DOCUMENT '<r><v>1</v><v>2</v></r>') COLUMNS n int PATH '.') AS x", shows: ["tableFunctionScan"] },
  { name: "values-scan", sql: "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) AS v (n, t) WHERE n > 1", shows: ["valuesScan"] },
  { name: "cte-scan-twice", sql: "WITH late AS MATERIALIZED (SELECT * FROM enrollments WHERE progress > 90) SELECT count(*) FROM late a JOIN late b ON a.student_id = b.student_id", settings: { enable_mergejoin: "off", enable_nestloop: "off" }, shows: ["cteScan", "hashJoin", "hash", "aggregate"] },
  { name: "recursive-union", sql: "WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 50) SELECT sum(n) FROM up", shows: ["recursiveUnion", "workTableScan", "cteScan"] },
  { name: "foreign-scan", sql: "SELECT * FROM imported_grades WHERE grade = 5", shows: ["foreignScan"] },
  { name: "foreign-scan-joined", sql: "SELECT s.email FROM imported_grades g JOIN students s ON s.id = g.student_id WHERE g.grade = 5", settings: { enable_mergejoin: "off", enable_nestloop: "off" }, shows: ["foreignScan", "hashJoin"] },
  { name: "foreign-join", sql: "SELECT l.name, c.title FROM neighbour_levels l JOIN neighbour_courses c ON c.id = l.id WHERE l.id < 9", shows: ["foreignScan"] },
  { name: "foreign-update", sql: "UPDATE neighbour_levels SET name = name || '!' WHERE id < 4", shows: ["modifyTable", "foreignScan"] },
  { name: "foreign-insert", sql: "INSERT INTO neighbour_levels SELECT 100 + i, 'x' FROM generate_series(1, 5) i", shows: ["modifyTable", "functionScan"] },
  { name: "nested-loop", sql: "SELECT * FROM courses c JOIN enrollments e ON e.course_id = c.id WHERE c.teacher_id = 3", settings: { ...noHash, enable_material: "off" }, shows: ["nestedLoop"] },
  { name: "materialized-inner-side", sql: "SELECT count(*) FROM courses c JOIN levels l ON c.title > l.name || c.teacher_id", settings: noHash, shows: ["nestedLoop", "materialize"] },
  { name: "memoize", sql: "SELECT count(*) FROM enrollments e JOIN courses c ON c.id = e.course_id WHERE e.progress = 5", from: 14, settings: noHash, shows: ["memoize", "nestedLoop"] },
  { name: "hash-left-join", sql: "SELECT * FROM students s LEFT JOIN enrollments e ON e.student_id = s.id AND e.progress > 50 WHERE s.id < 9000", settings: { enable_mergejoin: "off" }, shows: ["hashJoin"] },
  { name: "anti-join", sql: "SELECT * FROM students s WHERE NOT EXISTS (SELECT FROM enrollments e WHERE e.student_id = s.id AND e.status = 'active')", shows: ["hashJoin"] },
  { name: "merge-join", sql: "SELECT * FROM enrollments e JOIN students s ON s.id = e.student_id", settings: { enable_hashjoin: "off", enable_nestloop: "off" }, shows: ["mergeJoin"] },
  { name: "merge-full-join", sql: "SELECT * FROM (SELECT id FROM courses) a FULL JOIN (SELECT id FROM levels) b USING (id)", settings: { enable_hashjoin: "off" }, shows: ["mergeJoin", "sort"] },
  { name: "sort-spills", sql: "SELECT * FROM events ORDER BY payload", settings: { work_mem: "'256kB'", max_parallel_workers_per_gather: "0" }, shows: ["sort"] },
  { name: "incremental-sort", sql: "SELECT * FROM enrollments ORDER BY created_at, progress LIMIT 500", settings: { enable_seqscan: "off" }, shows: ["incrementalSort", "limit"] },
  { name: "top-n-sort", sql: "SELECT * FROM events ORDER BY happened_at DESC LIMIT 20", settings: { max_parallel_workers_per_gather: "0" }, shows: ["sort", "limit"] },
  { name: "hash-aggregate", sql: "SELECT kind, count(*) FROM events GROUP BY kind HAVING count(*) > 10", settings: { max_parallel_workers_per_gather: "0" }, shows: ["aggregate"] },
  { name: "grouping-sets", sql: "SELECT status, progress, count(*) FROM enrollments GROUP BY CUBE (status, progress)", settings: { max_parallel_workers_per_gather: "0" }, shows: ["aggregate"] },
  { name: "rollup-sorted", sql: "SELECT status, progress, count(*) FROM enrollments GROUP BY ROLLUP (status, progress)", settings: { max_parallel_workers_per_gather: "0", enable_hashagg: "off" }, shows: ["aggregate", "sort"] },
  { name: "group", sql: "SELECT title FROM courses GROUP BY title", settings: { enable_hashagg: "off" }, shows: ["group"] },
  { name: "window", sql: "SELECT *, sum(progress) OVER w FROM enrollments WHERE course_id = 7 WINDOW w AS (PARTITION BY status ORDER BY created_at)", shows: ["windowAgg"] },
  { name: "unique", sql: "SELECT DISTINCT teacher_id FROM courses ORDER BY teacher_id", settings: { enable_hashagg: "off" }, shows: ["unique"] },
  { name: "set-op", sql: "SELECT id FROM students WHERE id < 500 EXCEPT SELECT student_id FROM enrollments WHERE progress = 3", shows: ["setOp"] },
  { name: "intersect-all", sql: "SELECT id FROM courses INTERSECT ALL SELECT course_id FROM enrollments WHERE progress = 3", settings: { enable_hashagg: "off" }, shows: ["setOp"] },
  { name: "lock-rows", sql: "SELECT * FROM courses WHERE id < 5 FOR UPDATE", shows: ["lockRows"] },
  { name: "append-partitions", sql: "SELECT * FROM payments WHERE amount > 299", settings: { max_parallel_workers_per_gather: "0" }, shows: ["append"] },
  { name: "append-never-executed", sql: "SELECT * FROM payments WHERE paid_on = (SELECT date '2024-03-01')", shows: ["append"] },
  { name: "merge-append", sql: "SELECT * FROM (SELECT id, joined AS at FROM students UNION ALL SELECT id, created_at FROM enrollments) u ORDER BY at LIMIT 30", shows: ["mergeAppend"] },
  { name: "gather", sql: "SELECT count(*) FROM events WHERE kind = 'watched'", settings: parallel, shows: ["gather", "aggregate"] },
  { name: "gather-merge", sql: "SELECT * FROM events WHERE kind = 'watched' ORDER BY payload", settings: { ...parallel, work_mem: "'512kB'" }, shows: ["gatherMerge", "sort"] },
  { name: "parallel-hash-join", sql: "SELECT count(*) FROM events v JOIN enrollments e ON e.id = v.enrollment_id WHERE e.status = 'active'", settings: { ...parallel, enable_nestloop: "off", enable_mergejoin: "off" }, shows: ["gather", "hashJoin"] },
  { name: "parallel-nested-loop", sql: "SELECT count(*) FROM events v JOIN enrollments e ON e.id = v.enrollment_id WHERE v.kind = 'submitted'", settings: { ...parallel, ...noHash }, shows: ["gather", "nestedLoop"] },
  { name: "leader-waits", sql: "SELECT count(*) FROM events WHERE kind = 'watched'", settings: { ...parallel, parallel_leader_participation: "off" }, shows: ["gather"] },
  { name: "one-time-filter", sql: "SELECT * FROM courses WHERE (SELECT false)", shows: ["result"] },
  { name: "project-set", sql: "SELECT id, generate_series(1, 3) FROM courses WHERE id < 10", shows: ["projectSet"] },
  { name: "insert", sql: "INSERT INTO levels SELECT 100 + i, 'x' FROM generate_series(1, 10) i", shows: ["modifyTable"] },
  { name: "insert-on-conflict", sql: "INSERT INTO levels VALUES (1, 'x'), (99, 'y') ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE levels.id < 5", shows: ["modifyTable"] },
  { name: "update", sql: "UPDATE courses SET title = title WHERE teacher_id = 4", shows: ["modifyTable"] },
  { name: "delete-with-trigger", sql: "DELETE FROM enrollments WHERE id IN (59998, 59999)", shows: ["modifyTable"] },
  { name: "merge", sql: "MERGE INTO levels l USING (VALUES (1, 'a'), (50, 'b')) v (id, name) ON l.id = v.id WHEN MATCHED THEN UPDATE SET name = v.name WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.name)", from: 15, shows: ["modifyTable"] },
  { name: "writing-cte", sql: "WITH gone AS (DELETE FROM levels WHERE id > 10 RETURNING id) SELECT 1", shows: ["modifyTable", "result"] },
  { name: "writing-cte-read", sql: "WITH gone AS (DELETE FROM levels WHERE id > 10 RETURNING id) SELECT * FROM gone LIMIT 2", shows: ["modifyTable", "cteScan"] },
  { name: "correlated-subplan", sql: "SELECT c.id, (SELECT max(created_at) FROM enrollments e WHERE e.course_id = c.id AND e.status = 'active') FROM courses c", shows: ["seqScan"] },
  { name: "filter-subplan", sql: "SELECT * FROM courses c WHERE 100 < (SELECT count(*) FROM enrollments e WHERE e.course_id = c.id AND e.progress > 10)", shows: ["seqScan"] },
  { name: "hashed-subplan", sql: "SELECT * FROM students WHERE id NOT IN (SELECT student_id FROM enrollments WHERE progress > 3)", shows: ["seqScan"] },
  { name: "init-plans", sql: "SELECT * FROM enrollments WHERE progress > (SELECT avg(progress) FROM enrollments) AND created_at > (SELECT min(created_at) FROM enrollments) LIMIT 10", shows: ["limit"] },
  { name: "never-executed", sql: "SELECT * FROM courses c JOIN enrollments e ON e.course_id = c.id WHERE c.id = -1", settings: noHash, shows: ["nestedLoop"] },
  { name: "disabled", sql: "SELECT count(*) FROM levels", settings: { enable_seqscan: "off", enable_indexscan: "off", enable_indexonlyscan: "off", enable_bitmapscan: "off" }, shows: ["seqScan"] },
];
