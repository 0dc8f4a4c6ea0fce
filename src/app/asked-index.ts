import type { Catalog, CatalogIndex, CatalogTable } from "../core/catalog.ts";
import {
  readIndex,
  type ReadIndex,
} from "../core/advice/why-not/read-index.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import { findCatalogTable } from "../core/sql/resolve-columns.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import { phrase, type Text } from "../core/words.ts";

/** An index of a statement's table, existing or imagined. */
export interface AskedIndex {
  readonly statement: ParsedStatement;
  readonly catalog: Catalog;
  readonly table: CatalogTable;
  readonly index: ReadIndex;
  readonly existing: CatalogIndex | undefined;
}

const tableOf = (
  catalog: Catalog,
  { schema, table }: Pick<ReadIndex, "schema" | "table">,
): CatalogTable | undefined =>
  findCatalogTable(catalog, { schema, name: table });

/** The index asked about cannot be read or found. */
export interface UnknownIndex {
  readonly kind: "index";
  readonly detail: Text;
}

const isCreate = /^\s*create\s/iu;

const unquoted = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;

/** An existing index by its name, `schema.` in front or not. */
function findNamed(
  statement: ParsedStatement,
  catalog: Catalog,
  written: string,
): Result<AskedIndex, UnknownIndex> {
  const name = unquoted(written.trim().replace(/^[^".]+\.(?=.)/u, ""));
  for (const table of catalog.tables) {
    const existing = table.indexes.find((index) => index.name === name);
    const read = existing && readIndex(existing.definition);
    if (existing !== undefined && read?.ok === true)
      return succeeded({
        statement,
        catalog,
        table,
        existing,
        index: { ...read.value, name },
      });
  }
  return failed({
    kind: "index",
    detail: phrase(
      "No table of the statement has an index {0}; name one of theirs, or write a CREATE INDEX.",
      name,
    ),
  });
}

function findImagined(
  statement: ParsedStatement,
  catalog: Catalog,
  ddl: string,
): Result<AskedIndex, UnknownIndex> {
  const index = readIndex(ddl);
  if (!index.ok) return failed({ kind: "index", detail: index.error });
  const table = tableOf(catalog, index.value);
  if (table === undefined)
    return failed({
      kind: "index",
      detail: phrase(
        "The statement does not read {0}, so no index on it can serve the statement.",
        index.value.table,
      ),
    });
  const names = new Set(table.columns.map(({ name }) => name));
  const unknown = index.value.keys.find(
    ({ isExpression, text }) => !isExpression && !names.has(text),
  );
  if (unknown !== undefined)
    return failed({
      kind: "index",
      detail: phrase("{0} has no column {1}.", table.name, unknown.text),
    });
  return succeeded({
    statement,
    catalog,
    table,
    index: index.value,
    existing: undefined,
  });
}

/** The index that `written` names, or the CREATE INDEX that it is. */
export const findAskedIndex = (
  statement: ParsedStatement,
  catalog: Catalog,
  written: string,
): Result<AskedIndex, UnknownIndex> =>
  isCreate.test(written)
    ? findImagined(statement, catalog, written)
    : findNamed(statement, catalog, written);
