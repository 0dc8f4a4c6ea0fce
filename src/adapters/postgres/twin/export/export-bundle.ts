import type { Answer } from "../../../../app/database.ts";
import { failed, succeeded } from "../../../../core/result.ts";
import type {
  Bundle,
  BundleQuery,
  ColumnStatistics,
  DatabaseLocale,
  DdlObject,
  ExtendedStatistics,
  RelationStatistics,
} from "../../../../core/twin/bundle.ts";
import {
  parseDependencies,
  parseDistinct,
} from "../../../../core/twin/extended-text.ts";
import {
  readCatalogSlots,
  readViewSlots,
} from "../../../../core/twin/read-slots.ts";
import { furtherPlannerSettings } from "../../../../core/twin/settings.ts";
import type { Row } from "../../exchange.ts";
import type { Session } from "../../session.ts";
import { readSlowQueries } from "../../slow-queries.ts";
import { plainText } from "../writer.ts";
import { listDdlQueries, unsupportedQuery } from "./ddl-queries.ts";
import { extendedQuery } from "./extended-queries.ts";
import {
  blindSpotsQuery,
  relationsQuery,
  statisticsQuery,
} from "./statistics-queries.ts";

export interface ExportRequest {
  /** Undefined: all that are not the system's. */
  readonly schemas: readonly string[] | undefined;
  /** How many statements of pg_stat_statements to carry; 0 for none. */
  readonly statements: number;
}

/** A bundle, and of each column's type what leaving out and hashing need. */
export interface Exported {
  readonly bundle: Bundle;
  /** In the order of `bundle.columns`: category of pg_type and the type's name. */
  readonly types: readonly {
    readonly category: string;
    readonly name: string;
  }[];
}

const text = (row: Row | undefined, key: string): string => row?.[key] ?? "";
const number = (row: Row | undefined, key: string): number =>
  Number(row?.[key] ?? 0);

const providers: Readonly<Record<string, DatabaseLocale["provider"]>> = {
  c: "libc",
  i: "icu",
  b: "builtin",
};

async function readLocale(session: Session): Promise<DatabaseLocale> {
  const version = session.versionNumber;
  const provider = version >= 150_000 ? "datlocprovider" : "'c'";
  const column = version >= 170_000 ? "datlocale" : "daticulocale";
  const [row] = await session.run(
    `SELECT /* planlens */ pg_encoding_to_char(encoding) AS encoding, datcollate, datctype, ${provider} AS provider,
       ${version >= 150_000 ? column : "NULL"} AS locale FROM pg_database WHERE datname = current_database()`,
  );
  return {
    encoding: text(row, "encoding"),
    collate: text(row, "datcollate"),
    ctype: text(row, "datctype"),
    provider: providers[text(row, "provider")] ?? "libc",
    locale: row?.["locale"] ?? undefined,
  };
}

async function readSettings(
  session: Session,
): Promise<Readonly<Record<string, string>>> {
  const rows = await session.run(
    `SELECT /* planlens */ name, setting FROM pg_settings
     WHERE category LIKE 'Query Tuning%' OR name IN (SELECT x FROM json_array_elements_text($1::json) x) ORDER BY name`,
    [JSON.stringify(furtherPlannerSettings)],
  );
  return Object.fromEntries(
    rows.map((row) => [text(row, "name"), text(row, "setting")]),
  );
}

async function findSchemas(
  session: Session,
  asked: readonly string[] | undefined,
): Promise<readonly string[]> {
  const rows = await session.run(
    `SELECT /* planlens */ nspname FROM pg_namespace n WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
       AND ($1::json IS NULL OR nspname IN (SELECT x FROM json_array_elements_text($1::json) x))
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e')
     ORDER BY oid`,
    [asked === undefined ? null : JSON.stringify(asked)],
  );
  return rows.map((row) => text(row, "nspname"));
}

