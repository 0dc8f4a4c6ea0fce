import type { PanelState } from "../src/protocol/messages.ts";
import type { BarKind } from "./layout/measures.ts";
import { isPanelState } from "./parse-message.ts";
import type { PanelChoice, PlanFacts, Tab } from "./session.ts";
import { firstChoice, tabs } from "./session.ts";

/** What outlives a hidden or reloaded webview. */
export interface SavedState {
  readonly version: 1;
  readonly panel: PanelState;
  readonly choice: SavedChoice | undefined;
}

export interface SavedChoice {
  /** Tells whether the plan is still the one the choice was made on. */
  readonly planKey: string;
  readonly tab: string;
  readonly bars: string;
  readonly chosen: number | undefined;
  readonly openNodes: readonly number[];
  readonly openGroups: readonly string[];
}

// A larger plan is asked of the host again: the editor writes this state to disk.
const mostSavedOperations = 2000;

export function saveState(
  panel: PanelState,
  facts: PlanFacts | undefined,
  choice: PanelChoice | undefined,
): SavedState {
  const large = (facts?.model.nodes.length ?? 0) > mostSavedOperations;
  return {
    version: 1,
    panel: large ? { kind: "empty" } : panel,
    choice:
      facts === undefined || choice === undefined
        ? undefined
        : {
            planKey: planKey(facts),
            tab: choice.tab,
            bars: choice.bars,
            chosen: choice.chosen,
            openNodes: [...choice.open.nodes],
            openGroups: [...choice.open.groups],
          },
  };
}

/** Undefined when nothing was saved, or by another version. */
export function parseSavedState(value: unknown): SavedState | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("version" in value) || value.version !== 1) return undefined;
  if (!("panel" in value) || !isPanelState(value.panel)) return undefined;
  const choice =
    "choice" in value && isSavedChoice(value.choice) ? value.choice : undefined;
  return { version: 1, panel: value.panel, choice };
}

function isSavedChoice(value: unknown): value is SavedChoice {
  return (
    typeof value === "object" &&
    value !== null &&
    "planKey" in value &&
    "openNodes" in value &&
    Array.isArray(value.openNodes) &&
    "openGroups" in value &&
    Array.isArray(value.openGroups)
  );
}

/** The saved choice when it fits this plan, else the first one. */
export function restoreChoice(
  facts: PlanFacts,
  saved: SavedChoice | undefined,
): Omit<PanelChoice, "rows"> {
  const first = firstChoice(facts);
  if (saved?.planKey !== planKey(facts)) return first;
  const isTab = (tab: string): tab is Tab => tabs.some((one) => one === tab);
  const isBar = (bar: string): bar is BarKind =>
    facts.measures.bars.some((one) => one === bar);
  return {
    ...first,
    tab: isTab(saved.tab) ? saved.tab : first.tab,
    bars: isBar(saved.bars) ? saved.bars : first.bars,
    chosen: saved.chosen,
    open: {
      nodes: new Set(saved.openNodes),
      groups: new Set(saved.openGroups),
    },
  };
}

function planKey({ view, model }: PlanFacts): string {
  const { plan, query } = view;
  return [
    model.nodes.length,
    plan.root.operator,
    plan.root.estimate?.totalCost,
    plan.executionMs,
    query.text.length,
  ].join(" ");
}
