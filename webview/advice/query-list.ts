import { formatCost, formatCount } from "../../src/core/format.ts";
import type { AdviceQueryView } from "../../src/protocol/advice-messages.ts";
import { h, link } from "../dom.ts";
import { virtualList } from "../views/virtual-list.ts";
import { changeWords, costBars } from "./query-bars.ts";
import type { AdvicePost, AdviceSession } from "./session.ts";
import { tell } from "./words.ts";

const headHeight = 24;
const rowHeight = 26;
// As tall as its rows until it would push everything else off the screen.
const mostRows = 14;

const saved = ({ weight, before, after }: AdviceQueryView): number =>
  weight * (before - after);

function queryRow(
  query: AdviceQueryView,
  at: number,
  most: number,
  post: AdvicePost,
): HTMLElement {
  const open = link(query.name, () => {
    post("openQuery", { query: query.id });
  });
  open.classList.add("ellipsis");
  const cell = (
    className: string,
    content: HTMLElement | string,
  ): HTMLElement =>
    h("span", { class: className, attributes: { role: "cell" } }, content);
  return h(
    "div",
    {
      class: "query-row",
      attributes: { role: "row", "aria-rowindex": String(at + 2) },
    },
    cell("l", open),
    cell("weight", formatCount(query.weight)),
    cell("", formatCost(query.before)),
    cell("bars", costBars(query, most)),
    cell("", formatCost(query.after)),
    cell("change", changeWords(query.before, query.after)),
  );
}

function head(): HTMLElement {
  const titles = [
    [tell("query"), "l"],
    [tell("weight"), "weight"],
    [tell("today"), ""],
    ["", "bars"],
    [tell("after"), ""],
    [tell("change"), "change"],
  ] as const;
  const cells = titles.map(([title, className]) =>
    h(
      "span",
      {
        class: className,
        attributes: { role: title === "" ? "cell" : "columnheader" },
      },
      title,
    ),
  );
  return h(
    "div",
    { class: "query-head-group", attributes: { role: "rowgroup" } },
    h(
      "div",
      {
        class: "query-row query-head",
        attributes: { role: "row", "aria-rowindex": "1" },
      },
      ...cells,
    ),
  );
}

function queryGrid(count: number, holder: HTMLElement): HTMLElement {
  const shown = Math.min(count, mostRows);
  return h(
    "div",
    {
      class: "grid query-grid",
      attributes: {
        role: "table",
        "aria-label": tell("queries"),
        "aria-rowcount": String(count + 1),
        tabindex: "0",
      },
      // Two pixels for its border.
      style: { height: `${String(headHeight + shown * rowHeight + 2)}px` },
    },
    head(),
    holder,
  );
}

/** Every query before and after, the largest saving first; only rows in sight exist. `layOut` once it is in the page. */
export function queryList(
  { view }: AdviceSession,
  post: AdvicePost,
): { readonly element: HTMLElement; readonly layOut: () => void } {
  const queries = view.queries.toSorted(
    (one, other) => saved(other) - saved(one),
  );
  const most = Math.max(
    ...queries.map(({ before, after }) => Math.max(before, after)),
    1,
  );
  const holder = h("div", { class: "rows", attributes: { role: "rowgroup" } });
  const scroller = queryGrid(queries.length, holder);
  const list = virtualList({
    scroller,
    holder,
    headHeight,
    count: () => queries.length,
    rowHeight: () => rowHeight,
    pinned: () => undefined,
    draw: (at) => {
      const query = queries[at];
      return query === undefined ? h("div") : queryRow(query, at, most, post);
    },
  });
  const element = h(
    "section",
    { class: "part-of-page" },
    h(
      "h2",
      {},
      tell("queries"),
      " ",
      h("span", { class: "muted small" }, tell("queriesNote")),
    ),
    scroller,
  );
  return { element, layOut: list.redraw };
}
