import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  startEmpty,
  type EmptyServer,
} from "../../../../src/adapters/demo/start-empty.ts";
import {
  openSession,
  type Session,
} from "../../../../src/adapters/postgres/session.ts";
import { exportBundle } from "../../../../src/adapters/postgres/twin/export/export-bundle.ts";
import {
  openTwin,
  type Twin,
} from "../../../../src/adapters/postgres/twin/open-twin.ts";
import { loadParseTree } from "../../../../src/core/twin/check-ddl.ts";
import { loadSqlParser } from "../../../../src/core/sql/parse.ts";
import { buildDemoForTest, type BuiltDemo } from "../../../support/demo.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../../support/servers.ts";
import { unwrap } from "../support.ts";
import {
  cutStatements,
  sourceQueries,
  sourceSchema,
  sourceSettings,
} from "./source.ts";

interface PlanNode {
  readonly "Node Type": string;
  readonly "Total Cost": number;
  readonly "Plan Rows": number;
  readonly Plans?: readonly PlanNode[];
}

const signal = new AbortController().signal;

async function plan(session: Session, sql: string): Promise<PlanNode> {
  const [row] = await session.run(`EXPLAIN (FORMAT JSON) ${sql}`);
  const [first] = JSON.parse(row?.["QUERY PLAN"] ?? "[]") as {
    Plan: PlanNode;
  }[];
  if (first === undefined) throw new Error("no plan");
  return first.Plan;
}

const shapeOf = (node: PlanNode): unknown => [
  node["Node Type"],
  (node.Plans ?? []).map(shapeOf),
];

describeOn(18, "a twin on the embedded server", () => {
  let source: TestServer;
  let files: BuiltDemo;
  let server: EmptyServer;
  let twin: Twin;
  beforeAll(async () => {
    source = await startPostgres(18, { settings: { autovacuum: "off" } });
    await source.query("CREATE DATABASE source");
    await source.query(sourceSettings);
    for (const statement of cutStatements(sourceSchema(180_000)))
      await source.query(statement, "source");
    const request = {
      schemas: undefined,
      leaveOut: [],
      hashText: false,
      statements: 0,
    };
    const bundle = unwrap(
      await exportBundle(
        { ...source.target, database: "source" },
        undefined,
        request,
        signal,
      ),
    );
    files = await buildDemoForTest();
    server = unwrap(
      await startEmpty(
        {
          folder: path.join(files.scratch, "twin"),
          serverScript: files.serverScript,
          assetsFolder: files.assetsFolder,
        },
        signal,
      ),
    );
    twin = unwrap(
      await openTwin(
        bundle,
        {
          target: server.target,
          password: undefined,
          dataFolder: server.dataFolder,
          singleSession: true,
        },
        {
          name: "twin",
          log: () => undefined,
          parse: await loadParseTree(),
          estimateSize: () => 2_719_744,
        },
      ),
    );
  });
  afterAll(async () => {
    await twin.database.close();
    await server.stop();
    await files.remove();
    await source.stop();
  });

  it("carries the whole schema over but the locale, which it has one of", () => {
    const told = twin.remarks
      .map(({ what }) => what)
      .filter((what) => !what.startsWith("locale"));
    expect(told).toEqual([]);
  });

  it("estimates rows as the source does, and costs within a fiftieth of a percent", async () => {
    const original = unwrap(
      await openSession(
        { ...source.target, database: "source" },
        undefined,
        4000,
      ),
    );
    let sameShape = 0;
    let sameRows = 0;
    let near = 0;
    for (const sql of sourceQueries) {
      const one = await plan(original, sql);
      const other = await plan(twin.built.planner, sql);
      if (JSON.stringify(shapeOf(one)) === JSON.stringify(shapeOf(other)))
        sameShape += 1;
      if (one["Plan Rows"] === other["Plan Rows"]) sameRows += 1;
      if (
        Math.abs(one["Total Cost"] - other["Total Cost"]) <=
        0.000_2 * one["Total Cost"]
      )
        near += 1;
    }
    await original.end();
    expect({ sameShape, sameRows, near }).toEqual({
      sameShape: sourceQueries.length,
      sameRows: sourceQueries.length,
      near: sourceQueries.length,
    });
  });

  it("proves an index, and forgets it for the next plan, though everybody shares one backend", async () => {
    const parser = await loadSqlParser();
    const statement = unwrap(
      parser.parse("SELECT * FROM sales.line WHERE amount = 7.77"),
    );
    const key = {
      text: "amount",
      isExpression: false,
      descending: false,
      nulls: undefined,
      operatorClass: undefined,
      role: "equality",
    } as const;
    const index = {
      schema: "sales",
      table: "line",
      method: "btree",
      keys: [key],
      included: [],
      predicate: undefined,
    } as const;
    const before = unwrap(
      await twin.database.explain(statement, undefined, signal),
    );
    const session = twin.database.openWhatIf();
    const tried = unwrap(await session.plan(statement, [index], signal));
    await session.close();
    const after = unwrap(
      await twin.database.explain(statement, undefined, signal),
    );
    expect(JSON.stringify(tried.plan)).toContain(tried.names[0]);
    expect(after.plan).toEqual(before.plan);
  });
});
