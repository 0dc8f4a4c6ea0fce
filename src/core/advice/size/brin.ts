import {
  alignEight,
  meanLength,
  pointerBytes,
  tupleLengths,
  type TupleColumn,
} from "./tuple-bytes.ts";

/** Pages of the table that one entry summarises, by default. */
const pagesPerRange = 128;
/** Entries that a page of the range map points to (REVMAP_PAGE_MAXITEMS). */
const rangesPerMapPage = 1360;
const pageBytes = 8152;

/** Pages of a BRIN index with minimum and maximum per column: a meta page, the range map, one entry per 128 pages. */
export function brinPages(
  tablePages: number,
  columns: readonly TupleColumn[],
): number {
  const ranges = Math.max(1, Math.ceil(tablePages / pagesPerRange));
  const bounds = columns.flatMap((column) => [column, column]);
  const entry = alignEight(meanLength(tupleLengths(bounds))) + pointerBytes;
  const perPage = Math.max(1, Math.floor(pageBytes / entry));
  return 1 + Math.ceil(ranges / rangesPerMapPage) + Math.ceil(ranges / perPage);
}
