/** Offsets of the 32 parallel sums, storage/checksum_impl.h. */
const offsets = [
  0x5b1f36e9, 0xb8525960, 0x02ab50aa, 0x1de66d2a, 0x79ff467a, 0x9bb9f8a3,
  0x217e7cd2, 0x83e13d2c, 0xf8d4474f, 0xe39eb970, 0x42c6ae16, 0x993216fa,
  0x7b093b5d, 0x98daff3c, 0xf718902a, 0x0b1c9cdb, 0xe58f764b, 0x187636bc,
  0x5d7b3bb1, 0xe73de7de, 0x92bec979, 0xcca6c0b2, 0x304a0979, 0x85aa43d4,
  0x783125bb, 0x6ca8eaa2, 0xe407eac6, 0x4b5cfc3e, 0x9fbf8c76, 0x15ca20be,
  0xf2ca9fd3, 0x959bd756,
] as const;

const prime = 16_777_619;
/** Where pd_checksum stands in a page. */
export const checksumOffset = 8;

const mix = (sum: number, value: number): number => {
  const both = sum ^ value;
  return Math.imul(both, prime) ^ (both >>> 17);
};

/** pg_checksum_page: the checksum of a page as if its own field were zero; `block` is its number in the relation. */
export function checksumPage(page: DataView, block: number): number {
  const sums: number[] = [...offsets];
  for (let at = 0; at < page.byteLength; at += 4) {
    const lane = (at / 4) % sums.length;
    // The field has two bytes; pd_flags behind it stays.
    const value =
      at === checksumOffset
        ? page.getUint16(checksumOffset + 2, true) << 16
        : page.getUint32(at, true);
    sums[lane] = mix(sums[lane] ?? 0, value);
  }
  const folded = sums.reduce((all, sum) => all ^ mix(mix(sum, 0), 0), 0);
  return (((folded ^ block) >>> 0) % 65_535) + 1;
}
