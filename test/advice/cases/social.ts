import type { CaseSet, World } from "./case.ts";

/** People who follow, post, like and write to each other; a few of them do most of it. */
const social: World = {
  name: "social",
  extensions: ["hypopg"],
  tables: ["users", "follows", "posts", "likes", "messages"],
  schema: `
CREATE TABLE users (id int PRIMARY KEY, handle varchar(30) NOT NULL, country char(2) NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO users SELECT n, 'User_' || left(md5(n::text), 20), chr(65 + pick(n, 1, 20)) || 'A', timestamptz '2022-01-01Z' + n * interval '20 minutes' FROM generate_series(1, 30000) n;
CREATE TABLE follows (follower_id int NOT NULL, followee_id int NOT NULL, created_at timestamptz NOT NULL, PRIMARY KEY (follower_id, followee_id));
INSERT INTO follows SELECT pick(n, 1, 30000), 1 + (29990 * power(pick(n, 2, 100000) / 100001.0, 3))::int, timestamptz '2023-01-01Z' + pick(n, 3, 900000) * interval '1 minute' FROM generate_series(1, 150000) n ON CONFLICT DO NOTHING;
CREATE TABLE posts (id int PRIMARY KEY, author_id int NOT NULL, created_at timestamptz NOT NULL, visibility text NOT NULL, reply_to int, likes int NOT NULL, body text NOT NULL);
INSERT INTO posts SELECT n, 1 + (29990 * power(pick(n, 1, 100000) / 100001.0, 2))::int, timestamptz '2023-01-01Z' + n * interval '6 minutes', CASE WHEN n % 30 = 0 THEN 'private' WHEN n % 7 = 0 THEN 'friends' ELSE 'public' END,
  CASE WHEN n % 4 = 0 THEN NULL ELSE pick(n, 2, n) END, (1000 * power(pick(n, 3, 1000) / 1001.0, 8))::int, repeat(md5(n::text), 3) FROM generate_series(1, 150000) n;
CREATE TABLE likes (post_id int NOT NULL, user_id int NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO likes SELECT 1 + (149990 * power(pick(n, 1, 100000) / 100001.0, 2))::int, pick(n, 2, 30000), timestamptz '2023-01-01Z' + n * interval '3 minutes' FROM generate_series(1, 300000) n;
CREATE TABLE messages (id int PRIMARY KEY, thread_id int NOT NULL, sender_id int NOT NULL, recipient_id int NOT NULL, sent_at timestamptz NOT NULL, read_at timestamptz, body text NOT NULL);
INSERT INTO messages SELECT n, pick(n, 1, 20000), pick(n, 2, 5000), pick(n, 3, 5000), timestamptz '2023-01-01Z' + n * interval '5 minutes', CASE WHEN n % 40 <> 0 THEN timestamptz '2025-01-01Z' END, repeat(md5(n::text), 2) FROM generate_series(1, 150000) n;
CREATE VIEW inbox AS SELECT m.*, u.handle FROM messages m JOIN users u ON u.id = m.sender_id WHERE m.read_at IS NULL;
`,
};

