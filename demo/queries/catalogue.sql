-- Courses: finding one, showing one.

-- name: course-by-slug
-- Fine: the unique index answers it.
SELECT id, title, description, price_cents, tags
FROM courses
WHERE slug = $1;

-- name: course-search
-- Fine: full text with a GIN index.
SELECT id, title, ts_rank(search, websearch_to_tsquery('english', $1)) AS rank
FROM courses
WHERE search @@ websearch_to_tsquery('english', $1)
ORDER BY rank DESC
LIMIT 20;

-- name: lessons-of-a-module
-- Fine: the unique index gives the rows in their order.
SELECT id, position, title, kind, duration_seconds
FROM lessons
WHERE module_id = $1
ORDER BY position;

-- name: popular-courses
-- Array containment on a small table: reading all of it is the right thing to do.
SELECT id, title, tags
FROM courses
WHERE tags @> ARRAY['popular', 'live'];

-- name: lessons-with-handouts
-- jsonb containment over every lesson.
SELECT id, title, attachments
FROM lessons
WHERE attachments @> '[{"file": "handout-4210.pdf"}]';

-- name: top-teachers
-- Fine: a tiny table.
SELECT full_name, rating
FROM teachers
WHERE rating IS NOT NULL
ORDER BY rating DESC, full_name
LIMIT 10;
