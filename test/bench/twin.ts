// Twins against their sources, and how long they take to build. Prints one table a version, then JSON.
// usage: node test/bench/twin.mjs [--versions=13,18] [BUNDLE.json.gz…]
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { startEmpty } from "../../src/adapters/demo/start-empty.ts";
import {
  openSession,
  type Session,
} from "../../src/adapters/postgres/session.ts";
import { buildTwin } from "../../src/adapters/postgres/twin/build-twin.ts";
import { exportBundle } from "../../src/adapters/postgres/twin/export/export-bundle.ts";
import type { TwinPlace } from "../../src/adapters/postgres/twin/place.ts";
import type { Bundle } from "../../src/core/twin/bundle.ts";
import { loadParseTree } from "../../src/core/twin/check-ddl.ts";
import {
  describeBundleProblem,
  readBundle,
} from "../../src/core/twin/read-bundle.ts";
import {
  cutStatements,
  ginQueries,
  rangeEndQueries,
  sourceQueries,
  sourceSchema,
  sourceSettings,
} from "../adapters/postgres/twin/source.ts";
import { unwrap } from "../adapters/postgres/support.ts";
import { startPostgres, type TestServer } from "../support/servers.ts";
import type { PostgresMajor } from "../support/server-binaries.ts";

interface PlanNode {
  readonly "Node Type": string;
  readonly "Total Cost": number;
  readonly "Plan Rows": number;
  readonly Plans?: readonly PlanNode[];
}

const signal = new AbortController().signal;
const parse = await loadParseTree();
const repository = path.resolve(process.argv[2] ?? ".");
const given = process.argv.slice(3);
const versions = (
  given.find((one) => one.startsWith("--versions="))?.slice(11) ??
  "13,14,15,16,17,18"
)
  .split(",")
  .map((one) => Number(one) as PostgresMajor);
const bundles = given
  .filter((one) => !one.startsWith("--"))
  .map((file) => {
    const read = readBundle(gunzipSync(readFileSync(file)).toString("utf8"));
    if (!read.ok)
      throw new Error(`${file}: ${describeBundleProblem(read.error)}`);
    return { name: path.basename(file), bundle: read.value };
  });

async function plan(session: Session, sql: string): Promise<PlanNode> {
  const [row] = await session.run(`EXPLAIN (FORMAT JSON) ${sql}`);
  const [first] = JSON.parse(row?.["QUERY PLAN"] ?? "[]") as {
    Plan: PlanNode;
  }[];
  if (first === undefined) throw new Error("no plan");
  return first.Plan;
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [
  node,
  ...(node.Plans ?? []).flatMap(nodesOf),
];
const away = (one: number, other: number): number =>
  Math.abs(one - other) / Math.max(1e-9, Math.abs(one));

/** How far the twin's plans are from the source's; differences are shares. */
async function compare(
  source: Session,
  twin: Session,
  queries: readonly string[],
) {
  const figures = {
    statements: queries.length,
    equal: 0,
    sameShape: 0,
    maxCostDifference: 0,
    maxRowDifference: 0,
  };
  for (const sql of queries) {
    const one = nodesOf(await plan(source, sql));
    const other = nodesOf(await plan(twin, sql));
    const isSameShape =
      one.map((node) => node["Node Type"]).join() ===
      other.map((node) => node["Node Type"]).join();
    if (isSameShape) figures.sameShape += 1;
    if (JSON.stringify(one) === JSON.stringify(other)) figures.equal += 1;
    for (const [at, node] of isSameShape ? one.entries() : []) {
      const twinNode = other[at] ?? node;
      figures.maxCostDifference = Math.max(
        figures.maxCostDifference,
        away(node["Total Cost"], twinNode["Total Cost"]),
      );
      figures.maxRowDifference = Math.max(
        figures.maxRowDifference,
        away(node["Plan Rows"], twinNode["Plan Rows"]),
      );
    }
  }
  return figures;
}

const placeOf = (server: TestServer): TwinPlace => ({
  target: server.target,
  password: undefined,
  dataFolder: undefined,
  singleSession: false,
});

const rounds = 5;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function timeBuilds(bundle: Bundle, place: TwinPlace): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const twin = unwrap(await buildTwin(bundle, place, parse));
    times.push(twin.buildMs);
    await twin.drop();
  }
  return Math.round(median(times));
}

async function measureVersion(major: PostgresMajor) {
  const server = await startPostgres(major, {
    settings: { autovacuum: "off" },
  });
  try {
    await server.query("CREATE DATABASE source");
    await server.query(sourceSettings);
    for (const statement of cutStatements(sourceSchema(major * 10_000)))
      await server.query(statement, "source");
    const target = { ...server.target, database: "source" };
    const startedAt = performance.now();
    const bundle = unwrap(
      await exportBundle(
        target,
        undefined,
        { schemas: undefined, leaveOut: [], hashText: false, statements: 0 },
        signal,
      ),
    );
    const exportMs = Math.round(performance.now() - startedAt);
    const twin = unwrap(await buildTwin(bundle, placeOf(server), parse));
    const source = unwrap(await openSession(target, undefined, 4000));
    const exact = await compare(source, twin.planner, sourceQueries);
    const indexReads = await compare(source, twin.planner, [
      ...ginQueries,
      ...rangeEndQueries,
    ]);
    await source.end();
    await twin.drop();
    const builds: Record<string, number> = {};
    for (const one of bundles)
      builds[one.name] = await timeBuilds(one.bundle, placeOf(server));
    return {
      server: `PostgreSQL ${major}`,
      exportMs,
      buildMs: { "test schema": Math.round(twin.buildMs), ...builds },
      exact,
      indexReads,
    };
  } finally {
    await server.stop();
  }
}

/** Twice each: the files of the first start are still in the system's cache at the second. */
async function measureEmbedded(outDir: string) {
  const builds: Record<string, number> = {};
  const starts = bundles.flatMap(({ name, bundle }) =>
    ["first start", "second start"].map((label) => ({ name, bundle, label })),
  );
  for (const [at, { name, bundle, label }] of starts.entries()) {
    const startedAt = performance.now();
    const place = {
      folder: path.join(outDir, `data${at}`),
      serverScript: path.join(outDir, "demo-server.js"),
      assetsFolder: path.join(outDir, "demo"),
    };
    const server = unwrap(await startEmpty(place, signal));
    const startMs = Math.round(performance.now() - startedAt);
    const twin = unwrap(
      await buildTwin(
        bundle,
        {
          target: server.target,
          password: undefined,
          dataFolder: server.dataFolder,
          singleSession: true,
        },
        parse,
      ),
    );
    builds[`${name}: ${label}`] = startMs;
    builds[`${name}: build after ${label}`] = Math.round(twin.buildMs);
    await twin.drop();
    await server.stop();
  }
  return { server: "embedded PostgreSQL 18, cold", buildMs: builds };
}

const figures: unknown[] = [];
for (const major of versions) {
  const one = await measureVersion(major);
  console.error(one);
  figures.push(one);
}
if (bundles.length > 0) {
  const outDir = mkdtempSync(path.join(tmpdir(), "planlens-bench-"));
  const script = new URL(
    `file://${path.join(repository, "tools/build-demo.mjs")}`,
  ).href;
  const { buildDemo } = (await import(script)) as {
    buildDemo: (options: { outDir: string }) => Promise<void>;
  };
  await buildDemo({ outDir });
  const one = await measureEmbedded(outDir);
  console.error(one);
  figures.push(one);
  rmSync(outDir, { recursive: true, force: true });
}
console.log(JSON.stringify(figures));
