import type { CaseSet, World } from "./case.ts";

/** Articles to be searched: generated tsvector, tags, documents in jsonb, trigrams. */
const library: World = {
  name: "library",
  extensions: ["pg_trgm"],
  tables: ["articles", "authors", "comments"],
  schema: `
CREATE TABLE authors (id int PRIMARY KEY, name varchar(100) NOT NULL, email text COLLATE "C" NOT NULL);
INSERT INTO authors SELECT n, 'Author ' || md5(n::text), 'a' || pick(n, 1, 90000) || '@x.org' FROM generate_series(1, 30000) n;
CREATE TABLE articles (id int PRIMARY KEY, author_id int NOT NULL, title text NOT NULL, body text NOT NULL, search tsvector GENERATED ALWAYS AS (to_tsvector('english', title || ' ' || body)) STORED,
  tags text[] NOT NULL, meta jsonb NOT NULL, status text NOT NULL, published_at timestamptz);
INSERT INTO articles (id, author_id, title, body, tags, meta, status, published_at) SELECT n, pick(n, 1, 30000), CASE WHEN n % 300 = 0 THEN 'Intro to ' ELSE 'About ' END || md5(n::text) || ' and ' || md5((n * 7)::text),
  'alpha' || pick(n, 2, 5000) || ' beta' || pick(n, 3, 5000) || ' common words here', ARRAY['g' || pick(n, 4, 2000), 'g' || pick(n, 5, 2000)],
  jsonb_build_object('isbn', 'i' || pick(n, 6, 40000), 'stats', jsonb_build_object('views', pick(n, 7, 100000)), 'keywords', jsonb_build_array('k' || pick(n, 8, 3000), 'k' || pick(n, 9, 3000))),
  CASE WHEN n % 90 = 0 THEN 'draft' WHEN n % 200 = 1 THEN 'review' ELSE 'published' END, CASE WHEN n % 90 <> 0 THEN timestamptz '2020-01-01Z' + pick(n, 10, 2500000) * interval '1 minute' END FROM generate_series(1, 60000) n;
CREATE TABLE comments (id int PRIMARY KEY, article_id int NOT NULL, parent_id int, author text NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL);
INSERT INTO comments SELECT n, pick(n, 1, 60000), CASE WHEN n % 3 = 0 THEN pick(n, 2, n) END, 'u' || pick(n, 3, 9000), md5(n::text) || ' ' || md5((n * 3)::text), timestamptz '2024-01-01Z' + n * interval '4 minutes' FROM generate_series(1, 120000) n;
`,
};

