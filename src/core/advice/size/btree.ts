import {
  alignEight,
  meanLength,
  pointerBytes,
  tupleLengths,
  type TupleColumn,
} from "./tuple-bytes.ts";
import {
  groupSizes,
  independent,
  keyClasses,
  type Dependence,
  type GroupedColumn,
  type GroupSize,
} from "./key-groups.ts";

export interface BtreeColumn extends TupleColumn, GroupedColumn {}

export interface BtreeShape {
  readonly rows: number;
  readonly keys: readonly BtreeColumn[];
  readonly included: readonly TupleColumn[];
  /** Whether rows of equal keys share a tuple. */
  readonly merges: boolean;
  /** What is known of the keys together; nothing when absent. */
  readonly known?: Dependence;
  /** Per cent of a leaf page that the build fills; PostgreSQL's default is 90. */
  readonly fillFactor: number;
}

/** A page without its header (24) and the B-tree's special space (16). */
const pageBytes = 8152;
/** Two line pointers are set aside: the high key's and the next tuple's. */
const spareBytes = 2 * pointerBytes;
/** Tuples with their line pointers that fit a page, room left for a row address in its high key. */
const mostBytes = pageBytes - spareBytes - 8 + pointerBytes;
/** Longest posting list tuple, a tenth of a page (nbtsort.c: maxpostingsize). */
const longestPosting = 812;
const rowAddressBytes = 6;
/** Inner pages are filled to 70 % (BTREE_NONLEAF_FILLFACTOR). */
const innerFree = Math.floor(8192 * 0.3);

/** Tuples of one length. */
interface Tuples {
  readonly count: number;
  /** With the line pointer. */
  readonly bytes: number;
  /** Bytes without row addresses, which are cut off where the tuple ends a page. */
  readonly closing: number;
}

/** Row addresses that fit one posting list after a key tuple of this length. */
const addressesIn = (base: number): number =>
  Math.floor((alignEight(longestPosting - 7) - base) / rowAddressBytes);

function postingTuples(count: number, base: number, addresses: number): Tuples {
  const length =
    addresses <= 1 ? base : alignEight(base + rowAddressBytes * addresses);
  return {
    count,
    bytes: length + pointerBytes,
    closing: base + pointerBytes,
  };
}

/** Tuples of keys that have this many rows each (_bt_dedup_save_htid, _bt_form_posting in nbtdedup.c). */
function mergedTuples(
  { rows, keys }: GroupSize,
  base: number,
): readonly Tuples[] {
  const most = addressesIn(base);
  if (most < 2) return [postingTuples(rows * keys, base, 1)];
  const full = Math.floor(rows / most);
  const rest = rows - full * most;
  const lists = postingTuples(full * keys, base, most);
  return rest < 0.5 ? [lists] : [lists, postingTuples(keys, base, rest)];
}

/** Bytes of tuples after which the build closes a leaf page at this fill factor (_bt_buildadd in nbtsort.c). */
const closingBytes = (fillFactor: number): number =>
  pageBytes - spareBytes - Math.floor((8192 * (100 - fillFactor)) / 100);

/** Equal tuples leave the same gap on every page. */
function evenBytes({ bytes, closing }: Tuples, limit: number): number {
  const count = Math.max(1, Math.floor((limit - closing) / bytes) + 1);
  return (count * bytes + bytes > mostBytes ? count - 1 || 1 : count) * bytes;
}

/**
 * Mean bytes on a leaf page. The tuple that crosses the limit stays when another one fits behind it,
 * which then moves to the next page; otherwise it moves itself. Where the limit cuts a tuple is random,
 * and long tuples are cut more often.
 */
function mixedBytes(tuples: readonly Tuples[], limit: number): number {
  const count = tuples.reduce((sum, one) => sum + one.count, 0);
  const bytes = tuples.reduce((sum, one) => sum + one.count * one.bytes, 0);
  let filled = 0;
  for (const cut of tuples) {
    let stays = 0;
    for (const next of tuples) {
      const room = mostBytes - (limit - cut.closing) - next.bytes;
      stays +=
        (next.count / count) * Math.min(1, Math.max(0, room / cut.bytes));
    }
    const end = limit - cut.closing + cut.bytes / 2 - (1 - stays) * cut.bytes;
    filled += ((cut.count * cut.bytes) / bytes) * end;
  }
  return Math.max(filled, bytes / count);
}

/** Tuples of the same length taken together. */
function gathered(tuples: readonly Tuples[]): readonly Tuples[] {
  const found = new Map<number, Tuples>();
  for (const one of tuples) {
    if (one.count <= 0) continue;
    const before = found.get(one.bytes);
    const count = (before?.count ?? 0) + one.count;
    const closing =
      (before?.closing ?? 0) +
      ((one.closing - (before?.closing ?? 0)) * one.count) / count;
    found.set(one.bytes, { count, bytes: one.bytes, closing });
  }
  return [...found.values()];
}

