/** A reproducible stream of numbers: the same seed gives the same advice. */
export interface RandomSource {
  /** A whole number from 0 up to, not including, `limit`. */
  readonly below: (limit: number) => number;
}

/** Marsaglia's xorshift with shifts 13, 17, 5 (Journal of Statistical Software 8, 2003). */
export function createRandomSource(seed: number): RandomSource {
  let state = seed | 0 || 1;
  return {
    below: (limit) => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return Math.floor(((state >>> 0) / 0x1_0000_0000) * limit);
    },
  };
}
