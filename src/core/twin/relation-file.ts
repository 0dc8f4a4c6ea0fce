/** BLCKSZ and RELSEG_SIZE of every common build of PostgreSQL. */
export const blockBytes = 8192;
const segmentBlocks = 131_072;

/** One file of a relation: segment 0 has no suffix, segment n ends in `.n`. */
export interface SegmentLength {
  readonly segment: number;
  readonly bytes: number;
}

/** The files of a relation of so many blocks; every segment but the last is full. */
export function layOutSegments(blocks: number): readonly SegmentLength[] {
  const count = Math.max(1, Math.ceil(blocks / segmentBlocks));
  return Array.from({ length: count }, (_, segment) => ({
    segment,
    bytes:
      Math.min(blocks - segment * segmentBlocks, segmentBlocks) * blockBytes,
  }));
}

/**
 * Every gibibyte is a file of its own. A bundle that was made to do harm could name more of them than a file system
 * has room for, though none of them takes any: 64 TiB in all are more than a server that one tunes has.
 */
const mostSegments = 65_536;

/** Tebibytes that the relations take, when those are more than a twin grows files for; undefined otherwise. */
export function findExcess(
  relations: readonly { readonly blocks: number }[],
): { readonly asked: number; readonly most: number } | undefined {
  const segments = relations.reduce(
    (sum, { blocks }) => sum + Math.max(1, Math.ceil(blocks / segmentBlocks)),
    0,
  );
  // Small relations are files too, and there the server itself is the limit.
  const large = relations.filter(({ blocks }) => blocks > segmentBlocks);
  return large.length > 0 && segments > mostSegments
    ? { asked: Math.ceil(segments / 1024), most: mostSegments / 1024 }
    : undefined;
}
