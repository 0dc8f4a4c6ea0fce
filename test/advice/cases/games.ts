import type { CaseSet, World } from "./case.ts";

/** Players, matches and what they own: ranks, rare kinds of an enum, documents, an order of bytes, chains of rows. */
const games: World = {
  name: "games",
  extensions: [],
  tables: [
    "players",
    "matches",
    "match_players",
    "items",
    "channels",
    "chat",
    "lobby",
    "stats",
  ],
  schema: `
CREATE TYPE rarity AS ENUM ('common', 'rare', 'epic', 'legendary', 'mythic');
CREATE DOMAIN region AS text CHECK (length(VALUE) < 8);
CREATE TABLE players (id int PRIMARY KEY, nick text COLLATE "C" NOT NULL, region region NOT NULL, level int NOT NULL, xp bigint NOT NULL, banned_until timestamptz, guild_id int, last_seen timestamptz,
  settings jsonb NOT NULL, home point NOT NULL, active boolean NOT NULL);
INSERT INTO players SELECT n, (ARRAY['Neo', 'Max', 'Zed', 'Kat'])[pick(n, 1, 4)] || substr(md5(n::text), 1, 9), (ARRAY['eu', 'eu', 'us', 'us', 'asia', 'oce'])[pick(n, 2, 6)], 1 + (99 * power(pick(n, 3, 1000) / 1001.0, 2))::int,
  (5000000 * power(pick(n, 3, 1000) / 1001.0, 2))::bigint + pick(n, 4, 40000), CASE WHEN n % 70 = 0 THEN timestamptz '2025-01-01Z' + pick(n, 5, 400000) * interval '1 minute' END, CASE WHEN n % 3 = 0 THEN pick(n, 6, 900) END,
  CASE WHEN n % 9 <> 0 THEN timestamptz '2025-01-01Z' + pick(n, 7, 250000) * interval '1 minute' END, jsonb_build_object('lang', 'l' || pick(n, 8, 20), 'ui', jsonb_build_object('scale', pick(n, 9, 200))),
  point(pick(n, 10, 10000), pick(n, 11, 10000)), n % 120 <> 0 FROM generate_series(1, 80000) n;
CREATE TABLE matches (id int PRIMARY KEY, mode text NOT NULL, map_id int NOT NULL, started_at timestamptz NOT NULL, ended_at timestamptz, server inet NOT NULL, rematch_of int, winner_id int NOT NULL, seed text NOT NULL);
INSERT INTO matches SELECT n, CASE WHEN n % 150 = 0 THEN 'finals' WHEN n % 3 = 0 THEN 'ranked' ELSE 'casual' END, pick(n, 1, 40), t, CASE WHEN n < 119700 THEN t + pick(n, 2, 40) * interval '1 minute' END,
  ('10.' || pick(n, 3, 20) || '.' || pick(n, 4, 250) || '.' || pick(n, 5, 250))::inet, CASE WHEN n % 5 = 0 THEN n - pick(n, 6, 300) END, pick(n, 7, 80000), md5(n::text)
  FROM (SELECT n, timestamptz '2025-01-01Z' + n * interval '90 seconds' AS t FROM generate_series(1, 120000) n) x;
CREATE TABLE match_players (match_id int NOT NULL, player_id int NOT NULL, team smallint NOT NULL, kills int NOT NULL, score int NOT NULL, PRIMARY KEY (match_id, player_id));
INSERT INTO match_players SELECT 1 + n / 3, 1 + (79990 * power(pick(n, 1, 100000) / 100001.0, 2))::int, n % 2, pick(n, 2, 30), pick(n, 3, 9000) FROM generate_series(1, 300000) n ON CONFLICT DO NOTHING;
CREATE TABLE items (id int PRIMARY KEY, owner_id int NOT NULL, kind_id int NOT NULL, rarity rarity NOT NULL, price int NOT NULL, acquired_at timestamptz NOT NULL, sold_at timestamptz, attrs jsonb NOT NULL);
INSERT INTO items SELECT n, 1 + (79990 * power(pick(n, 1, 100000) / 100001.0, 2))::int, 1 + (250 * power(pick(n, 2, 1000) / 1001.0, 2))::int, (CASE WHEN n % 900 = 0 THEN 'mythic' WHEN n % 260 = 0 THEN 'legendary' WHEN n % 20 = 0 THEN 'epic' WHEN n % 4 = 0 THEN 'rare' ELSE 'common' END)::rarity,
  pick(n, 3, 20000), timestamptz '2024-06-01Z' + n * interval '3 minutes', CASE WHEN n % 3 = 0 THEN timestamptz '2025-06-01Z' END,
  jsonb_build_object('power', pick(n, 4, 1000), 'enchant', jsonb_build_object('fire', pick(n, 5, 300))) || CASE WHEN n % 1500 = 0 THEN '{"cursed": true}' ELSE '{}' END::jsonb FROM generate_series(1, 130000) n;
CREATE INDEX items_owner ON items (owner_id, acquired_at DESC) WHERE sold_at IS NULL;
CREATE TABLE channels (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO channels SELECT n, 'channel ' || n FROM generate_series(1, 200) n;
CREATE TABLE chat (id int PRIMARY KEY, channel_id int NOT NULL, sender_id int NOT NULL, sent_at timestamptz NOT NULL, body text NOT NULL, words tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED);
INSERT INTO chat (id, channel_id, sender_id, sent_at, body) SELECT n, 1 + (199 * power(pick(n, 1, 1000) / 1001.0, 2))::int, pick(n, 2, 80000), timestamptz '2025-01-01Z' + n * interval '2 minutes', 'gg w' || pick(n, 3, 3000) || ' x' || pick(n, 4, 3000) || ' ' || md5(n::text)
  FROM generate_series(1, 90000) n;
CREATE TABLE lobby (id int PRIMARY KEY, player_id int NOT NULL, mode text NOT NULL, rating int NOT NULL, queued_at timestamptz NOT NULL, done boolean NOT NULL);
INSERT INTO lobby SELECT n, pick(n, 1, 80000), (ARRAY['ranked', 'casual', 'casual'])[pick(n, 2, 3)], pick(n, 3, 3000), timestamptz '2025-01-01Z' + n * interval '1 minute', n < 99300 FROM generate_series(1, 100000) n;
CREATE TABLE stats (player_id int PRIMARY KEY, played int NOT NULL, best int NOT NULL);
INSERT INTO stats SELECT n, pick(n, 1, 900), pick(n, 2, 9000) FROM generate_series(1, 80000) n;
`,
};

