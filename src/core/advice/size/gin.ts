import { alignEight, pointerBytes } from "./tuple-bytes.ts";

/** Entries that occur about as often as each other. */
export interface EntryClass {
  /** Different entries. */
  readonly entries: number;
  /** Part of the indexed rows that has one such entry. */
  readonly rowShare: number;
}

export interface GinShape {
  readonly rows: number;
  /** Rows on a page of the table. */
  readonly rowsPerPage: number;
  readonly classes: readonly EntryClass[];
  /** Stored bytes of one entry. */
  readonly entryBytes: number;
}

const pageBytes = 8152;
/** A list longer than this moves from the entry to pages of its own (GinMaxItemSize). */
const longestInline = 2712;
/** First row and length of a compressed list (SizeOfGinPostingList), which then holds up to 384 bytes on pages of its own. */
const listHeader = 8;
const listBytes = 384 - listHeader;

/** Entries are added in order, and a full page is split in the middle (entrySplitPage in ginentrypage.c). */
const entryFill = 0.53;

/**
 * Bytes that a row address takes in a compressed list: the distance to the one before, seven bits to
 * a byte, where a page of the table counts 2¹¹ (ginpostinglist.c).
 * @param rowShare part of the rows that are listed
 */
function addressBytes(rowShare: number, rowsPerPage: number): number {
  const miss = 1 - Math.min(rowShare, 1 - 1e-9);
  const beyond = (pages: number): number => miss ** (pages * rowsPerPage);
  const samePage = Math.log(miss) * rowsPerPage;
  const leavesPage = Math.min(1, Math.expm1(samePage) / samePage);
  return 1 + leavesPage + beyond(8) + beyond(1024) + beyond(131_072);
}

/** Bytes of one entry in the entry tree, and pages of its list outside of it. */
function entryCost(
  shape: GinShape,
  rowShare: number,
): { readonly bytes: number; readonly pages: number } {
  const listed = Math.max(1, shape.rows * rowShare);
  const list = (listed - 1) * addressBytes(rowShare, shape.rowsPerPage);
  const key = 8 + 2 * Math.ceil(shape.entryBytes / 2);
  const inline = alignEight(key + listHeader + list) + pointerBytes;
  if (inline <= longestInline) return { bytes: inline, pages: 0 };
  const pages = Math.ceil((list * (1 + listHeader / listBytes)) / pageBytes);
  return {
    bytes: alignEight(key) + pointerBytes,
    pages: pages > 1 ? pages + 1 : 1,
  };
}

/** Pages of a GIN index right after its build: a meta page, the tree of entries, long lists on pages of their own. */
export function ginPages(shape: GinShape): number {
  let bytes = 0;
  let listPages = 0;
  for (const { entries, rowShare } of shape.classes) {
    const cost = entryCost(shape, rowShare);
    bytes += entries * cost.bytes;
    listPages += entries * cost.pages;
  }
  const leaves = Math.ceil(bytes / (pageBytes * entryFill));
  const separator = alignEight(8 + shape.entryBytes) + pointerBytes;
  const perInnerPage = (pageBytes * entryFill) / separator;
  const inner = leaves > 1 ? Math.ceil(leaves / perInnerPage) : 0;
  return Math.ceil(1 + Math.max(1, leaves) + inner + listPages);
}
