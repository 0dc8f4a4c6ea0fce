import { formatCount, formatMs, formatShare } from "../../src/core/format.ts";
import type { PlanNode } from "../../src/core/plan/plan.ts";
import { h } from "../dom.ts";
import { icon, operatorIcons } from "../icons.ts";
import type { TreeGroup } from "../layout/fold-siblings.ts";
import {
  operationName,
  operationTitle,
  predicateText,
  tagText,
  targetName,
} from "../layout/row-text.ts";
import { spokenShare } from "../layout/spoken-share.ts";
import type { VisibleRow } from "../layout/visible-rows.ts";
import { railsOf } from "../layout/visible-rows.ts";
import type { PanelChoice, PlanFacts } from "../session.ts";
import { say } from "../strings.ts";
import { costCell, countCell, findingMark, offByMark } from "./row-parts.ts";

export interface RowState {
  readonly selected: boolean;
  /** The one row that Tab reaches. */
  readonly tabStop: boolean;
  readonly matched: boolean;
}

export function treeRow(
  facts: PlanFacts,
  choice: PanelChoice,
  at: number,
  state: RowState,
): HTMLElement {
  const row = choice.rows[at];
  if (row === undefined) return h("div");
  const cells =
    row.kind === "node"
      ? nodeCells(facts, choice, row.node)
      : groupCells(facts, choice, row.group);
  return h(
    "div",
    {
      class: `plan-row ${classOf(row)} ${state.matched ? "matched" : ""}`,
      attributes: {
        role: "row",
        "aria-level": String(row.level),
        "aria-rowindex": String(at + 2),
        "aria-expanded":
          row.expanded === undefined ? undefined : String(row.expanded),
        "aria-selected": String(state.selected),
        "aria-label": spokenRow(facts, choice, row),
        tabindex: state.tabStop ? "0" : "-1",
        "data-row": String(at),
      },
    },
    operationCell(facts, choice, at, row),
    ...cells,
  );
}

function classOf(row: VisibleRow): string {
  if (row.kind === "group") return "folded";
  return row.node.neverExecuted ? "never" : "";
}

function operationCell(
  facts: PlanFacts,
  choice: PanelChoice,
  at: number,
  row: VisibleRow,
): HTMLElement {
  const twisty = h("span", { class: "twisty" });
  if (row.expanded !== undefined)
    twisty.append(icon(row.expanded ? "down" : "right"));
  const what = h("span", { class: "what" });
  if (row.kind === "node") what.append(...nodeWords(facts, row.node));
  else what.append(...groupWords(facts, row.group));
  return h(
    "span",
    { class: "operation", attributes: { role: "gridcell" } },
    guides(railsOf(choice.rows, at)),
    twisty,
    what,
  );
}

// Deeper levels are drawn at this depth: a row must keep room for its words.
const deepestIndent = 28;

/** All guides of a row in one element: a line is a background, not a node. */
function guides(rails: readonly boolean[]): HTMLElement {
  const shown = rails.slice(0, deepestIndent);
  const element = h("span", {
    class: "guides",
    style: { "--levels": String(shown.length) },
  });
  const lines = shown.flatMap((on, level) => (on ? [level] : []));
  if (lines.length > 0) {
    const stroke = "linear-gradient(var(--guide), var(--guide))";
    element.style.setProperty(
      "background-image",
      lines.map(() => stroke).join(","),
    );
    element.style.setProperty(
      "background-position",
      lines
        .map((level) => `calc(${level} * var(--indent) + var(--indent) / 2) 0`)
        .join(","),
    );
  }
  return element;
}

function nodeWords(facts: PlanFacts, node: PlanNode): readonly Node[] {
  const target = targetName(node);
  const tag = tagText(node);
  const words: Node[] = [
    h(
      "span",
      { class: "op" },
      icon(operatorIcons[node.kind]),
      operationName(node),
    ),
  ];
  if (target !== undefined) words.push(h("span", { class: "on" }, target));
  words.push(...(facts.findingsAt.get(node.id) ?? []).map(findingMark));
  if (tag !== undefined) words.push(h("span", { class: "tag" }, tag));
  if (node.neverExecuted) {
    words.push(h("span", { class: "predicate" }, say("neverExecuted")));
    return words;
  }
  const predicate = predicateText(node);
  if (predicate !== undefined) {
    words.push(
      h(
        "code",
        { class: "predicate", attributes: { title: predicate } },
        predicate,
      ),
    );
  }
  return words;
}

