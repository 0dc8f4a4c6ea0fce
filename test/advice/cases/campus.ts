import type { CaseSet, World } from "./case.ts";

/** Students, courses and grades: codes that are cut and folded, optional conditions, runs of rows, orders by CASE. */
const campus: World = {
  name: "campus",
  extensions: ["hypopg", "pg_trgm"],
  tables: [
    "faculties",
    "students",
    "courses",
    "enrolments",
    "grades",
    "loans",
    "papers",
  ],
  schema: `
CREATE TABLE faculties (id int PRIMARY KEY, name text NOT NULL, city text NOT NULL);
INSERT INTO faculties SELECT n, 'Faculty ' || n, 'city' || n % 9 FROM generate_series(1, 120) n;
CREATE TABLE students (id int PRIMARY KEY, code text NOT NULL, email text NOT NULL, first_name text NOT NULL, last_name text NOT NULL, phone text, faculty_id int NOT NULL, city text NOT NULL, zip text NOT NULL,
  enrolled_on date NOT NULL, left_on date, balance numeric(10, 2) NOT NULL, created_at timestamp NOT NULL, last_login timestamptz, data jsonb NOT NULL);
INSERT INTO students SELECT n, (ARRAY['BSC', 'BSC', 'MSC', 'PHD'])[pick(n, 1, 4)] || '-' || pick(n, 2, 900) || '-' || lpad(n::text, 6, '0'), 'S.' || pick(n, 3, 90000) || '@' || CASE WHEN n % 300 = 0 THEN 'guest' ELSE 'uni' || pick(n, 4, 30) END || '.edu',
  'F' || pick(n, 5, 900), 'L' || pick(n, 6, 5000), CASE WHEN n % 4 = 0 THEN NULL ELSE '0' || pick(n, 7, 99) || '-' || pick(n, 8, 999999) END, 1 + (119 * power(pick(n, 9, 1000) / 1001.0, 2))::int, 'C' || pick(n, 10, 700) % 200, 'Z' || pick(n, 10, 700),
  date '2015-01-01' + n / 22, CASE WHEN n % 9 <> 0 THEN date '2018-01-01' + n / 22 END, (pick(n, 11, 200000) - 4000) / 100.0, timestamp '2015-01-01' + n * interval '65 minutes', CASE WHEN n % 5 <> 0 THEN timestamptz '2025-01-01Z' + pick(n, 12, 250000) * interval '1 minute' END,
  jsonb_build_object('advisor', 'a' || pick(n, 13, 900), 'credits', pick(n, 14, 240)) || CASE WHEN n % 400 = 0 THEN '{"grant": "G1"}' ELSE '{}' END::jsonb FROM generate_series(1, 80000) n;
CREATE TABLE courses (id int PRIMARY KEY, code varchar(12) NOT NULL, title text NOT NULL, faculty_id int NOT NULL, summary text NOT NULL, term text NOT NULL);
INSERT INTO courses SELECT n, 'K' || lpad(pick(n, 1, 99999)::text, 6, '0'), 'Course in ' || md5((n % 4000)::text), pick(n, 2, 120), 'topic' || pick(n, 3, 3000) || ' and topic' || pick(n, 4, 3000), (ARRAY['2023W', '2024S', '2024W', '2025S'])[pick(n, 5, 4)] FROM generate_series(1, 20000) n;
CREATE TABLE enrolments (student_id int NOT NULL REFERENCES students (id), course_id int NOT NULL, status text NOT NULL, enrolled_at timestamptz NOT NULL, withdrawn_at timestamptz, PRIMARY KEY (student_id, course_id));
INSERT INTO enrolments SELECT pick(n, 1, 80000), 1 + (19990 * power(pick(n, 2, 100000) / 100001.0, 2))::int, CASE WHEN n % 200 = 0 THEN 'waiting' WHEN n % 11 = 0 THEN 'dropped' ELSE 'active' END, timestamptz '2023-01-01Z' + n * interval '5 minutes',
  CASE WHEN n % 11 = 0 THEN timestamptz '2023-02-01Z' + n * interval '5 minutes' END FROM generate_series(1, 220000) n ON CONFLICT DO NOTHING;
CREATE TABLE grades (id int PRIMARY KEY, student_id int NOT NULL, course_id int NOT NULL, points numeric(4, 1), graded_at timestamptz NOT NULL, grader text NOT NULL, kind text NOT NULL);
INSERT INTO grades SELECT n, pick(n, 1, 80000), 1 + (19990 * power(pick(n, 2, 100000) / 100001.0, 2))::int, CASE WHEN n % 70 <> 0 THEN pick(n, 3, 1000) / 10.0 END, timestamptz '2023-01-01Z' + n * interval '6 minutes', 'g' || pick(n, 4, 600), CASE WHEN n % 3 = 0 THEN 'exam' ELSE 'paper' END
  FROM generate_series(1, 180000) n;
CREATE TABLE loans (id int PRIMARY KEY, item_id int NOT NULL, run int NOT NULL, student_id int NOT NULL, taken_on date NOT NULL, due_on date NOT NULL, returned_on date);
INSERT INTO loans SELECT n, 1 + n % 15000, n / 15000, pick(n, 1, 80000), date '2022-01-01' + n / 100, date '2022-01-29' + n / 100, CASE WHEN n % 60 <> 0 THEN date '2022-01-01' + n / 100 + pick(n, 2, 40) END FROM generate_series(1, 120000) n;
CREATE TABLE papers (id int PRIMARY KEY, student_id int NOT NULL, title text, abstract text, data jsonb NOT NULL, state text NOT NULL, sent_at timestamptz NOT NULL);
INSERT INTO papers SELECT n, pick(n, 1, 80000), CASE WHEN n % 20 <> 0 THEN 'On topic' || pick(n, 2, 4000) || ' by ' || md5(n::text) END, 'word' || pick(n, 3, 4000) || ' and word' || pick(n, 4, 4000), jsonb_build_object('authors', jsonb_build_array('p' || pick(n, 5, 3000), 'p' || pick(n, 6, 3000)), 'pages', pick(n, 7, 90), 'final', n % 5 = 0),
  CASE WHEN n % 150 = 0 THEN 'review' ELSE 'done' END, timestamptz '2023-01-01Z' + n * interval '20 minutes' FROM generate_series(1, 50000) n;
`,
};

