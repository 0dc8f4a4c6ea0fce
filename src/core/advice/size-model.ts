/**
 * How many bytes an index takes on disk right after CREATE INDEX, from catalog statistics alone.
 * Each method's file names the place in PostgreSQL's sources that its arithmetic follows.
 */
import type { CatalogTable } from "../catalog.ts";
import { brinPages } from "./size/brin.ts";
import { btreePages } from "./size/btree.ts";
import { buildMs } from "./size/build-time.ts";
import { mergesEqual } from "./size/column-layout.ts";
import { ginEntries } from "./size/gin-entries.ts";
import { ginPages } from "./size/gin.ts";
import { hashPages } from "./size/hash.ts";
import { knownDependence, uniqueKeysOf } from "./size/known-dependence.ts";
import { columnsWithoutNull, predicateShare } from "./size/predicate-share.ts";
import {
  resolveColumn,
  resolveExpression,
  restrictColumn,
  type SizedColumn,
} from "./size/resolve-key.ts";
import {
  gistKeyBytes,
  gistPages,
  isSortedFirst,
  spgistPages,
} from "./size/search-trees.ts";
import type { SizeInput } from "./size/size-input.ts";
import type { IndexDefinition } from "./suggestion.ts";

const pageBytes = 8192;
const defaultFillFactor = 90;

interface Resolved {
  /** Rows of the table, and those that the predicate keeps. */
  readonly tableRows: number;
  readonly rows: number;
  readonly keys: readonly SizedColumn[];
  readonly included: readonly SizedColumn[];
}

function resolve({ table, ...index }: SizeInput): Resolved {
  const tableRows = Math.max(0, table.estimatedRows ?? 0);
  const share = index.predicateShare ?? predicateShare(index.predicate, table);
  const rows = tableRows * Math.min(1, Math.max(0, share));
  const withoutNull = columnsWithoutNull(index.predicate);
  const columnNamed = (name: string, operatorClass?: string): SizedColumn => {
    const column = table.columns.find((one) => one.name === name);
    return column === undefined
      ? resolveExpression(name, table, operatorClass)
      : restrictColumn(
          resolveColumn(column, table, operatorClass),
          tableRows,
          rows / Math.max(1, tableRows),
          !withoutNull.has(name),
        );
  };
  return {
    tableRows,
    rows,
    keys: index.keys.map((key) =>
      key.isExpression
        ? resolveExpression(key.text, table, key.operatorClass)
        : columnNamed(key.text, key.operatorClass),
    ),
    included: index.included.map((name) => columnNamed(name)),
  };
}

/** Each column has entries of its own in the one tree of a GIN index, and one that lists its NULLs. */
function ginPagesOf(
  { table }: SizeInput,
  { rows, tableRows, keys }: Resolved,
): number {
  const rowsPerPage = Math.max(1, tableRows / Math.max(1, table.pages));
  return keys.reduce((sum, key) => {
    const present = 1 - key.nullFraction;
    const { classes, entryBytes } = ginEntries(key, rows * present);
    const ofAll = classes.map(({ entries, rowShare }) => ({
      entries,
      rowShare: rowShare * present,
    }));
    const nulls = { entries: 1, rowShare: key.nullFraction };
    return (
      sum +
      ginPages({
        rows,
        rowsPerPage,
        classes: key.nullFraction > 0 ? [...ofAll, nulls] : ofAll,
        entryBytes,
      })
    );
  }, 0);
}

function gistPagesOf({ rows, keys }: Resolved): number {
  const bytes = keys.reduce((sum, key) => sum + gistKeyBytes(key), 0);
  return gistPages(rows, bytes, isSortedFirst(keys));
}

/** Keys that hold all columns of a unique index have nothing to merge. */
const holdsUniqueKey = ({ keys, table }: SizeInput): boolean =>
  uniqueKeysOf(table).some((columns) =>
    columns.every((name) => keys.some(({ text }) => text === name)),
  );

/** Unique indexes and those with INCLUDE never merge (_bt_allequalimage and _bt_load in src/backend/access/nbtree). */
const merges = (input: SizeInput, keys: readonly SizedColumn[]): boolean =>
  !input.unique &&
  input.included.length === 0 &&
  !holdsUniqueKey(input) &&
  keys.every(({ type, layout }) =>
    mergesEqual(type, layout, input.serverVersion),
  );

function pagesOf(input: SizeInput, resolved: Resolved): number {
  const { tableRows, rows, keys, included } = resolved;
  const [first] = keys;
  if (first === undefined) return 1;
  switch (input.method) {
    case "btree":
      return btreePages({
        rows,
        keys,
        included,
        merges: merges(input, keys),
        known: knownDependence(
          input.keys.map(({ text }) => text),
          input.table,
        ),
        fillFactor: input.fillFactor ?? defaultFillFactor,
      });
    case "hash":
      return hashPages(tableRows, rows, first);
    case "gin":
      return ginPagesOf(input, resolved);
    case "gist":
      return gistPagesOf(resolved);
    case "spgist":
      return spgistPages(rows, first.averageBytes);
    case "brin":
      return brinPages(input.table.pages, keys);
  }
}

/** Bytes on disk of an index right after its build; never less than a page. */
export function estimateSize(input: SizeInput): number {
  return pageBytes * Math.max(1, Math.ceil(pagesOf(input, resolve(input))));
}

/** Rough milliseconds of the build on a quiet server with the table in memory; a busy one takes several times as long. */
export function estimateBuildMs(input: SizeInput): number {
  const { tableRows, rows, keys } = resolve(input);
  return buildMs({
    method: input.method,
    tablePages: input.table.pages,
    tableRows,
    rows,
    keys,
    indexPages: estimateSize(input) / pageBytes,
  });
}

const inputOf = (
  index: IndexDefinition,
  table: CatalogTable,
  serverVersion: number | undefined,
): SizeInput => ({
  method: index.method,
  keys: index.keys,
  included: index.included,
  predicate: index.predicate,
  unique: false,
  table,
  serverVersion,
});

/**
 * Bytes on disk that the index would take right after its build, from the catalog alone.
 * A table that was never analyzed counts as empty.
 * @param serverVersion server_version_num; without it `char(n)` keys are taken at their largest
 */
export function estimateIndexBytes(
  index: IndexDefinition,
  table: CatalogTable,
  serverVersion?: number,
): number {
  return estimateSize(inputOf(index, table, serverVersion));
}

/** Rough milliseconds that building the index would take. */
export function estimateIndexBuildMs(
  index: IndexDefinition,
  table: CatalogTable,
): number {
  return estimateBuildMs(inputOf(index, table, undefined));
}
