import { ginEntries } from "./gin-entries.ts";
import type { SizedColumn } from "./resolve-key.ts";
import { gistKeyBytes, isSortedFirst } from "./search-trees.ts";
import type { SizeInput } from "./size-input.ts";

export interface BuildWork {
  readonly method: SizeInput["method"];
  readonly tablePages: number;
  readonly tableRows: number;
  /** Rows that the index holds. */
  readonly rows: number;
  readonly keys: readonly SizedColumn[];
  readonly indexPages: number;
}

/**
 * Milliseconds on one core of a usual server, measured on real builds and rounded.
 * Good for telling seconds from minutes: right within a factor of about two.
 */
const perTablePage = 0.004;
const perTableRow = 0.0003;
const perIndexPage = 0.02;
/** One comparison while sorting; keys after the first are compared only where the first is equal. */
const perComparison = { fixed: 0.00001, varying: 0.00007 };
const laterKeys = 0.3;
const perHashInsert = 0.003;
const perGinEntry = 0.0008;
const perGistInsert = { sorted: 0.002, first: 0.008, byte: 0.0001 };
const perSpgistInsert = 0.005;

function sortMs(rows: number, keys: readonly SizedColumn[]): number {
  const each = keys.reduce(
    (sum, { layout }, at) =>
      sum +
      (at === 0 ? 1 : laterKeys) *
        (layout.fixedBytes === undefined
          ? perComparison.varying
          : perComparison.fixed),
    0,
  );
  return rows * Math.log2(rows + 2) * each;
}

function ginMs(rows: number, keys: readonly SizedColumn[]): number {
  const perRow = keys
    .flatMap((key) => ginEntries(key, rows).classes)
    .reduce((sum, { entries, rowShare }) => sum + entries * rowShare, 0);
  return rows * perRow * perGinEntry;
}

function gistMs(rows: number, keys: readonly SizedColumn[]): number {
  const bytes = keys.reduce((sum, key) => sum + gistKeyBytes(key), 0);
  const each = isSortedFirst(keys)
    ? perGistInsert.sorted
    : perGistInsert.first + perGistInsert.byte * bytes;
  return rows * each;
}

/** Rough milliseconds of CREATE INDEX with the table in memory: read the rows, sort or insert the keys, write the pages. */
export function buildMs(work: BuildWork): number {
  const { rows, keys } = work;
  const scan = work.tablePages * perTablePage + work.tableRows * perTableRow;
  const around = scan + work.indexPages * perIndexPage;
  switch (work.method) {
    case "btree":
      return around + sortMs(rows, keys);
    case "hash":
      return around + rows * perHashInsert;
    case "gin":
      return around + ginMs(rows, keys);
    case "gist":
      return around + gistMs(rows, keys);
    case "spgist":
      return around + rows * perSpgistInsert;
    case "brin":
      return around;
  }
}
