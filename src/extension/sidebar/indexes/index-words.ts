import * as vscode from "vscode";
import type {
  IndexUsage,
  IndexUse,
  IndexVerdict,
  JudgedIndex,
  KeptFor,
} from "../../../core/advice/index-use.ts";
import { formatBytes, formatCount } from "../../../core/format.ts";

const dayMs = 24 * 3_600_000;

/** `today`, `3 days ago`, in the language of the editor. */
function agoWords(isoTime: string, nowMs: number): string {
  const days = Math.floor((nowMs - Date.parse(isoTime)) / dayMs);
  return new Intl.RelativeTimeFormat(vscode.env.language, {
    numeric: "auto",
  }).format(-days, "day");
}

/** `5.2k scans · 18.0 MB · yesterday` */
export function useWords(index: IndexUse, nowMs: number): string {
  const scans =
    index.scans === 0
      ? vscode.l10n.t("no scans")
      : vscode.l10n.t("scans: {0}", formatCount(index.scans));
  return [
    scans,
    formatBytes(index.sizeBytes),
    ...(index.lastUsed === undefined ? [] : [agoWords(index.lastUsed, nowMs)]),
  ].join(" · ");
}

/** Why it is in the list of the superfluous, in a few words. */
export function findingWords(verdict: IndexVerdict): string {
  switch (verdict.kind) {
    case "used":
    case "kept":
    case "tooEarly":
    case "uncountedElsewhere":
    case "beingBuilt":
      return "";
    case "redundant":
      return verdict.isSame
        ? vscode.l10n.t("same as {0}", verdict.by)
        : vscode.l10n.t("beginning of {0}", verdict.by);
    case "unused":
      return vscode.l10n.t("never scanned");
    case "invalid":
      return vscode.l10n.t("INVALID");
  }
}

const keptWords = (reason: KeptFor, index: IndexUse): string =>
  ({
    constraint: vscode.l10n.t(
      "It backs the constraint {0}, so it is needed whether it is scanned or not.",
      index.constraint ?? "",
    ),
    unique: vscode.l10n.t(
      "It keeps values unique, so it is needed whether it is scanned or not.",
    ),
    replicaIdentity: vscode.l10n.t(
      "Logical replication finds rows by it, so it is needed whether it is scanned or not.",
    ),
    foreignKey: vscode.l10n.t(
      "It was not scanned, but it begins with the column of the foreign key {0}: without it, deleting a referenced row reads the whole table.",
      index.foreignKey ?? "",
    ),
  })[reason];

/** One sentence: what is to be said of it. */
export function verdictWords({ index, verdict }: JudgedIndex): string {
  switch (verdict.kind) {
    case "used":
      return vscode.l10n.t("It is in use.");
    case "kept":
      return keptWords(verdict.reason, index);
    case "tooEarly":
      return vscode.l10n.t(
        "It was not scanned yet, but scans have been counted for less than a week, which is too short to call it unused.",
      );
    case "uncountedElsewhere":
      return vscode.l10n.t(
        "It was not scanned on this server. What others that replicate with it scan is not counted here, so it is not called unused.",
      );
    case "beingBuilt":
      return vscode.l10n.t("It is being built right now.");
    case "invalid":
      return vscode.l10n.t(
        "A build that failed left it INVALID: no query reads it, and every write keeps it up. Drop it, then build it again if it is wanted.",
      );
    case "unused":
      return vscode.l10n.t(
        "It was never scanned since the counting began, and every write keeps it up.",
      );
    case "redundant":
      return verdict.isSame
        ? vscode.l10n.t(
            "{0} is the same index; one of the two is enough.",
            verdict.by,
          )
        : vscode.l10n.t(
            "{0} begins with the same columns and serves whatever this one serves.",
            verdict.by,
          );
  }
}

function elsewhereWords({
  isReplica,
  replicas,
}: Pick<IndexUsage, "isReplica" | "replicas">): readonly string[] {
  if (isReplica)
    return [
      vscode.l10n.t(
        "This is a replica: what the primary and other replicas scan is not in it.",
      ),
    ];
  return replicas === 0
    ? []
    : [
        vscode.l10n.t(
          "Replicas that stream from this server: {0}. What they scan is not in it.",
          replicas,
        ),
      ];
}

/** By which counters was judged, and what they do not know. */
export function windowWords(
  usage: Pick<IndexUsage, "countedSince" | "isReplica" | "replicas">,
  name: string,
): string {
  const since =
    usage.countedSince === undefined
      ? vscode.l10n.t("{0}: since when scans are counted is not known.", name)
      : vscode.l10n.t(
          "{0}: scans counted since {1}.",
          name,
          new Date(usage.countedSince).toLocaleDateString(vscode.env.language),
        );
  return [since, ...elsewhereWords(usage)].join(" ");
}
