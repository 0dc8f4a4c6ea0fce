import type { CaseSet, World } from "./case.ts";

/** Documents, ranges, places and networks: what a B-tree cannot order. */
const search: World = {
  name: "search",
  extensions: ["pg_trgm", "btree_gist", "btree_gin"],
  tables: ["docs", "bookings", "places", "hosts"],
  schema: `
CREATE TABLE docs (id int PRIMARY KEY, owner_id int NOT NULL, title text NOT NULL, tags text[] NOT NULL, data jsonb NOT NULL, words tsvector NOT NULL);
INSERT INTO docs SELECT n, pick(n, 9, 2000), 'title ' || md5(n::text) || ' ' || md5((n * 7)::text), ARRAY['t' || pick(n, 1, 3000), 't' || pick(n, 2, 3000)],
  jsonb_build_object('code', pick(n, 3, 5000), 'lang', 'en') || CASE WHEN n % 700 = 0 THEN jsonb_build_object('flag' || n % 3, true) ELSE '{}' END,
  to_tsvector('simple', 'w' || pick(n, 4, 4000) || ' x' || pick(n, 5, 4000)) FROM generate_series(1, 50000) n;
CREATE TABLE bookings (id int PRIMARY KEY, room_id int NOT NULL, during tstzrange NOT NULL, note text NOT NULL);
INSERT INTO bookings SELECT n, pick(n, 1, 200), tstzrange(timestamptz '2024-01-01 00:00Z' + pick(n, 2, 500000) * interval '1 minute',
  timestamptz '2024-01-01 00:00Z' + (pick(n, 2, 500000) + 60) * interval '1 minute'), md5(n::text) FROM generate_series(1, 60000) n;
CREATE TABLE places (id int PRIMARY KEY, at point NOT NULL, area box NOT NULL, name text NOT NULL);
INSERT INTO places SELECT n, point(pick(n, 1, 100000), pick(n, 2, 100000)),
  box(point(pick(n, 1, 100000), pick(n, 2, 100000)), point(pick(n, 1, 100000) + 20, pick(n, 2, 100000) + 20)), 'place ' || md5(n::text) FROM generate_series(1, 60000) n;
CREATE TABLE hosts (id int PRIMARY KEY, address inet NOT NULL, path text NOT NULL);
INSERT INTO hosts SELECT n, ('10.' || pick(n, 1, 250) || '.' || pick(n, 2, 250) || '.' || pick(n, 3, 250))::inet,
  '/p' || pick(n, 4, 500) || '/' || md5(n::text) FROM generate_series(1, 60000) n;
`,
};

export const searchCases: CaseSet = {
  world: search,
  prover: "build",
  cases: [
    {
      title: "a document that contains another",
      sql: `SELECT id FROM docs WHERE data @> '{"code": 77}'`,
      ideal: ["docs USING gin (data jsonb_path_ops)"],
    },
    {
      title: "a document that has a key",
      sql: "SELECT id FROM docs WHERE data ? 'flag1'",
      ideal: ["docs USING gin (data)"],
    },
    {
      title: "a path that exists in a document",
      sql: "SELECT id FROM docs WHERE data @@ '$.code == 99'",
      ideal: ["docs USING gin (data jsonb_path_ops)"],
    },
    {
      title: "arrays that overlap",
      sql: "SELECT id FROM docs WHERE tags && ARRAY['t77', 't78']",
      ideal: ["docs USING gin (tags)"],
    },
    {
      title: "an array that contains values",
      sql: "SELECT id FROM docs WHERE tags @> ARRAY['t77']",
      ideal: ["docs USING gin (tags)"],
    },
    {
      title: "words in a tsvector",
      sql: "SELECT id FROM docs WHERE words @@ to_tsquery('simple', 'w77 & x5')",
      ideal: ["docs USING gin (words)"],
    },
    {
      title: "words in an expression",
      sql: "SELECT id FROM docs WHERE to_tsvector('simple', title) @@ to_tsquery('simple', 'abc')",
      ideal: ["docs USING gin (to_tsvector('simple', title))"],
    },
    {
      title: "a text within a text",
      sql: "SELECT id FROM docs WHERE title LIKE '%a1b2c3%'",
      ideal: ["docs USING gin (title gin_trgm_ops)"],
    },
    {
      title: "a text within a text, whatever the case",
      sql: "SELECT id FROM docs WHERE title ILIKE '%A1B2C3%'",
      ideal: ["docs USING gin (title gin_trgm_ops)"],
    },
    {
      title: "a regular expression",
      sql: "SELECT id FROM docs WHERE title ~ 'a1b2c[0-9]'",
      ideal: ["docs USING gin (title gin_trgm_ops)"],
    },
    {
      title: "the most similar texts",
      sql: "SELECT id FROM docs ORDER BY title <-> 'title abc' LIMIT 5",
      ideal: ["docs USING gist (title gist_trgm_ops)"],
    },
    {
      title: "ranges that overlap",
      sql: "SELECT id FROM bookings WHERE during && tstzrange('2024-03-01 10:00Z', '2024-03-01 11:00Z')",
      ideal: ["bookings USING gist (during)"],
    },
    {
      title: "ranges of one room that overlap",
      sql: "SELECT id FROM bookings WHERE room_id = 5 AND during && tstzrange('2024-03-01 10:00Z', '2024-03-09 11:00Z')",
      ideal: ["bookings USING gist (room_id, during)"],
    },
    {
      title: "a range that contains a moment",
      sql: "SELECT id FROM bookings WHERE during @> timestamptz '2024-03-01 10:00Z'",
      ideal: ["bookings USING gist (during)"],
    },
    {
      title: "points in a box",
      sql: "SELECT id FROM places WHERE at <@ box '(100,100),(900,900)'",
      ideal: ["places USING gist (at)"],
    },
    {
      title: "boxes that overlap",
      sql: "SELECT id FROM places WHERE area && box '(100,100),(900,900)'",
      ideal: ["places USING gist (area)"],
    },
    {
      title: "the nearest points",
      sql: "SELECT id FROM places ORDER BY at <-> point '(500,500)' LIMIT 10",
      ideal: ["places USING gist (at)"],
    },
    {
      title: "addresses in a network",
      sql: "SELECT id FROM hosts WHERE address << inet '10.7.9.0/24'",
      ideal: ["hosts USING gist (address inet_ops)"],
    },
    {
      title: "a beginning of a text by operator",
      sql: "SELECT id FROM hosts WHERE path ^@ '/p77/a'",
      ideal: ["hosts USING spgist (path)"],
    },
    {
      title: "tags of one owner",
      sql: "SELECT id FROM docs WHERE owner_id = 7 AND tags @> ARRAY['t77']",
      ideal: ["docs USING gin (owner_id, tags)"],
    },
    {
      title: "a document that most rows contain",
      sql: `SELECT * FROM docs WHERE data @> '{"lang": "en"}'`,
      ideal: [],
    },
  ],
};
