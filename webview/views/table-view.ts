import type { PlanNode } from "../../src/core/plan/plan.ts";
import { h } from "../dom.ts";
import { icon } from "../icons.ts";
import type { PlanFacts, Session } from "../session.ts";
import { say } from "../strings.ts";
import type { PlanTab } from "./tab-view.ts";
import type { Column } from "./table-columns.ts";
import { tableColumns } from "./table-columns.ts";
import { virtualList } from "./virtual-list.ts";

const headHeight = 24;
const rowHeight = 22;

/** Every operation, sorted by any column; the chosen one is the tree's. */
export function tableView(session: Session): PlanTab {
  const columns = tableColumns(session);
  const { scroller, head, holder } = frame(session);
  let sorting = { column: 3, descending: true };
  let order: readonly PlanNode[] = [];
  const list = virtualList({
    scroller,
    holder,
    headHeight,
    count: () => order.length,
    rowHeight: () => rowHeight,
    pinned: () => undefined,
    draw: (at) => tableRow(session, columns, order[at], at),
  });
  const show = (): void => {
    const { column, descending } = sorting;
    order = sorted(session.facts, columns[column], descending);
    const cells = columns.map((one, at) =>
      headCell(one, at === column ? descending : undefined, () => {
        sorting = {
          column: at,
          descending: at === column ? !descending : at > 2,
        };
        show();
      }),
    );
    head.replaceChildren(...cells);
    list.redraw();
  };
  session.onChange((now, before) => {
    if (now.tab !== "table") return;
    if (now.chosen !== before.chosen || now.matches !== before.matches) {
      list.redraw();
    }
  });
  return { element: scroller, layOut: show };
}

function frame(session: Session): {
  readonly scroller: HTMLElement;
  readonly head: HTMLElement;
  readonly holder: HTMLElement;
} {
  const holder = h("div", { class: "rows", attributes: { role: "rowgroup" } });
  const head = h("div", {
    class: "table-head",
    attributes: { role: "row", "aria-rowindex": "1" },
  });
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
    h(
      "div",
      { class: "table-head-group", attributes: { role: "rowgroup" } },
      head,
    ),
    holder,
  );
  return { scroller, head, holder };
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
