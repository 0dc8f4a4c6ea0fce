DROP TABLE students;
DROP TABLE teachers;
