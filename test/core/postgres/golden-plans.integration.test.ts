import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { renderPlanText } from "../../../src/core/plan/render-text.ts";
import { walk } from "../../../src/core/plan/walk.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import {
  openQuietly,
  parsed,
  unwrap,
} from "../../adapters/postgres/support.ts";
import {
  explain,
  explainTransitionTable,
  openSchool,
} from "../../plans/capture.ts";
import { majors, planPath, rulePath } from "../../plans/stored.ts";
import { situations } from "../../plans/operators.ts";
import { ruleCases } from "../../plans/rule-cases.ts";

/** PLANLENS_WRITE_PLANS=1 writes the stored plans anew instead of only comparing them. */
const writes = process.env["PLANLENS_WRITE_PLANS"] === "1";
const run = "ANALYZE, BUFFERS, FORMAT JSON";

const parsedPlan = (json: unknown): Plan => unwrap(parseExplain(json));

const write = (file: string, json: unknown): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(json)}\n`);
};

const read = (file: string): unknown =>
  JSON.parse(readFileSync(file, "utf8")) as unknown;

const operators = (plan: Plan): readonly string[] =>
  [...walk(plan)].map((node) => node.operator);

/** Times, memory and blocks differ from run to run. */
const withoutMeasures = (text: string): string =>
  text
    .split("\n")
    .filter(
      (line) =>
        !/Buffers:|Planning|Execution Time|Trigger|Settings|WAL|Rows Removed|Worker \d/u.test(
          line,
        ),
    )
    .join("\n")
    .replace(/time=\S+/gu, "time")
    .replace(/(?:Memory|Disk): \d+kB/gu, "space")
    .replace(/(?:Average|Peak) (?:Memory|Disk): \d+kB/gu, "space")
    .replace(/(?:Memory|Disk) Usage: \d+kB/gu, "space")
    .replace(/Heap Blocks: .*/gu, "Heap Blocks")
    .replace(/Heap Fetches: .*/gu, "Heap Fetches");

/** How the work was spread over processes is chance. */
const withoutLoops = (text: string): string =>
  text.replace(/rows=\S+ loops=\d+/gu, "rows");

for (const major of majors) {
  describeOn(major, "Plans of a real server", () => {
    let server: TestServer;
    let client: pg.Client;
    beforeAll(async () => {
      server = await startPostgres(major);
      client = await openSchool(server);
    });
    afterAll(async () => {
      await client.end();
      await server.stop();
    });

    const here = situations.filter(({ from = 0 }) => from <= major);
    it.each(here)(
      "$name: known to the last field, and stored as the server has it now",
      async (situation) => {
        const json = await explain(client, situation, run, major);
        if (writes) write(planPath(situation.name, major), json);
        const plan = parsedPlan(json);
        expect(plan.notes).toEqual([]);
        expect([...walk(plan)].map(({ kind }) => kind)).toEqual(
          expect.arrayContaining([...situation.shows]),
        );
        expect(
          operators(parsedPlan(read(planPath(situation.name, major)))),
        ).toEqual(operators(plan));
      },
    );

    it.each(here)("$name: text as the server's own", async (situation) => {
      const json = await explain(client, situation, "FORMAT JSON", major);
      const text = await explain(client, situation, "FORMAT TEXT", major);
      expect(renderPlanText(parsedPlan(json))).toBe(text);
    });

    it.each(here)(
      "$name: text of a run as the server's own, measures aside",
      async (situation) => {
        const json = await explain(client, situation, run, major);
        const text = await explain(
          client,
          situation,
          run.replace("JSON", "TEXT"),
          major,
        );
        const mask = /Workers Launched/u.test(String(text))
          ? withoutLoops
          : (same: string) => same;
        expect(mask(withoutMeasures(renderPlanText(parsedPlan(json))))).toBe(
          mask(withoutMeasures(String(text))),
        );
      },
    );

    it("a trigger's transition table", async () => {
      const json = await explainTransitionTable(client);
      if (writes) write(planPath("named-tuplestore-scan", major), json);
      expect(operators(parsedPlan(json))).toEqual([
        "Aggregate",
        "Named Tuplestore Scan",
      ]);
    });
  });
}

describeOn(15, "Plans for the rules", () => {
  let server: TestServer;
  let client: pg.Client;
  beforeAll(async () => {
    server = await startPostgres(15);
    client = await openSchool(server);
  });
  afterAll(async () => {
    await client.end();
    await server.stop();
  });

  it.each(ruleCases)("$name has the stored plan", async (ruleCase) => {
    const database = openQuietly(server.target);
    const statement = await parsed(ruleCase.sql);
    const tables = statement.facts.tables.map(({ schema, name }) => ({
      schema,
      name,
    }));
    const catalog = unwrap(
      await database.catalog(tables, new AbortController().signal),
    );
    await database.close();
    const options = ruleCase.analyze
      ? "ANALYZE, BUFFERS, SETTINGS, FORMAT JSON"
      : "SETTINGS, FORMAT JSON";
    const plan = await explain(client, ruleCase, options, 15);
    if (writes)
      write(rulePath(ruleCase.name), { sql: ruleCase.sql, catalog, plan });
    const stored = read(rulePath(ruleCase.name)) as { readonly plan: unknown };
    expect(operators(parsedPlan(stored.plan))).toEqual(
      operators(parsedPlan(plan)),
    );
  });
});
