import {
  formatBytes,
  formatChange,
  formatCost,
  formatShare,
} from "../../src/core/format.ts";
import type { AdviceIndexView } from "../../src/protocol/advice-messages.ts";
import { h, percent } from "../dom.ts";
import { icon } from "../icons.ts";
import { fitsFrom, listedIndexes, shareOfToday } from "./choice.ts";
import { indexDetails } from "./index-details.ts";
import type { AdvicePost, AdviceSession } from "./session.ts";
import { tell } from "./words.ts";

const columns = 7;

function toggled(ids: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

function tickCell(one: AdviceIndexView, session: AdviceSession): HTMLElement {
  const box = h("input", {
    attributes: {
      type: "checkbox",
      "aria-label": tell("takeIndex", one.table, one.keyText),
      "data-tick": String(one.id),
    },
  });
  box.checked = session.now().taken.has(one.id);
  box.addEventListener("change", () => {
    session.update({ taken: toggled(session.now().taken, one.id) });
  });
  return h("td", { class: "l tick" }, box);
}

function twistyOf(one: AdviceIndexView, session: AdviceSession): HTMLElement {
  const isOpen = session.now().open.has(one.id);
  return h(
    "button",
    {
      class: "twisty",
      attributes: {
        type: "button",
        "aria-expanded": String(isOpen),
        "aria-label": tell("showIndex", one.table, one.keyText),
        "data-twisty": String(one.id),
      },
      onClick: () => {
        session.update({ open: toggled(session.now().open, one.id) });
      },
    },
    icon("right"),
  );
}

function nameCell(
  one: AdviceIndexView,
  isIn: boolean,
  session: AdviceSession,
): HTMLElement {
  const from = fitsFrom(session.view, one.id);
  return h(
    "td",
    { class: "l name" },
    h(
      "div",
      {},
      twistyOf(one, session),
      h(
        "span",
        {},
        h("b", {}, one.table),
        " ",
        h("code", {}, one.keyText),
        !isIn &&
          from !== undefined &&
          h(
            "span",
            { class: "small muted fits" },
            tell("fitsFrom", formatBytes(from)),
          ),
        one.replaces.length > 0 &&
          h(
            "span",
            { class: "small muted fits" },
            tell("replacesOf", one.replaces.join(", ")),
          ),
      ),
    ),
  );
}

function gainCell(
  { gain }: AdviceIndexView,
  most: number,
  session: AdviceSession,
): HTMLElement {
  const { baselineCost } = session.view;
  const words =
    /\((.*)\)/u.exec(formatChange(baselineCost, baselineCost - gain))?.[1] ??
    "";
  return h(
    "td",
    { class: "l gain", attributes: { title: formatCost(gain) } },
    h(
      "span",
      { class: "fill after" },
      h("i", { style: { width: percent(gain / most) } }),
    ),
    words,
  );
}

function servesCell(
  { queries }: AdviceIndexView,
  post: AdvicePost,
): HTMLElement {
  const shown = queries.slice(0, 2).map(({ id, name }) =>
    h(
      "button",
      {
        class: "chip ellipsis",
        attributes: { type: "button", title: name },
        onClick: () => {
          post("openQuery", { query: id });
        },
      },
      // Without its folders, which would leave no room for what tells queries of one file apart.
      name.slice(name.lastIndexOf("/") + 1),
    ),
  );
  const rest = queries.length - shown.length;
  return h(
    "td",
    { class: "l serves" },
    ...shown,
    rest > 0 && h("span", { class: "muted" }, tell("more", String(rest))),
  );
}

/** One row, and its details when open. */
function rowsFor(
  one: AdviceIndexView,
  most: number,
  session: AdviceSession,
  post: AdvicePost,
): readonly HTMLElement[] {
  const isIn = session.stop().members.includes(one.id);
  const writes = shareOfToday(session.view, one.upkeep);
  const row = h(
    "tr",
    { class: isIn ? "" : "out" },
    tickCell(one, session),
    nameCell(one, isIn, session),
    gainCell(one, most, session),
    h("td", { class: "size" }, formatBytes(one.sizeBytes)),
    h(
      "td",
      { class: "writes", attributes: { title: formatCost(one.upkeep) } },
      one.upkeep > 0 ? formatShare(writes) : "–",
    ),
    h("td", { class: "l proved" }, tell(one.proof)),
    servesCell(one, post),
  );
  if (!session.now().open.has(one.id)) return [row];
  const details = h(
    "td",
    { attributes: { colspan: String(columns) } },
    indexDetails(one, session.view, post),
  );
  return [row, h("tr", { class: "details-row" }, details)];
}

function head(): HTMLElement {
  const titles = [
    [tell("take"), "l"],
    [tell("index"), "l"],
    [tell("gain"), "l gain"],
    [tell("disk"), ""],
    [tell("writes"), ""],
    [tell("proof"), "l"],
    [tell("serves"), "l"],
  ] as const;
  const cells = titles.map(([title, className]) =>
    h("th", { class: className, attributes: { scope: "col" } }, title),
  );
  return h("thead", {}, h("tr", {}, ...cells));
}

/** The control that has the focus, to find it again after the rows were drawn anew. */
function focusedControl(body: HTMLElement): string | undefined {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !body.contains(focused))
    return undefined;
  const { tick, twisty } = focused.dataset;
  if (tick !== undefined) return `[data-tick="${tick}"]`;
  return twisty === undefined ? undefined : `[data-twisty="${twisty}"]`;
}

/** The indexes of the chosen set, largest gain first; after them those of other sets, paler. */
export function indexTable(
  session: AdviceSession,
  post: AdvicePost,
): HTMLElement {
  const { view } = session;
  const most = Math.max(...view.indexes.map(({ gain }) => gain), 1);
  const body = h("tbody");
  const show = (): void => {
    const focused = focusedControl(body);
    const rows = listedIndexes(view, session.stop()).flatMap((one) =>
      rowsFor(one, most, session, post),
    );
    body.replaceChildren(...rows);
    if (focused !== undefined)
      body.querySelector<HTMLElement>(focused)?.focus();
  };
  session.onChange((now, before) => {
    if (
      now.taken !== before.taken ||
      now.open !== before.open ||
      now.budgetBytes !== before.budgetBytes
    )
      show();
  });
  show();
  return h("table", { class: "list indexes" }, head(), body);
}
