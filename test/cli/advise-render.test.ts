import { describe, expect, test } from "vitest";
import type { AdvisedWorkload } from "../../src/app/advise-workload.ts";
import {
  renderAdvice,
  type AdviceReport,
} from "../../src/cli/advise/render-advice.ts";
import type { IndexUsage, IndexUse } from "../../src/core/advice/index-use.ts";
import type { AdvisedIndex } from "../../src/core/advice/workload/workload-advice.ts";
import { describeJudging } from "../../src/cli/advise/render-drops.ts";
import { splitStatements } from "../../src/core/sql/split.ts";
import { phrase } from "../../src/core/words.ts";
import { indexOf } from "../core/advice/samples.ts";
import { findSchemaErrors } from "../support/advise-schema.ts";
import { indexInUse } from "../support/index-use.ts";

const advised = (overrides: Partial<AdvisedIndex> = {}): AdvisedIndex => ({
  index: indexOf(["visitor", "at"]),
  name: "users_visitor_at_idx",
  sizeBytes: 3_000_000,
  proof: { kind: "planner", how: "HypoPG 1.3.1" },
  gain: 900,
  upkeep: 12,
  queries: [{ name: "a.sql:1", weight: 2, before: 500, after: 50 }],
  why: phrase(
    "{0} compared for equality, so one descent finds the rows",
    "visitor",
  ),
  replaces: [{ schema: "public", name: "users_visitor" }],
  ...overrides,
});

function report(overrides: Partial<AdvisedWorkload> = {}): AdviceReport {
  const advice: AdvisedWorkload = {
    baselineCost: 1000,
    cost: 100,
    sizeBytes: 3_000_000,
    plannings: 17,
    indexes: [advised()],
    queries: [{ name: "a.sql:1", weight: 2, before: 500, after: 50 }],
    leftOut: [],
    notes: [],
    outweighed: [],
    isCut: false,
    alternatives: [],
    frontier: [
      { bytes: 0, cost: 1000, members: [] },
      { bytes: 3_000_000, cost: 112, members: [0] },
    ],
    ending: { kind: "complete" },
    ...overrides,
  };
  return {
    advice,
    elapsedMs: 1234.5,
    budget: undefined,
    titles: new Map(),
    notes: [],
    drops: { drops: [], undecided: 0, judgedBy: [] },
  };
}

const existing = (name: string, sizeBytes: number): IndexUse =>
  indexInUse(name, ["visitor"], { table: "users", sizeBytes, scans: 0 });

const hostile = 'a"\nDROP TABLE users; --';

