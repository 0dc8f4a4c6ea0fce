import type { SizedColumn } from "./resolve-key.ts";
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

/** Milliseconds on one core of a usual server, measured on real builds and rounded: right within a factor of about two. */
const perTablePage = 0.004;
const perTableRow = 0.00008;
const perIndexPage = 0.02;
/** One comparison while sorting. */
const perComparison = { fixed: 0.000012, text: 0.00004 };
const perInsert = { gist: 0.006, spgist: 0.003, hash: 0.0003 };
const perGinByte = 0.0002;

/** Rough milliseconds of CREATE INDEX with the table in memory: read the rows, sort or insert the keys, write the pages. */
export function buildMs(work: BuildWork): number {
  const { rows, keys } = work;
  const scan = work.tablePages * perTablePage + work.tableRows * perTableRow;
  const write = work.indexPages * perIndexPage;
  const comparison = keys.reduce(
    (sum, { layout }) =>
      sum +
      (layout.fixedBytes === undefined
        ? perComparison.text
        : perComparison.fixed),
    0,
  );
  const bytes = keys.reduce((sum, key) => sum + key.averageBytes, 0);
  switch (work.method) {
    case "btree":
      return scan + write + rows * Math.log2(rows + 2) * comparison;
    case "hash":
      return scan + write + rows * perInsert.hash;
    case "gin":
      return scan + write + rows * bytes * perGinByte;
    case "gist":
      return scan + write + rows * perInsert.gist;
    case "spgist":
      return scan + write + rows * perInsert.spgist;
    case "brin":
      return scan;
  }
}