const ranks: CaseSet["cases"] = [
  {
    title: "the ten best of each region by a window",
    sql: "SELECT * FROM (SELECT id, region, xp, row_number() OVER (PARTITION BY region ORDER BY xp DESC) AS place FROM players) ranked WHERE place <= 10",
    ideal: ["players (region, xp DESC) INCLUDE (id)"],
  },
  {
    title: "how many have more than a bound number",
    sql: "SELECT count(*) FROM players WHERE xp > $1",
    ideal: ["players (xp)"],
  },
  {
    title: "the place after a row value within a domain",
    sql: "SELECT id, nick, xp FROM players WHERE region = 'oce' AND (xp, id) < (300000, 5000) ORDER BY xp DESC, id DESC LIMIT 25",
    ideal: ["players (region, xp DESC, id DESC)"],
  },
  {
    title: "those seen last, the unseen behind",
    sql: "SELECT id, nick FROM players ORDER BY last_seen DESC NULLS LAST LIMIT 20",
    ideal: ["players (last_seen DESC NULLS LAST)"],
  },
  {
    title: "the strongest items of a kind",
    sql: "SELECT id, owner_id FROM items WHERE kind_id = 77 ORDER BY (attrs->>'power')::int DESC LIMIT 10",
    ideal: ["items (kind_id, ((attrs->>'power')::int) DESC)"],
  },
  {
    title: "the cheapest of two rare kinds of an enum",
    sql: "SELECT id, price FROM items WHERE rarity IN ('legendary', 'mythic') ORDER BY price LIMIT 20",
    ideal: ["items (price) WHERE rarity IN ('legendary', 'mythic')"],
  },
  {
    title: "the newest talk of every channel",
    sql: "SELECT c.name, t.body FROM channels c LEFT JOIN LATERAL (SELECT body FROM chat WHERE channel_id = c.id ORDER BY sent_at DESC LIMIT 1) t ON true",
    ideal: ["chat (channel_id, sent_at DESC)"],
  },
];

