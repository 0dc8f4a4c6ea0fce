/**
 * Holds the size model against real builds. Builds every index of `data/size-tables.ts`, one at a time,
 * and prints its real megabytes beside the model's and HypoPG's.
 *
 * Options: --server=KIND (default 15-hypopg, else 15), --scale=N of TPC-H and TPC-DS (default 0.1),
 * --loaded=URL of a server that holds databases tpch and tpcds already, --sets=shop,plant,…,
 * --write=FILE keeps statistics and real sizes, --from=FILE,… reads such files instead of building, --json.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import {
  estimateBuildMs,
  estimateSize,
} from "../../src/core/advice/size-model.ts";
import { readCatalog } from "../../src/adapters/postgres/catalog.ts";
import { parsePostgresUrl } from "../../src/adapters/postgres/parse-target.ts";
import { openSession } from "../../src/adapters/postgres/session.ts";
import type { CatalogColumn, CatalogTable } from "../../src/core/catalog.ts";
import type {
  SizeColumn,
  SizeInput,
  SizeTable,
} from "../../src/core/advice/size/size-input.ts";
import { renderCreateIndex } from "../../src/core/advice/render-ddl.ts";
import type { IndexDefinition } from "../../src/core/advice/suggestion.ts";
import { unwrap } from "../adapters/postgres/support.ts";
import { startPostgres, whyUnavailable } from "../support/servers.ts";
import { repositoryRoot, type ServerKind } from "../support/server-binaries.ts";
import {
  inputOf,
  keyOf,
  type Built,
  type Stored,
} from "./data/size-samples.ts";
import {
  sizeTables,
  type IndexSpec,
  type SizeTables,
} from "./data/size-tables.ts";

interface Sample extends Built {
  readonly label: string;
  readonly isTuning: boolean;
  readonly input: SizeInput;
}

const option = (name: string): string | undefined =>
  process.argv
    .find((argument) => argument.startsWith(`--${name}=`))
    ?.slice(name.length + 3);

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

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

/** Statistics of three digits are as good, and keep the stored samples short. */
const short = (value: number): number => Number(value.toPrecision(5));

/** Values themselves only where they are few, so that the stored samples stay short. */
const mostStoredValues = 10;

function columnOf(column: CatalogColumn): SizeColumn {
  const { commonValues, frequencies, elements, documentKeys } = column;
  return {
    name: column.name,
    type: column.type,
    distinctValues: column.distinctValues,
    nullFraction: column.nullFraction,
    averageBytes: column.averageBytes,
    correlation: short(column.correlation ?? 0),
    ...(commonValues !== undefined &&
      commonValues.length <= mostStoredValues && { commonValues }),
    ...(frequencies !== undefined && { frequencies: frequencies.map(short) }),
    ...(elements !== undefined && {
      elements: { ...elements, frequencies: elements.frequencies.map(short) },
    }),
    ...(documentKeys !== undefined && { documentKeys }),
  };
}

/** Columns that an index of the set or a key names, for the others are never read. */
function sizeTable(set: SizeTables, table: CatalogTable): SizeTable {
  const unique = table.indexes.filter(({ unique }) => unique);
  const named = [
    ...set.indexes
      .filter((spec) => spec.table === table.name)
      .flatMap(({ keys, included, predicate }) => [
        ...keys,
        ...(included ?? []),
        predicate ?? "",
      ]),
    ...unique.flatMap(({ keys }) => keys),
  ];
  return {
    estimatedRows: table.estimatedRows,
    pages: table.pages,
    columns: table.columns
      .filter(({ name }) =>
        named.some((text) => new RegExp(`\\b${name}\\b`).test(text)),
      )
      .map(columnOf),
    indexes: unique.map(({ keys, unique, valid, predicate }) => ({
      keys,
      unique,
      valid,
      predicate,
    })),
    foreignKeys: table.foreignKeys,
    ...(table.combinations !== undefined && {
      combinations: table.combinations,
    }),
  };
}

const sampleOf = (built: Built, tables: Stored["tables"]): Sample => ({
  ...built,
  label: labelOf(built),
  isTuning: sizeTables.some(
    ({ name, isTuning }) => built.set.startsWith(name) && isTuning,
  ),
  input: inputOf(built, tables),
});

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

async function prepare(client: pg.Client, set: SizeTables): Promise<boolean> {
  // VACUUM refuses a script of several statements.
  for (const part of set.script?.split(/;\n/) ?? [])
    if (part.trim() !== "") await client.query(part);
  await client.query("CREATE EXTENSION IF NOT EXISTS pg_trgm");
  await client.query("SET maintenance_work_mem = '64MB'");
  return client.query("CREATE EXTENSION IF NOT EXISTS hypopg").then(
    () => true,
    () => false,
  );
}

