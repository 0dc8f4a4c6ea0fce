-- About a million rows, the same ones every time: every value is a hash of its row number and a stream number.
-- Lines that begin with "-- step:" cut this file into the pieces that are run, and reported, one by one.

-- step: functions
CREATE SCHEMA generator;

-- A number from 0 up to, not including, 1.
CREATE FUNCTION generator.fraction(row_number bigint, stream bigint) RETURNS double precision
  IMMUTABLE PARALLEL SAFE LANGUAGE sql
  RETURN (hashint8extended(row_number, 20250901 + stream) & 2147483647)::double precision / 2147483648;

-- One of a list; repeat a member to make it more common.
CREATE FUNCTION generator.pick(members text[], row_number bigint, stream bigint) RETURNS text
  IMMUTABLE PARALLEL SAFE LANGUAGE sql
  RETURN members[1 + floor(generator.fraction(row_number, stream) * array_length(members, 1))::integer];

-- 0 … below-1; a higher bend puts more of the rows on the low numbers.
CREATE FUNCTION generator.bent(below integer, bend double precision, row_number bigint, stream bigint) RETURNS bigint
  IMMUTABLE PARALLEL SAFE LANGUAGE sql
  RETURN floor(power(generator.fraction(row_number, stream), bend) * below)::bigint;

-- A few courses hold most of the enrollments, as on every platform.
CREATE FUNCTION generator.course_of(enrollment bigint) RETURNS bigint
  IMMUTABLE PARALLEL SAFE LANGUAGE sql
  RETURN 1 + generator.bent(1200, 3, enrollment, 1);

CREATE FUNCTION generator.student_of(enrollment bigint) RETURNS bigint
  IMMUTABLE PARALLEL SAFE LANGUAGE sql
  RETURN 1 + generator.bent(50000, 1.3, enrollment, 2);

-- step: 800 teachers
INSERT INTO teachers (email, full_name, subjects, rating, hired_on)
SELECT
  'teacher' || i || '@example.edu',
  generator.pick('{Ada,Grace,Alan,Emmy,Carl,Maria,Kofi,Wei,Lena,Omar}', i, 1) || ' '
    || generator.pick('{Meyer,Okafor,Silva,Novak,Tanaka,Haddad,Larsen,Rossi,Dubois,Khan}', i, 2),
  ARRAY[
    generator.pick('{mathematics,physics,history,programming,design,music}', i, 3),
    generator.pick('{languages,economics,statistics,writing}', i, 4)
  ],
  CASE WHEN generator.fraction(i, 5) < 0.8 THEN (3 + 2 * generator.fraction(i, 6))::numeric(3, 2) END,
  date '2018-01-01' + generator.bent(2400, 1, i, 7)::integer
FROM generate_series(1, 800) AS i;

-- step: 50,000 students
-- The city depends on the country: two columns that the planner takes for independent.
INSERT INTO students (email, full_name, country, city, status, phone, preferences, created_at, last_seen_at)
SELECT
  'student' || i || '@' || CASE
    WHEN generator.fraction(i, 9) < 0.006 THEN 'school.example'
    ELSE generator.pick('{example.com,example.com,example.com,example.org,mail.example}', i, 10)
  END,
  generator.pick('{Mia,Noah,Yuki,Amir,Sofia,Liam,Zoe,Ivan,Aisha,Chen,Paulo,Ines}', i, 11) || ' '
    || generator.pick('{Smith,Müller,García,Kowalski,Nguyen,Rossi,Andersson,Yamada,Diallo,Martin}', i, 12),
  country,
  CASE country
    WHEN 'DE' THEN generator.pick('{Berlin,Berlin,Hamburg,München,Köln}', i, 14)
    WHEN 'FR' THEN generator.pick('{Paris,Paris,Paris,Lyon,Lille}', i, 14)
    WHEN 'BR' THEN generator.pick('{"São Paulo",Recife,Salvador}', i, 14)
    WHEN 'JP' THEN generator.pick('{Tokyo,Tokyo,Osaka}', i, 14)
    WHEN 'IS' THEN 'Reykjavík'
    ELSE generator.pick('{Boston,Chicago,Austin,Seattle,Denver,Portland}', i, 14)
  END,
  CASE
    WHEN generator.fraction(i, 15) < 0.004 THEN 'suspended'
    WHEN generator.fraction(i, 15) < 0.03 THEN 'graduated'
    WHEN generator.fraction(i, 15) < 0.09 THEN 'paused'
    ELSE 'active'
  END,
  CASE WHEN generator.fraction(i, 16) < 0.3 THEN '+1555' || lpad(i::text, 7, '0') END,
  jsonb_build_object(
    'theme', generator.pick('{dark,light,light,light}', i, 17),
    'newsletter', generator.fraction(i, 18) < 0.2,
    'beta', generator.fraction(i, 19) < 0.01
  ),
  timestamptz '2022-01-01 00:00+00' + i * interval '38 minutes',
  CASE WHEN generator.fraction(i, 20) < 0.85
    THEN timestamptz '2025-12-31 00:00+00' - power(generator.fraction(i, 21), 2) * interval '300 days' END
