import { renderCreateIndex } from "../../../core/advice/render-ddl.ts";
import { quoteAlways } from "../../../core/sql/quote-identifier.ts";
import { blockBytes } from "../../../core/twin/relation-file.ts";
import type { Step } from "../exchange.ts";
import { readError } from "../errors.ts";
import type { Session } from "../session.ts";
import type { BuiltTwin } from "./build-twin.ts";
import { growFiles } from "./grow-files.ts";
import { readRelationFiles } from "./relation-files.ts";
import {
  describeParts,
  sizeParts,
  type EstimateSize,
  type Wanted,
} from "./size-trials.ts";

/** An index that exists on the twin, switched off until it is asked for. */
export interface TrialIndex {
  readonly name: string;
  /** Object identifiers: of the index, and on a partitioned table of its parts. */
  readonly ids: readonly string[];
  /** Names of its parts on a partitioned table, which plans tell instead of its own. */
  readonly partNames: readonly string[];
  readonly sizeBytes: number;
}

/** Why the server refuses to make such an index. */
export interface Refusal {
  readonly refused: string;
}

/** Objects that trial indexes need, beside the bundle's own: the superuser's. */
const ownSchema = "planlens_trials";

/** Its file stands in for a table's while its index is built: empty, so that no hole is read. */
const standIn = `${ownSchema}.stand_in`;

/** Tables named in a JSON list and, where they are partitioned, their parts that have files; of the caller alone. */
const leaves = `
  SELECT DISTINCT l.relid AS id FROM json_to_recordset($1) AS asked(schema text, "table" text)
  JOIN pg_namespace n ON n.nspname = asked.schema
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = asked."table"
    AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = session_user)
  CROSS JOIN LATERAL (SELECT c.oid AS relid WHERE c.relkind <> 'p'
    UNION ALL SELECT t.relid FROM pg_partition_tree(c.oid) t WHERE c.relkind = 'p' AND t.isleaf) l`;

const asSuperuser =
  "LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog";

/**
 * What only a superuser may do to the catalog, as functions of two fixed doings. The rest is done by the twin's own
 * role in a session of its own: index expressions call functions of the bundle, and within a superuser's session
 * those could take its rights back, whatever role is set there.
 */
const helpers: readonly string[] = [
  // A bundle may bring a schema of this name, and triggers on what is in there.
  `DROP SCHEMA IF EXISTS ${ownSchema} CASCADE`,
  `CREATE SCHEMA ${ownSchema}`,
  `CREATE TABLE ${standIn} ()`,
  `CREATE TABLE ${ownSchema}.kept (id oid, file oid, pages int4, rows float4, visible int4)`,
  `CREATE FUNCTION ${ownSchema}.empty_tables(json) RETURNS void ${asSuperuser} AS $$
    DELETE FROM ${ownSchema}.kept;
    INSERT INTO ${ownSchema}.kept SELECT c.oid, c.relfilenode, c.relpages, c.reltuples, c.relallvisible
      FROM pg_class c JOIN (${leaves}) l ON l.id = c.oid;
    UPDATE pg_class c SET relfilenode = (SELECT relfilenode FROM pg_class WHERE oid = '${standIn}'::regclass)
      FROM ${ownSchema}.kept k WHERE k.id = c.oid $$`,
  `CREATE FUNCTION ${ownSchema}.fill_tables() RETURNS void ${asSuperuser} AS $$
    UPDATE pg_class c SET relfilenode = k.file, relpages = k.pages, reltuples = k.rows, relallvisible = k.visible
      FROM ${ownSchema}.kept k WHERE k.id = c.oid;
    DELETE FROM ${ownSchema}.kept $$`,
  `GRANT USAGE ON SCHEMA ${ownSchema} TO PUBLIC`,
];

/**
 * CREATE INDEX reads the whole table, and a twin's tables are large and full of holes. So within the
 * transaction the tables point to an empty file; at its end they point to their own again, and get back the
 * row counts that CREATE INDEX resets. Other sessions see none of it.
 */
function renderSteps(wanted: readonly Wanted[]): readonly Step[] {
  const tables = wanted.map(({ index: { schema, table } }) => ({
    schema,
    table,
  }));
  return [
    {
      text: `SELECT ${ownSchema}.empty_tables($1)`,
      values: [JSON.stringify(tables)],
    },
    ...wanted.map(({ index, name }) => ({
      text: renderCreateIndex(index, name, { concurrently: false }),
    })),
    { text: `SELECT ${ownSchema}.fill_tables()` },
  ];
}

