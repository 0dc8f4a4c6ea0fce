// The advisor's sets built for real: what it promised beside what came. On PostgreSQL 15 with HypoPG, of a server of
// its own unless one is given; databases `tpch` and `tpcds` are loaded there when they are missing.
// usage: npm run bench:promises -- BUNDLE.json.gz… [--server=URL] [--shares=0.25,0.5] [--proof=hypopg|twin]
//   [--seconds=60] [--explains=10000] [--execution-seconds=300] [--query-seconds=60] [--json]
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type pg from "pg";
import {
  adviseWorkload,
  type AdvisedWorkload,
} from "../../src/app/advise-workload.ts";
import type { Database } from "../../src/app/database.ts";
import { parseAdviseArguments } from "../../src/cli/advise/arguments.ts";
import {
  openSource,
  type OpenSource,
} from "../../src/cli/advise/open-source.ts";
import { renderCreateIndex } from "../../src/core/advice/render-ddl.ts";
import { readTrialPlan } from "../../src/core/advice/workload/trial-plan.ts";
import { loadSqlParser, type SqlParser } from "../../src/core/sql/parse.ts";
import {
  describeBundleProblem,
  readBundle,
} from "../../src/core/twin/read-bundle.ts";
import { english } from "../../src/core/words.ts";
import {
  executeAll,
  type ExecutionLimits,
  type KnownTimes,
  type Planned,
} from "./promises-execute.ts";
import {
  heapBytes,
  indexBytes,
  planOf,
  rowCounts,
  withRowCounts,
  type RealPlan,
  type Statement,
} from "./promises-measure.ts";
import { print, type QueryFate, type Report } from "./promises-report.ts";
import {
  applySettings,
  copyDatabase,
  dropDatabase,
  provideDatabase,
  readBundleName,
  startServer,
  withClient,
} from "./promises-server.ts";

interface Asked {
  readonly bundles: readonly string[];
  readonly server: string | undefined;
  readonly shares: readonly number[];
  readonly proof: string;
  readonly advice: {
    readonly timeLimitMs: number;
    readonly maximumPlannings: number;
  };
  readonly execution: ExecutionLimits;
}

function readArguments(given: readonly string[]): Asked {
  const values = new Map<string, string>();
  const bundles: string[] = [];
  for (const argument of given) {
    const [, name, value] = /^--([\w-]+)=(.*)$/.exec(argument) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
    else if (!argument.startsWith("--")) bundles.push(argument);
  }
  const seconds = (name: string, usual: number): number =>
    Number(values.get(name) ?? usual) * 1000;
  return {
    bundles,
    server: values.get("server"),
    shares: (values.get("shares") ?? "0.25,0.5").split(",").map(Number),
    proof: values.get("proof") ?? "hypopg",
    advice: {
      timeLimitMs: seconds("seconds", 60),
      maximumPlannings: Number(values.get("explains") ?? 10_000),
    },
    execution: {
      totalMs: seconds("execution-seconds", 300),
      queryMs: seconds("query-seconds", 60),
    },
  };
}

const signal = new AbortController().signal;

async function openAdvised(url: string, proof: string): Promise<OpenSource> {
  const parsed = parseAdviseArguments([
    "--connection",
    url,
    `--proof=${proof}`,
    "--server=15",
  ]);
  if (!parsed.ok || parsed.value === "help")
    throw new Error(`--proof is hypopg or twin, not "${proof}".`);
  const source = await openSource(parsed.value, signal);
  if (!source.ok) throw new Error(source.error.sentence);
  return source.value;
}

interface Foreseen {
  readonly cost: number;
  readonly indexNames: ReadonlySet<string>;
}

