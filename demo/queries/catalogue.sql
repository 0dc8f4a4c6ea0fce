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

-- name: courses-of-a-similar-price
-- "You may also like": every course is compared with every other one, since no index narrows the inner side.
SELECT a.id, a.title, b.id AS other_id, b.title AS other_title
FROM courses AS a
JOIN courses AS b ON b.price_cents BETWEEN a.price_cents - 200 AND a.price_cents + 200 AND b.id <> a.id
WHERE a.category = 'art';
