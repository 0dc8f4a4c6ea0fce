import { measurePlan } from "../src/core/plan/metrics.ts";
import type { Finding } from "../src/core/findings/finding.ts";
import type { PlanView } from "../src/protocol/messages.ts";
import type { BarKind, Measures } from "./layout/measures.ts";
import { measureBars } from "./layout/measures.ts";
import type { TreeModel } from "./layout/tree-model.ts";
import { buildTreeModel } from "./layout/tree-model.ts";
import type { OpenRows, VisibleRow } from "./layout/visible-rows.ts";
import { firstOpen, visibleRows } from "./layout/visible-rows.ts";

export type Tab = "tree" | "table" | "text" | "json" | "suggestions";
export const tabs: readonly Tab[] = [
  "tree",
  "table",
  "text",
  "json",
  "suggestions",
];

export interface NumberedFinding {
  readonly number: number;
  readonly finding: Finding;
}

/** What does not change while a plan is shown. */
export interface PlanFacts {
  readonly view: PlanView;
  readonly measures: Measures;
  readonly model: TreeModel;
  readonly findings: readonly NumberedFinding[];
  readonly findingsAt: ReadonlyMap<number, readonly NumberedFinding[]>;
}

/** What the reader changes. */
export interface PanelChoice {
  readonly tab: Tab;
  readonly bars: BarKind;
  readonly chosen: number | undefined;
  /** Key of the chosen group of alike siblings; then no operation is chosen. */
  readonly chosenGroup: string | undefined;
  readonly open: OpenRows;
  readonly rows: readonly VisibleRow[];
  readonly matches: readonly number[];
}

export type Change = Partial<Omit<PanelChoice, "rows">>;

export interface Session {
  readonly facts: PlanFacts;
  readonly now: () => PanelChoice;
  readonly update: (change: Change) => void;
  readonly onChange: (
    listener: (now: PanelChoice, before: PanelChoice) => void,
  ) => void;
}

export function gatherFacts(view: PlanView): PlanFacts {
  const measures = measureBars(view.plan, measurePlan(view.plan));
  const findings = view.findings.map((finding, at) => ({
    number: at + 1,
    finding,
  }));
  const findingsAt = new Map<number, NumberedFinding[]>();
  for (const numbered of findings) {
    const { nodeId } = numbered.finding;
    if (nodeId === undefined) continue;
    findingsAt.set(nodeId, [...(findingsAt.get(nodeId) ?? []), numbered]);
  }
  const first = measures.bars[0] ?? "cost";
  const model = buildTreeModel({
    plan: view.plan,
    totalShare: (id) => measures.total(first, id) / measures.whole(first),
    found: new Set(findingsAt.keys()),
  });
  return { view, measures, model, findings, findingsAt };
}

/** As the panel opens: bars on time when measured, the worst finding chosen, what matters unfolded. */
export function firstChoice(facts: PlanFacts): Omit<PanelChoice, "rows"> {
  const bars = facts.measures.bars[0] ?? "cost";
  return {
    tab: "tree",
    bars,
    chosen: facts.findings[0]?.finding.nodeId,
    chosenGroup: undefined,
    open: firstOpen(
      facts.model,
      (id) => facts.measures.own(bars, id) / facts.measures.whole(bars),
      new Set(facts.findingsAt.keys()),
    ),
    matches: [],
  };
}

export function openSession(
  facts: PlanFacts,
  first: Omit<PanelChoice, "rows">,
): Session {
  let choice: PanelChoice = {
    ...first,
    rows: visibleRows(facts.model, first.open),
  };
  const listeners: ((now: PanelChoice, before: PanelChoice) => void)[] = [];
  return {
    facts,
    now: () => choice,
    update: (change) => {
      const before = choice;
      const open = change.open ?? before.open;
      const rows =
        open === before.open ? before.rows : visibleRows(facts.model, open);
      choice = { ...before, ...change, rows };
      for (const listener of listeners) listener(choice, before);
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
