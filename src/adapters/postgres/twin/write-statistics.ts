import type {
  Bundle,
  ColumnStatistics,
  StatisticsSlot,
} from "../../../core/twin/bundle.ts";
import type { Remark } from "../../../core/twin/plan-build.ts";
import { phrase, words, type Text } from "../../../core/words.ts";
import { readError } from "../errors.ts";
import type { Session } from "../session.ts";
import { columnKey, readColumnTypes, type ColumnType } from "./column-types.ts";

/** pg_statistic has five slots a row. */
const slotNumbers = [1, 2, 3, 4, 5] as const;

/** A row of pg_statistic, identifiers resolved; the values are still text. */
type Entry = Readonly<Record<string, unknown>>;

interface Resolved {
  readonly operator: string;
  readonly collation: string;
  readonly valueType: string;
}

/** STATISTIC_KIND_… of pg_statistic.h, the operators and collations that ANALYZE notes for each. */
function defaultsOf(kind: number, type: ColumnType): Resolved {
  const { collation, elementCollation } = type;
  switch (kind) {
    case 1:
      return { operator: type.equal, collation, valueType: type.type };
    case 2:
    case 3:
      return { operator: type.less, collation, valueType: type.type };
    case 4:
    case 5:
      return {
        operator: type.elementEqual,
        collation: elementCollation,
        valueType: type.element,
      };
    case 6:
      // Lengths are float8, compared by its "<" (oid 672).
      return { operator: "672", collation: "0", valueType: "701" };
    case 7:
      return { operator: "0", collation: "0", valueType: type.range };
    default:
      // Kinds of extensions keep numbers only.
      return { operator: "0", collation: "0", valueType: "0" };
  }
}

interface Names {
  readonly operators: ReadonlyMap<string, string>;
  readonly collations: ReadonlyMap<string, string>;
}

function renderSlot(
  slot: StatisticsSlot,
  at: number,
  type: ColumnType,
  names: Names,
): Entry {
  const resolved = defaultsOf(slot.kind, type);
  const { operator, collation } = slot;
  return {
    [`kind${at}`]: slot.kind,
    [`operator${at}`]:
      operator === undefined
        ? resolved.operator
        : (names.operators.get(operator) ?? resolved.operator),
    [`collation${at}`]:
      collation === undefined
        ? resolved.collation
        : (names.collations.get(collation) ?? resolved.collation),
    [`numbers${at}`]: slot.numbers,
    [`values${at}`]: resolved.valueType === "0" ? undefined : slot.values,
    [`type${at}`]: resolved.valueType,
  };
}

function renderEntry(
  column: ColumnStatistics,
  type: ColumnType,
  names: Names,
): Entry {
  const slots = column.slots.slice(0, slotNumbers.length);
  return Object.assign(
    {
      relation: type.relation,
      position: type.position,
      inherited: column.inherited,
      null_fraction: column.nullFraction,
      average_bytes: column.averageBytes,
      distinct_values: column.distinctValues,
    },
    ...slots.map((slot, at) => renderSlot(slot, at + 1, type, names)),
  ) as Entry;
}

const eachSlot = (render: (at: number) => string): string =>
  slotNumbers.map(render).join(", ");

/** The catalog's own text readers make the arrays, so that they are what ANALYZE would have written. */
const insert = `INSERT INTO pg_catalog.pg_statistic (starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct,
    ${eachSlot((at) => `stakind${at}, staop${at}, stacoll${at}, stanumbers${at}, stavalues${at}`)})
  SELECT x.relation, x.position, x.inherited, x.null_fraction, x.average_bytes, x.distinct_values,
    ${eachSlot(
      (
        at,
      ) => `coalesce(x.kind${at}, 0::int2), coalesce(x.operator${at}, 0), coalesce(x.collation${at}, 0), x.numbers${at},
      CASE WHEN x.values${at} IS NOT NULL THEN array_in(x.values${at}::cstring, x.type${at}, -1) END`,
    )}
  FROM json_to_recordset($1::json) AS x(relation oid, position int2, inherited bool, null_fraction float4,
    average_bytes int4, distinct_values float4,
    ${eachSlot((at) => `kind${at} int2, operator${at} oid, collation${at} oid, numbers${at} float4[], values${at} text, type${at} oid`)})`;