describe("an advice", () => {
  test("as JSON keeps the published shape", () => {
    const text = renderAdvice(report(), "json");
    expect(findSchemaErrors(text)).toEqual([]);
    expect(JSON.parse(text)).toMatchObject({
      baselineCost: 1000,
      cost: 100,
      relativeCost: 0.1,
      explains: 17,
      elapsedMs: 1235,
      ended: "complete",
      indexes: [
        {
          ddl: "CREATE INDEX CONCURRENTLY users_visitor_at_idx ON public.users (visitor, at)",
          table: "public.users",
          proof: "planner",
          gain: 900,
          queries: [{ name: "a.sql:1", before: 500, after: 50 }],
        },
      ],
    });
  });

  test("the published shape refuses what is not promised", () => {
    const body = JSON.parse(renderAdvice(report(), "json")) as Record<
      string,
      unknown
    >;
    expect(
      findSchemaErrors(JSON.stringify({ ...body, cost: "100" })),
    ).not.toEqual([]);
    expect(findSchemaErrors(JSON.stringify({ ...body, more: 1 }))).not.toEqual(
      [],
    );
    delete body["leftOut"];
    expect(findSchemaErrors(JSON.stringify(body))).not.toEqual([]);
  });

  test("of a workload that costs nothing has no share that is no number", () => {
    const empty = report({ baselineCost: 0, cost: 0, indexes: [] });
    expect(JSON.parse(renderAdvice(empty, "json"))).toMatchObject({
      relativeCost: 1,
    });
    expect(renderAdvice(empty, "text")).toMatch(/No index would make/);
  });

  test("as text says what each index takes, brings, costs and replaces", () => {
    const text = renderAdvice(report(), "text");
    expect(text).toMatch(
      /Cost of 1 query 1,000 → 100 \(−90 %\) with 1 index of/,
    );
    expect(text).toMatch(/saves 900, costs writes 12; HypoPG 1\.3\.1/);
    expect(text).toMatch(/^ {4}a\.sql:1: 500 → 50 \(−90 %\) × 2$/m);
  });

  test.each(["text", "sql", "markdown"] as const)(
    "says as %s what is not worth its writes",
    (format) => {
      const outweighed = [advised({ gain: 90, upkeep: 400 })];
      const none = report({ cost: 1000, indexes: [], outweighed });
      const text = renderAdvice(none, format);
      expect(text).toMatch(/No index would save this workload's reads more/);
      expect(text).toMatch(
        /Not worth its writes: CREATE INDEX .* saves 90, costs writes 400/,
      );
      const json = renderAdvice(none, "json");
      expect(findSchemaErrors(json)).toEqual([]);
      expect(JSON.parse(json)).toMatchObject({
        indexes: [],
        outweighed: [{ table: "public.users", gain: 90, upkeep: 400 }],
      });
    },
  );

  test("of a workload of which nothing could be planned says so in every format", () => {
    const none = report({
      baselineCost: 0,
      cost: 0,
      queries: [],
      indexes: [],
      leftOut: [
        { name: "a.sql:1", reason: "Not valid SQL." },
        { name: "a.sql:2", reason: "Not valid SQL." },
      ],
    });
    for (const format of ["text", "sql", "markdown"] as const) {
      const said = renderAdvice(none, format);
      expect(said).toMatch(
        /^(-- )?No statement could be planned; 2 statements were left out\./,
      );
      expect(said).not.toMatch(/Cost of 0|−|\| Index/);
    }
  });

  test("that leaves statements out says how many in its first line", () => {
    const leftOut = [{ name: "a.sql:2", reason: "Not valid SQL." }];
    const text = renderAdvice(report({ leftOut }), "text");
    expect(text.split("\n")[0]).toMatch(
      /with 1 index of 2\.86 MB; 1 statement was left out\./,
    );
  });

  test("tells people in every format what the writes pay for an index", () => {
    for (const format of ["text", "sql", "markdown"] as const) {
      expect(renderAdvice(report(), format)).toMatch(/900, costs writes 12/);
      const readOnly = report({ indexes: [advised({ upkeep: 0 })] });
      expect(renderAdvice(readOnly, format)).not.toMatch(/writes/);
    }
  });

  test("never rounds what is left of a cost to a saving of everything", () => {
    const text = renderAdvice(report({ baselineCost: 1e6, cost: 3 }), "text");
    expect(text).toMatch(/1\.00 M → 3 \(−99\.9 %\)/);
  });

  test("without an index names the budget where that is in the way", () => {
    const none = { indexes: [], cost: 1000, sizeBytes: 0 };
    const said = (bytes?: number, written = ""): string =>
      renderAdvice(
        {
          ...report(none),
          budget: bytes === undefined ? undefined : { bytes, written },
        },
        "text",
      );
    expect(said(10, "10")).toMatch(
      /^--budget 10 has no room for an index, of which the smallest takes 16\.0 kB; give more/,
    );
    expect(said(0, "0MB")).toMatch(/^--budget 0MB has no room/);
    expect(said(50_000, "50kB")).toMatch(
      /^No index that fits into --budget 50kB would make .*; more may leave room/,
    );
    expect(said()).toMatch(/^No index would make this workload/);
    expect(said()).not.toMatch(/budget/);
  });

  test("shows people the title of a query, and programs its name", () => {
    const titled = {
      ...report({ leftOut: [{ name: "4711", reason: "Not valid SQL." }] }),
      titles: new Map([
        ["a.sql:1", "4712 SELECT * FROM users WHERE visitor = $1"],
        ["4711", "4711 SELECT nothing at all"],
      ]),
    };
    for (const format of ["text", "markdown"] as const) {
      const said = renderAdvice(titled, format);
      expect(said).toMatch(
        /4712 SELECT \* FROM users WHERE visitor = \$1: 500/,
      );
      expect(said).toMatch(/4711 SELECT nothing at all/);
    }
    expect(JSON.parse(renderAdvice(titled, "json"))).toMatchObject({
      queries: [{ name: "a.sql:1" }],
      leftOut: [{ name: "4711" }],
    });
  });

  test("names in every format the existing indexes that can go, and drops none", () => {
    const withDrops: AdviceReport = {
      ...report(),
      drops: {
        drops: [
          {
            index: existing("users_visitor", 3_000_000),
            reason: { kind: "replaced", by: "users_visitor_at_idx" },
          },
          {
            index: existing(hostile, 16_384),
            reason: { kind: "unused" },
          },
        ],
        undecided: 0,
        judgedBy: ["Scans were counted from 2026-10-01 on."],
      },
    };
    const text = renderAdvice(withDrops, "text");
    expect(text).toMatch(/^2 existing indexes can go, which frees 2\.88 MB:$/m);
    expect(text).toMatch(
      /^DROP INDEX CONCURRENTLY public\.users_visitor;\n {4}2\.86 MB, on users; the new users_visitor_at_idx begins with .* built\.$/m,
    );
    const script = renderAdvice(withDrops, "sql");
    expect(script).toMatch(
      /^-- DROP INDEX CONCURRENTLY public\.users_visitor;/m,
    );
    expect(splitStatements(script)).toHaveLength(1);
    const json = renderAdvice(withDrops, "json");
    expect(findSchemaErrors(json)).toEqual([]);
    expect(JSON.parse(json)).toMatchObject({
      drops: [
        {
          ddl: "DROP INDEX CONCURRENTLY public.users_visitor",
          table: "public.users",
          sizeBytes: 3_000_000,
          reason: "replaced",
          by: "users_visitor_at_idx",
        },
        { reason: "unused" },
      ],
    });
    expect(renderAdvice(withDrops, "markdown")).toMatch(
      /^\| `DROP INDEX CONCURRENTLY public\.users_visitor` \| 2\.86 MB \| the new/m,
    );
    for (const format of ["text", "json", "sql", "markdown"] as const)
      expect(renderAdvice(withDrops, format)).toMatch(
        /Scans were counted from 2026-10-01 on\./,
      );
  });

  test.each([
    ["timeLimit", /time limit/],
    ["planningLimit", /number of EXPLAINs/],
    ["interrupted", /interrupted/],
  ] as const)("says in every format that it ended by %s", (kind, words) => {
    for (const format of ["text", "json", "sql", "markdown"] as const)
      expect(renderAdvice(report({ ending: { kind } }), format)).toMatch(words);
  });

  test("as SQL is a script that creates the indexes and does nothing else, whatever names hold", () => {
    const nasty = report({
      indexes: [
        advised({
          index: indexOf([hostile], { table: hostile }),
          name: hostile,
          why: hostile,
          replaces: [{ schema: hostile, name: hostile }],
        }),
        advised(),
      ],
      leftOut: [{ name: hostile, reason: hostile }],
    });
    const script = renderAdvice(nasty, "sql");
    const statements = splitStatements(script).map(({ start, end }) =>
      script.slice(start, end),
    );
    expect(statements).toHaveLength(2);
    for (const statement of statements)
      expect(statement).toMatch(/^CREATE INDEX CONCURRENTLY /);
  });

  test("on a partitioned table leaves CONCURRENTLY out, which PostgreSQL refuses there", () => {
    const parent = report({
      indexes: [advised({ refusesConcurrently: true })],
    });
    for (const format of ["text", "json", "sql", "markdown"] as const) {
      expect(renderAdvice(parent, format)).toMatch(
        /CREATE INDEX users_visitor/,
      );
      expect(renderAdvice(parent, format)).not.toMatch(/CONCURRENTLY/);
    }
  });

  test("as Markdown is a table whose cells names cannot break", () => {
    const markdown = renderAdvice(
      report({
        indexes: [advised({ index: indexOf(["a|b\nc"]) })],
        leftOut: [{ name: "b.sql:2", reason: "Not valid | SQL.\nReally." }],
      }),
      "markdown",
    );
    const row = markdown
      .split("\n")
      .find((line) => line.startsWith("| `CREATE"));
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(6);
    expect(markdown).toMatch(/- `b\.sql:2`: Not valid \\\| SQL\. Really\./);
  });
});

describe("by what existing indexes were judged", () => {
  const nowMs = Date.parse("2026-11-21T00:00:00Z");
  const said = (
    usage: Partial<IndexUsage>,
    more: { readonly countsUse?: boolean; readonly undecided?: number } = {},
  ): string =>
    describeJudging(
      {
        drops: [{ index: existing("a", 1), reason: { kind: "invalid" } }],
        undecided: more.undecided ?? 0,
      },
      {
        usage: {
          indexes: [],
          countedSince: "2026-10-01T00:00:00Z",
          isReplica: false,
          replicas: 0,
          isCut: false,
          ...usage,
        },
        countsUse: more.countsUse ?? true,
      },
      nowMs,
    ).join("\n");

  test("is told with the window of the statistics and with what they do not know", () => {
    expect(said({})).toBe(
      "Scans were counted since 2026-10-01 (51 days), on this server. No replica streams from it now; what one fed from an archive scans would not be seen.",
    );
    expect(said({ countedSince: "2026-11-19T12:00:00Z" })).toMatch(
      /since 2026-11-19 only, which is too short to call an index unused\./,
    );
    expect(said({ countedSince: undefined })).toMatch(
      /is not known, so no index/,
    );
    expect(said({ replicas: 1 }, { undecided: 1 })).toMatch(
      /What the replica of this server scans was not looked at, so no index is called unused\. 1 index was never scanned here, which is not enough to drop it\./,
    );
    expect(said({ replicas: 3 })).toMatch(
      /What the 3 replicas of this server scan was/,
    );
    expect(said({ isReplica: true })).toMatch(
      /what the primary and other replicas scan/,
    );
    expect(said({}, { countsUse: false })).toBe(
      "Existing indexes were judged by their columns alone: a bundle holds no counters of their use.",
    );
  });

  test("is not told where there is nothing to say it of", () => {
    const known = {
      usage: {
        indexes: [],
        countedSince: undefined,
        isReplica: false,
        replicas: 0,
        isCut: false,
      },
      countsUse: true,
    };
    expect(describeJudging({ drops: [], undecided: 0 }, known, nowMs)).toEqual(
      [],
    );
  });
});
