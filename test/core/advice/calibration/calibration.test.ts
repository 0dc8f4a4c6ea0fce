import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compare,
  summarize,
} from "../../../../src/core/advice/calibration/compare.ts";
import {
  pairUp,
  type OutcomeEntry,
  type PromiseEntry,
} from "../../../../src/core/advice/calibration/entry.ts";
import {
  readLines,
  renderLine,
} from "../../../../src/core/advice/calibration/log-lines.ts";
import { redactLiterals } from "../../../../src/core/advice/calibration/redact.ts";
import { findPromised } from "../../../../src/core/advice/calibration/same-index.ts";
import { existingIndex } from "../samples.ts";

const promise: PromiseEntry = {
  kind: "promise",
  id: "p1",
  at: "2026-01-01T00:00:00Z",
  connection: "shop",
  server: "15.4",
  fingerprint: "abc",
  statement: "SELECT * FROM users WHERE id = ?",
  schema: "public",
  table: "users",
  ddl: "CREATE INDEX users_name_idx ON public.users (name)",
  name: "users_name_idx",
  proof: "planner",
  costBefore: 1000,
  costAfter: 10,
  sizeBytes: 8192,
  shape: ["Index Scan on users"],
  parameters: "none",
  tableRows: 5000,
};

const outcome: OutcomeEntry = {
  kind: "outcome",
  id: "p1",
  at: "2026-02-01T00:00:00Z",
  server: "15.4",
  name: "users_name_idx",
  cost: 20,
  sizeBytes: 4096,
  isUsed: true,
  shape: ["Index Scan on users"],
  tableRows: 5000,
};

describe("literals do not reach the log", () => {
  test("texts, numbers, comments and dollar quotes go; names, parameters and structure stay", () => {
    expect(
      redactLiterals(
        `SELECT "a 1", b2 FROM t -- secret 7
         WHERE x = 'hunter''2' AND y IN (1, 2.5e3) /* 42 */ AND z = E'a\\'b' AND w = $1 AND v = $q$ s3cret $q$ LIMIT 10`,
      ),
    ).toBe(
      'SELECT "a 1", b2 FROM t WHERE x = ? AND y IN (?, ?) AND z = ? AND w = $1 AND v = ? LIMIT ?',
    );
  });

  test("no digit of a literal survives, whatever stands around it", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "'7 7'",
            "77",
            "a",
            "+",
            "(",
            ")",
            "E'\\'7'",
            "$$7$$",
            "--7\n",
            "/*7*/",
          ),
          { maxLength: 12 },
        ),
        (parts) => {
          expect(redactLiterals(parts.join(" "))).not.toContain("7");
        },
      ),
    );
  });

  test("a very long statement is cut", () => {
    const text = redactLiterals(`SELECT ${"a, ".repeat(5000)}b`);
    expect(text.length).toBe(2001);
  });
});

describe("lines of the log", () => {
  test("what is written is read again", () => {
    const text = [promise, outcome].map(renderLine).join("");
    expect(readLines(text)).toEqual([promise, outcome]);
    expect(text.split("\n")).toHaveLength(3);
  });

  test("unknown figures stay unknown", () => {
    const unknown = { ...promise, costAfter: undefined, sizeBytes: undefined };
    expect(readLines(renderLine(unknown))).toEqual([unknown]);
  });

  test("a file cut anywhere keeps every whole line", () => {
    const lines = [promise, outcome, { ...promise, id: "p2" }].map(renderLine);
    const text = lines.join("");
    fc.assert(
      fc.property(fc.nat(text.length), (at) => {
        const whole = text.slice(0, at).split("\n").length - 1;
        const read = readLines(text.slice(0, at));
        expect(read.length).toBeGreaterThanOrEqual(whole);
        expect(read.length).toBeLessThanOrEqual(whole + 1);
      }),
    );
  });

  test("damaged, foreign and future lines cost only themselves", () => {
    const damaged = [
      "not json",
      "[]",
      "null",
      "{}",
      '{"version":2,"kind":"promise"}',
      '{"version":1,"kind":"rumour"}',
      JSON.stringify({ version: 1, ...promise, proof: "hope" }),
      JSON.stringify({ version: 1, ...outcome, id: 7 }),
      "\u0000\u0000",
    ];
    const text = `${damaged.join("\n")}\n${renderLine(promise)}${damaged.join("\r\n")}`;
    expect(readLines(text)).toEqual([promise]);
  });
});

describe("promises and outcomes", () => {
  test("the first outcome counts, and a promise made again before it is kept replaces the earlier", () => {
    const again = { ...promise, id: "p2", at: "2026-01-02T00:00:00Z" };
    expect(pairUp([promise, again])).toEqual([
      { promise: again, outcome: undefined },
    ]);
    expect(pairUp([promise, outcome, { ...outcome, cost: 99 }, again])).toEqual(
      [
        { promise, outcome },
        { promise: again, outcome: undefined },
      ],
    );
  });

  test("errors are factors, whichever side is greater", () => {
    expect(compare({ promise, outcome })).toEqual({
      costFactor: 2,
      sizeFactor: 2,
      isUsed: true,
      isSameShape: true,
    });
    const other = {
      ...outcome,
      cost: undefined,
      sizeBytes: 0,
      shape: ["Seq Scan"],
    };
    expect(compare({ promise, outcome: other })).toMatchObject({
      costFactor: undefined,
      sizeFactor: undefined,
      isSameShape: false,
    });
  });

  test("each proof level has its geometric mean", () => {
    const all = [
      { promise, outcome },
      { promise, outcome: { ...outcome, cost: 10 * 8, isUsed: false } },
      { promise, outcome: undefined },
      {
        promise: { ...promise, proof: "heuristic" as const },
        outcome: undefined,
      },
    ];
    const [planner, heuristic] = summarize(all);
    expect(planner).toMatchObject({
      proof: "planner",
      promised: 3,
      kept: 2,
      used: 1,
    });
    expect(planner?.costFactor).toBeCloseTo(4);
    expect(heuristic).toEqual({
      proof: "heuristic",
      promised: 1,
      kept: 0,
      used: 0,
      costFactor: undefined,
      sizeFactor: undefined,
    });
  });
});

describe("finding the promised index in the catalog", () => {
  const ddl =
    "CREATE INDEX a_idx ON public.users USING btree (lower(email), at DESC) INCLUDE (b, a) WHERE status = ? AND x IS NULL";

  test("by what it is, whatever it is called", () => {
    const index = existingIndex(
      "btree (lower(email), at DESC) INCLUDE (a, b) WHERE ((status = 'open'::text) AND (x IS NULL))",
    );
    expect(findPromised({ ddl }, [existingIndex("btree (email)"), index])).toBe(
      index,
    );
  });

  for (const [difference, using, valid] of [
    [
      "direction",
      "btree (lower(email), at) INCLUDE (a, b) WHERE ((status = 'open'::text) AND (x IS NULL))",
      true,
    ],
    ["predicate", "btree (lower(email), at DESC) INCLUDE (a, b)", true],
    [
      "columns",
      "btree (lower(email), at DESC) INCLUDE (a) WHERE ((status = 'open'::text) AND (x IS NULL))",
      true,
    ],
    [
      "validity",
      "btree (lower(email), at DESC) INCLUDE (a, b) WHERE ((status = 'open'::text) AND (x IS NULL))",
      false,
    ],
  ] as const)
    test(`not one of another ${difference}`, () => {
      expect(
        findPromised({ ddl }, [existingIndex(using, { valid })]),
      ).toBeUndefined();
    });
});
