import { phrase } from "../../words.ts";
import type { Obstacle } from "./obstacles.ts";
import {
  neverAnalyzed,
  otherIndex,
  settingOff,
  smallTable,
  staleStatistics,
} from "./weigh-circumstances.ts";
import { weighRows } from "./weigh-rows.ts";
import { joinReadsAll, limit, orderMismatch, parallel } from "./weigh-shape.ts";
import { about, costsOf, type Weighing } from "./weighing.ts";

/** Why the plan without the index costs less, the surest reason first. */
export function weigh(weighing: Weighing): readonly Obstacle[] {
  const found = [
    settingOff,
    neverAnalyzed,
    staleStatistics,
    smallTable,
    otherIndex,
    orderMismatch,
    limit,
    parallel,
    joinReadsAll,
    ...weighRows(weighing),
  ].flatMap((look) => look(weighing) ?? []);
  if (found.length > 0) return found;
  return [
    about(
      weighing,
      "costlier",
      phrase(
        "The plan with the index costs {0}, without it {1}.",
        ...costsOf(weighing),
      ),
    ),
  ];
}
