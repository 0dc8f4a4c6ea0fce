import { estimateIndexBuildMs, estimateIndexBytes } from "./size-model.ts";
import type { Candidate } from "./candidates.ts";
import type { Upkeep } from "./suggestion.ts";

/** What an index asks for beside the gain: space, the time of its build, and a share in every write. */
export function upkeepFacts({ index, table }: Candidate): Upkeep {
  const { writes } = table;
  const written =
    writes === undefined
      ? undefined
      : writes.inserted + writes.updated - writes.hotUpdated;
  return {
    estimatedBytes: estimateIndexBytes(index, table),
    estimatedBuildMs: estimateIndexBuildMs(index, table),
    entriesWritten: written,
    // A block range index neither ends heap-only updates (from PostgreSQL 16 on) nor has an entry per row.
    hotUpdatesAtRisk: index.method === "brin" ? 0 : writes?.hotUpdated,
  };
}