const joins: CaseSet["cases"] = [
  {
    title: "a join by a folded text",
    sql: "SELECT s.id FROM (VALUES ('S.5@uni3.edu'), ('s.77@uni1.edu')) v (mail) JOIN students s ON lower(s.email) = lower(v.mail)",
    ideal: ["students (lower(email))"],
    missed:
      "HypoPG 1.3 sees no expression on a table other than the first of its level",
  },
  {
    title: "the run after each run of an item",
    sql: "SELECT a.id, b.taken_on FROM loans a JOIN loans b ON b.item_id = a.item_id AND b.run = a.run + 1 WHERE a.item_id = 777",
    ideal: ["loans (item_id, run)"],
  },
  {
    title: "pairs of columns in a subquery's list",
    sql: "SELECT g.points FROM grades g WHERE (g.student_id, g.course_id) IN (SELECT e.student_id, e.course_id FROM enrolments e WHERE e.status = 'waiting' AND e.course_id = 15077)",
    ideal: [
      "enrolments (course_id) WHERE status = 'waiting'",
      "grades (student_id, course_id)",
    ],
  },
  {
    title: "an array put together by a subquery",
    sql: "SELECT id, points FROM grades WHERE student_id = ANY (ARRAY(SELECT id FROM students WHERE code = $1))",
    ideal: ["students (code)", "grades (student_id)"],
  },
  {
    title: "the last grade of each student of a faculty, as a column",
    sql: "SELECT s.id, (SELECT g.points FROM grades g WHERE g.student_id = s.id ORDER BY g.graded_at DESC LIMIT 1) FROM students s WHERE s.faculty_id = 117",
    ideal: ["students (faculty_id)", "grades (student_id, graded_at DESC)"],
  },
  {
    title: "a grade after a moment of the other table",
    sql: "SELECT e.course_id, g.points FROM enrolments e JOIN grades g ON g.student_id = e.student_id AND g.course_id = e.course_id AND g.graded_at > e.enrolled_at WHERE e.student_id = $1",
    ideal: ["grades (student_id, course_id)"],
  },
  {
    title: "an order over two tables",
    sql: "SELECT s.last_name, g.graded_at FROM grades g JOIN students s ON s.id = g.student_id ORDER BY g.graded_at DESC, s.last_name LIMIT 10",
    ideal: ["grades (graded_at DESC)"],
  },
  {
    title: "members of a document's array, for one student",
    sql: "SELECT p.id, a.name FROM papers p CROSS JOIN LATERAL jsonb_array_elements_text(p.data->'authors') AS a (name) WHERE p.student_id = $1",
    ideal: ["papers (student_id)"],
  },
  {
    title: "students of the faculties of a town who owe",
    sql: "SELECT s.id FROM students s WHERE s.balance < -35 AND s.faculty_id IN (SELECT id FROM faculties WHERE city = 'city3')",
    ideal: ["students (balance)"],
  },
  {
    title: "a student who goes, looked up by those who refer to him",
    sql: "DELETE FROM students WHERE id = $1",
    ideal: [],
  },
];

