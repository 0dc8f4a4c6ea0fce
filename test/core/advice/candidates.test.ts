import { english, sayText } from "../../../src/core/words.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { adviseStatement } from "../../../src/core/advice/advise.ts";
import {
  foreignKeyCandidates,
  proposeCandidates,
} from "../../../src/core/advice/candidates.ts";
import { renderIndexKey } from "../../../src/core/advice/render-ddl.ts";
import type { IndexDefinition } from "../../../src/core/advice/suggestion.ts";
import { explainOrder } from "../../../src/core/advice/why.ts";
import type { Catalog } from "../../../src/core/catalog.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { failed, succeeded } from "../../../src/core/result.ts";
import { loadSqlParser, type SqlParser } from "../../../src/core/sql/parse.ts";
import { resolveColumns } from "../../../src/core/sql/resolve-columns.ts";
import type { ParsedStatement } from "../../../src/core/sql/statement.ts";
import { columnOf, indexOf, keyOf, tableOf } from "./samples.ts";

const catalog: Catalog = {
  tables: [
    tableOf(
      "events",
      [
        columnOf("id", { distinctValues: 100_000 }),
        columnOf("user_id", { distinctValues: 5000 }),
        columnOf("kind", {
          type: "text",
          distinctValues: 4,
          commonValues: [
            { text: "usual", frequency: 0.9 },
            { text: "other", frequency: 0.06 },
            { text: "rare", frequency: 0.03 },
          ],
        }),
        columnOf("title", { type: "text", distinctValues: 90_000 }),
        columnOf("seen", { type: "boolean", distinctValues: 2 }),
        columnOf("deleted_at", {
          type: "timestamp with time zone",
          distinctValues: 900,
        }),
        columnOf("created_at", {
          type: "timestamp with time zone",
          distinctValues: 90_000,
        }),
        columnOf("data", { type: "jsonb" }),
        columnOf("city", { type: "text", distinctValues: 15 }),
        columnOf("tags", { type: "text[]" }),
        columnOf("during", { type: "tstzrange" }),
      ],
      {
        referencedBy: [
          {
            schema: "public",
            table: "comments",
            key: "comments_event_id_fkey",
            columns: ["event_id"],
            hasIndex: false,
            estimatedRows: 50_000,
          },
          {
            schema: "public",
            table: "likes",
            key: "likes_event_id_fkey",
            columns: ["event_id"],
            hasIndex: true,
            estimatedRows: 50_000,
          },
        ],
      },
    ),
    tableOf("users", [columnOf("id"), columnOf("email", { type: "text" })]),
    tableOf("kinds", [columnOf("kind", { type: "text" })], {
      pages: 1,
      estimatedRows: 4,
    }),
    tableOf("recent", [columnOf("user_id")], { kind: "view", pages: 0 }),
    tableOf("calls", [
      columnOf("id"),
      columnOf("state", {
        type: "text",
        distinctValues: 3,
        commonValues: [
          { text: "done", frequency: 0.96 },
          { text: "held", frequency: 0.02 },
          { text: "lost", frequency: 0.02 },
        ],
      }),
    ]),
    tableOf(
      "slots",
      [
        columnOf("room"),
        columnOf("during", { type: "tstzrange" }),
        columnOf("price", { type: "numrange" }),
      ],
      { extensions: ["btree_gist"] },
    ),
  ],
};

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

function parse(sql: string): ParsedStatement {
  const parsed = parser.parse(sql);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return {
    ...parsed.value,
    facts: resolveColumns(parsed.value.facts, catalog),
  };
}

const tell = (index: IndexDefinition): string => {
  const method = index.method === "btree" ? "" : ` ${index.method}`;
  const predicate =
    index.predicate === undefined ? "" : ` where ${index.predicate}`;
  return `${index.table}${method} ${renderIndexKey(index)}${predicate}`;
};