async function readDdl(
  session: Session,
  schemas: string,
): Promise<readonly DdlObject[]> {
  const objects: DdlObject[] = [];
  for (const query of listDdlQueries(session.versionNumber)) {
    const rows = await session.run(`/* planlens */ ${query}`, [schemas]);
    for (const row of rows)
      objects.push({ what: text(row, "what"), sql: text(row, "sql") });
  }
  return objects;
}

const relationOf = (row: Row): RelationStatistics => ({
  schema: text(row, "schema"),
  name: text(row, "name"),
  pages: number(row, "pages"),
  rows: number(row, "rows"),
  allVisiblePages: number(row, "visible"),
  blocks: number(row, "blocks"),
});

function columnOf(row: Row, fromCatalog: boolean): ColumnStatistics {
  const position = row["position"];
  return {
    schema: text(row, "schema"),
    relation: text(row, "relation"),
    column: text(row, "column"),
    ...(position == null ? {} : { position: Number(position) }),
    inherited: row["inherited"] === "t",
    nullFraction: number(row, "null_fraction"),
    averageBytes: number(row, "average_bytes"),
    distinctValues: number(row, "distinct_values"),
    slots: fromCatalog ? readCatalogSlots(row) : readViewSlots(row),
  };
}

const readJson = <Value>(
  json: string | null | undefined,
  none: Value,
): Value => (json == null ? none : (JSON.parse(json) as Value));

function commonOf(row: Row): ExtendedStatistics["common"] {
  const values = readJson<readonly (readonly (string | null)[])[]>(
    row["common_values"],
    [],
  );
  const nulls = readJson<readonly (readonly boolean[])[]>(
    row["common_nulls"],
    [],
  );
  return values.length === 0
    ? undefined
    : {
        values: values.map((one, item) =>
          one.map((value, at) => (nulls[item]?.[at] === true ? null : value)),
        ),
        frequencies: readJson(row["frequencies"], []),
        baseFrequencies: readJson(row["base_frequencies"], []),
      };
}

type RawExpression = Readonly<Record<string, string | null>>;

const expressionOf = (
  raw: RawExpression,
): ExtendedStatistics["expressions"][number] => ({
  nullFraction: Number(raw["null_fraction"] ?? 0),
  averageBytes: Number(raw["average_bytes"] ?? 0),
  distinctValues: Number(raw["distinct_values"] ?? 0),
  slots: readViewSlots(raw),
});

function extendedOf(row: Row): ExtendedStatistics {
  const keys = readJson<readonly number[]>(row["keys"], []);
  const distinct = row["n_distinct"];
  const dependencies = row["dependencies"];
  return {
    schema: text(row, "schema"),
    name: text(row, "name"),
    inherited: row["inherited"] === "t",
    columns: readJson(row["columns"], []),
    expressionCount: number(row, "expressions"),
    distinctValues: distinct == null ? [] : parseDistinct(distinct, keys),
    dependencies:
      dependencies == null
        ? []
        : parseDependencies(dependencies, keys, number(row, "rows")),
    common: commonOf(row),
    expressions: readJson<readonly RawExpression[]>(
      row["expression_statistics"],
      [],
    ).map(expressionOf),
  };
}

interface Workload {
  readonly queries: readonly BundleQuery[];
  readonly remarks: readonly string[];
}

async function readWorkload(
  session: Session,
  limit: number,
): Promise<Workload> {
  if (limit === 0) return { queries: [], remarks: [] };
  const found = await readSlowQueries(session, limit);
  if (!found.ok)
    return {
      queries: [],
      remarks: [
        "The workload is not carried: pg_stat_statements is missing or hidden from this role.",
      ],
    };
  const queries = found.value.queries.map((query) => ({
    name: query.queryId,
    sql: query.text,
    counted: true,
    calls: query.calls,
    meanMs: query.meanMs,
  }));
  return { queries, remarks: [] };
}