FROM generate_series(1, 50000) AS i,
  LATERAL (SELECT generator.pick('{US,US,US,US,DE,DE,FR,BR,JP,US,US,DE,FR,US,US,US,US,US,US,IS}', i, 13)) AS lives(country)
ORDER BY i;

-- step: 1,200 courses
INSERT INTO courses
  (teacher_id, slug, title, description, category, level, language, tags, metadata, price_cents, published_at)
SELECT
  1 + generator.bent(800, 1.5, i, 30),
  'course-' || i,
  generator.pick('{Introduction to,Advanced,Practical,"The Art of",Essential}', i, 31) || ' '
    || generator.pick('{Algebra,Databases,Photography,Spanish,Statistics,Piano,Chemistry,Rust,Accounting,Poetry}', i, 32),
  'Learn ' || generator.pick('{step by step,with projects,at your own pace,in a small group}', i, 33)
    || ' and ' || generator.pick('{pass the exam,build a portfolio,speak with confidence,find a new job}', i, 34) || '.',
  generator.pick('{science,science,technology,technology,technology,language,art,business}', i, 35),
  generator.pick('{beginner,beginner,beginner,intermediate,intermediate,expert}', i, 36),
  generator.pick('{en,en,en,en,de,es,fr}', i, 37),
  ARRAY[
    generator.pick('{video,video,live,text}', i, 38),
    generator.pick('{certificate,free,new,popular}', i, 39)
  ],
  jsonb_build_object('hours', 4 + generator.bent(60, 2, i, 40), 'captions', generator.fraction(i, 41) < 0.7),
  1900 + 1000 * generator.bent(28, 2, i, 42)::integer,
  CASE WHEN generator.fraction(i, 43) < 0.9
    THEN timestamptz '2021-06-01 00:00+00' + generator.fraction(i, 44) * interval '1500 days' END
FROM generate_series(1, 1200) AS i;

-- step: 9,600 modules
INSERT INTO modules (course_id, position, title)
SELECT 1 + (i - 1) / 8, 1 + (i - 1) % 8, 'Module ' || 1 + (i - 1) % 8
FROM generate_series(1, 9600) AS i;

-- step: 57,600 lessons
INSERT INTO lessons (module_id, position, title, kind, duration_seconds, attachments)
SELECT
  1 + (i - 1) / 6,
  1 + (i - 1) % 6,
  'Lesson ' || 1 + (i - 1) % 6 || ': ' || generator.pick('{Basics,Practice,Examples,Theory,Review,Project}', i, 50),
  generator.pick('{video,video,video,reading,quiz,quiz,assignment}', i, 51),
  120 + generator.bent(3000, 2, i, 52)::integer,
  CASE WHEN generator.fraction(i, 53) < 0.1
    THEN jsonb_build_array(jsonb_build_object('file', 'handout-' || i || '.pdf', 'bytes', 1000 * generator.bent(9000, 3, i, 54)))
    ELSE '[]' END
FROM generate_series(1, 57600) AS i;

-- step: 150,000 enrollments
INSERT INTO enrollments
  (student_id, course_id, status, source, progress_percent, price_cents, enrolled_at, completed_at)
SELECT
  generator.student_of(i),
  generator.course_of(i),
  status,
  generator.pick('{search,search,search,referral,newsletter,partner}', i, 60),
  CASE status WHEN 'completed' THEN 100 ELSE generator.bent(100, 1.6, i, 61)::integer END,
  1900 + 1000 * generator.bent(28, 2, generator.course_of(i), 42)::integer,
  enrolled_at,
  CASE status WHEN 'completed' THEN enrolled_at + generator.fraction(i, 62) * interval '90 days' END
FROM generate_series(1, 150000) AS i,
  LATERAL (
    SELECT
      CASE
        WHEN generator.fraction(i, 63) < 0.005 THEN 'pending_refund'
        WHEN generator.fraction(i, 63) < 0.12 THEN 'cancelled'
        WHEN generator.fraction(i, 63) < 0.45 THEN 'completed'
        ELSE 'active'
      END,
      timestamptz '2023-01-01 00:00+00' + i * interval '10 minutes'
  ) AS fate(status, enrolled_at);

-- step: 420,000 progress events
INSERT INTO progress_events (enrollment_id, lesson_id, student_id, kind, payload, occurred_at)
SELECT
  enrollment,
  48 * (generator.course_of(enrollment) - 1) + 1 + generator.bent(48, 1.4, i, 71),
  generator.student_of(enrollment),
  kind,
  CASE kind
    WHEN 'quiz' THEN jsonb_build_object('score', generator.bent(101, 0.6, i, 72), 'attempt', 1 + generator.bent(4, 3, i, 73))
    WHEN 'error' THEN jsonb_build_object('code', generator.pick('{network,network,codec,timeout}', i, 74))
    ELSE jsonb_build_object('seconds', generator.bent(1800, 2, i, 75))
  END,
  timestamptz '2024-01-01 00:00+00' + i * interval '150 seconds'