/** The whole set at once on the planner that advised; index names are those of the advice. */
async function planWholeSet(
  database: Database,
  parser: SqlParser,
  statements: readonly Statement[],
  { indexes }: AdvisedWorkload,
): Promise<ReadonlyMap<string, Foreseen>> {
  const session = database.openWhatIf();
  const foreseen = new Map<string, Foreseen>();
  try {
    for (const { name, sql } of statements) {
      const parsed = parser.parse(sql);
      if (!parsed.ok) continue;
      const answer = await session.plan(
        parsed.value,
        indexes.map(({ index }) => index),
        signal,
      );
      const plan = answer.ok ? readTrialPlan(answer.value.plan) : undefined;
      if (!answer.ok || plan === undefined) continue;
      const read = indexes.flatMap((one, at) =>
        plan.indexNames.has(answer.value.names[at] ?? "") ? [one.name] : [],
      );
      foreseen.set(name, { cost: plan.cost, indexNames: new Set(read) });
    }
  } finally {
    await session.close();
  }
  return foreseen;
}

interface Advised {
  readonly advice: AdvisedWorkload;
  readonly foreseen: ReadonlyMap<string, Foreseen>;
  readonly seconds: number;
}

async function advise(
  url: string,
  statements: readonly Statement[],
  budgetBytes: number,
  asked: Asked,
): Promise<Advised> {
  const parser = await loadSqlParser();
  const { database, close } = await openAdvised(url, asked.proof);
  const startedAt = performance.now();
  try {
    const advice = await adviseWorkload(
      { database, parser },
      statements.map(({ name, sql }) => ({ name, text: sql, weight: 1 })),
      {
        ...asked.advice,
        budgetBytes,
        sizes: "model",
        onProgress: () => undefined,
        translate: english,
      },
      signal,
    );
    if (!advice.ok) throw new Error(JSON.stringify(advice.error));
    const seconds = (performance.now() - startedAt) / 1000;
    const foreseen = await planWholeSet(
      database,
      parser,
      statements,
      advice.value,
    );
    return { advice: advice.value, foreseen, seconds };
  } finally {
    await close();
  }
}

async function planAll(
  client: pg.Client,
  statements: readonly Statement[],
): Promise<ReadonlyMap<string, RealPlan>> {
  const plans = new Map<string, RealPlan>();
  for (const { name, sql } of statements)
    plans.set(name, await planOf(client, sql));
  return plans;
}

async function build(
  client: pg.Client,
  { indexes }: AdvisedWorkload,
): Promise<Report["indexes"]> {
  const built: Report["indexes"][number][] = [];
  for (const { index, name, sizeBytes } of indexes) {
    const ddl = renderCreateIndex(index, name, { concurrently: false });
    const startedAt = performance.now();
    await client.query(ddl);
    const seconds = (performance.now() - startedAt) / 1000;
    const realBytes = await indexBytes(client, name);
    built.push({
      name,
      table: index.table,
      ddl,
      promisedBytes: sizeBytes,
      realBytes,
      seconds,
    });
  }
  return built;
}

interface Plans {
  readonly before: ReadonlyMap<string, RealPlan>;
  readonly after: ReadonlyMap<string, RealPlan>;
  /** With the row counts that the advisor saw. */
  readonly afterAlike: ReadonlyMap<string, RealPlan>;
}

/** Pairs each query's promise with what came; queries that the advisor left out are not among them. */
const fatesOf = (
  { advice, foreseen }: Advised,
  { before, after, afterAlike }: Plans,
): readonly QueryFate[] =>
  advice.queries.flatMap(({ name, before: advised, after: promised }) => {
    const bare = before.get(name);
    const real = after.get(name);
    if (bare === undefined || real === undefined) return [];
    const told = advice.indexes.flatMap(({ name: index, queries }) =>
      queries
        .filter((one) => one.name === name)
        .map((one) => ({ index, gain: one.before - one.after })),
    );
    return [
      {
        name,
        advisedBefore: advised,
        before: bare.cost,
        promised,
        foreseen: foreseen.get(name)?.cost,
        real: real.cost,
        realAlike: afterAlike.get(name)?.cost ?? real.cost,
        isPlanChanged: bare.shape !== real.shape,
        told,
        foreseenIndexes: [...(foreseen.get(name)?.indexNames ?? [])].sort(),
        usedIndexes: [...real.indexNames].sort(),
      },
    ];
  });

