import type { CommonCombinations, ExtendedStatistics } from "./bundle.ts";

// What pg_ndistinct, pg_dependencies and pg_mcv_list hold, without their length word; the types have no text
// input. Formats: statistics/mvdistinct.c, dependencies.c, mcv.c, the same from 13 to 18, little-endian.

const distinctMagic = 0xa352bfa4;
const dependencyMagic = 0xb4549a2c;
const commonMagic = 0xe1a651c2;
const typeBasic = 1;

/** Attribute number of a key: its position in the table for a column, below zero for an expression. */
export type NumberKey = (key: number) => number;

function writeHeader(magic: number, count: number, bytes: number): DataView {
  const view = new DataView(new ArrayBuffer(12 + bytes));
  view.setUint32(0, magic, true);
  view.setUint32(4, typeBasic, true);
  view.setUint32(8, count, true);
  return view;
}

const bytesOf = (view: DataView): Uint8Array => new Uint8Array(view.buffer);

/** Items of pg_ndistinct: a double, how many attributes in four bytes, their numbers. */
export function renderDistinct(
  items: ExtendedStatistics["distinctValues"],
  numberKey: NumberKey,
): Uint8Array {
  const size = items.reduce((sum, { keys }) => sum + 12 + 2 * keys.length, 0);
  const view = writeHeader(distinctMagic, items.length, size);
  let at = 12;
  for (const { keys, count } of items) {
    view.setFloat64(at, count, true);
    view.setInt32(at + 8, keys.length, true);
    at += 12;
    for (const key of keys) {
      view.setInt16(at, numberKey(key), true);
      at += 2;
    }
  }
  return bytesOf(view);
}

/** Items of pg_dependencies: a double, how many attributes in two bytes, their numbers. */
export function renderDependencies(
  items: ExtendedStatistics["dependencies"],
  numberKey: NumberKey,
): Uint8Array {
  const size = items.reduce((sum, { keys }) => sum + 10 + 2 * keys.length, 0);
  const view = writeHeader(dependencyMagic, items.length, size);
  let at = 12;
  for (const { keys, degree } of items) {
    view.setFloat64(at, degree, true);
    view.setInt16(at + 8, keys.length, true);
    at += 10;
    for (const key of keys) {
      view.setInt16(at, numberKey(key), true);
      at += 2;
    }
  }
  return bytesOf(view);
}

/**
 * Gives the items of a list that the server built from one row per combination the source's order and
 * frequencies. `order[n]` is the place in `list` of the source's n-th item. Undefined when it is no such list.
 */
export function patchCommon(
  list: Uint8Array,
  order: readonly number[],
  common: CommonCombinations,
): Uint8Array | undefined {
  const source = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const count = source.getUint32(8, true);
  if (source.getUint32(0, true) !== commonMagic || count !== order.length)
    return undefined;
  const dimensions = source.getInt16(12, true);
  // NULL flags, frequency, base frequency, and for each dimension the number of its value.
  const itemBytes = dimensions + 16 + 2 * dimensions;
  const start = list.byteLength - count * itemBytes;
  const patched = list.slice();
  const target = new DataView(patched.buffer);
  for (const [place, from] of order.entries()) {
    const at = start + place * itemBytes;
    const item = start + from * itemBytes;
    patched.set(list.subarray(item, item + itemBytes), at);
    target.setFloat64(at + dimensions, common.frequencies[place] ?? 0, true);
    target.setFloat64(
      at + dimensions + 8,
      common.baseFrequencies[place] ?? 0,
      true,
    );
  }
  return patched;
}
