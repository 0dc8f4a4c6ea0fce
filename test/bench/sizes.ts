/**
 * Holds the size model against real builds. Builds every index of `data/size-tables.ts`, one at a time,
 * and prints its real megabytes beside the model's and HypoPG's.
 *
 * Options: --server=KIND (default 15-hypopg, else 15), --scale=N of TPC-H and TPC-DS (default 0.1),
 * --loaded=URL of a server that holds databases tpch and tpcds already, --sets=shop,plant,…,
 * --write=FILE keeps catalog facts and real sizes, --from=FILE reads such a file instead of building, --json.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import {
  estimateBuildMs,
  estimateSize,
} from "../../src/core/advice/size-model.ts";
import type {
  SizeColumn,
  SizeInput,
  SizeTable,
} from "../../src/core/advice/size/size-input.ts";
import { renderCreateIndex } from "../../src/core/advice/render-ddl.ts";
import type {
  IndexDefinition,
  IndexKey,
} from "../../src/core/advice/suggestion.ts";
import { startPostgres, whyUnavailable } from "../support/servers.ts";
import { repositoryRoot, type ServerKind } from "../support/server-binaries.ts";
import {
  sizeTables,
  type IndexSpec,
  type SizeTables,
} from "./data/size-tables.ts";

interface Sample {
  readonly set: string;
  readonly tuning: boolean;
  readonly server: string;
  readonly index: string;
  readonly input: SizeInput;
  readonly realBytes: number;
  readonly hypopgBytes: number | undefined;
  readonly buildMs: number;
}

const option = (name: string): string | undefined =>
  process.argv
    .find((argument) => argument.startsWith(`--${name}=`))
    ?.slice(name.length + 3);

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

function keyOf(text: string): IndexKey {
  const isExpression = text.startsWith("(");
  const [name = text, operatorClass] = isExpression ? [text] : text.split(" ");
  return {
    text: isExpression ? text.slice(1, -1) : name,
    isExpression,
    descending: false,
    nulls: undefined,
    operatorClass,
    role: "equality",
  };
}

/** The DDL knows no SP-GiST and no UNIQUE, the model does. */
function createStatement(spec: IndexSpec): string {
  const index: IndexDefinition = {
    schema: "public",
    table: spec.table,
    method: spec.method === "spgist" ? "gist" : spec.method,
    keys: spec.keys.map(keyOf),
    included: spec.included ?? [],
    predicate: spec.predicate,
  };
  const text = renderCreateIndex(index, "sized", { concurrently: false });
  const method = spec.method === "spgist" ? "spgist" : index.method;
  return text
    .replace("CREATE INDEX", spec.unique ? "CREATE UNIQUE INDEX" : "$&")
    .replace("USING gist", `USING ${method}`);
}

const factsQuery = `
  SELECT c.relname AS "table", c.reltuples AS rows, c.relpages AS pages, json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
    'distinctValues', CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * c.reltuples ELSE s.n_distinct END,
    'nullFraction', s.null_frac, 'averageBytes', s.avg_width, 'correlation', s.correlation,
    'frequencies', s.most_common_freqs, 'values', s.most_common_vals::text::text[],
    'elementFrequencies', s.most_common_elem_freqs, 'elementCounts', s.elem_count_histogram) ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_stats s ON s.schemaname = 'public' AND s.tablename = c.relname AND s.attname = a.attname
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.oid, c.relname, c.reltuples, c.relpages`;

interface Fact {
  readonly name: string;
  readonly type: string;
  readonly distinctValues: number | null;
  readonly nullFraction: number | null;
  readonly averageBytes: number | null;
  readonly correlation: number | null;
  readonly frequencies: readonly number[] | null;
  readonly values: readonly string[] | null;
  readonly elementFrequencies: readonly number[] | null;
  readonly elementCounts: readonly number[] | null;
}

/** Statistics of three digits are as good, and keep the stored samples short. */
const short = (value: number): number => Number(value.toPrecision(5));

/** The last two of these frequencies (with nulls three) are bounds, not elements. */
function elementsOf({
  elementFrequencies,
  elementCounts,
}: Fact): Pick<SizeColumn, "elements"> {
  if (elementFrequencies === null) return {};
  const frequencies = elementFrequencies.slice(0, -2).map(short);
  return { elements: { frequencies, perRow: elementCounts?.at(-1) } };
}