export const libraryCases: CaseSet = {
  world: library,
  prover: "twin",
  cases: [
    {
      title: "words by rank",
      sql: "SELECT id, title FROM articles WHERE search @@ websearch_to_tsquery('english', 'alpha77 beta') ORDER BY ts_rank(search, websearch_to_tsquery('english', 'alpha77 beta')) DESC LIMIT 10",
      ideal: ["articles USING gin (search)"],
    },
    {
      title: "words with the query in FROM",
      sql: "SELECT id, ts_rank(search, q) FROM articles, to_tsquery('english', 'alpha77') q WHERE search @@ q",
      ideal: ["articles USING gin (search)"],
    },
    {
      title: "bound words",
      sql: "SELECT id FROM articles WHERE search @@ plainto_tsquery('english', $1) AND status = 'published'",
      ideal: ["articles USING gin (search)"],
    },
    {
      title: "words of two columns put together",
      sql: "SELECT id FROM articles WHERE to_tsvector('english', title || ' ' || body) @@ plainto_tsquery('english', 'alpha77')",
      ideal: [
        "articles USING gin (to_tsvector('english', title || ' ' || body))",
      ],
    },
    {
      title: "words by the session's configuration",
      sql: "SELECT id FROM comments WHERE to_tsvector(body) @@ to_tsquery('abc')",
      ideal: [],
    },
    {
      title: "a part of a title, bound",
      sql: "SELECT id FROM articles WHERE title ILIKE '%' || $1 || '%' LIMIT 20",
      ideal: ["articles USING gin (title gin_trgm_ops)"],
    },
    {
      title: "a part of a name of either of two tables",
      sql: "SELECT a.id FROM articles a JOIN authors u ON u.id = a.author_id WHERE u.name ILIKE '%abc12%'",
      ideal: ["authors USING gin (name gin_trgm_ops)", "articles (author_id)"],
    },
    {
      title: "titles that resemble a text",
      sql: "SELECT id FROM articles WHERE title % 'Intro to postgres' ORDER BY similarity(title, 'Intro to postgres') DESC LIMIT 10",
      ideal: ["articles USING gin (title gin_trgm_ops)"],
    },
    {
      title: "a regular expression tied to the beginning",
      sql: "SELECT id FROM authors WHERE name ~ '^Author a1b'",
      ideal: ["authors (name varchar_pattern_ops)"],
    },
    {
      title: "a beginning in byte order",
      sql: "SELECT id FROM authors WHERE email LIKE 'a777%'",
      ideal: ["authors (email)"],
    },
    {
      title: "a bound beginning",
      sql: "SELECT id FROM authors WHERE email LIKE $1 || '%' ORDER BY email LIMIT 10",
      ideal: ["authors (email)"],
    },
    {
      title: "a text at the end of a path",
      sql: "SELECT id FROM articles WHERE meta #>> '{stats,views}' = '777'",
      ideal: ["articles ((meta #>> '{stats,views}'))"],
    },
    {
      title: "a keyword within an array of a document",
      sql: "SELECT id FROM articles WHERE meta->'keywords' ? 'k77'",
      ideal: ["articles USING gin ((meta->'keywords'))"],
    },
    {
      title: "a path with a condition",
      sql: "SELECT id FROM articles WHERE meta @? '$.keywords[*] ? (@ == \"k77\")'",
      ideal: ["articles USING gin (meta jsonb_path_ops)"],
    },
    {
      title: "a bound document",
      sql: "SELECT id FROM articles WHERE meta @> $1::jsonb",
      ideal: ["articles USING gin (meta jsonb_path_ops)"],
    },
    {
      title: "the most viewed by a number within a document",
      sql: "SELECT id, title FROM articles ORDER BY (meta->'stats'->>'views')::int DESC NULLS LAST LIMIT 10",
      ideal: ["articles (((meta->'stats'->>'views')::int) DESC NULLS LAST)"],
    },
    {
      title: "articles that carry both tags",
      sql: "SELECT id FROM articles WHERE tags @> ARRAY['g7', 'g8']",
      ideal: ["articles USING gin (tags)"],
    },
    {
      title: "drafts by author",
      sql: "SELECT id FROM articles WHERE status = 'draft' AND author_id = 777",
      ideal: ["articles (author_id)"],
    },
    {
      title: "the newest published",
      sql: "SELECT id, title FROM articles WHERE status = 'published' AND published_at <= now() ORDER BY published_at DESC LIMIT 20",
      ideal: ["articles (status, published_at DESC)"],
    },
    {
      title: "a hash of a text",
      sql: "SELECT id FROM comments WHERE md5(body) = 'abc'",
      ideal: ["comments (md5(body))"],
    },
    {
      title: "a very long text",
      sql: "SELECT id FROM articles WHERE length(title) > 78",
      ideal: ["articles (length(title))"],
    },
    {
      title: "a thread of comments",
      sql: "WITH RECURSIVE thread AS (SELECT id, body FROM comments WHERE article_id = 77 AND parent_id IS NULL UNION ALL SELECT c.id, c.body FROM thread t JOIN comments c ON c.parent_id = t.id) SELECT * FROM thread",
      ideal: ["comments (article_id)", "comments (parent_id)"],
    },
    {
      title: "articles with the number of their comments",
      sql: "SELECT a.id, a.title, (SELECT count(*) FROM comments c WHERE c.article_id = a.id) FROM articles a WHERE a.author_id = 77",
      ideal: ["articles (author_id)", "comments (article_id)"],
    },
    {
      title: "a common word",
      sql: "SELECT id, title, body FROM articles WHERE search @@ to_tsquery('english', 'common')",
      ideal: [],
    },
    {
      title: "texts that do not resemble",
      sql: "SELECT id FROM articles WHERE title NOT ILIKE '%abc%' AND status <> 'draft'",
      ideal: [],
    },
  ],
};
