import { formatCost, formatCount, formatShare } from "../../src/core/format.ts";
import type { PlanNode } from "../../src/core/plan/plan.ts";
import { h } from "../dom.ts";
import { icon } from "../icons.ts";
import { operationName, targetName } from "../layout/row-text.ts";
import type { PlanFacts, Session } from "../session.ts";
import { say } from "../strings.ts";
import { barValue, offByMark } from "./row-parts.ts";
import type { PlanTab } from "./tab-view.ts";
import { virtualList } from "./virtual-list.ts";

interface Column {
  readonly title: string;
  readonly left: boolean;
  readonly value: (node: PlanNode) => number | string;
  readonly show: (node: PlanNode) => Node | string | undefined;
}

const headHeight = 24;
const rowHeight = 22;

/** Every operation, sorted by any column; the chosen one is the tree's. */
export function tableView(session: Session): PlanTab {
  const columns = columnsOf(session);
  let sortedBy = 3;
  let descending = true;
  let order: readonly PlanNode[] = [];
  const holder = h("div", { class: "rows", attributes: { role: "rowgroup" } });
  const head = h("div", {
    class: "table-head",
    attributes: { role: "row", "aria-rowindex": "1" },
  });
  const headGroup = h(
    "div",
    { class: "table-head-group", attributes: { role: "rowgroup" } },
    head,
  );
  const scroller = h(
    "div",
    {
      class: "grid table-grid",
      attributes: {
        role: "table",
        "aria-label": say("table"),
        "aria-rowcount": String(session.facts.model.nodes.length + 1),
        tabindex: "0",
      },
    },
    headGroup,
    holder,
  );
  const list = virtualList({
    scroller,
    holder,
    headHeight,
    count: () => order.length,
    rowHeight: () => rowHeight,
    pinned: () => undefined,
    draw: (at) => tableRow(session, columns, order[at], at),
  });
  const sort = (at: number): void => {
    descending = at === sortedBy ? !descending : at > 2;
    sortedBy = at;
    show();
  };
  const show = (): void => {
    order = sorted(session.facts, columns[sortedBy], descending);
    head.replaceChildren(
      ...columns.map((column, at) =>
        headCell(column, at === sortedBy ? descending : undefined, () => {
          sort(at);
        }),
      ),
    );
    list.redraw();
  };
  session.onChange((now, before) => {
    if (now.tab !== "table") return;
    if (now.chosen !== before.chosen || now.matches !== before.matches)
      list.redraw();
  });
  return { element: scroller, layOut: show };
}

function columnsOf(session: Session): readonly Column[] {
  const { facts } = session;
  const { measures } = facts;
  const kind = measures.bars[0] ?? "cost";
  const metrics = (node: PlanNode) => measures.metrics.nodes[node.id];
  const number = (
    title: string,
    value: (node: PlanNode) => number | undefined,
    show: (value: number | undefined) => string,
  ): Column => ({
    title,
    left: false,
    value: (node) => value(node) ?? -1,
    show: (node) => show(value(node)),
  });
  return [
    number(say("number"), (node) => node.id + 1, formatCount),
    {
      title: say("operation"),
      left: true,
      value: operationName,
      show: operationName,
    },
    {
      title: say("on"),
      left: true,
      value: (node) => targetName(node) ?? "",
      show: (node) => h("span", { class: "strong" }, targetName(node)),
    },
    {
      title: kind === "time" ? say("ownTime") : say("ownCost"),
      left: false,
      value: (node) => measures.own(kind, node.id),
      show: (node) =>
        node.neverExecuted
          ? say("neverExecuted")
          : barValue(kind, measures.own(kind, node.id)),
    },
    number(
      "%",
      (node) => measures.own(kind, node.id) / measures.whole(kind),
      formatShare,
    ),
    number(
      say("withChildren"),
      (node) => measures.total(kind, node.id),
      (value) => barValue(kind, value ?? 0),
    ),
    number(
      say("rowsEstimated"),
      (node) => metrics(node)?.estimatedRowsTotal,
      formatCount,
    ),
    ...(facts.view.plan.analyzed
      ? [
          number(say("rows"), (node) => metrics(node)?.rowsTotal, formatCount),
          {
            title: say("offBy"),
            left: false,
            value: (node: PlanNode) => measures.offBy(node.id)?.times ?? 0,
            show: (node: PlanNode) => offByMark(measures.offBy(node.id)),
          },
          number(say("loops"), (node) => node.actual?.loops, formatCount),
        ]
      : []),
    number(say("cost"), (node) => node.estimate?.totalCost, formatCost),
  ];
}

function sorted(
  facts: PlanFacts,
  column: Column | undefined,
  descending: boolean,
): readonly PlanNode[] {
  if (column === undefined) return facts.model.nodes;
  const sign = descending ? -1 : 1;
  return facts.model.nodes
    .map((node) => ({ node, value: column.value(node) }))
    .sort((a, b) => sign * compare(a.value, b.value) || a.node.id - b.node.id)
    .map(({ node }) => node);
}

function compare(a: number | string, b: number | string): number {
  return typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a).localeCompare(String(b));
}

function headCell(
  column: Column,
  descending: boolean | undefined,
  onSort: () => void,
): HTMLElement {
  const order =
    descending === undefined
      ? undefined
      : descending
        ? "descending"
        : "ascending";
  const sortButton = h(
    "button",
    { attributes: { type: "button" }, onClick: onSort },
    column.title,
  );
  if (order !== undefined) sortButton.append(icon("down"));
  return h(
    "span",
    {
      class: `${column.left ? "l" : "r"} ${order ?? ""}`,
      attributes: { role: "columnheader", "aria-sort": order },
    },
    sortButton,
  );
}

function tableRow(
  session: Session,
  columns: readonly Column[],
  node: PlanNode | undefined,
  at: number,
): HTMLElement {
  if (node === undefined) return h("div");
  const now = session.now();
  const chosen = node.id === now.chosen;
  const found = now.matches.includes(node.id) ? "matched" : "";
  return h(
    "div",
    {
      class: `table-row ${node.neverExecuted ? "never" : ""} ${chosen ? "chosen" : ""} ${found}`,
      attributes: { role: "row", "aria-rowindex": String(at + 2) },
      onClick: () => {
        session.update({ chosen: node.id, chosenGroup: undefined });
      },
    },
    ...columns.map((column) =>
      h(
        "span",
        {
          class: column.left ? "l ellipsis" : "r",
          attributes: { role: "cell" },
        },
        column.show(node),
      ),
    ),
  );
}