export const socialCases: CaseSet = {
  world: social,
  prover: "hypopg",
  cases: [
    {
      title: "posts of those somebody follows",
      sql: "SELECT p.id, p.body FROM posts p JOIN follows f ON f.followee_id = p.author_id WHERE f.follower_id = 5 ORDER BY p.created_at DESC LIMIT 20",
      ideal: ["posts (author_id)"],
    },
    {
      title: "the last three posts of each of those somebody follows",
      sql: "SELECT p.* FROM follows f CROSS JOIN LATERAL (SELECT id, created_at FROM posts WHERE author_id = f.followee_id ORDER BY created_at DESC LIMIT 3) p WHERE f.follower_id = 5",
      ideal: ["posts (author_id, created_at DESC)"],
    },
    {
      title: "the newest followers",
      sql: "SELECT follower_id FROM follows WHERE followee_id = 9 ORDER BY created_at DESC LIMIT 50",
      ideal: ["follows (followee_id, created_at DESC)"],
    },
    {
      title: "those who follow each other",
      sql: "SELECT b.follower_id FROM follows a JOIN follows b ON b.follower_id = a.followee_id AND b.followee_id = a.follower_id WHERE a.follower_id = 77",
      ideal: [],
    },
    {
      title: "unread messages counted",
      sql: "SELECT count(*) FROM messages WHERE recipient_id = 5 AND read_at IS NULL",
      ideal: ["messages (recipient_id) WHERE read_at IS NULL"],
    },
    {
      title: "the newest message of each thread of somebody",
      sql: "SELECT DISTINCT ON (thread_id) thread_id, body FROM messages WHERE recipient_id = 42 ORDER BY thread_id, sent_at DESC",
      ideal: ["messages (recipient_id)"],
    },
    {
      title: "a talk between two",
      sql: "SELECT * FROM messages WHERE (sender_id = 5 AND recipient_id = 9) OR (sender_id = 9 AND recipient_id = 5) ORDER BY sent_at DESC LIMIT 30",
      ideal: ["messages (sender_id, recipient_id)"],
    },
    {
      title: "all messages of somebody",
      sql: "SELECT id FROM messages WHERE sender_id = 5 OR recipient_id = 5",
      ideal: ["messages (sender_id)", "messages (recipient_id)"],
    },
    {
      title: "what is liked these days",
      sql: "SELECT post_id, count(*) FROM likes WHERE created_at > '2024-09-10' GROUP BY post_id ORDER BY 2 DESC LIMIT 10",
      ideal: ["likes (created_at) INCLUDE (post_id)"],
    },
    {
      title: "those who liked a post",
      sql: "SELECT count(DISTINCT user_id) FROM likes WHERE post_id = 77",
      ideal: ["likes (post_id) INCLUDE (user_id)"],
    },
    {
      title: "a handle whatever its case",
      sql: "SELECT id FROM users WHERE lower(handle) = lower($1)",
      ideal: ["users (lower(handle))"],
    },
    {
      title: "a beginning whatever its case, without trigrams",
      sql: "SELECT id FROM users WHERE handle ILIKE 'user_a1%'",
      ideal: [],
    },
    {
      title: "the most liked of what is no reply",
      sql: "SELECT id, likes FROM posts WHERE reply_to IS NULL AND visibility = 'public' ORDER BY likes DESC LIMIT 10",
      ideal: ["posts (likes DESC) WHERE reply_to IS NULL"],
    },
    {
      title: "the newest of five authors",
      sql: "SELECT id, body FROM posts WHERE author_id = ANY ('{1001,2002,3003,4004,5005}') ORDER BY created_at DESC LIMIT 10",
      ideal: ["posts (author_id)"],
    },
    {
      title: "the newest of one author, bound",
      sql: "SELECT id, body FROM posts WHERE author_id = $1 AND visibility = 'public' ORDER BY created_at DESC LIMIT 10",
      ideal: ["posts (author_id, visibility, created_at DESC)"],
    },
    {
      title: "posts that somebody liked",
      sql: "SELECT id, body FROM posts WHERE id IN (SELECT post_id FROM likes WHERE user_id = 5)",
      ideal: ["likes (user_id) INCLUDE (post_id)"],
    },
    {
      title: "whether there is a like",
      sql: "SELECT EXISTS (SELECT 1 FROM likes WHERE post_id = $1 AND user_id = $2)",
      ideal: ["likes (post_id, user_id)"],
    },
    {
      title: "messages marked as read",
      sql: "UPDATE messages SET read_at = now() WHERE thread_id = 6 AND recipient_id = 5 AND read_at IS NULL",
      ideal: ["messages (thread_id, recipient_id) WHERE read_at IS NULL"],
    },
    {
      title: "likes of posts that go away",
      sql: "DELETE FROM likes l USING posts p WHERE p.id = l.post_id AND p.author_id = 29000",
      ideal: ["posts (author_id)", "likes (post_id)"],
    },
    {
      title: "an inbox by its view",
      sql: "SELECT id, handle, body FROM inbox WHERE recipient_id = 77 ORDER BY sent_at DESC LIMIT 20",
      ideal: ["messages (recipient_id, sent_at DESC) WHERE read_at IS NULL"],
    },
    {
      title: "two lists in one order",
      sql: "(SELECT id, created_at FROM posts WHERE author_id = 77 ORDER BY created_at DESC LIMIT 10) UNION ALL (SELECT post_id, created_at FROM likes WHERE user_id = 77 ORDER BY created_at DESC LIMIT 10) ORDER BY 2 DESC LIMIT 10",
      ideal: [
        "posts (author_id, created_at DESC)",
        "likes (user_id, created_at DESC)",
      ],
    },
    {
      title: "the first and last post of some authors",
      sql: "SELECT author_id, min(created_at), max(created_at) FROM posts WHERE author_id IN (1500, 2500, 3500) GROUP BY author_id",
      ideal: ["posts (author_id, created_at)"],
    },
    {
      title: "a materialized CTE beside a plain one",
      sql: "WITH mine AS MATERIALIZED (SELECT id FROM posts WHERE author_id = 20001), fans AS (SELECT user_id FROM likes WHERE post_id IN (SELECT id FROM mine)) SELECT u.handle FROM users u JOIN fans f ON f.user_id = u.id",
      ideal: ["posts (author_id)", "likes (post_id)"],
    },
    {
      title: "users of a country that never posted",
      sql: "SELECT u.id FROM users u LEFT JOIN posts p ON p.author_id = u.id WHERE u.country = 'CA' AND p.id IS NULL",
      ideal: ["posts (author_id)"],
    },
    {
      title: "posts around a moment",
      sql: "SELECT id FROM posts WHERE created_at > $1 ORDER BY created_at LIMIT 1",
      ideal: ["posts (created_at)"],
    },
    {
      title: "posts per month of all time",
      sql: "SELECT date_trunc('month', created_at), count(*), sum(length(body)) FROM posts GROUP BY 1",
      ideal: [],
    },
    {
      title: "a join to a list of values",
      sql: "SELECT m.id FROM (VALUES (17), (1717), (4242)) v (id) JOIN messages m ON m.thread_id = v.id",
      ideal: ["messages (thread_id)"],
    },
    {
      title: "a join to a bound array",
      sql: "SELECT m.id, m.body FROM unnest($1::int[]) AS t (id) JOIN messages m ON m.thread_id = t.id",
      ideal: ["messages (thread_id)"],
    },
  ],
};
