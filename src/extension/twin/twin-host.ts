import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type {
  Answer,
  Database,
  DatabaseError,
  SendLog,
} from "../../app/database.ts";
import { withTwin } from "../../app/with-twin.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import { readSettings } from "../settings.ts";
import type { LiveSource } from "./copy-statistics.ts";
import type { TwinParts } from "./open-on-server.ts";
import { createShelf } from "./shelf.ts";

/** Twins of this window. */
export interface TwinHost {
  /** The live database; where its server cannot try indexes they are tried on a copy of its statistics. */
  readonly beside: (
    live: Database,
    profile: ConnectionProfile,
    source: LiveSource,
  ) => Database;
  /** The twin of a bundle's file. */
  readonly open: (profile: ConnectionProfile, file: string) => Answer<Database>;
}

export interface TwinHostNeeds {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly sendLog: SendLog;
}

// An embedded server holds several hundred megabytes.
const mostCopies = 2;

/** In the window's status bar: a copy is made in the background, and takes some seconds. */
const whileWorking = <Value>(
  title: string,
  work: () => Promise<Value>,
): Promise<Value> =>
  Promise.resolve(
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title },
      work,
    ),
  );

function partsFor(needs: TwinHostNeeds, name: string): TwinParts {
  const asset = (file: string): string =>
    vscode.Uri.joinPath(needs.extensionUri, "dist", file).fsPath;
  return {
    name,
    files: {
      serverScript: asset("demo-server.js"),
      assetsFolder: asset("demo"),
    },
    log: needs.sendLog,
    onRemarks: (remarks) => {
      for (const remark of remarks)
        needs.log.info(`${name}: not carried over: ${remark}`);
    },
  };
}

/** A copy that cannot be made is no trouble of the person's: suggestions say that nothing proves them, the log says why. */
function logTrouble(
  log: vscode.LogOutputChannel,
  name: string,
): (error: DatabaseError) => void {
  return (error) => {
    if (error.kind === "cancelled") return;
    const { what, next } = describeDatabaseError(error, name, vscode.l10n.t);
    log.warn(
      `${name}: no copy of the statistics to try indexes on. ${what} ${next}`,
    );
  };
}

export function createTwinHost(needs: TwinHostNeeds): TwinHost {
  const shelf = createShelf(mostCopies);
  return {
    beside: (live, profile, source) => {
      if (!readSettings().twins) return live;
      const { name } = profile;
      return withTwin(live, {
        now: Date.now,
        onTrouble: logTrouble(needs.log, name),
        build: (signal) =>
          whileWorking(
            vscode.l10n.t("Copying the statistics of {0}", name),
            async () => {
              const { copyStatistics } = await import("./copy-statistics.ts");
              const parts = partsFor(needs, name);
              return shelf.put(await copyStatistics(source, parts, signal));
            },
          ),
      });
    },
    open: ({ name }, file) =>
      whileWorking(
        vscode.l10n.t("Opening the statistics bundle {0}", name),
        async () => {
          const { openBundle } = await import("./open-bundle.ts");
          const { signal } = new AbortController();
          return openBundle(file, partsFor(needs, name), signal);
        },
      ),
  };
}
