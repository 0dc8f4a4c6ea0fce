import * as vscode from "vscode";
import type { WorkloadProgress } from "../../core/advice/workload/workload-advice.ts";
import { formatChange, formatExactCount } from "../../core/format.ts";

// A notification that changes more often than this is not read.
const everyMs = 200;

type Report = (progress: {
  readonly message?: string;
  readonly increment?: number;
}) => void;

function progressWords(progress: WorkloadProgress): string {
  const { plannings, indexCount, baselineCost, cost } = progress;
  const planned = formatExactCount(plannings);
  return indexCount === 0
    ? vscode.l10n.t("plans: {0}", planned)
    : vscode.l10n.t(
        "plans: {0} · indexes: {1} · cost {2}",
        planned,
        indexCount,
        formatChange(baselineCost, cost),
      );
}

/** Tells a notification how far a search is; the notification wants steps, the search tells shares. */
export function tellProgress(
  report: Report,
  now: () => number,
): (progress: WorkloadProgress) => void {
  let toldAt = -Infinity;
  let toldPercent = 0;
  return (progress) => {
    const percent = Math.min(100, progress.share * 100);
    if (now() - toldAt < everyMs && percent < 100) return;
    toldAt = now();
    report({
      message: progressWords(progress),
      increment: Math.max(0, percent - toldPercent),
    });
    toldPercent = Math.max(toldPercent, percent);
  };
}