function leafPages(tuples: readonly Tuples[], fillFactor: number): number {
  const limit = closingBytes(fillFactor);
  const kinds = gathered(tuples);
  const [only] = kinds;
  if (only === undefined) return 0;
  const bytes = kinds.reduce((sum, one) => sum + one.count * one.bytes, 0);
  return (
    bytes /
    (kinds.length === 1 ? evenBytes(only, limit) : mixedBytes(kinds, limit))
  );
}

/** Full posting lists of one key that fill a page: from the second page on, a long run of them has pages of its own. */
const listsOnPage = 9;

interface Leaf {
  readonly pages: number;
  readonly tuples: number;
}

/** The leaf level when equal keys are merged. */
function mergedLeaf({
  keys: columns,
  rows,
  fillFactor,
  known = independent,
}: BtreeShape): Leaf {
  const limit = closingBytes(fillFactor);
  const mixed: Tuples[] = [];
  let runPages = 0;
  let runTuples = 0;
  for (const one of keyClasses(columns, rows, known)) {
    const lengths = tupleLengths(
      columns.map((column, at) =>
        known.determined.includes(at)
          ? column
          : { ...column, nullFraction: Math.floor(one.nulls / 2 ** at) % 2 },
      ),
    );
    for (const group of groupSizes(one, rows))
      for (const [base, part] of lengths) {
        const size = { rows: group.rows, keys: group.keys * part };
        const most = addressesIn(base);
        const run = most < 2 ? 0 : Math.floor(group.rows / most) - listsOnPage;
        for (const tuples of mergedTuples(size, base)) {
          const isRun = run > 0 && tuples.count > size.keys;
          const inRun = isRun ? run * size.keys : 0;
          mixed.push({ ...tuples, count: tuples.count - inRun });
          runTuples += inRun;
          runPages += (inRun * tuples.bytes) / evenBytes(tuples, limit);
        }
      }
  }
  const pages = runPages + leafPages(mixed, fillFactor);
  const tuples = mixed.reduce((sum, { count }) => sum + count, runTuples);
  return { pages: Math.ceil(pages), tuples };
}

/** The leaf level with a tuple for each row. */
function plainLeaf({ keys, included, rows, fillFactor }: BtreeShape): Leaf {
  const tuples = [...tupleLengths([...keys, ...included])].map(
    ([length, share]) => ({
      count: rows * share,
      bytes: length + pointerBytes,
      closing: length + pointerBytes,
    }),
  );
  return { pages: Math.ceil(leafPages(tuples, fillFactor)), tuples: rows };
}

/** Keys over the first columns that occur. */
function keysAmong(
  { keys: columns, rows, known = independent }: BtreeShape,
  count: number,
): number {
  const within = {
    determined: known.determined,
    joint: known.joint.map((one) => ({
      ...one,
      columns: one.columns.filter((at) => at < count),
    })),
  };
  return keyClasses(columns.slice(0, count), rows, within)
    .flatMap((one) => groupSizes(one, rows))
    .reduce((sum, { keys }) => sum + keys, 0);
}

/**
 * Mean length of a tuple that separates two pages: key columns up to the first that differs,
 * or all of them and a row address (_bt_truncate in nbtutils.c).
 */
function separatorLength(shape: BtreeShape, tuples: number): number {
  let length = 0;
  let equal = 1;
  for (let columns = 1; columns <= shape.keys.length; columns += 1) {
    const prefix = shape.keys.slice(0, columns);
    const mean = meanLength(tupleLengths(prefix));
    const stillEqual = Math.min(
      equal,
      Math.max(0, 1 - keysAmong(shape, columns) / tuples),
    );
    length += (equal - stillEqual) * mean;
    if (columns === shape.keys.length) length += stillEqual * (mean + 8);
    equal = stillEqual;
  }
  return length;
}

/** Pages above the leaves, level by level up to a single root. */
function innerPages(leaves: number, separator: number): number {
  const perPage =
    1 +
    Math.max(
      1,
      Math.floor(
        (pageBytes - spareBytes - innerFree - 8 - pointerBytes) /
          (separator + pointerBytes),
      ),
    );
  let pages = 0;
  for (let level = leaves; level > 1; pages += level)
    level = Math.ceil(level / perPage);
  return pages;
}

/** Pages of a B-tree right after its build, the meta page included. */
export function btreePages(shape: BtreeShape): number {
  if (shape.rows < 1) return 1;
  const leaf = shape.merges ? mergedLeaf(shape) : plainLeaf(shape);
  const separator = separatorLength(shape, leaf.tuples);
  return 1 + leaf.pages + innerPages(leaf.pages, separator);
}