FROM generate_series(1, 420000) AS i,
  LATERAL (SELECT 1 + generator.bent(150000, 0.8, i, 70)) AS of(enrollment),
  LATERAL (
    SELECT CASE
      WHEN generator.fraction(i, 76) < 0.003 THEN 'error'
      WHEN generator.fraction(i, 76) < 0.15 THEN 'quiz'
      WHEN generator.fraction(i, 76) < 0.4 THEN 'completed'
      ELSE 'watched'
    END
  ) AS was(kind);

-- step: 120,000 submissions
INSERT INTO submissions (lesson_id, student_id, state, score, answers, submitted_at, graded_at)
SELECT
  48 * (generator.course_of(enrollment) - 1) + 1 + generator.bent(48, 1, i, 81),
  generator.student_of(enrollment),
  state,
  CASE state WHEN 'graded' THEN generator.bent(101, 0.5, i, 82)::integer END,
  jsonb_build_object('words', generator.bent(900, 1.5, i, 83), 'language', generator.pick('{en,en,en,de,es,fr}', i, 84)),
  submitted_at,
  CASE state WHEN 'graded' THEN submitted_at + generator.fraction(i, 85) * interval '6 days' END
FROM generate_series(1, 120000) AS i,
  LATERAL (SELECT 1 + generator.bent(150000, 1, i, 80)) AS of(enrollment),
  LATERAL (
    SELECT
      CASE
        WHEN generator.fraction(i, 86) < 0.006 THEN 'flagged'
        WHEN generator.fraction(i, 86) < 0.05 THEN 'returned'
        WHEN generator.fraction(i, 86) < 0.2 THEN 'submitted'
        ELSE 'graded'
      END,
      timestamptz '2024-01-01 00:00+00' + i * interval '8 minutes'
  ) AS fate(state, submitted_at);

-- step: 100,000 payments
INSERT INTO payments
  (enrollment_id, student_id, amount_cents, currency, status, provider, provider_reference, failure_reason, created_at)
SELECT
  enrollment,
  generator.student_of(enrollment),
  1900 + 1000 * generator.bent(28, 2, generator.course_of(enrollment), 42)::integer,
  generator.pick('{USD,USD,USD,EUR,EUR,BRL,JPY}', i, 91),
  status,
  generator.pick('{card,card,card,transfer,wallet}', i, 92),
  'pay_' || md5(i::text),
  CASE status WHEN 'failed' THEN generator.pick('{insufficient_funds,insufficient_funds,expired_card,fraud}', i, 93) END,
  timestamptz '2023-01-01 00:00+00' + i * interval '15 minutes'
FROM generate_series(1, 100000) AS i,
  LATERAL (SELECT 1 + generator.bent(150000, 1, i, 90)) AS of(enrollment),
  LATERAL (
    SELECT CASE
      WHEN generator.fraction(i, 94) < 0.001 THEN 'disputed'
      WHEN generator.fraction(i, 94) < 0.03 THEN 'refunded'
      WHEN generator.fraction(i, 94) < 0.08 THEN 'failed'
      ELSE 'paid'
    END
  ) AS was(status);

-- step: 110,000 sessions
INSERT INTO sessions (student_id, ip, device, user_agent, started_at, ended_at)
SELECT
  1 + generator.bent(50000, 1.6, i, 100),
  inet '10.0.0.0' + generator.bent(16000000, 1, i, 101),
  generator.pick('{phone,phone,phone,laptop,laptop,tablet}', i, 102),
  'Mozilla/5.0 (' || generator.pick('{Linux,Windows,Macintosh,iPhone,Android}', i, 103) || ')',
  started_at,
  CASE WHEN generator.fraction(i, 104) < 0.97 THEN started_at + generator.fraction(i, 105) * interval '3 hours' END
FROM generate_series(1, 110000) AS i,
  LATERAL (SELECT timestamptz '2025-01-01 00:00+00' + i * interval '280 seconds') AS at(started_at);

-- step: 60,000 messages
INSERT INTO messages (course_id, sender_id, recipient_id, body, sent_at, read_at)
SELECT
  1 + generator.bent(1200, 3, i, 110),
  1 + generator.bent(50000, 1.5, i, 111),
  CASE WHEN generator.fraction(i, 112) < 0.4 THEN 1 + generator.bent(50000, 1.5, i, 113) END,
  generator.pick('{Hello,Hi everyone,Dear teacher,Quick question}', i, 114) || ', '
    || generator.pick('{the video does not load,when is the deadline,great lesson,I found a mistake in the quiz,can I get a refund,see you in class}', i, 115)
    || CASE WHEN generator.fraction(i, 116) < 0.01 THEN ' – my certificate is missing' ELSE '' END || '.',
  sent_at,
  CASE WHEN generator.fraction(i, 117) < 0.88 THEN sent_at + generator.fraction(i, 118) * interval '2 days' END
FROM generate_series(1, 60000) AS i,
  LATERAL (SELECT timestamptz '2024-06-01 00:00+00' + i * interval '13 minutes') AS at(sent_at);

-- step: clean-up
DROP SCHEMA generator CASCADE;
