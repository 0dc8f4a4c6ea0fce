DROP TABLE submissions;
DROP TABLE progress_events;
DROP TABLE enrollments;
