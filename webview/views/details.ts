import {
  formatBytes,
  formatCost,
  formatCount,
  formatFactor,
  formatMs,
  formatShare,
} from "../../src/core/format.ts";
import type { PlanNode } from "../../src/core/plan/plan.ts";
import { h, link } from "../dom.ts";
import { icon, operatorIcons } from "../icons.ts";
import { describeOperation } from "../layout/describe-operation.ts";
import {
  conditionLines,
  operationName,
  targetName,
} from "../layout/row-text.ts";
import { blockSection, processSection, rawFields } from "./node-sections.ts";
import type { NumberedFinding, PlanFacts, Session } from "../session.ts";
import { say } from "../strings.ts";
import type { FindingHands } from "./findings.ts";
import { findingAction, sentenceNodes } from "./findings.ts";
import { overview } from "./overview.ts";
import { findingMark } from "./row-parts.ts";
import { sqlBlock } from "./sql-text.ts";

export interface DetailsPane {
  readonly element: HTMLElement;
  readonly focus: () => void;
}

/** Everything about the chosen operation; with nothing chosen, where the time goes. */
export function detailsPane(
  session: Session,
  hands: FindingHands,
  onBack: () => void,
): DetailsPane {
  const element = h("aside", {
    class: "details",
    attributes: { "aria-label": say("details"), tabindex: "0" },
  });
  const fill = (): void => {
    element.replaceChildren(...content(session, hands));
    element.scrollTop = 0;
  };
  fill();
  session.onChange((now, before) => {
    const same =
      now.chosen === before.chosen && now.chosenGroup === before.chosenGroup;
    if (!same || (now.chosen === undefined && now.bars !== before.bars)) fill();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onBack();
  });
  return {
    element,
    focus: () => {
      element.focus();
    },
  };
}

function content(session: Session, hands: FindingHands): readonly Node[] {
  const { facts, now } = session;
  const { chosen, chosenGroup } = now();
  if (chosenGroup !== undefined)
    return [
      h("p", { class: "does" }, say("groupChosen")),
      ...overview(session, hands.showNode),
    ];
  const node = chosen === undefined ? undefined : facts.model.nodes[chosen];
  if (node === undefined) return overview(session, hands.showNode);
  const findings = facts.findingsAt.get(node.id) ?? [];
  const numbers = facts.measures.numbers(node.id);
  return [
    h(
      "h2",
      {},
      icon(operatorIcons[node.kind]),
      operationName(node),
      " ",
      h("span", {}, targetName(node)),
      ...findings.map(findingMark),
    ),
    h(
      "p",
      { class: "does" },
      describeOperation(node, { ...numbers, removed: removedRows(node) }),
    ),
    ...findings.map((finding) => callout(facts, finding, hands)),
    ...conditions(node),
    h("h3", {}, say("numbers")),
    numberTable(facts, node),
    ...blockSection(node),
    ...processSection(node),
    rawFields(node),
  ];
}

function callout(
  facts: PlanFacts,
  numbered: NumberedFinding,
  hands: FindingHands,
): HTMLElement {
  return h(
    "div",
    { class: "callout" },
    icon("bulb"),
    h("span", {}, ...sentenceNodes(numbered.finding.sentence)),
    h(
      "div",
      { class: "acts" },
      findingAction(facts, numbered, hands),
      link(say("aboutFinding"), () => {
        hands.openRule(numbered.finding.rule);
      }),
    ),
  );
}

function conditions(node: PlanNode): readonly Node[] {
  const keys: readonly (readonly [string, string, string | undefined])[] = [
    ...node.conditions.map(({ label, expression, rowsRemovedPerLoop }) => {
      const removed =
        rowsRemovedPerLoop === undefined
          ? undefined
          : rowsRemovedPerLoop * (node.actual?.loops ?? 1);
      return [
        label,
        expression,
        removed === undefined
          ? undefined
          : say("removedNote", formatCount(removed)),
      ] as const;
    }),
    ...listed(say("sortKey"), node.sortKeys),
    ...listed(say("groupKey"), node.groupKeys),
  ];
  return keys.flatMap(([label, expression, note]) => [
    h(
      "h3",
      {},
      label,
      note !== undefined && h("span", { class: "muted" }, note),
    ),
    sqlBlock(conditionLines(expression)),
  ]);
}

function listed(
  label: string,
  keys: readonly string[],
): readonly (readonly [string, string, undefined])[] {
  return keys.length === 0 ? [] : [[label, keys.join("\n"), undefined]];
}

function removedRows(node: PlanNode): number | undefined {
  const counted = node.conditions.flatMap(
    ({ rowsRemovedPerLoop }) => rowsRemovedPerLoop ?? [],
  );
  if (counted.length === 0) return undefined;
  return counted.reduce((sum, one) => sum + one, 0) * (node.actual?.loops ?? 1);
}

type NumberRow = readonly [
  name: string,
  estimated: string,
  actual: string,
  note: string,
];

function numberTable(facts: PlanFacts, node: PlanNode): HTMLElement {
  const rows = [...rowNumbers(facts, node), ...costNumbers(facts, node)];
  return h(
    "table",
    { class: "mini" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td"),
        h("th", {}, say("estimated")),
        h("th", {}, say("actual")),
        h("td"),
      ),
    ),
    h(
      "tbody",
      {},
      ...rows.map(([name, estimated, actual, note]) =>
        h(
          "tr",
          {},
          h("th", { class: "muted", attributes: { scope: "row" } }, name),
          h("td", {}, estimated),
          h("td", {}, actual),
          h("td", { class: "muted small" }, note),
        ),
      ),
    ),
  );
}

function rowNumbers(facts: PlanFacts, node: PlanNode): readonly NumberRow[] {
  const { rows, estimatedRows } = facts.measures.numbers(node.id);
  const { actual, estimate } = node;
  const all: NumberRow[] = [
    [
      say("rowsAllLoops"),
      formatCount(estimatedRows),
      formatCount(rows),
      offNote(facts, node),
    ],
    [
      say("rowsPerLoop"),
      formatCount(estimate?.rowsPerLoop),
      formatCount(actual?.rowsPerLoop),
      "",
    ],
  ];
  const removed = removedRows(node);
  if (removed !== undefined)
    all.push([say("rowsRemoved"), "", formatCount(removed), ""]);
  if (actual !== undefined)
    all.push([say("loops"), "", formatCount(actual.loops), ""]);
  if (estimate !== undefined)
    all.push([say("rowWidth"), formatBytes(estimate.widthBytes), "", ""]);
  return all;
}

function offNote(facts: PlanFacts, node: PlanNode): string {
  const off = facts.measures.offBy(node.id);
  if (off === undefined) return "";
  return off.times < 2
    ? say("asExpected")
    : say("offTimes", formatFactor(off.times).replace("×", ""));
}

function costNumbers(facts: PlanFacts, node: PlanNode): readonly NumberRow[] {
  const { measures } = facts;
  const { metrics } = measures;
  const one = metrics.nodes[node.id];
  if (one === undefined) return [];
  const all: NumberRow[] = [
    [say("costTotal"), formatCost(one.totalCost), "", ""],
    [
      say("costOwn"),
      formatCost(one.ownCost),
      "",
      say("ofPlan", formatShare(one.ownCost / measures.whole("cost"))),
    ],
  ];
  if (one.ownMs !== undefined) {
    all.push(
      [say("timeTotal"), "", formatMs(one.totalMs), ""],
      [
        say("timeOwn"),
        "",
        formatMs(one.ownMs),
        say("ofQuery", formatShare(one.ownMs / measures.whole("time"))),
      ],
    );
  }
  return all;
}
