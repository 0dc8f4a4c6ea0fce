import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDemo, type Demo } from "../../src/adapters/demo/start-demo.ts";
import { openPostgres } from "../../src/adapters/postgres/open.ts";
import { cutQueries } from "../../src/adapters/demo/assets.ts";
import { createCatalogCache } from "../../src/app/catalog-cache.ts";
import type { Database } from "../../src/app/database.ts";
import {
  explainStatement,
  interpret,
  type ExplainedStatement,
  type ExplainPorts,
} from "../../src/app/explain-statement.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { buildDemoForTest, type BuiltDemo } from "../support/demo.ts";

const queriesFolder = path.resolve(import.meta.dirname, "../../demo/queries");
const never = new AbortController().signal;

/** What the comments of the query files promise: the rule that names the fault first or among others. */
const faults: Readonly<Record<string, string>> = {
  "login-ignoring-case": "hidden-column",
  "email-domain": "leading-wildcard",
  "deep-page": "offset",
  "suspended-students": "full-read",
  "beta-testers": "full-read",
  "lessons-with-handouts": "full-read",
  "roster-of-a-course": "full-read",
  "courses-of-a-similar-price": "costly-inner-side",
  "latest-events": "sort-without-index",
  "events-of-a-student": "full-read",
  "error-events": "full-read",
  "ungraded-work": "full-read",
  "submissions-by-decimal-key": "hidden-column",
  "last-visit-of-suspended-students": "correlated-subquery",
  "leave-a-course": "foreign-key-without-index",
  "payment-by-reference": "full-read",
  "payments-of-one-day": "hidden-column",
  "open-tablet-sessions": "index-filters-most",
  "messages-about-certificates": "leading-wildcard",
};

const fine = [
  "student-by-email",
  "next-page-by-key",
  "course-by-slug",
  "course-search",
  "lessons-of-a-module",
  "popular-courses",
  "top-teachers",
  "courses-of-a-student",
  "payments-of-a-range",
];

describe("the demo's queries", () => {
  let built: BuiltDemo;
  let demo: Demo;
  let database: Database;
  let ports: ExplainPorts;
  const explained = new Map<string, ExplainedStatement>();

  beforeAll(async () => {
    built = await buildDemoForTest();
    const started = await startDemo({
      folder: path.join(built.scratch, "data"),
      serverScript: built.serverScript,
      assetsFolder: built.assetsFolder,
      onProgress: () => undefined,
      signal: never,
    });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    demo = started.value;
    database = openPostgres(demo.target, {
      name: "demo",
      password: () => Promise.resolve(undefined),
      log: () => undefined,
      singleSession: true,
    });
    ports = {
      database,
      catalog: createCatalogCache(database),
      parser: await loadSqlParser(),
    };
    for (const file of await readdir(queriesFolder)) {
      for (const { name, sql } of cutQueries(
        await readFile(path.join(queriesFolder, file), "utf8"),
      )) {
        const outcome = await explainStatement(
          ports,
          sql,
          { values: undefined, advise: false },
          never,
        );
        if (!outcome.ok)
          throw new Error(`${name}: ${JSON.stringify(outcome.error)}`);
        expect(explained.has(name), `${name} is unique`).toBe(false);
        explained.set(name, outcome.value);
      }
    }
  });
  afterAll(async () => {
    await database.close();
    await demo.stop();
    await built.remove();
  });

  const rulesOf = (name: string): readonly string[] =>
    explained.get(name)?.findings.map(({ rule }) => rule) ?? ["no such query"];

  it("are planned, every one", () => {
    expect(explained.size).toBeGreaterThan(30);
  });

  it.each(Object.entries(faults))("%s shows %s", (name, rule) => {
    expect(rulesOf(name)).toContain(rule);
  });

  it("students-of-a-city shows row-estimate-off once it has run", async () => {
    const statement = explained.get("students-of-a-city")?.statement;
    if (statement === undefined) throw new Error("no such query");
    const limits = { statementTimeoutMs: 10_000, lockTimeoutMs: 1_000 };
    const run = await database.analyze(
      {
        statement,
        values: [],
        limits,
        environment: "dev",
        consent: { mayWrite: false, mayCallVolatile: false },
      },
      never,
    );
    if (!run.ok) throw new Error(JSON.stringify(run.error));
    const outcome = await interpret(ports, statement, run.value, {
      advise: false,
      signal: never,
    });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
    expect(outcome.value.findings.map(({ rule }) => rule)).toContain(
      "row-estimate-off",
    );
  });

  it.each(fine)("%s is fine", (name) => {
    expect(rulesOf(name)).toEqual([]);
  });
});
