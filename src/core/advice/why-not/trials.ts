import type { Plan, PlanNode } from "../../plan/plan.ts";
import { walk } from "../../plan/walk.ts";
import { parseExplain } from "../../postgres/parse-explain.ts";
import { readersOf, type Examined } from "./examined.ts";
import type { PlannerTrial, TriedPlans } from "./planner-trial.ts";
import { isPlannerSetting, type SettingValues } from "./planner-settings.ts";

/** What a trial asks: `force` wants the index used whatever it costs, the others change one thing each. */
export type TrialPurpose =
  "force" | "allOn" | "serial" | "cheapRandom" | "withoutOthers";

export interface PurposefulTrial extends PlannerTrial {
  readonly purpose: TrialPurpose;
}

const indexScansOn: SettingValues = {
  enable_indexscan: "on",
  enable_indexonlyscan: "on",
  enable_bitmapscan: "on",
  enable_seqscan: "off",
};

/** Ways to make another plan than one through the index unattractive; which of them works depends on the statement. */
const forcing: readonly SettingValues[] = [
  indexScansOn,
  { ...indexScansOn, enable_bitmapscan: "off" },
  { ...indexScansOn, enable_sort: "off", enable_incremental_sort: "off" },
  { ...indexScansOn, enable_hashjoin: "off", enable_mergejoin: "off" },
  { ...indexScansOn, enable_hashjoin: "off", enable_nestloop: "off" },
];

/** The usual value on disks without seek times. */
export const cheapRandomPageCost = 1.1;

/** Names of the table's other indexes that the chosen plan reads. */
export function rivalsOf(examined: Examined): readonly string[] {
  const { table, plan, names } = examined;
  const known = new Set(
    [
      ...table.indexes,
      ...(table.children ?? []).flatMap(({ indexes }) => indexes),
    ].map(({ name }) => name),
  );
  const read = [...walk(plan)].flatMap(({ index }) => index ?? []);
  return [...new Set(read)].filter(
    (name) => known.has(name) && !names.has(name),
  );
}

const rivalsToHide = (examined: Examined): PlannerTrial["hidden"] => {
  const rivals = new Set(rivalsOf(examined));
  return examined.table.indexes
    .filter(({ name }) => rivals.has(name))
    .map(({ name }) => ({ schema: examined.table.schema, name }));
};

export const settingsOff = ({
  facts,
}: Pick<Examined, "facts">): readonly string[] =>
  Object.entries(facts.settings)
    .filter(([name, value]) => name.startsWith("enable_") && value === "off")
    .map(([name]) => name);

const isParallel = (plan: Plan): boolean =>
  [...walk(plan)].some(
    ({ kind }) => kind === "gather" || kind === "gatherMerge",
  );

/** What is worth trying for this statement, in one go. */
export function chooseTrials(examined: Examined): readonly PurposefulTrial[] {
  const off = settingsOff(examined).filter(isPlannerSetting);
  const hidden = rivalsToHide(examined);
  const allOn = Object.fromEntries(off.map((name) => [name, "on"]));
  const random = Number(examined.facts.settings.random_page_cost ?? 4);
  const one = (
    purpose: TrialPurpose,
    settings: SettingValues,
    without: PlannerTrial["hidden"] = [],
  ): PurposefulTrial => ({ purpose, settings, hidden: without });
  return [
    ...forcing.map((settings) => one("force", settings)),
    ...(hidden.length > 0
      ? [one("withoutOthers", {}, hidden), one("force", indexScansOn, hidden)]
      : []),
    ...(off.length > 0 ? [one("allOn", allOn)] : []),
    ...(isParallel(examined.plan)
      ? [one("serial", { max_parallel_workers_per_gather: "0" })]
      : []),
    ...(random > cheapRandomPageCost
      ? [one("cheapRandom", { random_page_cost: String(cheapRandomPageCost) })]
      : []),
  ];
}

/** A plan that reads the index. */
export interface Forced {
  /** In the planner's units, without what the switched-off operators are charged. */
  readonly cost: number;
  readonly plan: Plan;
  readonly node: PlanNode;
}

export interface Tried {
  /** The cheapest plan found that reads the index; undefined when none did, or none was tried. */
  readonly forced: Forced | undefined;
  /** Purposes whose change alone made the planner take the index. */
  readonly changed: ReadonlySet<TrialPurpose>;
  /** False where nothing could be tried. */
  readonly isTried: boolean;
}

export const nothingTried: Tried = {
  forced: undefined,
  changed: new Set(),
  isTried: false,
};

/** Before 18 the planner adds disable_cost, 1e10, for each switched-off operator that it cannot do without. */
const disableCost = 1e10;

const withoutPenalty = (cost: number): number => cost % disableCost;

function readOne(examined: Examined, json: unknown): Forced | undefined {
  const parsed = json === undefined ? undefined : parseExplain(json);
  if (parsed?.ok !== true) return undefined;
  const [node] = readersOf(parsed.value, examined);
  const total = parsed.value.root.estimate?.totalCost;
  return node === undefined || total === undefined
    ? undefined
    : { cost: withoutPenalty(total), plan: parsed.value, node };
}

/** Sorts out what the plans say, given in the order of the trials. */
export function readTrials(
  examined: Examined,
  trials: readonly PurposefulTrial[],
  answer: TriedPlans,
): Tried {
  const changed = new Set<TrialPurpose>();
  let forced: Forced | undefined;
  for (const [at, { purpose }] of trials.entries()) {
    const found = readOne(examined, answer.plans[at]);
    if (found === undefined) continue;
    // Under other prices for pages, costs are in another currency.
    const isComparable = purpose !== "cheapRandom";
    if (isComparable && found.cost < (forced?.cost ?? Infinity)) forced = found;
    if (purpose !== "force") changed.add(purpose);
  }
  return { forced, changed, isTried: true };
}
