import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type {
  Answer,
  Database,
  DatabaseError,
  SendLog,
} from "../../app/database.ts";
import { withTwin, type TwinMaker } from "../../app/with-twin.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import { failed } from "../../core/result.ts";
import { english, sayText, words } from "../../core/words.ts";
import { reportTo } from "../report.ts";
import { readSettings } from "../settings.ts";
import { askToCopy } from "./ask-to-copy.ts";
import { createCopyConsent, type CopyConsent } from "./copy-consent.ts";
import type { LiveSource } from "./copy-statistics.ts";
import type { TwinParts } from "./open-on-server.ts";
import { createShelf } from "./shelf.ts";

/** Twins of this window. */
export interface TwinHost {
  readonly dispose: () => void;
  /** The live database; where its server cannot try indexes they are tried on a copy of its statistics. */
  readonly beside: (
    live: Database,
    profile: ConnectionProfile,
    source: LiveSource,
  ) => Database;
  /** The twin of a bundle's file. */
  readonly open: (profile: ConnectionProfile, file: string) => Answer<Database>;
  /** What the source has and its last copy has not, one sentence each; empty before there is a copy. */
  readonly remarks: (profile: ConnectionProfile) => readonly string[];
  readonly question: CopyQuestion;
}

/** The question whether statistics may be copied, for those who show what hangs on it. */
export interface CopyQuestion {
  /** It was asked and not answered, so indexes on this connection are suggested by rule where a copy would prove them. */
  readonly isOpen: (profile: ConnectionProfile) => boolean;
  /** Shows it anew. */
  readonly ask: (profile: ConnectionProfile) => Promise<void>;
  /** Before work that is nothing without a copy: asks, and resolves when it is answered, closed, or needs no answer. */
  readonly settle: (
    profile: ConnectionProfile,
    database: Pick<Database, "info">,
    signal: AbortSignal,
  ) => Promise<void>;
  readonly onDidAnswer: vscode.Event<CopyAnswered>;
}

export interface CopyAnswered {
  readonly profile: ConnectionProfile;
  /** What was suggested by rule on this connection can be proven now. */
  readonly isAllowed: boolean;
}

export interface TwinHostNeeds {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly sendLog: SendLog;
  /** Of this machine, for what was answered about copying. */
  readonly memory: vscode.Memento;
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

/** By the id of the connection. */
type Remarks = Map<string, readonly string[]>;

interface HostParts extends TwinHostNeeds {
  readonly remarks: Remarks;
}

function partsFor(
  needs: HostParts,
  { id, name }: Pick<ConnectionProfile, "id" | "name">,
): TwinParts {
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
      needs.remarks.set(
        id,
        remarks.map((remark) => sayText(remark, vscode.l10n.t)),
      );
      for (const remark of remarks)
        needs.log.info(
          `${name}: not carried over: ${sayText(remark, english)}`,
        );
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

/**
 * Copies only what was agreed to; the question comes with the first index that would be tried, and without an answer
 * there is no copy.
 */
function copyOnConsent(
  needs: HostParts,
  consent: CopyConsent,
  asked: { readonly profile: ConnectionProfile; readonly source: LiveSource },
): TwinMaker["build"] {
  const { profile, source } = asked;
  return async (signal) => {
    const answer = consent.seek(profile);
    if (answer === undefined) return failed(notAnswered);
    if (answer === "nothing") return failed(notAgreed);
    return whileWorking(
      vscode.l10n.t("Copying the statistics of {0}", profile.name),
      async () => {
        const { copyStatistics } = await import("./copy-statistics.ts");
        const parts = partsFor(needs, profile);
        const hashText = answer === "withoutTexts";
        return copyStatistics({ ...source, hashText }, parts, signal);
      },
    );
  };
}

const notAnswered: DatabaseError = {
  kind: "unsupported",
  message: words(
    "It is not answered yet whether its statistics may be copied; answer the question, then try again",
  ),
};

const notAgreed: DatabaseError = {
  kind: "unsupported",
  message: words(
    "Copying its statistics was not agreed to; turn planlens.twins.enabled off and on to be asked again",
  ),
};

/** Turning copies off takes back what was answered: turned on again, every connection is asked about anew. */
function forgetWhenTurnedOff(
  needs: TwinHostNeeds,
  consent: CopyConsent,
): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration("planlens.twins.enabled")) return;
    if (!readSettings().twins)
      consent.forget().then(undefined, (error: unknown) => {
        needs.log.warn(String(error));
      });
  });
}

/** The answers of this machine, and how the window is told of new ones. */
function createAsking(
  needs: TwinHostNeeds,
): Pick<TwinHost, "question" | "dispose"> & { readonly consent: CopyConsent } {
  const answered = new vscode.EventEmitter<CopyAnswered>();
  const consent = createCopyConsent({
    memory: needs.memory,
    ask: askToCopy,
    onAnswer: (profile, answer) => {
      answered.fire({ profile, isAllowed: answer !== "nothing" });
    },
    report: reportTo(needs.log),
  });
  const listening = forgetWhenTurnedOff(needs, consent);
  return {
    consent,
    question: {
      isOpen: consent.isOpen,
      ask: consent.ask,
      settle: async (profile, database, signal) => {
        if (!readSettings().twins || profile.target.engine !== "postgres")
          return;
        const info = await database.info(signal);
        if (info.ok && info.value.whatIf !== "hypopg")
          await consent.settle(profile);
      },
      onDidAnswer: answered.event,
    },
    dispose: () => {
      listening.dispose();
      answered.dispose();
    },
  };
}

export function createTwinHost(needs: TwinHostNeeds): TwinHost {
  const shelf = createShelf(mostCopies);
  const remarks: Remarks = new Map();
  const parts = { ...needs, remarks };
  const { consent, question, dispose } = createAsking(needs);
  return {
    dispose,
    question,
    beside: (live, profile, source) => {
      if (!readSettings().twins) return live;
      const copy = copyOnConsent(parts, consent, { profile, source });
      return withTwin(live, {
        now: Date.now,
        onTrouble: logTrouble(needs.log, profile.name),
        isRefused: () => consent.isRefused(profile),
        build: async (signal) => shelf.put(await copy(signal)),
      });
    },
    remarks: ({ id }) => remarks.get(id) ?? [],
    open: (profile, file) =>
      whileWorking(
        vscode.l10n.t("Opening the statistics bundle {0}", profile.name),
        async () => {
          const { openBundle } = await import("./open-bundle.ts");
          const { signal } = new AbortController();
          return openBundle(file, partsFor(parts, profile), signal);
        },
      ),
  };
}