async function readStatistics(
  session: Session,
  schemas: string,
): Promise<{
  readonly columns: readonly ColumnStatistics[];
  readonly types: Exported["types"];
  readonly remarks: readonly string[];
}> {
  const [right] = await session.run(
    "SELECT /* planlens */ has_table_privilege('pg_catalog.pg_statistic', 'SELECT') AS may",
  );
  const fromCatalog = right?.["may"] === "t";
  const rows = await session.run(
    `/* planlens */ ${statisticsQuery(session.versionNumber, fromCatalog)}`,
    [schemas],
  );
  const hidesRanges =
    !fromCatalog &&
    session.versionNumber < 170_000 &&
    rows.some((row) => row["category"] === "R");
  return {
    columns: rows.map((row) => columnOf(row, fromCatalog)),
    types: rows.map((row) => ({
      category: text(row, "category"),
      name: text(row, "type_name"),
    })),
    remarks: hidesRanges
      ? [
          "Histograms of range columns are missing: before PostgreSQL 17 only a superuser sees them.",
        ]
      : [],
  };
}

async function readExtended(
  session: Session,
  schemas: string,
): Promise<{
  readonly extended: readonly ExtendedStatistics[];
  readonly remarks: readonly string[];
}> {
  const rows = await session.run(
    `/* planlens */ ${extendedQuery(session.versionNumber)}`,
    [schemas],
  );
  const isVisible = (row: Row): boolean => row["visible"] === "t";
  return {
    extended: rows.filter(isVisible).map(extendedOf),
    remarks: rows
      .filter((row) => !isVisible(row))
      .map(
        (row) =>
          `Data of statistics ${text(row, "schema")}.${text(row, "name")} is missing: it was never analyzed, or this role does not own the table.`,
      ),
  };
}

async function readAll(
  session: Session,
  request: ExportRequest,
  workload: Workload,
): Promise<Exported> {
  const settings = await readSettings(session);
  const locale = await readLocale(session);
  await session.run(
    `SELECT /* planlens */ set_config('search_path', 'pg_catalog', true), set_config('statement_timeout', '120000', true), ${plainText}`,
  );
  const names = JSON.stringify(await findSchemas(session, request.schemas));
  const extensions = await session.run(
    `SELECT /* planlens */ e.extname AS name, n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
     WHERE e.extname NOT IN ('plpgsql', 'pg_stat_statements', 'hypopg') ORDER BY e.oid`,
  );
  const ddl = await readDdl(session, names);
  const relations = await session.run(`/* planlens */ ${relationsQuery}`, [
    names,
  ]);
  const statistics = await readStatistics(session, names);
  const extended = await readExtended(session, names);
  const remarks = [
    ...(await session.run(`/* planlens */ ${unsupportedQuery}`, [names])),
    ...(await session.run(`/* planlens */ ${blindSpotsQuery}`, [names])),
  ].map((row) => text(row, "remark"));
  const { versionNumber, versionText } = session;
  return {
    types: statistics.types,
    bundle: {
      server: { versionNumber, versionText },
      locale,
      settings,
      extensions: extensions.map((row) => ({
        name: text(row, "name"),
        schema: text(row, "schema"),
      })),
      ddl,
      relations: relations.map(relationOf),
      columns: statistics.columns,
      extended: extended.extended,
      queries: workload.queries,
      remarks: [
        ...remarks,
        ...statistics.remarks,
        ...extended.remarks,
        ...workload.remarks,
      ],
    },
  };
}

/**
 * Reads schema, statistics and planner settings in one read-only snapshot; catalog reads only, nothing is
 * planned, run or written. A role that may read the tables is enough; what it may not see is told.
 */
export async function exportBundle(
  session: Session,
  request: ExportRequest,
): Answer<Exported> {
  const [row] = await session.run(
    "SELECT /* planlens */ current_setting('block_size') AS bytes",
  );
  if (row?.["bytes"] !== "8192")
    return failed({
      kind: "unsupported",
      message: "This server was built with another block size than 8192 bytes",
    });
  // A view that cannot be read would end the transaction.
  const workload = await readWorkload(session, request.statements);
  await session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    return succeeded(await readAll(session, request, workload));
  } finally {
    await session.run("ROLLBACK").catch(() => session.end());
  }
}
