import { beforeAll, describe, expect, it } from "vitest";
import type { DatabaseError, WhatIfSession } from "../../src/app/database.ts";
import {
  createPlannerPool,
  type PlannerPool,
} from "../../src/app/planner-pool.ts";
import { failed, succeeded } from "../../src/core/result.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import type { ParsedStatement } from "../../src/core/sql/statement.ts";

const answer = succeeded({ plan: [], names: [], sizesBytes: [] });
const { signal } = new AbortController();

/** Answers after a turn, with the errors first. */
function sessionThat(
  log: string[],
  name: string,
  errors: DatabaseError[] = [],
): WhatIfSession {
  return {
    plan: async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
      const error = errors.shift();
      return error === undefined ? answer : failed(error);
    },
    close: () => Promise.resolve(),
  };
}

function poolOf(...sessions: WhatIfSession[]): PlannerPool {
  const [first = sessionThat([], "none")] = sessions;
  const left = [...sessions];
  return createPlannerPool(
    () => left.shift() ?? first,
    sessions.length,
    signal,
  );
}

describe("the planners of one search", () => {
  let statement: ParsedStatement;
  beforeAll(async () => {
    const parsed = (await loadSqlParser()).parse("SELECT 1");
    if (!parsed.ok) throw new Error("the statement does not parse");
    statement = parsed.value;
  });

  it("plan side by side, one planning each", async () => {
    const log: string[] = [];
    const pool = poolOf(sessionThat(log, "a"), sessionThat(log, "b"));
    await Promise.all([0, 1, 0].map((lane) => pool.plan(statement, [], lane)));
    expect(log.slice(0, 2).sort()).toEqual(["a begins", "b begins"]);
    for (const name of ["a", "b"])
      expect(log.filter((entry) => entry.startsWith(name)).join()).toMatch(
        new RegExp(`^(${name} begins,${name} ends,?)+$`, "u"),
      );
    expect(pool.ending()).toBeUndefined();
  });

  it.each<DatabaseError>([
    { kind: "tooManyConnections", message: "sorry" },
    { kind: "timedOut", afterMs: 5, what: "connect" },
  ])("go on with fewer where there is no room: $kind", async (crowded) => {
    const log: string[] = [];
    const pool = poolOf(
      sessionThat(log, "a"),
      sessionThat(log, "b", [crowded]),
    );
    const answers = await Promise.all(
      [0, 1].map((lane) => pool.plan(statement, [], lane)),
    );
    answers.push(await pool.plan(statement, [], 1));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(log.filter((entry) => entry === "b begins")).toHaveLength(1);
    expect(pool.ending()).toBeUndefined();
  });

  it("end the search where not even one has room", async () => {
    const crowded: DatabaseError = {
      kind: "tooManyConnections",
      message: "no",
    };
    const pool = poolOf(sessionThat([], "a", [crowded]));
    expect(await pool.plan(statement, [], 0)).toEqual(failed(crowded));
    expect(pool.ending()).toEqual(crowded);
  });

  it("ask once more when a session was lost", async () => {
    const lost: DatabaseError = { kind: "connectionLost", message: "ended" };
    const pool = poolOf(sessionThat([], "a", [lost]));
    expect((await pool.plan(statement, [], 0)).ok).toBe(true);
    const gone = poolOf(sessionThat([], "a", [lost, lost]));
    expect(await gone.plan(statement, [], 0)).toEqual(failed(lost));
    expect(gone.ending()).toEqual(lost);
  });
});
