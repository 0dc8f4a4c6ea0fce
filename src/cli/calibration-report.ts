import {
  compare,
  summarize,
  type LevelSummary,
} from "../core/advice/calibration/compare.ts";
import type {
  Kept,
  PromiseEntry,
  ProofLevel,
} from "../core/advice/calibration/entry.ts";
import { formatBytes, formatCost, formatFactor } from "../core/format.ts";

const levels: Readonly<Record<ProofLevel, string>> = {
  measured: "measured",
  planner: "proven by the planner",
  twin: "planned on a statistics twin",
  heuristic: "heuristic",
};

const renderSummary = (summary: LevelSummary): string =>
  [
    `${levels[summary.proof]}: ${summary.kept} of ${summary.promised} built`,
    ...(summary.kept === 0
      ? []
      : [
          `${summary.used} used`,
          `cost off by ${formatFactor(summary.costFactor)}`,
          `size off by ${formatFactor(summary.sizeFactor)}`,
        ]),
  ].join(", ");

/** Only the figures that were promised: a heuristic promises none. */
function renderPromised(promise: PromiseEntry): string {
  const { costBefore, costAfter, sizeBytes } = promise;
  const figures = [
    ...(costBefore === undefined || costAfter === undefined
      ? []
      : [`cost ${formatCost(costBefore)} → ${formatCost(costAfter)}`]),
    ...(sizeBytes === undefined ? [] : [formatBytes(sizeBytes)]),
  ];
  return figures.length === 0 ? "no figures" : figures.join(", ");
}

function renderKept(kept: Kept): string {
  const { promise, outcome } = kept;
  const compared = compare(kept);
  const came =
    outcome === undefined || compared === undefined
      ? "not built, or its statement was not explained since"
      : `cost ${formatCost(outcome.cost)} (${formatFactor(compared.costFactor)}), ${formatBytes(outcome.sizeBytes)} (${formatFactor(compared.sizeFactor)}), ${outcome.isUsed ? "used" : "not used"}${compared.isSameShape === false ? ", another plan" : ""}`;
  return [
    `${promise.at.slice(0, 10)}  ${promise.connection}  ${promise.ddl}`,
    `  for       ${promise.statement}`,
    `  promised  ${renderPromised(promise)} (${levels[promise.proof]})`,
    `  came      ${came}`,
  ].join("\n");
}

/** For people: each proof level in a line, then every promise, the newest first. */
export function renderCalibrationText(all: readonly Kept[]): string {
  if (all.length === 0)
    return "Nothing was promised yet: planlens calibration record FILE.sql keeps what its suggestions promise.";
  return [
    summarize(all).map(renderSummary).join("\n"),
    ...all.toReversed().map(renderKept),
  ].join("\n\n");
}

/** For programs; keys are stable. Factors are the greater figure over the smaller. */
export const renderCalibrationJson = (all: readonly Kept[]): string =>
  JSON.stringify(
    {
      levels: summarize(all),
      promises: all.map((kept) => ({ ...kept, compared: compare(kept) })),
    },
    undefined,
    2,
  );
