-- A small online school: deterministic, skewed, large enough for each operator and each rule.
CREATE TABLE students (id int PRIMARY KEY, email text NOT NULL, name text, joined timestamptz NOT NULL, city text, country text);
CREATE TABLE courses (id int PRIMARY KEY, title text NOT NULL, teacher_id int NOT NULL);
CREATE TABLE enrollments (id int PRIMARY KEY, course_id int NOT NULL REFERENCES courses, student_id int NOT NULL REFERENCES students,
  status varchar(20) NOT NULL, progress int NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE events (id int PRIMARY KEY, enrollment_id int NOT NULL REFERENCES enrollments, kind text NOT NULL,
  happened_at timestamptz NOT NULL, payload jsonb);
CREATE TABLE levels (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE payments (id int NOT NULL, paid_on date NOT NULL, amount numeric(10, 2) NOT NULL) PARTITION BY RANGE (paid_on);
CREATE TABLE payments_2023 PARTITION OF payments FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE payments_2024 PARTITION OF payments FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE payments_2025 PARTITION OF payments FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE visits (id int PRIMARY KEY, came_at timestamp NOT NULL, came_on date NOT NULL, note text);
CREATE TABLE captured (plan json);

INSERT INTO students SELECT i, 'student' || i || '@example.org', 'Student ' || i % 500, timestamptz '2023-01-01' + i * interval '30 minutes', 'City ' || i % 15, 'Country ' || i % 15 FROM generate_series(1, 20000) i;
INSERT INTO courses SELECT i, 'Course ' || i, i % 40 FROM generate_series(1, 500) i;
INSERT INTO enrollments SELECT i, 1 + (i * 7) % 500, 1 + (i * 13) % 20000,
  CASE WHEN i % 200 = 0 THEN 'refunded' WHEN i % 4 = 0 THEN 'finished' ELSE 'active' END, i % 101, timestamptz '2024-01-01' + i * interval '5 minutes'
  FROM generate_series(1, 60000) i;
INSERT INTO events SELECT i, 1 + (i::bigint * 31 % 59000)::int, CASE WHEN i % 50 = 0 THEN 'submitted' WHEN i % 3 = 0 THEN 'watched' ELSE 'opened' END,
  timestamptz '2024-02-01' + i * interval '1 minute', jsonb_build_object('score', i % 100) FROM generate_series(1, 100000) i;
INSERT INTO levels SELECT i, 'Level ' || i FROM generate_series(1, 20) i;
INSERT INTO payments SELECT i, date '2023-01-01' + i % 1090, (i % 900) / 3.0 FROM generate_series(1, 30000) i;
INSERT INTO visits SELECT i, t, t, 'Visit ' || i % 300 FROM generate_series(1, 20000) i, LATERAL (SELECT timestamp '2023-01-01' + i * interval '30 minutes' AS t) v;

-- A foreign table needs no second server: it reads a file that the server has written beside its own.
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE imported_grades (student_id int NOT NULL, grade int NOT NULL) SERVER files OPTIONS (filename 'imported_grades.csv', format 'csv');
DO $$ BEGIN
  EXECUTE format('COPY (SELECT i * 3, i %% 6 FROM generate_series(1, 2000) i) TO %L (FORMAT csv)', current_setting('data_directory') || '/imported_grades.csv');
END $$;
-- The server as its own neighbour: joins are sent to it as a whole.
CREATE EXTENSION postgres_fdw;
DO $$ BEGIN
  EXECUTE format('CREATE SERVER neighbour FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host ''127.0.0.1'', port %L, dbname %L)', current_setting('port'), current_database());
END $$;
CREATE USER MAPPING FOR CURRENT_USER SERVER neighbour;
CREATE FOREIGN TABLE neighbour_levels (id int NOT NULL, name text NOT NULL) SERVER neighbour OPTIONS (schema_name 'public', table_name 'levels');
CREATE FOREIGN TABLE neighbour_courses (id int NOT NULL, title text NOT NULL, teacher_id int NOT NULL) SERVER neighbour OPTIONS (schema_name 'public', table_name 'courses');

CREATE INDEX enrollments_student ON enrollments (student_id);
CREATE INDEX enrollments_course ON enrollments (course_id);
CREATE INDEX enrollments_created ON enrollments (created_at);
CREATE INDEX students_email ON students (email);
CREATE INDEX students_joined ON students (joined);
CREATE INDEX payments_2023_day ON payments_2023 (paid_on);
CREATE INDEX payments_2024_day ON payments_2024 (paid_on);
CREATE INDEX payments_2025_day ON payments_2025 (paid_on);