const propose = (sql: string): readonly string[] =>
  proposeCandidates(parse(sql), catalog).map(({ index }) => tell(index));

describe("proposeCandidates", () => {
  test("puts equality before sort before range, the most selective equality first", () => {
    const found = propose(
      "SELECT * FROM events WHERE kind = $1 AND user_id = $2 AND id > 5 ORDER BY created_at DESC LIMIT 5",
    );
    expect(found[0]).toBe("events (user_id, kind, created_at DESC)");
    expect(found[1]).toBe("events (user_id, kind, id)");
    expect(found).toContain("events (created_at DESC)");
  });

  test("keeps NULLS only where they differ from the direction's own", () => {
    expect(
      propose(
        "SELECT * FROM events ORDER BY created_at DESC NULLS LAST, id ASC NULLS LAST LIMIT 5",
      ),
    ).toEqual(["events (created_at DESC NULLS LAST, id)"]);
  });

  test("takes only the part of the order that lies in one table", () => {
    const found = propose(
      "SELECT * FROM events e JOIN users u ON u.id = e.user_id ORDER BY e.created_at, u.email, e.id LIMIT 5",
    );
    expect(found).toContain("events (created_at)");
    expect(found).not.toContain("events (created_at, id)");
  });

  test("offers the joined column on both sides, alone and with the filter", () => {
    const found = propose(
      "SELECT * FROM events e JOIN users u ON u.id = e.user_id WHERE u.email = 'a' AND e.kind = $1",
    );
    expect(found).toEqual(
      expect.arrayContaining([
        "events (user_id)",
        "events (kind, user_id)",
        "events (user_id, kind)",
        "users (id)",
        "users (email)",
      ]),
    );
  });

  test("writes an expression without the alias", () => {
    expect(
      propose("SELECT * FROM users AS u WHERE lower(u.email) = 'a'"),
    ).toEqual(["users (lower(email))"]);
    expect(propose("SELECT * FROM events WHERE data->>'k' = 'a.b'")).toEqual([
      "events ((data->>'k'))",
    ]);
  });

  test("has no expression that holds a parameter", () => {
    expect(
      propose("SELECT * FROM events WHERE date_trunc($1, created_at) = $2"),
    ).toEqual([]);
  });

  test("asks for pattern order where a LIKE has a known beginning, and nothing where it has none", () => {
    expect(propose("SELECT * FROM events WHERE title LIKE 'abc%'")).toEqual([
      "events (title text_pattern_ops)",
    ]);
    expect(propose("SELECT * FROM events WHERE title LIKE '%abc'")).toEqual([]);
  });

  test("asks for the method that the operator needs", () => {
    expect(propose("SELECT * FROM events WHERE data @> '{}'")).toEqual([
      "events gin (data jsonb_path_ops)",
      "events gin (data)",
    ]);
    expect(propose("SELECT * FROM events WHERE data ? 'a'")).toEqual([
      "events gin (data)",
    ]);
    expect(propose("SELECT * FROM events WHERE tags && ARRAY['a']")).toEqual([
      "events gin (tags)",
    ]);
    expect(propose("SELECT * FROM events WHERE during @> now()")).toEqual([
      "events gist (during)",
      "events spgist (during)",
    ]);
    expect(propose("SELECT * FROM events WHERE now() <@ during")).toEqual([
      "events gist (during)",
      "events spgist (during)",
    ]);
    expect(
      propose(
        "SELECT * FROM events WHERE to_tsvector('english', title) @@ to_tsquery('a')",
      ),
    ).toEqual(["events gin ((to_tsvector('english', title)))"]);
  });

  test("is partial on a NULL test, a boolean or a literal status, never on a key or a parameter", () => {
    const partials = (sql: string): readonly string[] =>
      propose(sql).filter((text) => text.includes(" where "));
    expect(
      partials("SELECT * FROM events WHERE deleted_at IS NULL AND user_id = 7"),
    ).toEqual(["events (user_id) where deleted_at IS NULL"]);
    expect(partials("SELECT * FROM events WHERE NOT seen ORDER BY id")).toEqual(
      ["events (id) where NOT seen"],
    );
    expect(
      partials("SELECT * FROM events WHERE kind = 'rare' AND user_id = 7"),
    ).toEqual(["events (user_id) where kind = 'rare'"]);
    expect(
      partials("SELECT * FROM events WHERE kind = 'unseen' AND user_id = 7"),
    ).toEqual(["events (user_id) where kind = 'unseen'"]);
    expect(
      partials("SELECT * FROM events WHERE kind = 'other' AND user_id = 7"),
    ).toEqual([]);
    expect(
      partials("SELECT * FROM events WHERE kind = $1 AND user_id = 7"),
    ).toEqual([]);
    expect(
      partials("SELECT * FROM events WHERE city = 'Reykjavík' AND user_id = 7"),
    ).toEqual([]);
  });

  test("is partial on what is left without the usual states, where that is little", () => {
    const partials = (sql: string): readonly string[] =>
      propose(sql).filter((text) => text.includes(" where "));
    expect(
      partials("SELECT * FROM events WHERE kind <> 'usual' ORDER BY id"),
    ).toEqual(["events (id) where kind <> 'usual'"]);
    expect(
      partials("SELECT id FROM events WHERE kind NOT IN ('usual', 'other')"),
    ).toEqual(["events (kind) where kind NOT IN ('usual', 'other')"]);
    expect(
      partials("SELECT * FROM events WHERE kind <> 'rare' ORDER BY id"),
    ).toEqual([]);
    expect(
      partials("SELECT * FROM events WHERE city <> 'Oslo' ORDER BY id"),
    ).toEqual([]);
    expect(
      partials("SELECT * FROM events WHERE kind <> $1 ORDER BY id"),
    ).toEqual([]);
  });

  test("is partial on several rare states, on what is known to differ, and on all of that together", () => {
    const partials = (sql: string): readonly string[] =>
      propose(sql).filter((text) => text.includes(" where "));
    expect(
      partials(
        "SELECT * FROM events WHERE kind IN ('rare', 'unseen') ORDER BY id",
      ),
    ).toEqual([]);
    expect(
      partials("SELECT * FROM events WHERE kind IN ('rare') ORDER BY id"),
    ).toEqual(["events (id) where kind = 'rare'"]);
    expect(
      partials(
        "SELECT * FROM calls WHERE state = ANY (ARRAY['held', 'lost']) ORDER BY id",
      ),
    ).toEqual(["calls (id) where state IN ('held', 'lost')"]);
    expect(
      partials(
        "SELECT * FROM events WHERE kind IS DISTINCT FROM 'usual' ORDER BY id",
      ),
    ).toEqual(["events (id) where kind IS DISTINCT FROM 'usual'"]);
    expect(
      partials("SELECT * FROM events WHERE seen IS NOT TRUE ORDER BY id"),
    ).toEqual(["events (id) where seen IS NOT TRUE"]);
    expect(
      partials(
        "SELECT * FROM events WHERE deleted_at IS NULL AND NOT seen ORDER BY id",
      ),
    ).toContain("events (id) where deleted_at IS NULL AND NOT seen");
  });

  test("finds by several searches at once where they hold together", () => {
    expect(
      propose("SELECT * FROM slots WHERE during && $1 AND price @> 5"),
    ).toEqual([
      "slots gist (during, price)",
      "slots gist (during)",
      "slots spgist (during)",
      "slots gist (price)",
      "slots spgist (price)",
    ]);
    expect(
      propose(
        "SELECT * FROM slots WHERE room = 5 AND during && $1 AND price @> 5",
      ),
    ).toContain("slots gist (room, during, price)");
    expect(
      propose("SELECT * FROM slots WHERE during && $1 OR price @> 5"),
    ).not.toContain("slots gist (during, price)");
  });

  test("has no expression that measures against a value of the call", () => {
    expect(
      propose(
        "SELECT * FROM events WHERE similarity(title, 'abc') > 0.5 ORDER BY ts_rank(to_tsvector('english', title), to_tsquery('a')) LIMIT 5",
      ),
    ).toEqual([]);
    expect(
      propose("SELECT * FROM events WHERE levenshtein(title, 'abc') < 3"),
    ).toEqual([]);
  });

  test("takes starts_with for the beginning that it is", () => {
    expect(
      propose("SELECT * FROM events WHERE starts_with(title, 'abc')"),
    ).toEqual(["events (title text_pattern_ops)"]);
    expect(
      propose("SELECT * FROM events WHERE starts_with(title, $1)"),
    ).toEqual([]);
  });

  test("groups what a partial index holds", () => {
    expect(
      propose(
        "SELECT city, count(*) FROM events WHERE kind = 'rare' GROUP BY city",
      ),
    ).toContain("events (city) where kind = 'rare'");
  });

  test("finds a column compared with what a function in FROM returns", () => {
    expect(
      propose(
        "SELECT (SELECT count(*) FROM events WHERE created_at >= d AND created_at < d + interval '1 day') FROM generate_series(now(), now(), interval '1 day') d",
      ),
    ).toContain("events (created_at)");
    expect(
      propose("SELECT * FROM events WHERE created_at < deleted_at"),
    ).toEqual([]);
  });

  test("finds what an expression is nearest to", () => {
    expect(
      propose(
        "SELECT e.id FROM events e ORDER BY point(e.id, e.user_id) <-> point '(1,2)' LIMIT 3",
      ),
    ).toEqual([
      "events gist (point(id, user_id))",
      "events spgist (point(id, user_id))",
    ]);
  });

  test("finds the beginning that a regular expression is tied to", () => {
    expect(propose("SELECT * FROM events WHERE title ~ '^Intro[0-9]'")).toEqual(
      ["events (title text_pattern_ops)"],
    );
    expect(propose("SELECT * FROM events WHERE title ~ '^a|b'")).toEqual([]);
    expect(propose("SELECT * FROM events WHERE title ~ 'Intro'")).toEqual([]);
  });

  test("finds an expression over what a subquery, a CTE or a UNION calls its columns", () => {
    expect(
      propose(
        "SELECT * FROM (SELECT id, title AS name FROM events WHERE user_id = 5) s WHERE lower(s.name) = 'x'",
      ),
    ).toContain("events (user_id, lower(title))");
    expect(
      propose(
        "WITH mine AS (SELECT title || city AS both, title t, city FROM events) SELECT * FROM mine WHERE (t || mine.city) = 'x'",
      ),
    ).toEqual(["events ((title || city))"]);
    expect(
      propose(
        "SELECT * FROM (SELECT title AS name FROM events UNION ALL SELECT email FROM users) s WHERE lower(name) = 'x' ORDER BY lower(name) LIMIT 5",
      ),
    ).toEqual(["events (lower(title))", "users (lower(email))"]);
    expect(
      propose(
        "WITH old AS (SELECT id, deleted_at - created_at AS age FROM events) SELECT * FROM old WHERE age > $1",
      ),
    ).toEqual(["events ((deleted_at - created_at))"]);
  });

  test("takes columns under OR one by one", () => {
    expect(
      propose("SELECT * FROM events WHERE user_id = 1 OR title = 'x'"),
    ).toEqual(["events (user_id)", "events (title)"]);
  });

  test("leaves out tiny tables, views and unknown names", () => {
    expect(propose("SELECT * FROM kinds WHERE kind = 'a'")).toEqual([]);
    expect(propose("SELECT * FROM recent WHERE user_id = 1")).toEqual([]);
    expect(propose("SELECT * FROM nowhere WHERE user_id = 1")).toEqual([]);
  });

  test("gives each index once", () => {
    const found = propose(
      "SELECT * FROM events a JOIN events b ON a.user_id = b.user_id WHERE a.kind = $1 AND b.kind = $2",
    );
    expect(new Set(found).size).toBe(found.length);
  });
});

