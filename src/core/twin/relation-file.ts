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
