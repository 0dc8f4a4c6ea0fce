/**
 * Which share of a workload can be planned as pg_stat_statements prints it, literals replaced by `$n`:
 * `node test/bench/parameters.mjs BUNDLE.json.gz … [--servers 13,14,15]`. A bundle holds schema, statistics and
 * queries of a database, no rows. Its queries run once on empty tables, so that the texts are the server's own;
 * then each is planned through the adapter on the statistics. Prints one line of JSON per bundle and server.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import pg from "pg";
import { openPostgres } from "../../src/adapters/postgres/open.ts";
import { loadSqlParser, type SqlParser } from "../../src/core/sql/parse.ts";
import type { Database } from "../../src/app/database.ts";
import type { ServerKind } from "../support/server-binaries.ts";
import { startPostgres, type TestServer } from "../support/servers.ts";

interface Relation {
  readonly name: string;
  readonly kind: string;
  readonly relpages: number;
  readonly reltuples: number;
  readonly relallvisible: number;
}

type Slot = Readonly<Record<string, string | number | boolean | null>>;

interface Bundle {
  readonly ddl: readonly string[];
  readonly relations: readonly (Relation & { readonly kind: string })[];
  readonly slots: readonly Slot[];
  readonly queries: readonly {
    readonly name: string;
    readonly sql: string;
    readonly counted?: boolean;
  }[];
}

const readBundle = (file: string): Bundle =>
  JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Bundle;

async function createSchema(client: pg.Client, bundle: Bundle): Promise<void> {
  await client.query("CREATE EXTENSION pg_stat_statements");
  for (const statement of bundle.ddl)
    await client.query(`${statement} WITH (autovacuum_enabled = false)`);
}

/** One column's row of pg_statistic: five slots, each with its kind, operator, collation, numbers and values. */
async function loadSlot(client: pg.Client, slot: Slot): Promise<void> {
  const values: unknown[] = [
    "relname",
    "attname",
    "stainherit",
    "stanullfrac",
    "stawidth",
    "stadistinct",
  ].map((key) => slot[key]);
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const columns: string[] = [];
  const cells: string[] = [];
  for (const at of [1, 2, 3, 4, 5]) {
    const operator = slot[`op${at}`];
    const [name = "", left = "", right = ""] = String(operator ?? "").split(
      "|",
    );
    const numbers = `${bind(slot[`n${at}`])}::real[]`;
    const collation = slot[`coll${at}`];
    columns.push(
      `stakind${at}, staop${at}, stacoll${at}, stanumbers${at}, stavalues${at}`,
    );
    cells.push(
      `${bind(slot[`stakind${at}`])}::int2`,
      operator
        ? `${bind(`pg_catalog.${name}(${left},${right})`)}::text::regoperator::oid`
        : "0",
      collation
        ? `(SELECT oid FROM pg_collation WHERE collname = ${bind(collation)} LIMIT 1)`
        : "0",
      numbers,
      slot[`v${at}`] === null
        ? "NULL"
        : `array_in(${bind(slot[`v${at}`])}::text::cstring, a.atttypid, -1)`,
    );
  }
  await client.query(
    `INSERT INTO pg_statistic (starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct, ${columns.join(", ")})
     SELECT a.attrelid, a.attnum, $3::bool, $4::real, $5::int, $6::real, ${cells.join(", ")}
     FROM pg_attribute a WHERE a.attrelid = ('public.' || $1::text)::regclass AND a.attname = $2`,
    values,
  );
}

/** The texts that the server keeps of the bundle's queries, in their order. */
async function printTexts(
  client: pg.Client,
  bundle: Bundle,
): Promise<readonly (string | undefined)[]> {
  await client.query("SET statement_timeout = '20s'");
  const texts: (string | undefined)[] = [];
  for (const { sql } of bundle.queries) {
    await client.query("SELECT pg_stat_statements_reset()");
    // What fails on empty tables (a division by a count of zero) was planned before, and so is kept as well.
    await client.query(sql).catch(() => undefined);
    const { rows } = await client.query<{ readonly query: string }>(
      "SELECT query FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' ORDER BY length(query) DESC LIMIT 1",
    );
    texts.push(rows[0]?.query);
  }
  return texts;
}

/** The empty tables get the sizes and the statistics of the full ones. */
async function loadStatistics(
  client: pg.Client,
  bundle: Bundle,
): Promise<void> {
  for (const {
    name,
    kind,
    relpages,
    reltuples,
    relallvisible,
  } of bundle.relations)
    if (kind === "r")
      await client.query(
        "UPDATE pg_class SET relpages = $2, reltuples = $3, relallvisible = $4 WHERE oid = ('public.' || $1::text)::regclass",
        [name, relpages, reltuples, relallvisible],
      );
  for (const slot of bundle.slots) await loadSlot(client, slot);
}

const never = new AbortController().signal;

interface Outcome {
  readonly name: string;
  /** How it was planned, or why it was not. */
  readonly kind: string;
  readonly reason?: string;
}

async function planText(
  database: Database,
  parser: SqlParser,
  name: string,
  text: string | undefined,
): Promise<Outcome> {
  if (text === undefined)
    return { name, kind: "leftOut", reason: "the server kept no text" };
  const statement = parser.parse(text);
  if (!statement.ok)
    return { name, kind: "leftOut", reason: JSON.stringify(statement.error) };
  const answer = await database.explain(statement.value, undefined, never);
  if (!answer.ok)
    return { name, kind: "leftOut", reason: JSON.stringify(answer.error) };
  return { name, kind: answer.value.parameters.kind };
}

async function measure(
  server: TestServer,
  file: string,
  parser: SqlParser,
): Promise<object> {
  const bundle = readBundle(file);
  await server.query("DROP DATABASE IF EXISTS bundle");
  await server.query("CREATE DATABASE bundle");
  const client = new pg.Client({
    connectionString: server.url.replace(/\w+$/, "bundle"),
  });
  await client.connect();
  await createSchema(client, bundle);
  const texts = await printTexts(client, bundle);
  await loadStatistics(client, bundle);
  await client.end();
  const database = openPostgres(
    { ...server.target, database: "bundle" },
    {
      name: "bench",
      password: () => Promise.resolve(undefined),
      log: () => undefined,
    },
  );
  const startedAt = performance.now();
  const outcomes: Outcome[] = [];
  for (const [at, { name }] of bundle.queries.entries())
    outcomes.push(await planText(database, parser, name, texts[at]));
  const elapsedMs = Math.round(performance.now() - startedAt);
  await database.close();
  const leftOut = outcomes.filter(({ kind }) => kind === "leftOut");
  const share = (outcomes.length - leftOut.length) / outcomes.length;
  const kinds: Record<string, number> = {};
  for (const { kind } of outcomes) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return {
    bundle: path.basename(file),
    server: server.kind,
    share,
    elapsedMs,
    kinds,
    leftOut,
  };
}

const serversAt = process.argv.indexOf("--servers");
const kinds = (
  serversAt < 0 ? "13,14,15" : (process.argv[serversAt + 1] ?? "")
).split(",") as ServerKind[];
const files = process.argv
  .slice(2)
  .filter((argument) => argument.endsWith(".json.gz"));
const parser = await loadSqlParser();
for (const kind of kinds) {
  const server = await startPostgres(kind, {
    settings: {
      "pg_stat_statements.track_utility": "off",
      "pg_stat_statements.track_planning": "on",
    },
  });
  for (const file of files)
    process.stdout.write(
      `${JSON.stringify(await measure(server, file, parser))}\n`,
    );
  await server.stop();
}