/** Values themselves only where they are few, so that the stored samples stay short. */
function commonOf({
  frequencies,
  values,
}: Fact): Pick<SizeColumn, "commonValues"> {
  if (frequencies === null) return {};
  const isShort = frequencies.length <= 10;
  return {
    commonValues: frequencies.map((frequency, at) => ({
      text: isShort ? values?.[at] : undefined,
      frequency: short(frequency),
    })),
  };
}

function columnOf(fact: Fact): SizeColumn {
  return {
    name: fact.name,
    type: fact.type,
    distinctValues: fact.distinctValues ?? undefined,
    nullFraction: fact.nullFraction ?? undefined,
    averageBytes: fact.averageBytes ?? undefined,
    correlation: short(fact.correlation ?? 0),
    ...commonOf(fact),
    ...elementsOf(fact),
  };
}

function inputOf(spec: IndexSpec, table: SizeTable): SizeInput {
  const named = [...spec.keys, ...(spec.included ?? []), spec.predicate ?? ""];
  return {
    method: spec.method,
    keys: spec.keys.map(keyOf),
    included: spec.included ?? [],
    predicate: spec.predicate,
    unique: spec.unique ?? false,
    table: {
      ...table,
      columns: table.columns.filter((column) =>
        named.some((text) => new RegExp(`\\b${column.name}\\b`).test(text)),
      ),
    },
  };
}

const labelOf = (spec: IndexSpec): string =>
  [
    `${spec.unique === true ? "unique " : ""}${spec.method} ${spec.table} (${spec.keys.join(", ")})`,
    ...(spec.included === undefined
      ? []
      : [`include (${spec.included.join(", ")})`]),
    ...(spec.predicate === undefined ? [] : [`where ${spec.predicate}`]),
  ].join(" ");

async function hypopgBytes(
  client: pg.Client,
  statement: string,
): Promise<number | undefined> {
  try {
    const { rows } = await client.query<{ bytes: string }>(
      "SELECT hypopg_relation_size(indexrelid) AS bytes FROM hypopg_create_index($1)",
      [statement],
    );
    return Number(rows[0]?.bytes);
  } catch {
    return undefined;
  }
}

async function buildOne(
  client: pg.Client,
  statement: string,
): Promise<{ realBytes: number; buildMs: number }> {
  const started = performance.now();
  await client.query(statement);
  const buildMs = Math.round(performance.now() - started);
  const { rows } = await client.query<{ bytes: string }>(
    "SELECT pg_relation_size('sized') AS bytes",
  );
  await client.query("DROP INDEX sized");
  return { realBytes: Number(rows[0]?.bytes), buildMs };
}

