-- Enrollments, progress and homework.

-- name: courses-of-a-student
-- Fine: an index on each side of the join.
SELECT c.title, e.status, e.progress_percent, e.enrolled_at
FROM enrollments AS e
JOIN courses AS c ON c.id = e.course_id
WHERE e.student_id = $1
ORDER BY e.enrolled_at DESC;

-- name: roster-of-a-course
-- The foreign key to courses has no index, and the newest ten are found by sorting all.
SELECT e.id, s.full_name, e.progress_percent, e.enrolled_at
FROM enrollments AS e
JOIN students AS s ON s.id = e.student_id
WHERE e.course_id = 742 AND e.status = 'active'
ORDER BY e.enrolled_at DESC
LIMIT 10;

-- name: latest-events
-- The activity feed: twenty rows wanted, the whole table sorted.
SELECT id, student_id, lesson_id, kind, occurred_at
FROM progress_events
ORDER BY occurred_at DESC
LIMIT 20;

-- name: events-of-a-student
-- Equality, order and limit: one composite index serves all three.
SELECT id, lesson_id, kind, payload
FROM progress_events
WHERE student_id = 31337 AND kind = 'quiz'
ORDER BY occurred_at DESC
LIMIT 20;

-- name: error-events
-- 0.3 % of the events.
SELECT id, student_id, payload ->> 'code' AS code, occurred_at
FROM progress_events
WHERE kind = 'error' AND occurred_at >= '2025-10-01'
ORDER BY occurred_at DESC
LIMIT 100;

-- name: ungraded-work
-- What a teacher sees first in the morning.
SELECT id, student_id, submitted_at
FROM submissions
WHERE lesson_id = 4804 AND state = 'submitted'
ORDER BY submitted_at
LIMIT 30;

-- name: flagged-in-english
-- An index on the student reads everything that this student ever handed in; jsonb is filtered afterwards.
SELECT id, lesson_id, submitted_at
FROM submissions
WHERE state = 'flagged' AND answers ->> 'language' = 'fr';

-- name: submissions-by-decimal-key
-- Some drivers send every number as numeric: the column is cast, and its index is out of the game.
SELECT id, lesson_id, state, score
FROM submissions
WHERE student_id = 4711::numeric;

-- name: last-score-per-student
-- A correlated subquery: run once for each student of the course.
SELECT
  s.id,
  s.full_name,
  (
    SELECT max(sub.graded_at)
    FROM submissions AS sub
    WHERE sub.lesson_id BETWEEN 4801 AND 4848 AND sub.state = 'graded' AND sub.student_id + 0 = s.id
  ) AS last_graded_at
FROM students AS s
WHERE s.status = 'suspended' AND s.country = 'DE';

-- name: how-many-completed
-- count(*) over a third of the table.
SELECT count(*)
FROM enrollments
WHERE status = 'completed';

-- name: leave-a-course
-- The enrollment goes, and payments are searched row by row: their foreign key has no index.
DELETE FROM enrollments
WHERE id = 123456;

-- name: remind-idle-students
-- Updates a few rows after reading all.
UPDATE enrollments
SET source = 'newsletter'
WHERE course_id = 1100 AND status = 'pending_refund';
