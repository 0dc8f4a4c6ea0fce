import type {
  ColumnStatistics,
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
import { phrase, words, type Text } from "../../../../core/words.ts";
import type { Row } from "../../exchange.ts";
import type { Session } from "../../session.ts";
import { extendedQuery } from "./extended-queries.ts";
import type { Statistics } from "./hide.ts";
import { relationsQuery, statisticsQuery } from "./statistics-queries.ts";

const text = (row: Row, key: string): string => row[key] ?? "";
const number = (row: Row, key: string): number => Number(row[key] ?? 0);

const relationOf = (row: Row): RelationStatistics => ({
  schema: text(row, "schema"),
  name: text(row, "name"),
  pages: number(row, "pages"),
  rows: number(row, "rows"),
  allVisiblePages: number(row, "visible"),
  blocks: number(row, "blocks"),
});

/** pg_class and file sizes, in the order of object numbers. `schemas` is a JSON list. */
export async function readRelations(
  session: Session,
  schemas: string,
): Promise<readonly RelationStatistics[]> {
  const rows = await session.run(`/* planlens */ ${relationsQuery}`, [schemas]);
  return rows.map(relationOf);
}

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

/** What was read, and sentences about what this role may not see. */
export interface ReadStatistics {
  readonly statistics: Statistics;
  readonly remarks: readonly Text[];
}

const natureOf = (row: Row): Statistics["natures"][number] => ({
  category: text(row, "category"),
  elementCategory: row["element_category"] ?? undefined,
  type: text(row, "type_name"),
  collation: text(row, "text_collation"),
});

async function readColumns(
  session: Session,
  schemas: string,
): Promise<{
  readonly rows: readonly Row[];
  readonly fromCatalog: boolean;
}> {
  const [right] = await session.run(
    "SELECT /* planlens */ has_table_privilege('pg_catalog.pg_statistic', 'SELECT') AS may",
  );
  const fromCatalog = right?.["may"] === "t";
  const rows = await session.run(
    `/* planlens */ ${statisticsQuery(session.versionNumber, fromCatalog)}`,
    [schemas],
  );
  return { rows, fromCatalog };
}

const isVisible = (row: Row): boolean => row["visible"] === "t";

/** Statistics of columns, index expressions and CREATE STATISTICS objects, as far as this role sees them. */
export async function readStatistics(
  session: Session,
  schemas: string,
): Promise<ReadStatistics> {
  const { rows, fromCatalog } = await readColumns(session, schemas);
  const objects = await session.run(
    `/* planlens */ ${extendedQuery(session.versionNumber)}`,
    [schemas],
  );
  const hidesRanges =
    !fromCatalog &&
    session.versionNumber < 170_000 &&
    rows.some((row) => row["category"] === "R");
  return {
    statistics: {
      columns: rows.map((row) => columnOf(row, fromCatalog)),
      natures: rows.map(natureOf),
      extended: objects.filter(isVisible).map(extendedOf),
    },
    remarks: [
      ...(hidesRanges
        ? [
            words(
              "Histograms of range columns are missing: before PostgreSQL 17 only a superuser sees them.",
            ),
          ]
        : []),
      ...objects
        .filter((row) => !isVisible(row))
        .map((row) =>
          phrase(
            "Data of statistics {0} is missing: it was never analyzed, or this role does not own the table.",
            `${text(row, "schema")}.${text(row, "name")}`,
          ),
        ),
    ],
  };
}