const pairUp = (
  statements: readonly Statement[],
  { before, after }: Plans,
): readonly Planned[] =>
  statements.flatMap((statement) => {
    const bare = before.get(statement.name);
    const real = after.get(statement.name);
    return bare === undefined || real === undefined
      ? []
      : [{ ...statement, before: bare, after: real }];
  });

interface Workload {
  readonly name: string;
  readonly serverUrl: string;
  readonly url: string;
  readonly database: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
  readonly heapBytes: number;
  readonly known: KnownTimes;
}

/** What the indexes are worth on a copy with them, beside the bare database. */
async function keep(
  workload: Workload,
  advised: Advised,
  copyUrl: string,
  limits: ExecutionLimits,
): Promise<Pick<Report, "indexes" | "queries" | "executions" | "rowDrift">> {
  const { statements } = workload;
  return withClient(workload.url, (bare) =>
    withClient(copyUrl, async (built) => {
      const counts = await rowCounts(built);
      const indexes = await build(built, advised.advice);
      const exact = await rowCounts(built);
      const plans = {
        before: await planAll(bare, statements),
        after: await planAll(built, statements),
        afterAlike: await withRowCounts(built, counts, () =>
          planAll(built, statements),
        ),
      };
      const rowDrift = [...counts].map(([table, count]) => {
        const now = exact.get(table) ?? count;
        return {
          table,
          share: now === count ? 0 : now / Math.max(1, count) - 1,
        };
      });
      const executions = await executeAll(
        pairUp(statements, plans),
        { bare, built },
        limits,
        workload.known,
      );
      const queries = fatesOf(advised, plans);
      return { indexes, queries, executions, rowDrift };
    }),
  );
}

async function runOne(
  workload: Workload,
  share: number,
  asked: Asked,
): Promise<Report> {
  const budgetBytes = Math.round(workload.heapBytes * share);
  const { statements, serverUrl, database } = workload;
  const advised = await advise(workload.url, statements, budgetBytes, asked);
  const copy = `${database}_with_indexes`;
  try {
    const copyUrl = await copyDatabase(serverUrl, database, copy);
    await applySettings(copyUrl, workload.settings);
    return {
      workload: workload.name,
      proof: asked.proof,
      share,
      budgetBytes,
      adviceSeconds: advised.seconds,
      plannings: advised.advice.plannings,
      ending: advised.advice.ending.kind,
      leftOut: advised.advice.leftOut.map(({ name }) => name),
      statements: statements.length,
      ...(await keep(workload, advised, copyUrl, asked.execution)),
    };
  } finally {
    await dropDatabase(serverUrl, copy);
  }
}

async function openWorkload(
  root: string,
  file: string,
  serverUrl: string,
): Promise<Workload> {
  const read = readBundle(gunzipSync(readFileSync(file)).toString("utf8"));
  if (!read.ok)
    throw new Error(`${file}: ${describeBundleProblem(read.error)}`);
  const { settings, queries } = read.value;
  const named = readBundleName(file);
  const url = await provideDatabase(root, serverUrl, named);
  await applySettings(url, settings);
  return {
    name: `${named.kind} SF${named.scale}`,
    serverUrl,
    url,
    database: named.kind,
    settings,
    statements: queries.filter(({ counted }) => counted),
    known: new Map(),
    heapBytes: await withClient(url, async (client) => {
      await client.query("CREATE EXTENSION IF NOT EXISTS hypopg");
      return heapBytes(client);
    }),
  };
}

const [root = ".", ...given] = process.argv.slice(2);
const asked = readArguments(given);
if (asked.bundles.length === 0) {
  process.stderr.write(
    "Give the bundles whose data to advise on: npm run bench:promises -- tpch-sf1.json.gz…\n",
  );
  process.exit(2);
}
const own = asked.server === undefined ? await startServer() : undefined;
const serverUrl = asked.server ?? own?.url ?? "";
const reports: Report[] = [];
try {
  for (const file of asked.bundles) {
    const workload = await openWorkload(root, file, serverUrl);
    for (const share of asked.shares) {
      const report = await runOne(workload, share, asked);
      print(report);
      reports.push(report);
    }
  }
} finally {
  await own?.stop();
}
if (given.includes("--json"))
  process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
