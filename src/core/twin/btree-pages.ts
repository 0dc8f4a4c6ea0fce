import { checksumOffset, checksumPage } from "./page-checksum.ts";
import { blockBytes } from "./relation-file.ts";

// The planner reads a B-tree's height from its first page and adds 50 operator costs per level; to find the end
// of a range it may also look the tree down. So an empty index gets a trunk of the right height: one page per
// level, each with one downlink that means "everything", down to an empty leaf. Formats: access/nbtree.h and
// storage/bufpage.h, the same from 13 to 18, little-endian.

const specialBytes = 16;
const headerBytes = 24;
const lineBytes = 4;
/** sizeof(IndexTupleData): a tuple without any attribute, below all others. */
const tupleBytes = 8;

const flagLeaf = 1;
const flagRoot = 2;

/** INDEX_ALT_TID_MASK: the tuple leads down. */
const downlinkMark = 0x2000;

function startPage(level: number, isRoot: boolean): DataView {
  const page = new DataView(new ArrayBuffer(blockBytes));
  const special = blockBytes - specialBytes;
  page.setUint16(12, headerBytes, true);
  page.setUint16(14, special, true);
  page.setUint16(16, special, true);
  // Page size and layout version 4 share a field.
  page.setUint16(18, blockBytes | 4, true);
  page.setUint32(special + 8, level, true);
  page.setUint16(
    special + 12,
    (level === 0 ? flagLeaf : 0) | (isRoot ? flagRoot : 0),
    true,
  );
  return page;
}

function addDownlink(page: DataView, block: number): void {
  const at = blockBytes - specialBytes - tupleBytes;
  page.setUint16(12, headerBytes + lineBytes, true);
  page.setUint16(14, at, true);
  // ItemIdData: offset in 15 bits, state "normal" in 2, length in 15.
  page.setUint32(
    headerBytes,
    (at | (1 << 15) | (tupleBytes << 17)) >>> 0,
    true,
  );
  page.setUint16(at, block >>> 16, true);
  page.setUint16(at + 2, block & 0xffff, true);
  page.setUint16(at + 6, tupleBytes | downlinkMark, true);
}

/** BTMetaPageData begins behind the page header: magic, version, root, level, fast root, fast level. */
const metaMagic = 0x053162;

/**
 * The first pages of an empty B-tree made `level` levels high, as one piece for the file's beginning.
 * `meta` is the page that the server wrote, changed in place; undefined when it is no B-tree's.
 */
export function renderTrunk(
  meta: Uint8Array,
  level: number,
  withChecksums: boolean,
): Uint8Array | undefined {
  const first = new DataView(meta.buffer, meta.byteOffset, blockBytes);
  if (first.getUint32(headerBytes, true) !== metaMagic) return undefined;
  const root = level + 1;
  for (const [field, value] of [root, level, root, level].entries())
    first.setUint32(headerBytes + 8 + 4 * field, value, true);
  const pages = [first];
  for (let block = 1; block <= root; block += 1) {
    const page = startPage(block - 1, block === root);
    if (block > 1) addDownlink(page, block - 1);
    pages.push(page);
  }
  const trunk = new Uint8Array(pages.length * blockBytes);
  for (const [block, page] of pages.entries()) {
    const sum = withChecksums ? checksumPage(page, block) : 0;
    page.setUint16(checksumOffset, sum, true);
    trunk.set(
      new Uint8Array(page.buffer, page.byteOffset, blockBytes),
      block * blockBytes,
    );
  }
  return trunk;
}

/** Room for tuples on an inner page that CREATE INDEX fills: BTREE_NONLEAF_FILLFACTOR is 70. */
const innerBytes = 0.7 * (blockBytes - headerBytes - specialBytes);

/**
 * Levels above the leaves of a B-tree of so many blocks whose inner pages hold keys of `keyBytes`.
 * The catalog does not tell; near a power of the fan-out this may be one off.
 */
export function estimateLevel(blocks: number, keyBytes: number): number {
  const entryBytes = Math.ceil((tupleBytes + keyBytes) / 8) * 8 + lineBytes;
  const fanOut = Math.max(2, Math.floor(innerBytes / entryBytes));
  let pages = blocks - 1;
  let level = 0;
  while (pages > 1) {
    pages = Math.ceil(pages / fanOut);
    level += 1;
  }
  return level;
}
