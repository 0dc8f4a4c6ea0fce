import { formatCost } from "../../format.ts";
import type { Plan, PlanNode } from "../../plan/plan.ts";
import { walk } from "../../plan/walk.ts";
import type { TextSpan } from "../../text-span.ts";
import type { Text } from "../../words.ts";
import { spanOfTable, spanOfUse, type Examined } from "./examined.ts";
import { servedUses, type Obstacle } from "./obstacles.ts";
import type { PlannerSetting } from "./planner-settings.ts";
import type { Forced, Tried } from "./trials.ts";

/** An index that could be read, and a plan without it that costs less. */
export interface Weighing {
  readonly examined: Examined;
  readonly tried: Tried;
  readonly forced: Forced;
}

export type Weigh = (weighing: Weighing) => Obstacle | undefined;

export const costOf = (plan: Plan): number | undefined =>
  plan.root.estimate?.totalCost;

export const scansOf = ({ plan, table }: Examined): readonly PlanNode[] =>
  [...walk(plan)].filter(
    ({ kind, relation }) => kind === "seqScan" && relation?.name === table.name,
  );

/** The condition that the index would look up, else the table. */
export function spanOfInterest(examined: Examined): TextSpan | undefined {
  const [use] = servedUses(examined);
  return use === undefined ? spanOfTable(examined) : spanOfUse(examined, use);
}

export const about = (
  { examined }: Pick<Weighing, "examined">,
  kind: Obstacle["kind"],
  sentence: Text,
  span = spanOfInterest(examined),
): Obstacle => ({
  kind,
  sentence,
  span,
  indexKey: examined.index.keys[0]?.text,
});

export const costsOf = ({
  examined,
  forced,
}: Weighing): readonly [string, string] => [
  formatCost(forced.cost),
  formatCost(costOf(examined.plan)),
];

export const numberOf = (
  { facts }: Examined,
  setting: PlannerSetting,
  fallback: number,
): number => {
  const value = Number.parseFloat(facts.settings[setting] ?? "");
  return Number.isFinite(value) ? value : fallback;
};