function groupWords(facts: PlanFacts, group: TreeGroup): readonly Node[] {
  return [
    h("span", { class: "op" }, icon("group"), groupTitle(group)),
    h("code", { class: "predicate" }, groupDetail(facts, group)),
  ];
}

function groupTitle(group: TreeGroup): string {
  return say(
    group.partitions ? "morePartitions" : "moreBranches",
    formatCount(group.members.length),
  );
}

function groupDetail(facts: PlanFacts, group: TreeGroup): string {
  const first = facts.model.nodes[group.members[0] ?? -1];
  const last = facts.model.nodes[group.members.at(-1) ?? -1];
  if (first === undefined || last === undefined) return "";
  const from = targetName(first);
  const to = targetName(last);
  if (from === undefined || to === undefined) return operationName(first);
  return say("groupDetail", operationName(first), from, to);
}

function nodeCells(
  facts: PlanFacts,
  choice: PanelChoice,
  node: PlanNode,
): readonly HTMLElement[] {
  const { measures } = facts;
  const numbers = measures.numbers(node.id);
  const loops = node.actual?.loops ?? 0;
  const bar = node.neverExecuted
    ? undefined
    : {
        own: measures.own(choice.bars, node.id),
        total: measures.total(choice.bars, node.id),
        whole: measures.whole(choice.bars),
      };
  return [
    countCell(numbers.estimatedRows, "r col-estimated muted"),
    countCell(node.neverExecuted ? undefined : numbers.rows, "r col-actual"),
    cell("r col-off", offByMark(measures.offBy(node.id))),
    cell(
      "r col-loops muted",
      loops > 1 ? say("times", formatCount(loops)) : undefined,
    ),
    costCell(choice.bars, bar),
  ];
}

function groupCells(
  facts: PlanFacts,
  choice: PanelChoice,
  group: TreeGroup,
): readonly HTMLElement[] {
  const { measures } = facts;
  const sum = (value: (id: number) => number | undefined): number | undefined =>
    group.members.reduce<number | undefined>((total, id) => {
      const one = value(id);
      return one === undefined ? total : (total ?? 0) + one;
    }, undefined);
  const total = sum((id) => measures.total(choice.bars, id)) ?? 0;
  const never = group.members.every(
    (id) => facts.model.nodes[id]?.neverExecuted,
  );
  return [
    countCell(
      sum((id) => measures.numbers(id).estimatedRows),
      "r col-estimated muted",
    ),
    countCell(
      never ? undefined : sum((id) => measures.numbers(id).rows),
      "r col-actual",
    ),
    cell("r col-off", undefined),
    cell("r col-loops", undefined),
    costCell(
      choice.bars,
      never
        ? undefined
        : { own: total, total, whole: measures.whole(choice.bars) },
    ),
  ];
}

function cell(
  className: string,
  content: Node | string | undefined,
): HTMLElement {
  return h(
    "span",
    { class: className, attributes: { role: "gridcell" } },
    content,
  );
}

/** "Seq Scan on progress_events, 62 percent, 3 seconds, finding 1". */
function spokenRow(
  facts: PlanFacts,
  choice: PanelChoice,
  row: VisibleRow,
): string {
  if (row.kind === "group") {
    return `${groupTitle(row.group)}, ${groupDetail(facts, row.group)}`;
  }
  const { node } = row;
  if (node.neverExecuted)
    return `${operationTitle(node)}, ${say("neverExecuted")}`;
  const own = facts.measures.own(choice.bars, node.id);
  const share = spokenShare(own / facts.measures.whole(choice.bars));
  const parts = [operationTitle(node), ...(share === undefined ? [] : [share])];
  if (choice.bars === "time") parts.push(formatMs(own));
  for (const { number } of facts.findingsAt.get(node.id) ?? []) {
    parts.push(say("findingMark", String(number)));
  }
  return parts.join(", ");
}

/** The row as one line of text, for the clipboard. */
export function rowAsText(
  facts: PlanFacts,
  choice: PanelChoice,
  at: number,
): string {
  const row = choice.rows[at];
  if (row === undefined) return "";
  if (row.kind === "group") return spokenRow(facts, choice, row);
  const { node } = row;
  const own = facts.measures.own(choice.bars, node.id);
  const { rows, estimatedRows } = facts.measures.numbers(node.id);
  return [
    operationTitle(node),
    predicateText(node),
    `${say("rowsEstimated")} ${formatCount(estimatedRows)}`,
    `${say("rows")} ${formatCount(rows)}`,
    formatShare(own / facts.measures.whole(choice.bars)),
  ]
    .filter((part) => part !== undefined)
    .join("\t");
}