describe("foreignKeyCandidates", () => {
  test("names unindexed keys on the table that a DELETE empties, and nothing for other verbs", () => {
    const found = foreignKeyCandidates(
      parse("DELETE FROM events WHERE id = 1"),
      catalog,
    );
    expect(found.map(tell)).toEqual(["comments (event_id)"]);
    expect(
      foreignKeyCandidates(parse("SELECT * FROM events WHERE id = 1"), catalog),
    ).toEqual([]);
  });
});

describe("explainOrder", () => {
  test("tells the roles in the order of the columns", () => {
    const index = indexOf(
      [keyOf("a"), keyOf("b"), keyOf("c", { role: "sort", descending: true })],
      { included: ["d"], predicate: "e IS NULL" },
    );
    expect(sayText(explainOrder(index), english)).toBe(
      "a and b compared for equality, so one descent finds the rows; then c DESC in the asked order, so rows arrive sorted; with d carried along, so the table need not be visited; holding only rows where e IS NULL.",
    );
  });
});

describe("adviseStatement", () => {
  const scan = (cost: number, index?: string): unknown => [
    {
      Plan: {
        "Node Type": index === undefined ? "Seq Scan" : "Index Scan",
        "Relation Name": "events",
        Alias: "events",
        ...(index === undefined ? {} : { "Index Name": index }),
        "Startup Cost": 0,
        "Total Cost": cost,
        "Plan Rows": 1,
        "Plan Width": 8,
      },
    },
  ];
  const statement = (): ParsedStatement =>
    parse("SELECT * FROM events WHERE user_id = 7");
  const planOf = (cost: number) => {
    const plan = parseExplain(scan(cost));
    if (!plan.ok) throw new Error(sayText(plan.error.detail, english));
    return plan.value;
  };

  test("passes on a failure of the connection", async () => {
    const advice = await adviseStatement({
      statement: statement(),
      plan: planOf(1000),
      catalog,
      prover: {
        kind: "hypopg",
        hypopgVersion: "1.4.1",
        whatIf: () =>
          Promise.resolve(
            failed({ kind: "connectionLost" as const, message: "gone" }),
          ),
      },
    });
    expect(advice).toEqual(failed({ kind: "connectionLost", message: "gone" }));
  });

  test.each([
    [1000, 950, 0],
    [1000, 899, 1],
    [30, 8, 0],
    [67, 8, 0],
  ])("from cost %d to %d: %d suggestions", async (before, after, count) => {
    const advice = await adviseStatement({
      statement: statement(),
      plan: planOf(before),
      catalog,
      prover: {
        kind: "hypopg",
        hypopgVersion: "1.4.1",
        whatIf: (indexes) =>
          Promise.resolve(
            succeeded({
              plan: scan(after, "<1>btree_events"),
              names: indexes.map((_, at) => `<${String(at + 1)}>btree_events`),
              sizesBytes: indexes.map(() => 8192),
            }),
          ),
      },
    });
    if (!advice.ok) throw new Error("advice expected");
    expect(advice.value.suggestions).toHaveLength(count);
    for (const suggestion of advice.value.suggestions)
      expect(suggestion).toMatchObject({
        name: "events_user_id_idx",
        costBefore: before,
        costAfter: after,
        // HypoPG's own figure, 8192 here, is up to ten times off.
        sizeBytes: suggestion.upkeep?.estimatedBytes,
        proof: { kind: "planner", how: "HypoPG 1.4.1" },
      });
    for (const { sizeBytes } of advice.value.suggestions)
      expect(sizeBytes).toBeGreaterThan(100_000);
  });
});
