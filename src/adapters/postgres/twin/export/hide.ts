import type { Answer } from "../../../../app/database.ts";
import { failed, succeeded } from "../../../../core/result.ts";
import type {
  ColumnStatistics,
  ExtendedStatistics,
} from "../../../../core/twin/bundle.ts";
import {
  collectTexts,
  hideExtended,
  hideValues,
  nameTexts,
  replaceTexts,
  type ColumnNature,
} from "../../../../core/twin/redact.ts";
import { phrase } from "../../../../core/words.ts";
import type { Session } from "../../session.ts";

export interface Statistics {
  readonly columns: readonly ColumnStatistics[];
  /** In the order of `columns`. */
  readonly natures: readonly ColumnNature[];
  readonly extended: readonly ExtendedStatistics[];
}

/** A column whose values shall not leave the server. */
export interface HiddenColumn {
  readonly schema: string | undefined;
  readonly table: string;
  readonly column: string;
}

/**
 * The columns named, those of the tables above and below (a parent's statistics are its children's values),
 * columns generated from them, and every index and statistics object that depends on one.
 */
const dependents = `WITH /* planlens */ RECURSIVE asked AS (
    SELECT x.nr, x.schema, x.name, x.col FROM json_to_recordset($1::json) AS x(nr int, schema text, name text, col text)
  ), named AS (
    SELECT k.nr, c.oid AS id, k.col FROM asked k JOIN pg_class c ON c.relname = k.name AND c.relkind IN ('r', 'p', 'm')
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = coalesce(k.schema, n.nspname) AND n.nspname !~ '^pg_'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = k.col AND a.attnum > 0 AND NOT a.attisdropped
  ), family AS (
    SELECT id, col FROM named
    UNION SELECT CASE WHEN h.inhparent = f.id THEN h.inhrelid ELSE h.inhparent END, f.col
    FROM family f JOIN pg_inherits h ON f.id IN (h.inhparent, h.inhrelid)
  ), parts AS (
    SELECT f.id, a.attnum FROM family f JOIN pg_attribute a ON a.attrelid = f.id AND a.attname = f.col
  ), direct AS (
    SELECT id, attnum FROM parts
    UNION SELECT d.objid, d.objsubid FROM parts p JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = p.id
      AND d.objsubid > 0 AND d.refclassid = 'pg_class'::regclass AND d.refobjid = p.id AND d.refobjsubid = p.attnum
    UNION SELECT e.adrelid, e.adnum::int FROM parts p JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = p.id AND d.refobjsubid = p.attnum
      JOIN pg_attrdef e ON e.oid = d.objid
  )
  SELECT 'unknown' AS kind, NULL AS schema, NULL AS relation, k.nr::text AS "column" FROM asked k WHERE k.nr NOT IN (SELECT nr FROM named)
  UNION ALL SELECT 'column', n.nspname, c.relname, a.attname FROM direct d JOIN pg_class c ON c.oid = d.id
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = d.id AND a.attnum = d.attnum
  UNION ALL SELECT DISTINCT 'index', n.nspname, x.relname, NULL FROM direct d JOIN pg_index i ON i.indrelid = d.id
    JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
    WHERE i.indexprs IS NOT NULL AND EXISTS (SELECT FROM pg_depend p WHERE p.classid = 'pg_class'::regclass AND p.objid = x.oid
      AND p.refclassid = 'pg_class'::regclass AND p.refobjid = d.id AND p.refobjsubid = d.attnum)
  UNION ALL SELECT DISTINCT 'statistics', n.nspname, s.stxname, NULL FROM direct d JOIN pg_statistic_ext s ON s.stxrelid = d.id
    JOIN pg_namespace n ON n.oid = s.stxnamespace
    WHERE d.attnum = ANY (s.stxkeys::int2[]) OR EXISTS (SELECT FROM pg_depend p WHERE p.classid = 'pg_statistic_ext'::regclass
      AND p.objid = s.oid AND p.refclassid = 'pg_class'::regclass AND p.refobjid = d.id AND p.refobjsubid = d.attnum)`;

const key = (...parts: readonly (string | null | undefined)[]): string =>
  JSON.stringify(parts);

/** Keys of columns, indexes and objects to strip; fails with the first column that is nowhere. */
async function findDependents(
  session: Session,
  hidden: readonly HiddenColumn[],
): Answer<ReadonlySet<string>> {
  const asked = hidden.map(({ schema, table, column }, nr) => ({
    nr,
    schema: schema ?? null,
    name: table,
    col: column,
  }));
  const rows = await session.run(dependents, [JSON.stringify(asked)]);
  const unknown = rows.find((row) => row["kind"] === "unknown");
  if (unknown === undefined)
    return succeeded(
      new Set(
        rows.map((row) =>
          key(row["kind"], row["schema"], row["relation"], row["column"]),
        ),
      ),
    );
  const one = hidden[Number(unknown["column"])];
  return failed({
    kind: "misconfigured",
    message: phrase(
      "There is no column {0} to leave out",
      `${one?.table ?? ""}.${one?.column ?? ""}`,
    ),
  });
}

/** Statistics without the values of the columns named and of all that is made of them. */
export async function leaveOut(
  session: Session,
  statistics: Statistics,
  hidden: readonly HiddenColumn[],
): Answer<Statistics> {
  if (hidden.length === 0) return succeeded(statistics);
  const found = await findDependents(session, hidden);
  if (!found.ok) return found;
  const hides = (...parts: readonly (string | null)[]): boolean =>
    found.value.has(key(...parts));
  return succeeded({
    ...statistics,
    columns: statistics.columns.map((one) =>
      hides("column", one.schema, one.relation, one.column) ||
      hides("index", one.schema, one.relation, null)
        ? hideValues(one)
        : one,
    ),
    extended: statistics.extended.map((one) =>
      hides("statistics", one.schema, one.name, null) ? hideExtended(one) : one,
    ),
  });
}

async function orderTexts(
  session: Session,
  collation: string,
  texts: readonly string[],
): Promise<readonly string[]> {
  // A name that regcollation printed: quoted where needed.
  const order = collation === "-" ? "" : `COLLATE ${collation}`;
  const rows = await session.run(
    `SELECT /* planlens */ x AS value FROM json_array_elements_text($1::json) x ORDER BY x ${order}`,
    [JSON.stringify(texts)],
  );
  return rows.map((row) => row["value"] ?? "");
}

/** Lexemes compare by length first, then by bytes. */
const orderLexemes = (texts: readonly string[]): readonly string[] =>
  texts
    .map((text) => ({ text, bytes: Buffer.from(text) }))
    .sort(
      (one, other) =>
        one.bytes.length - other.bytes.length || one.bytes.compare(other.bytes),
    )
    .map(({ text }) => text);

/** Puts words in place of all texts, see nameTexts; combinations and other values that may hold texts go. */
export async function hashTexts(
  session: Session,
  statistics: Statistics,
): Promise<Statistics> {
  const names = new Map<string, ReadonlyMap<string, string>>();
  const { columns, natures, extended } = statistics;
  for (const [group, found] of collectTexts(columns, natures)) {
    const texts = [...found.texts];
    const ordered = found.group.isLexemes
      ? orderLexemes(texts)
      : await orderTexts(session, found.group.collation, texts);
    names.set(group, nameTexts(ordered));
  }
  return {
    natures,
    columns: replaceTexts(columns, natures, names),
    extended: extended.map(hideExtended),
  };
}
