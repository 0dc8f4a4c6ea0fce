import {
  notPlanned,
  type LeftOutQuery,
} from "../core/advice/workload/workload-advice.ts";
import type { ResolvedQuery } from "../core/advice/workload/advise-workload.ts";
import type { Catalog } from "../core/catalog.ts";
import { succeeded } from "../core/result.ts";
import type { SqlParser } from "../core/sql/parse.ts";
import { resolveColumns } from "../core/sql/resolve-columns.ts";
import { words, type Translate } from "../core/words.ts";
import type { Answer, Database, DatabaseError } from "./database.ts";
import { describeDatabaseError, describeParseFailure } from "./wording.ts";

/** A statement to advise on; `weight` is its calls, or how much it counts. */
export interface WorkloadStatement {
  /** For people: file and line, or the query's id. */
  readonly name: string;
  readonly text: string;
  readonly weight: number;
}

export interface WorkloadPorts {
  readonly database: Database;
  readonly parser: SqlParser;
}

/** A workload as far as it can be read: columns resolved against the catalog. */
export interface Workload {
  readonly queries: readonly ResolvedQuery[];
  readonly catalog: Catalog;
  readonly leftOut: readonly LeftOutQuery[];
}

function parseAll(
  parser: SqlParser,
  statements: readonly WorkloadStatement[],
  translate: Translate,
): Pick<Workload, "queries" | "leftOut"> {
  const queries: ResolvedQuery[] = [];
  const leftOut: LeftOutQuery[] = [];
  for (const { name, text, weight } of statements) {
    const parsed = parser.parse(text);
    // A query that was planned and never run counts zero calls.
    const counted = weight > 0 ? weight : 1;
    if (parsed.ok)
      queries.push({ name, statement: parsed.value, weight: counted });
    else {
      const { what } = describeParseFailure(parsed.error, translate);
      leftOut.push({ name, reason: what });
    }
  }
  return { queries, leftOut };
}

/** Failures of one statement; any other speaks of the connection and ends the search. */
export const ofOneStatement: ReadonlySet<DatabaseError["kind"]> = new Set([
  "sql",
  "unsupported",
  "missingRight",
  "readOnlyViolation",
  "timedOut",
]);

type Table = Parameters<Database["catalog"]>[0][number];

interface ReadCatalog {
  readonly catalog: Catalog;
  /** By name as asked: tables that the server refuses to tell of. */
  readonly refused: ReadonlyMap<string, DatabaseError>;
}

/** A catalog read is one statement, which the server stops after some seconds. */
const tablesAtOnce = 1000;

const askedAs = ({ schema, name }: Table): string =>
  JSON.stringify([schema, name]);

/** Both halves, one after the other, of what is too much or refused as a whole. */
async function readHalves(
  database: Database,
  tables: readonly Table[],
  signal: AbortSignal,
): Answer<ReadCatalog> {
  const middle = Math.ceil(tables.length / 2);
  const first = await readTables(database, tables.slice(0, middle), signal);
  if (!first.ok) return first;
  const second = await readTables(database, tables.slice(middle), signal);
  if (!second.ok) return second;
  // One table may have been asked for under two names.
  const found = [first.value, second.value].flatMap(
    ({ catalog }) => catalog.tables,
  );
  const byName = new Map(
    found.map((table) => [JSON.stringify([table.schema, table.name]), table]),
  );
  return succeeded({
    catalog: { tables: [...byName.values()] },
    refused: new Map([...first.value.refused, ...second.value.refused]),
  });
}

/** A schema that the role may not use fails a whole read: the tables that it fails for are told. */
async function readTables(
  database: Database,
  tables: readonly Table[],
  signal: AbortSignal,
): Answer<ReadCatalog> {
  if (tables.length > tablesAtOnce) return readHalves(database, tables, signal);
  const read = await database.catalog(tables, signal);
  if (read.ok) return succeeded({ catalog: read.value, refused: new Map() });
  if (!ofOneStatement.has(read.error.kind)) return read;
  if (tables.length > 1) return readHalves(database, tables, signal);
  const refused = new Map(
    tables.map((table) => [askedAs(table), read.error] as const),
  );
  return succeeded({ catalog: { tables: [] }, refused });
}

function distinctTables(queries: readonly ResolvedQuery[]): readonly Table[] {
  const tables = queries.flatMap(({ statement }) => statement.facts.tables);
  return [...new Map(tables.map((table) => [askedAs(table), table])).values()];
}

const refusalOf = (
  { statement }: ResolvedQuery,
  { refused }: ReadCatalog,
): DatabaseError | undefined =>
  statement.facts.tables
    .map((table) => refused.get(askedAs(table)))
    .find((error) => error !== undefined);

/**
 * Parses the statements and reads the catalog of their tables. What fails for one statement leaves out
 * that one, with the reason; only what speaks of the connection is a failure.
 */
export async function readWorkload(
  { database, parser }: WorkloadPorts,
  statements: readonly WorkloadStatement[],
  translate: Translate,
  signal: AbortSignal,
): Answer<Workload> {
  const { queries, leftOut } = parseAll(parser, statements, translate);
  const read = await readTables(database, distinctTables(queries), signal);
  if (!read.ok) return read;
  const { catalog } = read.value;
  const resolved: ResolvedQuery[] = [];
  const refusals: LeftOutQuery[] = [];
  for (const query of queries) {
    const refusal = refusalOf(query, read.value);
    if (refusal === undefined) {
      const facts = resolveColumns(query.statement.facts, catalog);
      resolved.push({ ...query, statement: { ...query.statement, facts } });
    } else
      refusals.push({
        name: query.name,
        reason: describeFailure(refusal, translate),
      });
  }
  const all = [...leftOut, ...refusals];
  return succeeded({ queries: resolved, catalog, leftOut: all });
}

const theServer = words("the server");

/** Why one query was left out. What ended the search speaks of no query. */
export const describeFailure = (
  failure: DatabaseError,
  translate: Translate,
): string =>
  ofOneStatement.has(failure.kind)
    ? describeDatabaseError(failure, translate(theServer), translate).what
    : translate(notPlanned);
