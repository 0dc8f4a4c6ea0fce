import path from "node:path";
import * as vscode from "vscode";
import { openCalibrationLog } from "../adapters/calibration/log-file.ts";
import type { CalibrationLog, Occasion } from "../app/calibration.ts";
import type { ConnectionProfile } from "../app/connection.ts";
import type { ExplainedStatement } from "../app/explain-statement.ts";
import { pairUp } from "../core/advice/calibration/entry.ts";
import type { Suggestion } from "../core/advice/suggestion.ts";
import { renderCalibration } from "./calibration-text.ts";
import type { Explainer, PlanOutcome } from "./editor/explainer.ts";
import type { ReportPages } from "./report-pages.ts";

export interface CalibrationNeeds {
  /** Where the log is kept: this machine's, for all workspaces. */
  readonly storage: vscode.Uri;
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** A suggestion that was written as a migration, and the statement it was made for. */
export interface WrittenSuggestion {
  readonly suggestion: Suggestion;
  readonly explained: ExplainedStatement;
  readonly profile: ConnectionProfile;
}

/** Keeps what suggestions promise, compares it with what came, and shows both. Nobody waits for it, and nothing fails with it. */
export interface Calibration {
  /** The same explainer; every plan that it makes is compared with the promises for its statement. */
  readonly watch: (explainer: Explainer) => Explainer;
  /** What is to be called once suggestions are written as migrations. */
  readonly writtenOn: (
    explainer: Pick<Explainer, "ports">,
  ) => (written: readonly WrittenSuggestion[]) => void;
  readonly show: (pages: ReportPages) => Promise<void>;
}

const limitMs = 10_000;

interface Parts extends CalibrationNeeds {
  readonly log: CalibrationLog;
}

const occasionOf = ({ now }: Parts, { id }: ConnectionProfile): Occasion => ({
  connection: id,
  at: new Date(now()).toISOString(),
});

/** All of one connection, which is asked for its version once. */
async function keep(
  parts: Parts,
  explainer: Pick<Explainer, "ports">,
  profile: ConnectionProfile,
  written: readonly WrittenSuggestion[],
): Promise<void> {
  const ports = await explainer.ports(profile);
  const signal = AbortSignal.timeout(limitMs);
  const info = ports.ok ? await ports.value.database.info(signal) : ports;
  const server = info.ok ? info.value.versionText : "";
  const occasion = { ...occasionOf(parts, profile), server };
  const { keepPromises, promiseOf } = await import("../app/calibration.ts");
  const promises = written.map(({ suggestion, explained }) =>
    promiseOf(suggestion, explained, occasion),
  );
  await keepPromises(parts.log, promises);
}

async function check(
  parts: Parts,
  explainer: Explainer,
  explained: ExplainedStatement,
  profile: ConnectionProfile,
): Promise<void> {
  const ports = await explainer.ports(profile);
  if (!ports.ok) return;
  const { database } = ports.value;
  const { checkPromises } = await import("../app/calibration.ts");
  await checkPromises(
    { log: parts.log, database },
    explained,
    occasionOf(parts, profile),
    AbortSignal.timeout(limitMs),
  );
}

export function createCalibration(needs: CalibrationNeeds): Calibration {
  const log = openCalibrationLog(
    path.join(needs.storage.fsPath, "calibration.jsonl"),
  );
  const parts = { ...needs, log };
  return {
    watch: (explainer) => watching(parts, explainer),
    writtenOn: (explainer) => (all) => {
      const profiles = new Map(all.map(({ profile }) => [profile.id, profile]));
      for (const [id, profile] of profiles) {
        const mine = all.filter((one) => one.profile.id === id);
        keep(parts, explainer, profile, mine).catch(needs.report);
      }
    },
    show: async (pages) => {
      const kept = pairUp(await log.read());
      await pages.show(vscode.l10n.t("Calibration"), renderCalibration(kept));
    },
  };
}

/** A plan that comes from the cache was compared when it was made. */
function watching(parts: Parts, explainer: Explainer): Explainer {
  const seen = new WeakSet<ExplainedStatement>();
  const look = (profile: ConnectionProfile, outcome: PlanOutcome): void => {
    if (!outcome.ok || seen.has(outcome.value.explained)) return;
    const { explained } = outcome.value;
    seen.add(explained);
    check(parts, explainer, explained, profile).catch(parts.report);
  };
  return {
    ...explainer,
    plan: async (profile, text, signal) => {
      const outcome = await explainer.plan(profile, text, signal);
      look(profile, outcome);
      return outcome;
    },
    renew: async (profile, text, signal) => {
      const outcome = await explainer.renew(profile, text, signal);
      look(profile, outcome);
      return outcome;
    },
  };
}
