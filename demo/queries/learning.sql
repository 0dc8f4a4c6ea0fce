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
WHERE student_id = 1126 AND kind = 'quiz'
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
WHERE lesson_id = 12 AND state = 'submitted'
ORDER BY submitted_at
LIMIT 30;

-- name: flagged-in-french
-- A rare state and a key inside jsonb, of which the planner knows nothing.
SELECT id, student_id, lesson_id, submitted_at
FROM submissions
WHERE state = 'flagged' AND answers ->> 'language' = 'fr'
ORDER BY submitted_at;

-- name: submissions-by-decimal-key
-- Some drivers send every number as numeric: the column is cast, and its index is out of the game.
SELECT id, lesson_id, state, score
FROM submissions
WHERE student_id = 4711::numeric;

-- name: last-visit-of-suspended-students
-- A correlated subquery over a foreign key without an index: every session is read again for each student.
SELECT
  s.id,
  s.full_name,
  (SELECT max(started_at) FROM sessions WHERE sessions.student_id = s.id) AS last_visit_at
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
WHERE id = 100012;

-- name: remind-idle-students
-- Updates a few rows after reading all.
UPDATE enrollments
SET source = 'newsletter'
WHERE course_id = 3 AND status = 'pending_refund';