const finds: CaseSet["cases"] = [
  {
    title: "whether somebody holds a kind that is not sold",
    sql: "SELECT EXISTS (SELECT FROM items WHERE kind_id = $1 AND price < $2 AND sold_at IS NULL)",
    ideal: ["items (kind_id, price) WHERE sold_at IS NULL"],
  },
  {
    title: "members of a guild who have won no finals",
    sql: "SELECT p.id FROM players p WHERE p.guild_id = 77 AND NOT EXISTS (SELECT 1 FROM matches m WHERE m.winner_id = p.id AND m.mode = 'finals')",
    ideal: ["players (guild_id)", "matches (winner_id)"],
  },
  {
    title: "the last matches of a player, by the second key of the primary one",
    sql: "SELECT match_id, score FROM match_players WHERE player_id = $1 ORDER BY match_id DESC LIMIT 20",
    ideal: ["match_players (player_id, match_id DESC)"],
  },
  {
    title: "a day of matches in the order of time",
    sql: "SELECT mode, count(*) FROM matches WHERE started_at >= '2025-03-01' AND started_at < '2025-03-02' GROUP BY mode",
    ideal: ["matches (started_at)"],
  },
  {
    title: "matches under way on a server",
    sql: "SELECT id FROM matches WHERE ended_at IS NULL AND server <<= '10.7.0.0/16'",
    ideal: ["matches (id) WHERE ended_at IS NULL"],
  },
  {
    title: "matches of a network",
    sql: "SELECT id, mode FROM matches WHERE server <<= $1::inet",
    ideal: ["matches USING gist (server inet_ops)"],
  },
  {
    title: "a number two levels down in documents",
    sql: `SELECT id FROM items WHERE attrs @> '{"enchant": {"fire": 77}}'`,
    ideal: ["items USING gin (attrs jsonb_path_ops)"],
  },
  {
    title: "any of two keys of documents",
    sql: "SELECT id FROM items WHERE attrs ?| ARRAY['cursed', 'blessed']",
    ideal: ["items USING gin (attrs)"],
  },
  {
    title: "a number in a document within a span",
    sql: "SELECT id, nick FROM players WHERE (settings->'ui'->>'scale')::int BETWEEN 198 AND 200",
    ideal: ["players (((settings->'ui'->>'scale')::int))"],
  },
  {
    title: "a beginning of a nick in the order of bytes, with a LIMIT",
    sql: "SELECT id, nick FROM players WHERE nick LIKE 'Neo12%' ORDER BY nick LIMIT 10",
    ideal: ["players (nick)"],
  },
  {
    title: "a beginning by a function",
    sql: "SELECT id FROM players WHERE starts_with(nick, 'Zedab')",
    ideal: ["players (nick)"],
  },
  {
    title: "words of a channel",
    sql: "SELECT id, body FROM chat WHERE words @@ plainto_tsquery('simple', 'w77 x5')",
    ideal: ["chat USING gin (words)"],
  },
  {
    title: "those who are banned still",
    sql: "SELECT id, nick FROM players WHERE banned_until > now()",
    ideal: ["players (banned_until)"],
  },
  {
    title: "players out of use",
    sql: "SELECT id, nick FROM players WHERE active = false AND last_seen < '2025-02-01'",
    ideal: ["players (last_seen) WHERE NOT active"],
  },
  {
    title: "the nearest players of a guild",
    sql: "SELECT id FROM players WHERE guild_id = $1 ORDER BY home <-> point($2, $3) LIMIT 5",
    ideal: ["players (guild_id)"],
  },
  {
    title: "winners of finals with their nicks",
    sql: "SELECT DISTINCT p.id, p.nick FROM matches m JOIN players p ON p.id = m.winner_id WHERE m.mode = 'finals' AND m.started_at >= '2025-04-01'",
    ideal: ["matches (started_at) WHERE mode = 'finals'"],
  },
];

const walks: CaseSet["cases"] = [
  {
    title: "a chain of rematches",
    sql: "WITH RECURSIVE chain AS (SELECT id, 1 AS depth FROM matches WHERE id = $1 UNION ALL SELECT m.id, c.depth + 1 FROM matches m JOIN chain c ON m.rematch_of = c.id WHERE c.depth < 10) SELECT * FROM chain",
    ideal: ["matches (rematch_of)"],
  },
  {
    title: "distinct kinds one after the other",
    sql: "WITH RECURSIVE k AS (SELECT min(kind_id) AS id FROM items UNION ALL SELECT (SELECT min(kind_id) FROM items WHERE kind_id > k.id) FROM k WHERE k.id IS NOT NULL) SELECT id FROM k WHERE id IS NOT NULL",
    ideal: ["items (kind_id)"],
  },
  {
    title: "players taken from the lobby",
    sql: "UPDATE lobby SET done = true WHERE id IN (SELECT id FROM lobby WHERE NOT done AND mode = $1 ORDER BY rating LIMIT 8 FOR UPDATE SKIP LOCKED) RETURNING player_id",
    ideal: ["lobby (mode, rating) WHERE NOT done"],
  },
];

const nothing: CaseSet["cases"] = [
  {
    title: "scores of a match written to its players",
    sql: "UPDATE players p SET xp = xp + m.score FROM match_players m WHERE m.player_id = p.id AND m.match_id = $1",
    ideal: [],
  },
  {
    title: "numbers of a span of matches merged by keys that are there",
    sql: "MERGE INTO stats s USING (SELECT player_id, count(*) AS n, max(score) AS best FROM match_players WHERE match_id BETWEEN 5000 AND 5020 GROUP BY player_id) x ON s.player_id = x.player_id WHEN MATCHED THEN UPDATE SET played = s.played + x.n, best = greatest(s.best, x.best) WHEN NOT MATCHED THEN INSERT VALUES (x.player_id, x.n, x.best)",
    ideal: [],
  },
  {
    title: "the newest unsold items of an owner, which a partial index holds",
    sql: "SELECT id, kind_id FROM items WHERE owner_id = $1 AND sold_at IS NULL ORDER BY acquired_at DESC LIMIT 10",
    ideal: [],
  },
  {
    title: "players without a guild",
    sql: "SELECT id, nick, settings FROM players WHERE guild_id IS NULL AND active",
    ideal: [],
  },
  {
    title: "a cube over everything",
    sql: "SELECT mode, map_id, count(*), max(seed) FROM matches GROUP BY CUBE (mode, map_id)",
    ideal: [],
  },
  {
    title: "a small table whole and in order",
    sql: "SELECT * FROM channels ORDER BY name",
    ideal: [],
  },
];

export const gamesCases: CaseSet = {
  world: games,
  prover: "twin",
  cases: [...ranks, ...finds, ...walks, ...nothing],
};