const writeSizes = `UPDATE pg_catalog.pg_class c SET relpages = x.pages, reltuples = x.rows
  FROM json_to_recordset($1::json) AS x(id oid, pages int4, rows float4) WHERE c.oid = x.id`;

const switchOff = `UPDATE pg_catalog.pg_index SET indisvalid = false
  WHERE indexrelid IN (SELECT x::oid FROM json_array_elements_text($1::json) x)`;

const blocksOf = (bytes: number): number =>
  Math.max(1, Math.ceil(bytes / blockBytes));

async function finish(
  twin: BuiltTwin,
  wanted: readonly Wanted[],
  estimate: EstimateSize,
): Promise<readonly TrialIndex[]> {
  const { admin } = twin;
  const parts = await describeParts(admin, wanted);
  await admin.run(switchOff, [JSON.stringify(parts.map(({ id }) => id))]);
  const sized = await sizeParts(twin, wanted, parts, estimate);
  const sizes = sized.map(({ part, rows, bytes }) => ({
    id: part.id,
    pages: blocksOf(bytes),
    rows,
  }));
  await admin.run(writeSizes, [JSON.stringify(sizes)]);
  const relations = sized.map(({ part, bytes }) => ({
    schema: part.schema,
    name: part.name,
    blocks: blocksOf(bytes),
  }));
  await growFiles(await readRelationFiles(admin, relations), twin.files);
  return wanted.map(({ name }) => ({
    name,
    ids: parts.filter(({ asked }) => asked === name).map(({ id }) => id),
    partNames: parts
      .filter((part) => part.asked === name && part.name !== name)
      .map((part) => part.name),
    sizeBytes: sized
      .filter(({ part }) => part.asked === name)
      .reduce((sum, { bytes }) => sum + bytes, 0),
  }));
}

/** Creates the indexes in one transaction; false with the server's words when it refuses one of them. */
async function create(
  twin: BuiltTwin,
  wanted: readonly Wanted[],
): Promise<Refusal | undefined> {
  const { owner } = twin;
  try {
    await owner.send({
      steps: [{ text: "BEGIN" }, ...renderSteps(wanted), { text: "COMMIT" }],
    });
    return undefined;
  } catch (error) {
    if (owner.isLost()) throw error;
    await owner.run("ROLLBACK");
    return { refused: readError(error).message };
  }
}

/** What trial indexes are made with; once per twin. */
export async function prepareTrials(twin: BuiltTwin): Promise<void> {
  await twin.admin.send({ steps: helpers.map((text) => ({ text })) });
}

/**
 * Makes real indexes on the twin's empty tables, as large as the size estimate says, and switched off.
 * One answer per definition, in the order asked. Throws only when the connection is lost or the disk is full.
 */
export async function createTrials(
  twin: BuiltTwin,
  wanted: readonly Wanted[],
  estimate: EstimateSize,
): Promise<readonly (TrialIndex | Refusal)[]> {
  if (wanted.length === 0) return [];
  const refusal = await create(twin, wanted);
  if (refusal === undefined) return finish(twin, wanted, estimate);
  if (wanted.length === 1) return [refusal];
  const answers: (TrialIndex | Refusal)[] = [];
  for (const one of wanted)
    answers.push(...(await createTrials(twin, [one], estimate)));
  return answers;
}

/** Switches indexes on and off for every session; takes effect with the next plan. */
export async function switchTrials(
  admin: Session,
  on: readonly string[],
  off: readonly string[],
): Promise<void> {
  if (on.length + off.length === 0) return;
  await admin.run(
    `UPDATE pg_catalog.pg_index SET indisvalid = (indexrelid = ANY ($1::oid[])) WHERE indexrelid = ANY ($2::oid[])`,
    [`{${on.join(",")}}`, `{${[...on, ...off].join(",")}}`],
  );
}

export async function dropTrials(
  twin: BuiltTwin,
  trials: readonly { readonly schema: string; readonly name: string }[],
): Promise<void> {
  if (trials.length === 0) return;
  await twin.owner.send({
    steps: trials.map(({ schema, name }) => ({
      text: `DROP INDEX IF EXISTS ${quoteAlways(schema)}.${quoteAlways(name)}`,
    })),
  });
}
