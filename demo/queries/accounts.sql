-- Students: signing in, looking up, listing.

-- name: student-by-email
-- Fine: the unique index answers it.
SELECT id, full_name, status, preferences
FROM students
WHERE email = $1;

-- name: login-ignoring-case
-- Addresses are compared without case, so the index on email cannot help.
SELECT id, full_name, status
FROM students
WHERE lower(email) = lower('Student4712@Example.com');

-- name: email-domain
-- "Which students signed up with the old school address?" A pattern that starts with a wildcard.
SELECT id, email, created_at
FROM students
WHERE email LIKE '%@school.example'
ORDER BY created_at DESC
LIMIT 50;

-- name: deep-page
-- Page 1,201 of the student list: 30,000 rows are sorted and thrown away first.
SELECT id, full_name, created_at
FROM students
ORDER BY created_at DESC
LIMIT 25 OFFSET 30000;

-- name: next-page-by-key
-- Fine: the same list, continued after the last key that was seen.
SELECT id, enrollment_id, kind, occurred_at
FROM progress_events
WHERE id > $1
ORDER BY id
LIMIT 25;

-- name: students-of-a-city
-- The city decides the country; the planner multiplies the two as if they were unrelated.
SELECT id, full_name
FROM students
WHERE country = 'IS' AND city = 'Reykjavík' AND status = 'active'
ORDER BY last_seen_at DESC NULLS LAST
LIMIT 20;

-- name: suspended-students
-- A rare status: 0.4 % of the rows, found by reading all of them.
SELECT id, full_name, email, last_seen_at
FROM students
WHERE status = 'suspended'
ORDER BY last_seen_at DESC
LIMIT 100;

-- name: beta-testers
-- jsonb containment without a GIN index.
SELECT id, full_name, preferences ->> 'theme' AS theme
FROM students
WHERE preferences @> '{"beta": true, "newsletter": true}';

-- name: students-without-enrollment
-- NOT IN keeps the whole list of the other side; NOT EXISTS would be an anti join.
SELECT id, email
FROM students
WHERE id NOT IN (SELECT student_id FROM enrollments);