async function resolve(
  session: Session,
  kind: "regoperator" | "regcollation",
  written: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(written)].filter((name) => name !== undefined);
  if (names.length === 0) return new Map();
  const rows = await session.run(
    `SELECT /* planlens */ x AS name, to_${kind}(x)::oid AS id FROM json_array_elements_text($1::json) x`,
    [JSON.stringify(names)],
  );
  return new Map(
    rows.flatMap(({ name, id }) =>
      name == null || id == null ? [] : [[name, id]],
    ),
  );
}

async function readNames(
  session: Session,
  columns: readonly ColumnStatistics[],
): Promise<Names> {
  const slots = columns.flatMap((column) => column.slots);
  return {
    operators: await resolve(
      session,
      "regoperator",
      slots.map((slot) => slot.operator),
    ),
    collations: await resolve(
      session,
      "regcollation",
      slots.map((slot) => slot.collation),
    ),
  };
}

const whatOf = ({ schema, relation, column }: ColumnStatistics): Text =>
  phrase("statistics of {0}", `${schema}.${relation}.${column}`);

interface Prepared {
  readonly what: Text;
  readonly entry: Entry;
}

/** All rows in one statement; where a value cannot be read, row by row, so that one is lost and not all. */
async function insertAll(
  session: Session,
  prepared: readonly Prepared[],
): Promise<readonly Remark[]> {
  const send = (rows: readonly Prepared[]): Promise<unknown> =>
    session.run(insert, [JSON.stringify(rows.map(({ entry }) => entry))]);
  try {
    await send(prepared);
    return [];
  } catch (error) {
    if (session.isLost()) throw error;
  }
  const remarks: Remark[] = [];
  for (const one of prepared) {
    try {
      await send([one]);
    } catch (error) {
      if (session.isLost()) throw error;
      remarks.push({ what: one.what, why: readError(error).message });
    }
  }
  return remarks;
}

/** Writes pg_statistic as superuser; the tables are there and empty. */
export async function writeColumnStatistics(
  session: Session,
  columns: readonly ColumnStatistics[],
): Promise<readonly Remark[]> {
  if (columns.length === 0) return [];
  const types = await readColumnTypes(session, columns);
  const names = await readNames(session, columns);
  const prepared: Prepared[] = [];
  const remarks: Remark[] = [];
  for (const column of columns) {
    const type = types.get(columnKey(column));
    const what = whatOf(column);
    if (type === undefined)
      remarks.push({ what, why: words("the twin has no such column") });
    else prepared.push({ what, entry: renderEntry(column, type, names) });
  }
  return [...remarks, ...(await insertAll(session, prepared))];
}

/** FirstNormalObjectId: what initdb made stays as it is, whatever a bundle says. */
export const isOurs = "c.oid >= 16384";

const update = `UPDATE pg_catalog.pg_class c
  SET relpages = x.pages, reltuples = x.rows, relallvisible = x.visible,
    reloptions = CASE WHEN c.relkind = 'r' AND NOT coalesce('autovacuum_enabled=false' = ANY (c.reloptions), false)
      THEN array_append(c.reloptions, 'autovacuum_enabled=false') ELSE c.reloptions END
  FROM json_to_recordset($1::json) AS x(schema text, name text, pages int4, rows float4, visible int4)
  JOIN pg_catalog.pg_namespace n ON n.nspname = x.schema
  WHERE c.relnamespace = n.oid AND c.relname = x.name AND c.relkind IN ('r', 'i', 'p', 'I') AND ${isOurs}`;

/** Writes pg_class as superuser, and keeps autovacuum away from the tables. */
export async function writeRelationStatistics(
  session: Session,
  relations: Bundle["relations"],
): Promise<void> {
  const rows = relations.map((relation) => ({
    schema: relation.schema,
    name: relation.name,
    pages: relation.pages,
    // Before 14 a table that was never analyzed has no rows; from 14 on it has minus one.
    rows:
      session.versionNumber >= 140_000
        ? relation.rows
        : Math.max(0, relation.rows),
    visible: relation.allVisiblePages,
  }));
  await session.run(update, [JSON.stringify(rows)]);
}
