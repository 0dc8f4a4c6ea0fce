import type { ColumnStatistics } from "../../../core/twin/bundle.ts";
import type { Row } from "../exchange.ts";
import type { Session } from "../session.ts";

/**
 * What ANALYZE would write into pg_statistic for a column of this type: types of the values and operators.
 * All are object identifiers as text; "0" is none.
 */
export interface ColumnType {
  readonly relation: string;
  readonly position: string;
  /** The column's type; for a domain the type below it, whose values are read without calling its checks. */
  readonly type: string;
  readonly collation: string;
  readonly equal: string;
  readonly less: string;
  /** Of an array or of tsvector: its element. */
  readonly element: string;
  readonly elementEqual: string;
  readonly elementCollation: string;
  /** Of a range its own type, of a multirange its range's. */
  readonly range: string;
}

/** Operators of the default B-tree class, or hash class, as the type cache chooses them. */
const operatorsOf = (type: string): string => `
  LATERAL (
    SELECT (SELECT o.amopopr FROM pg_amop o WHERE o.amopfamily = c.opcfamily AND o.amoplefttype = c.opcintype
        AND o.amoprighttype = c.opcintype AND o.amopstrategy = CASE m.amname WHEN 'btree' THEN 3 ELSE 1 END) AS equal,
      (SELECT o.amopopr FROM pg_amop o WHERE m.amname = 'btree' AND o.amopfamily = c.opcfamily
        AND o.amoplefttype = c.opcintype AND o.amoprighttype = c.opcintype AND o.amopstrategy = 1) AS less
    FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod
    WHERE m.amname IN ('btree', 'hash') AND c.opcdefault AND (c.opcintype = ${type}.oid
      OR c.opcintype = CASE WHEN ${type}.typtype = 'e' THEN 'anyenum' WHEN ${type}.typtype = 'r' THEN 'anyrange'
          WHEN ${type}.typtype = 'm' THEN 'anymultirange' WHEN ${type}.typtype = 'c' THEN 'record'
          WHEN ${type}.typcategory = 'A' THEN 'anyarray' END::text::regtype::oid
      OR EXISTS (SELECT FROM pg_cast b WHERE b.castsource = ${type}.oid AND b.casttarget = c.opcintype AND b.castmethod = 'b'
        AND b.castcontext = 'i'))
    ORDER BY m.amname, c.opcintype = ${type}.oid DESC,
      (SELECT p.typispreferred FROM pg_type p WHERE p.oid = c.opcintype) DESC LIMIT 1)`;

// 'anymultirange' is unknown before 14, where no type has typtype 'm': the cast is made only for the branch taken.
// Operators are looked up once for each type: inlined, that would be once for each column.
const query = (
  hasMultiranges: boolean,
): string => `WITH /* planlens */ RECURSIVE asked AS (
    SELECT DISTINCT x.schema, x.relation, x.name, x.position
    FROM json_to_recordset($1::json) AS x(schema text, relation text, name text, position int)
  ), found AS (
    SELECT k.*, c.oid AS relid, a.attnum, a.atttypid AS type, a.attcollation AS collation
    FROM asked k JOIN pg_namespace n ON n.nspname = k.schema
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = k.relation AND c.oid >= 16384
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND CASE WHEN k.position IS NULL THEN a.attname = k.name ELSE a.attnum = k.position END
  ), base(declared, type) AS (
    SELECT type, type FROM found
    UNION SELECT b.declared, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.type AND t.typtype = 'd'
  ), kinds AS MATERIALIZED (
    SELECT b.declared, t.oid AS type, own.equal, own.less, e.oid AS element, part.equal AS element_equal,
      CASE t.typtype WHEN 'r' THEN t.oid ${hasMultiranges ? "WHEN 'm' THEN (SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = t.oid)" : ""} ELSE 0 END AS "range"
    FROM base b JOIN pg_type t ON t.oid = b.type AND t.typtype <> 'd'
    LEFT JOIN ${operatorsOf("t")} own ON true
    LEFT JOIN pg_type e ON e.oid = CASE WHEN t.oid = 'tsvector'::regtype THEN 'text'::regtype ELSE nullif(t.typelem, 0) END
    LEFT JOIN ${operatorsOf("e")} part ON true
  )
  SELECT f.schema, f.relation, f.name, f.position AS asked_position, f.relid, f.attnum, k.type, f.collation,
    k.equal, k.less, k.element, k.element_equal,
    CASE WHEN k.type = 'tsvector'::regtype THEN 100 ELSE f.collation END AS element_collation, k."range"
  FROM found f JOIN kinds k ON k.declared = f.type`;

const key = (schema: string, relation: string, column: string): string =>
  JSON.stringify([schema, relation, column]);

/** Under which a column is found again. */
export const columnKey = (column: ColumnStatistics): string =>
  key(
    column.schema,
    column.relation,
    column.position === undefined ? column.column : `#${column.position}`,
  );

function readRow(row: Row): readonly [string, ColumnType] {
  const at = (name: string): string => row[name] ?? "0";
  const position = row["asked_position"];
  const column = position == null ? at("name") : `#${position}`;
  return [
    key(at("schema"), at("relation"), column),
    {
      relation: at("relid"),
      position: at("attnum"),
      type: at("type"),
      collation: at("collation"),
      equal: at("equal"),
      less: at("less"),
      element: at("element"),
      elementEqual: at("element_equal"),
      elementCollation: at("element_collation"),
      range: at("range"),
    },
  ];
}

/** Looks up the columns that the twin has; a column that could not be created is missing in the answer. */
export async function readColumnTypes(
  session: Session,
  columns: readonly ColumnStatistics[],
): Promise<ReadonlyMap<string, ColumnType>> {
  const asked = columns.map(({ schema, relation, column, position }) => ({
    schema,
    relation,
    name: position === undefined ? column : null,
    position: position ?? null,
  }));
  const rows = await session.run(query(session.versionNumber >= 140_000), [
    JSON.stringify(asked),
  ]);
  return new Map(rows.map(readRow));
}