async function measureSet(
  url: string,
  server: string,
  set: SizeTables,
): Promise<Sample[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // VACUUM refuses a script of several statements.
    for (const part of set.script?.split(/;\n/) ?? [])
      if (part.trim() !== "") await client.query(part);
    await client
      .query("CREATE EXTENSION IF NOT EXISTS pg_trgm")
      .catch(() => undefined);
    const hasHypopg = await client
      .query("CREATE EXTENSION IF NOT EXISTS hypopg")
      .then(() => true)
      .catch(() => false);
    await client.query("SET maintenance_work_mem = '64MB'");
    const facts = await client.query<{
      table: string;
      rows: number;
      pages: number;
      columns: Fact[];
    }>(factsQuery);
    const tables = new Map<string, SizeTable>(
      facts.rows.map(({ table, rows, pages, columns }) => [
        table,
        { estimatedRows: rows, pages, columns: columns.map(columnOf) },
      ]),
    );
    const samples: Sample[] = [];
    for (const spec of set.indexes) {
      const table = tables.get(spec.table);
      if (table === undefined) throw new Error(`no table ${spec.table}`);
      const statement = createStatement(spec);
      const hypopg = hasHypopg
        ? await hypopgBytes(client, statement)
        : undefined;
      const built = await buildOne(client, statement);
      note(`${set.name}: ${labelOf(spec)}: ${built.buildMs} ms`);
      samples.push({
        set: set.name,
        tuning: set.isTuning,
        server,
        index: labelOf(spec),
        input: inputOf(spec, table),
        hypopgBytes: hypopg,
        ...built,
      });
    }
    return samples;
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** The data sets without a script of their own are loaded by the loader, unless a loaded server is given. */
function loadedUrl(url: string, set: SizeTables): string {
  const loaded = option("loaded");
  if (loaded !== undefined) return withDatabase(loaded, set.name);
  const script = path.join(repositoryRoot, "test/bench/data/load-tpc.mjs");
  const done = spawnSync(
    process.execPath,
    [script, set.name, option("scale") ?? "0.1", url],
    { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" },
  );
  if (done.status !== 0) throw new Error(done.stderr);
  return withDatabase(url, set.name);
}

async function measure(): Promise<Sample[]> {
  const kind = (option("server") ??
    (whyUnavailable("15-hypopg") === undefined
      ? "15-hypopg"
      : 15)) as ServerKind;
  const wanted = option("sets")?.split(",");
  const server = await startPostgres(kind, {
    settings: { shared_buffers: "256MB", autovacuum: "off" },
  });
  try {
    const samples: Sample[] = [];
    for (const set of sizeTables) {
      if (wanted !== undefined && !wanted.includes(set.name)) continue;
      if (set.script !== undefined)
        await server.query(`CREATE DATABASE ${set.name}`);
      const url =
        set.script === undefined
          ? loadedUrl(server.url, set)
          : withDatabase(server.url, set.name);
      samples.push(...(await measureSet(url, String(kind), set)));
    }
    return samples;
  } finally {
    await server.stop();
  }
}

/** How far off, as a factor of at least 1. */
const factorOf = (a: number, b: number): number => Math.max(a / b, b / a);

function summaryOf(factors: readonly number[]): {
  indexes: number;
  geometricMean: number;
  worst: number;
} {
  const logs = factors.reduce((sum, factor) => sum + Math.log(factor), 0);
  return {
    indexes: factors.length,
    geometricMean: Math.exp(logs / Math.max(1, factors.length)),
    worst: Math.max(1, ...factors),
  };
}

function summaries(
  samples: readonly Sample[],
): Record<string, ReturnType<typeof summaryOf>> {
  const model = (chosen: readonly Sample[]): ReturnType<typeof summaryOf> =>
    summaryOf(
      chosen.map(({ input, realBytes }) =>
        factorOf(estimateSize(input), realBytes),
      ),
    );
  const btrees = samples.filter(({ input }) => input.method === "btree");
  return {
    all: model(samples),
    "B-trees": model(btrees),
    tuning: model(samples.filter(({ tuning }) => tuning)),
    "held out": model(samples.filter(({ tuning }) => !tuning)),
    HypoPG: summaryOf(
      samples.flatMap(({ hypopgBytes: bytes, realBytes }) =>
        bytes === undefined ? [] : [factorOf(bytes, realBytes)],
      ),
    ),
    "build time": summaryOf(
      samples
        .filter(({ buildMs }) => buildMs >= 20)
        .map(({ input, buildMs }) => factorOf(estimateBuildMs(input), buildMs)),
    ),
  };
}

const megabytes = (bytes: number | undefined): string =>
  (bytes === undefined ? "" : (bytes / 1024 / 1024).toFixed(2)).padStart(9);

function print(samples: readonly Sample[]): void {
  const line = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  line(
    `${"index".padEnd(74)} ${"real MB".padStart(9)} ${"model".padStart(9)} ${"HypoPG".padStart(9)}   ratio     ms  model ms`,
  );
  for (const sample of samples) {
    const bytes = estimateSize(sample.input);
    line(
      `${`${sample.set} ${sample.index}`.slice(0, 74).padEnd(74)} ${megabytes(sample.realBytes)} ${megabytes(bytes)} ${megabytes(sample.hypopgBytes)}  ${(bytes / sample.realBytes).toFixed(3)} ${String(sample.buildMs).padStart(7)} ${estimateBuildMs(sample.input).toFixed(0).padStart(7)}`,
    );
  }
  for (const [name, summary] of Object.entries(summaries(samples)))
    line(
      `${name.padEnd(12)} ${summary.indexes} indexes, geometric mean ${summary.geometricMean.toFixed(3)}×, worst ${summary.worst.toFixed(2)}×`,
    );
}

const from = option("from");
const samples =
  from === undefined
    ? await measure()
    : (JSON.parse(readFileSync(from, "utf8")) as Sample[]);
const written = option("write");
if (written !== undefined) writeFileSync(written, JSON.stringify(samples));
if (process.argv.includes("--json"))
  process.stdout.write(
    `${JSON.stringify({
      summary: summaries(samples),
      indexes: samples.map(({ input, ...rest }) => ({
        ...rest,
        modelBytes: estimateSize(input),
        modelBuildMs: estimateBuildMs(input),
      })),
    })}\n`,
  );
else print(samples);
