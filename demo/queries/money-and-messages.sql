-- Payments, sessions and messages.

-- name: payment-by-reference
-- The provider calls back with its own reference, which nobody indexed.
SELECT id, student_id, amount_cents, currency, status
FROM payments
WHERE provider_reference = 'pay_01cfcd4f6b8770febfb40cb906715822';

-- name: payments-of-one-day
-- There is an index on created_at; the cast to a date hides the column from it.
SELECT id, amount_cents, currency
FROM payments
WHERE created_at::date = '2025-03-14';

-- name: payments-of-a-range
-- Fine: the same day as a range.
SELECT id, amount_cents, currency
FROM payments
WHERE created_at >= '2025-03-14 00:00+00' AND created_at < '2025-03-15 00:00+00';

-- name: disputed-payments
-- A join that starts from a hundred rows, found by reading a hundred thousand.
SELECT p.id, p.amount_cents, s.email, e.course_id
FROM payments AS p
JOIN students AS s ON s.id = p.student_id
JOIN enrollments AS e ON e.id = p.enrollment_id
WHERE p.status = 'disputed'
ORDER BY p.created_at DESC;

-- name: payments-of-a-course
-- From enrollments to payments along a foreign key without an index, on both hops.
SELECT p.id, p.amount_cents, p.status, p.created_at
FROM enrollments AS e
JOIN payments AS p ON p.enrollment_id = e.id
WHERE e.course_id = 900;

-- name: open-tablet-sessions
-- The index on the device is used, and nearly all that it finds is filtered away.
SELECT id, student_id, started_at
FROM sessions
WHERE device = 'tablet' AND ended_at IS NULL
ORDER BY started_at DESC
LIMIT 50;

-- name: sessions-by-length
-- Sorts every session of the year; the sort does not fit into work_mem.
SELECT id, student_id, ended_at - started_at AS length
FROM sessions
WHERE ended_at IS NOT NULL
ORDER BY ended_at - started_at DESC, id;

-- name: messages-about-certificates
-- Searching in the middle of a text.
SELECT id, sender_id, body, sent_at
FROM messages
WHERE body ILIKE '%certificate is missing%'
ORDER BY sent_at DESC
LIMIT 25;

-- name: unread-messages
-- The inbox of one student.
SELECT id, sender_id, body, sent_at
FROM messages
WHERE recipient_id = 651 AND read_at IS NULL
ORDER BY sent_at DESC
LIMIT 20;

-- name: sent-or-received
-- OR over two columns, of which only one is indexed.
SELECT id, sender_id, recipient_id, sent_at
FROM messages
WHERE sender_id = 651 OR recipient_id = 651
ORDER BY sent_at DESC
LIMIT 20;
