import { exportBundle } from "../../adapters/postgres/twin/export/export-bundle.ts";
import type { PostgresTarget } from "../../app/connection.ts";
import type { Answer, Database } from "../../app/database.ts";
import { openOnServer, type TwinParts } from "./open-on-server.ts";

/** Where the statistics are. */
export interface LiveSource {
  readonly target: PostgresTarget;
  readonly password: () => Promise<string | undefined>;
}

/** Of a source, with words in place of its texts where those shall not leave the server. */
interface CopyRequest extends LiveSource {
  readonly hashText: boolean;
}

/** A twin of a live database; its statistics go through memory only, and into the files of the twin's own server. */
export async function copyStatistics(
  source: CopyRequest,
  parts: TwinParts,
  signal: AbortSignal,
): Answer<Database> {
  const bundle = await exportBundle(
    source.target,
    await source.password(),
    {
      schemas: undefined,
      leaveOut: [],
      hashText: source.hashText,
      statements: 0,
    },
    signal,
  );
  return bundle.ok ? openOnServer(bundle.value, parts, signal) : bundle;
}