const conditions: CaseSet["cases"] = [
  {
    title: "a condition that may be left out",
    sql: "SELECT id, email FROM students WHERE ($1::int IS NULL OR faculty_id = $1) AND ($2::text IS NULL OR city = $2)",
    ideal: [],
  },
  {
    title: "a value or nothing, behind an equality",
    sql: "SELECT id FROM loans WHERE student_id = 777 AND (returned_on IS NULL OR returned_on > '2025-01-01')",
    ideal: ["loans (student_id)"],
  },
  {
    title: "two arms over the same columns",
    sql: "SELECT id FROM grades WHERE (student_id = 5 AND graded_at > '2025-01-01') OR (student_id = 9 AND graded_at > '2024-06-01')",
    ideal: ["grades (student_id, graded_at)"],
  },
  {
    title: "columns that say nearly the same",
    sql: "SELECT id, email FROM students WHERE city = 'C77' AND zip = 'Z477'",
    ideal: ["students (zip)"],
  },
  {
    title: "a count of others under a bound key",
    sql: "SELECT count(*) FROM grades WHERE grader = $1 AND kind <> $2",
    ideal: ["grades (grader)"],
  },
  {
    title: "between two numbers in any order",
    sql: "SELECT id FROM students WHERE balance BETWEEN SYMMETRIC $1 AND $2",
    ideal: ["students (balance)"],
  },
  {
    title: "a moment moved by an interval",
    sql: "SELECT id FROM students WHERE last_login + interval '30 days' < '2025-02-01'",
    ideal: [],
  },
  {
    title: "a moment without zone moved by an interval",
    sql: "SELECT id FROM students WHERE created_at + interval '30 days' < '2015-02-05'",
    ideal: ["students ((created_at + interval '30 days'))"],
  },
  {
    title: "the largest key of a rare state",
    sql: "SELECT max(id) FROM papers WHERE state = 'lost'",
    ideal: ["papers (id) WHERE state = 'lost'"],
  },
];

const written: CaseSet["cases"] = [
  {
    title: "the first letters of a code",
    sql: "SELECT id FROM students WHERE left(code, 7) = 'MSC-777'",
    ideal: ["students (left(code, 7))"],
  },
  {
    title: "a part of a code",
    sql: "SELECT id FROM students WHERE substring(code from 5 for 3) = '777'",
    ideal: ["students (substring(code from 5 for 3))"],
  },
  {
    title: "what stands behind the sign of an address",
    sql: "SELECT id, email FROM students WHERE split_part(email, '@', 2) = 'guest.edu'",
    ideal: ["students (split_part(email, '@', 2))"],
  },
  {
    title: "the end of an address, turned round",
    sql: "SELECT id FROM students WHERE reverse(email) LIKE 'ude.tseug@%'",
    ideal: ["students (reverse(email) text_pattern_ops)"],
  },
  {
    title: "a phone without its dashes, bound",
    sql: "SELECT id FROM students WHERE replace(phone, '-', '') = $1",
    ideal: ["students (replace(phone, '-', ''))"],
  },
  {
    title: "both names put together and folded",
    sql: "SELECT id FROM students WHERE lower(first_name || ' ' || last_name) = $1",
    ideal: ["students (lower(first_name || ' ' || last_name))"],
  },
  {
    title: "a remainder",
    sql: "SELECT id FROM students WHERE id % 1000 = 7",
    ideal: ["students ((id % 1000))"],
  },
  {
    title: "a day of a moment without zone",
    sql: "SELECT id FROM students WHERE date(created_at) = '2020-03-01'",
    ideal: ["students (date(created_at))"],
  },
  {
    title: "words of two columns that may be missing",
    sql: "SELECT id FROM papers WHERE to_tsvector('english', coalesce(title, '') || ' ' || coalesce(abstract, '')) @@ plainto_tsquery('english', 'word77 topic9')",
    ideal: [
      "papers USING gin (to_tsvector('english', coalesce(title, '') || ' ' || coalesce(abstract, '')))",
    ],
  },
  {
    title: "a beginning whatever its case, with trigrams",
    sql: "SELECT id, title FROM courses WHERE title ILIKE 'course in ab1%'",
    ideal: ["courses USING gin (title gin_trgm_ops)"],
  },
  {
    title: "a rare member of a document that is there",
    sql: "SELECT id FROM students WHERE data ? 'grant' AND left_on IS NULL",
    ideal: ["students USING gin (data)"],
  },
  {
    title: "a text of a document that is there",
    sql: "SELECT id FROM students WHERE data->>'grant' IS NOT NULL",
    ideal: ["students (id) WHERE data->>'grant' IS NOT NULL"],
    missed:
      "the planner takes nearly every row to have the key until the index has statistics",
  },
  {
    title: "a number of a document, largest first, among a faculty",
    sql: "SELECT id FROM students WHERE faculty_id = $1 AND (data->>'credits')::int >= 235",
    ideal: ["students (faculty_id, ((data->>'credits')::int))"],
  },
  {
    title: "an order by CASE",
    sql: "SELECT id, email FROM students ORDER BY CASE WHEN left_on IS NULL THEN 0 ELSE 1 END, last_name LIMIT 20",
    ideal: [
      "students ((CASE WHEN left_on IS NULL THEN 0 ELSE 1 END), last_name)",
    ],
  },
];

