import { openTwin, type Twin } from "../../adapters/postgres/twin/open-twin.ts";
import type { Answer, Database, SendLog } from "../../app/database.ts";
import { estimateSize } from "../../core/advice/size-model.ts";
import { failed, succeeded } from "../../core/result.ts";
import type { Bundle } from "../../core/twin/bundle.ts";
import { loadParseTree } from "../../core/twin/check-ddl.ts";
import { phrase, words, type Text } from "../../core/words.ts";
import { startTwinServer, type EmbeddedFiles } from "./twin-server.ts";

export interface TwinParts {
  readonly name: string;
  readonly files: EmbeddedFiles;
  readonly log: SendLog;
  /** What the source has and the twin has not, one each. */
  readonly onRemarks: (remarks: readonly Text[]) => void;
}

const noCounters: Database["indexUse"] = () =>
  Promise.resolve(
    failed({
      kind: "unsupported",
      message: words(
        "A statistics bundle has no counters, so how its indexes are used is not known",
      ),
    }),
  );

/** The twin as a database that takes its server away when it is closed. */
const closingServer = (
  { database }: Twin,
  stop: () => Promise<void>,
): Database => ({
  ...database,
  indexUse: noCounters,
  close: async () => {
    try {
      await database.close();
    } finally {
      await stop();
    }
  },
});

/** Starts a server of its own for the bundle's twin and opens the twin on it. */
export async function openOnServer(
  bundle: Bundle,
  parts: TwinParts,
  signal: AbortSignal,
): Answer<Database> {
  const major = Math.floor(bundle.server.versionNumber / 10_000);
  const server = await startTwinServer(major, parts.files, signal);
  if (!server.ok) return server;
  const { place, stop } = server.value;
  const twin = await openTwin(bundle, place, {
    name: parts.name,
    log: parts.log,
    parse: await loadParseTree(),
    estimateSize: (index, table, predicateShare) =>
      estimateSize({ ...index, unique: false, table, predicateShare }),
  });
  if (twin.ok && !signal.aborted) {
    const { remarks } = twin.value;
    parts.onRemarks([
      ...bundle.remarks,
      ...remarks.map(({ what, why }) => phrase("{0}: {1}", what, why)),
    ]);
    return succeeded(closingServer(twin.value, stop));
  }
  if (twin.ok) await twin.value.database.close();
  await stop();
  return twin.ok ? failed({ kind: "cancelled" }) : twin;
}