/** As the product reads them. */
async function tablesOf(
  url: string,
  set: SizeTables,
  label: string,
): Promise<Stored["tables"]> {
  const { target } = unwrap(parsePostgresUrl(url));
  const session = unwrap(await openSession(target, undefined, 5000));
  try {
    const names = [...new Set(set.indexes.map(({ table }) => table))];
    const { tables } = unwrap(
      await readCatalog(
        session,
        names.map((name) => ({ schema: "public", name })),
      ),
    );
    return Object.fromEntries(
      tables.map((table) => [`${label}.${table.name}`, sizeTable(set, table)]),
    );
  } finally {
    await session.end();
  }
}

async function versionOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::int AS version",
  );
  return rows[0]?.version ?? 0;
}

async function measureSet(url: string, set: SizeTables): Promise<Stored> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const hasHypopg = await prepare(client, set);
    const tables = await tablesOf(url, set, set.name);
    const serverVersion = await versionOf(client);
    const built: Built[] = [];
    for (const spec of set.indexes) {
      const statement = createStatement(spec);
      const hypopg = hasHypopg
        ? await hypopgBytes(client, statement)
        : undefined;
      const done = await buildOne(client, statement);
      note(`${set.name}: ${labelOf(spec)}: ${done.buildMs} ms`);
      built.push({
        set: set.name,
        serverVersion,
        ...spec,
        hypopgBytes: hypopg,
        ...done,
      });
    }
    if (set.keys === undefined) return { tables, built };
    await client.query(set.keys);
    const label = `${set.name}, keys`;
    return together([
      { tables, built },
      {
        tables: await tablesOf(url, set, label),
        built: built.map((one) => ({ ...one, set: label })),
      },
    ]);
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

const together = (parts: readonly Stored[]): Stored => ({
  tables: Object.assign(
    {},
    ...parts.map(({ tables }) => tables),
  ) as Stored["tables"],
  built: parts.flatMap(({ built }) => built),
});

async function measure(): Promise<Stored> {
  const kind = (option("server") ??
    (whyUnavailable("15-hypopg") === undefined
      ? "15-hypopg"
      : 15)) as ServerKind;
  const wanted = option("sets")?.split(",");
  const server = await startPostgres(kind, {
    settings: { shared_buffers: "256MB", autovacuum: "off" },
  });
  try {
    const parts: Stored[] = [];
    for (const set of sizeTables) {
      if (wanted !== undefined && !wanted.includes(set.name)) continue;
      if (set.script !== undefined)
        await server.query(`CREATE DATABASE ${set.name}`);
      const url =
        set.script === undefined
          ? loadedUrl(server.url, set)
          : withDatabase(server.url, set.name);
      parts.push(await measureSet(url, set));
    }
    return together(parts);
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
    tuning: model(samples.filter(({ isTuning }) => isTuning)),
    "held out": model(samples.filter(({ isTuning }) => !isTuning)),
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
      `${`${sample.set} ${sample.label}`.slice(0, 74).padEnd(74)} ${megabytes(sample.realBytes)} ${megabytes(bytes)} ${megabytes(sample.hypopgBytes)}  ${(bytes / sample.realBytes).toFixed(3)} ${String(sample.buildMs).padStart(7)} ${estimateBuildMs(sample.input).toFixed(0).padStart(7)}`,
    );
  }
  for (const [name, summary] of Object.entries(summaries(samples)))
    line(
      `${name.padEnd(12)} ${summary.indexes} indexes, geometric mean ${summary.geometricMean.toFixed(3)}×, worst ${summary.worst.toFixed(2)}×`,
    );
}

/** One line for each table and index, so that a diff of two files can be read. */
const storedText = ({ tables, built }: Stored): string =>
  [
    '{"tables":{',
    Object.entries(tables)
      .map(
        ([name, table]) => `${JSON.stringify(name)}:${JSON.stringify(table)}`,
      )
      .join(",\n"),
    '},"built":[',
    built.map((one) => JSON.stringify(one)).join(",\n"),
    "]}\n",
  ].join("\n");

const from = option("from")?.split(",");
const stored =
  from === undefined
    ? await measure()
    : together(
        from.map((file) => JSON.parse(readFileSync(file, "utf8")) as Stored),
      );
const written = option("write");
if (written !== undefined) writeFileSync(written, storedText(stored));
const samples = stored.built.map((one) => sampleOf(one, stored.tables));
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
