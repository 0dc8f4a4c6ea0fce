import type { IndexDefinition } from "../../../core/advice/suggestion.ts";
import {
  isUncounted,
  sizeQuestion,
  withSupposedSize,
} from "../../../core/advice/supposed-size.ts";
import type { CatalogTable } from "../../../core/catalog.ts";
import { quoteAlways } from "../../../core/sql/quote-identifier.ts";
import { readCatalog } from "../catalog.ts";
import type { Session } from "../session.ts";
import type { BuiltTwin } from "./build-twin.ts";

/** Bytes that an index would take on a table of these statistics. */
export type EstimateSize = (
  index: IndexDefinition,
  table: CatalogTable,
  /** Part of the rows that the index's predicate keeps, as the planner reckons; 1 without a predicate. */
  predicateShare: number,
) => number;

/** An index to be tried, and the name that it gets on the twin. */
export interface Wanted {
  readonly index: IndexDefinition;
  readonly name: string;
}

/** The new indexes and their parts, with the table and the rows that each is of. */
const describeNew = `WITH /* planlens */ RECURSIVE made AS (
    SELECT x.name, x.schema, c.oid AS id FROM json_to_recordset($1::json) AS x(schema text, name text)
    JOIN pg_namespace n ON n.nspname = x.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = x.name
    UNION ALL SELECT m.name, m.schema, h.inhrelid FROM made m JOIN pg_inherits h ON h.inhparent = m.id
  )
  SELECT m.name AS asked, m.id, c.relkind AS kind, inn.nspname AS index_schema, c.relname AS index_name,
    tn.nspname AS table_schema, t.relname AS table_name, t.reltuples AS rows
  FROM made m JOIN pg_class c ON c.oid = m.id JOIN pg_namespace inn ON inn.oid = c.relnamespace
  JOIN pg_index i ON i.indexrelid = m.id
  JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace`;

interface Part {
  readonly asked: string;
  readonly id: string;
  readonly hasFile: boolean;
  readonly schema: string;
  readonly name: string;
  readonly tableSchema: string;
  readonly table: string;
  readonly rows: number;
}

/** The parts as the catalog has them, in no order. */
export async function describeParts(
  admin: Session,
  wanted: readonly Wanted[],
): Promise<readonly Part[]> {
  const asked = wanted.map(({ index, name }) => ({
    schema: index.schema,
    name,
  }));
  const rows = await admin.run(describeNew, [JSON.stringify(asked)]);
  return rows.map((row) => ({
    asked: row["asked"] ?? "",
    id: row["id"] ?? "",
    hasFile: row["kind"] === "i",
    schema: row["index_schema"] ?? "",
    name: row["index_name"] ?? "",
    tableSchema: row["table_schema"] ?? "",
    table: row["table_name"] ?? "",
    rows: Math.max(0, Number(row["rows"] ?? 0)),
  }));
}

type Plans = readonly { readonly Plan: { readonly "Plan Rows": number } }[];

async function explainOn(planner: Session, sql: string): Promise<Plans> {
  const [row] = await planner.run(`EXPLAIN (FORMAT JSON) ${sql}`);
  return JSON.parse(row?.["QUERY PLAN"] ?? "[]") as Plans;
}

/** How many of the table's rows a partial index holds, as the planner reckons from the statistics. */
async function countMatching(
  planner: Session,
  { schema, name }: CatalogTable,
  rows: number,
  predicate: string,
): Promise<number> {
  const table = [schema, name].map(quoteAlways).join(".");
  const [plan] = await explainOn(
    planner,
    `SELECT FROM ONLY ${table} WHERE ${predicate}`,
  );
  return Math.min(rows, plan?.Plan["Plan Rows"] ?? rows);
}

/** The table with its rows; those of one that was never counted are what the planner supposes. */
async function withRows(
  planner: Session,
  table: CatalogTable,
  part: Part,
): Promise<CatalogTable & { readonly estimatedRows: number }> {
  const sized = isUncounted(table)
    ? withSupposedSize(table, await explainOn(planner, sizeQuestion(table)))
    : { ...table, estimatedRows: part.rows };
  return { ...sized, estimatedRows: sized.estimatedRows ?? part.rows };
}

interface Sized {
  readonly part: Part;
  readonly rows: number;
  readonly bytes: number;
}

/** Those that have files, with the rows and bytes of a real build. */
export async function sizeParts(
  sessions: Pick<BuiltTwin, "planner" | "admin">,
  wanted: readonly Wanted[],
  parts: readonly Part[],
  estimate: EstimateSize,
): Promise<readonly Sized[]> {
  const tables = parts.map(({ tableSchema, table }) => ({
    schema: tableSchema,
    name: table,
  }));
  const catalog = await readCatalog(sessions.admin, tables);
  const sized: Sized[] = [];
  for (const part of parts) {
    const asked = wanted.find(({ name }) => name === part.asked);
    const table =
      catalog.ok &&
      catalog.value.tables.find(
        (one) => one.schema === part.tableSchema && one.name === part.table,
      );
    if (asked === undefined || !table || !part.hasFile) continue;
    const { predicate } = asked.index;
    const { planner } = sessions;
    const whole = await withRows(planner, table, part);
    const all = whole.estimatedRows;
    const rows =
      predicate === undefined
        ? all
        : await countMatching(planner, whole, all, predicate);
    const index = {
      ...asked.index,
      schema: part.tableSchema,
      table: part.table,
    };
    const share = all === 0 ? 1 : rows / all;
    const bytes = estimate(index, whole, share);
    sized.push({ part, rows, bytes });
  }
  return sized;
}