const lists: CaseSet["cases"] = [
  {
    title: "a page with the number of all rows",
    sql: "SELECT id, email, count(*) OVER () FROM students WHERE faculty_id = 100 ORDER BY last_name LIMIT 10",
    ideal: ["students (faculty_id)"],
  },
  {
    title: "the newest of some graders",
    sql: "SELECT id, points FROM grades WHERE grader IN ('g5', 'g77', 'g300') AND points IS NOT NULL ORDER BY graded_at DESC, id DESC LIMIT 20",
    ideal: ["grades (grader, graded_at DESC)"],
  },
  {
    title: "distinct graders",
    sql: "SELECT DISTINCT grader FROM grades",
    ideal: ["grades (grader)"],
  },
  {
    title: "items that nobody has taken for long",
    sql: "SELECT item_id FROM loans GROUP BY item_id HAVING max(taken_on) < '2024-12-01'",
    ideal: ["loans (item_id, taken_on)"],
  },
  {
    title: "the busiest graders of a week",
    sql: "SELECT grader, count(*) FROM grades WHERE graded_at >= '2024-11-01' AND graded_at < '2024-11-08' GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
    ideal: ["grades (graded_at)"],
  },
  {
    title: "days between the loans of an item",
    sql: "SELECT * FROM (SELECT item_id, taken_on - lag(taken_on) OVER (PARTITION BY item_id ORDER BY taken_on) AS gap FROM loans) x WHERE item_id = 4711 AND gap > 30",
    ideal: ["loans (item_id, taken_on)"],
  },
  {
    title: "what is overdue, longest first",
    sql: "SELECT id, student_id FROM loans WHERE returned_on IS NULL AND due_on < current_date ORDER BY due_on LIMIT 50",
    ideal: ["loans (due_on) WHERE returned_on IS NULL"],
  },
  {
    title: "loans that came back late, from a view of the query",
    sql: "WITH late AS (SELECT id, student_id, returned_on - due_on AS days FROM loans) SELECT student_id, days FROM late WHERE days > 11",
    ideal: ["loans ((returned_on - due_on))"],
  },
];

const nothing: CaseSet["cases"] = [
  {
    title: "a value or itself",
    sql: "SELECT id FROM students WHERE city = coalesce($1, city)",
    ideal: [],
  },
  {
    title: "texts by the number of their likeness",
    sql: "SELECT id FROM courses WHERE similarity(title, 'course in abc') > 0.6",
    ideal: [],
  },
  {
    title: "whether any row has a usual state",
    sql: "SELECT EXISTS (SELECT 1 FROM enrolments WHERE status = 'active')",
    ideal: [],
  },
  {
    title: "any one row of many",
    sql: "SELECT id FROM students WHERE left_on IS NOT NULL LIMIT 1",
    ideal: [],
  },
  {
    title: "the rows behind a key",
    sql: "SELECT * FROM grades WHERE id > $1 ORDER BY id LIMIT 100",
    ideal: [],
  },
  {
    title: "whole tables side by side",
    sql: "SELECT s.code, e.course_id FROM students s FULL JOIN enrolments e ON e.student_id = s.id",
    ideal: [],
  },
  {
    title: "numbers within documents, by a path with a range that most meet",
    sql: "SELECT id, data FROM papers WHERE data @? '$.pages ? (@ > 5)'",
    ideal: [],
  },
];

export const campusCases: CaseSet = {
  world: campus,
  prover: "hypopg",
  cases: [...joins, ...conditions, ...written, ...lists, ...nothing],
};
