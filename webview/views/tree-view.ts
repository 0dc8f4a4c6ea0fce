import { h } from "../dom.ts";
import type { TreeAction } from "../layout/key-map.ts";
import { treeAction } from "../layout/key-map.ts";
import type { PanelChoice, Session } from "../session.ts";
import type { StringKey } from "../strings.ts";
import { say } from "../strings.ts";
import { overviewRuler } from "./overview-ruler.ts";
import { choose, chosenRow, followRow, isChosen } from "./tree-choice.ts";
import type { TreeHands } from "./tree-keys.ts";
import { moveInTree, revealNode, toggle } from "./tree-keys.ts";
import { treeRow } from "./tree-row.ts";
import type { VirtualList } from "./virtual-list.ts";
import { virtualList } from "./virtual-list.ts";

export interface TreeView {
  readonly element: HTMLElement;
  readonly run: (action: TreeAction) => void;
  readonly showNode: (nodeId: number, focus: boolean) => void;
  readonly focus: () => void;
  /** After the width or the tab changed. */
  readonly layOut: () => void;
}

export interface TreeViewOptions {
  readonly session: Session;
  readonly rowHeight: () => number;
  /** Keys that lead out of the tree. */
  readonly onAction: (action: TreeAction, at: number) => void;
}

const headHeight = 24;

/** The row with the tab stop; keys, clicks and redraws all move it. */
interface Cursor {
  row: number;
}

export function treeView(options: TreeViewOptions): TreeView {
  const { session } = options;
  const { scroller, head, holder } = frame(session);
  const cursor: Cursor = { row: chosenRow(session.now(), session) };
  const list = virtualList({
    scroller,
    holder,
    headHeight,
    count: () => session.now().rows.length,
    rowHeight: options.rowHeight,
    pinned: () => cursor.row,
    draw: (at) => drawRow(session, at, cursor.row),
  });
  const hands = treeHands(session, cursor, list);
  const run = (action: TreeAction): void => {
    if (!moveInTree(action, hands)) options.onAction(action, cursor.row);
  };
  listen(scroller, session, hands, run);
  keepUp({ session, list, scroller, head, cursor });
  const ruler = overviewRuler(session, hands.showNode);
  return {
    element: h("div", { class: "with-ruler" }, scroller, ruler),
    run,
    focus: () => {
      list.elementAt(cursor.row)?.focus({ preventScroll: true });
    },
    showNode: (nodeId, withFocus) => {
      if (withFocus) hands.showNode(nodeId);
      else showRow(session, cursor, list, revealNode(session, nodeId));
    },
    layOut: () => {
      list.redraw();
      list.scrollTo(cursor.row);
    },
  };
}

function showRow(
  session: Session,
  cursor: Cursor,
  list: VirtualList,
  at: number,
): void {
  cursor.row = clamp(at, session.now().rows.length);
  choose(session, cursor.row);
  list.scrollTo(cursor.row);
}

function frame(session: Session): {
  readonly scroller: HTMLElement;
  readonly head: HTMLElement;
  readonly holder: HTMLElement;
} {
  const holder = h("div", { class: "rows", attributes: { role: "rowgroup" } });
  const head = h("div", {
    attributes: { role: "rowgroup" },
    class: "plan-head-group",
  });
  const { analyzed } = session.facts.view.plan;
  const scroller = h(
    "div",
    {
      class: `grid tree-grid ${analyzed ? "" : "estimated-only"}`,
      attributes: { role: "treegrid", "aria-label": say("queryPlan") },
    },
    head,
    holder,
  );
  return { scroller, head, holder };
}

function treeHands(
  session: Session,
  cursor: Cursor,
  list: VirtualList,
): TreeHands {
  const moveTo = (at: number): void => {
    showRow(session, cursor, list, at);
    list.elementAt(cursor.row)?.focus({ preventScroll: true });
  };
  return {
    session,
    at: () => cursor.row,
    pageSize: list.pageSize,
    moveTo,
    showNode: (nodeId) => {
      moveTo(revealNode(session, nodeId));
    },
  };
}

interface Kept {
  readonly session: Session;
  readonly list: VirtualList;
  readonly scroller: HTMLElement;
  readonly head: HTMLElement;
  readonly cursor: Cursor;
}

/** Redraws as little as a change asks for. */
function keepUp(kept: Kept): void {
  const { session, list, scroller, head, cursor } = kept;
  const describe = (now: PanelChoice): void => {
    scroller.setAttribute("aria-rowcount", String(now.rows.length + 1));
    head.replaceChildren(headRow(now));
  };
  describe(session.now());
  session.onChange((now, before) => {
    if (now.rows !== before.rows) {
      const focused = scroller.contains(document.activeElement);
      cursor.row = followRow(session, now, before, cursor.row);
      describe(now);
      list.redraw();
      if (focused) list.elementAt(cursor.row)?.focus({ preventScroll: true });
      return;
    }
    if (now.bars !== before.bars || now.matches !== before.matches) {
      describe(now);
      list.redraw();
      return;
    }
    if (now.chosen === before.chosen && now.chosenGroup === before.chosenGroup)
      return;
    markRow(scroller, list.elementAt(chosenRow(now, session)), now);
  });
}

/** Moves selection and tab stop without drawing any row anew. */
function markRow(
  scroller: HTMLElement,
  row: HTMLElement | undefined,
  now: PanelChoice,
): void {
  for (const old of scroller.querySelectorAll('[aria-selected="true"]')) {
    old.setAttribute("aria-selected", "false");
  }
  if (now.chosen === undefined && now.chosenGroup === undefined) return;
  for (const old of scroller.querySelectorAll('.plan-row[tabindex="0"]')) {
    old.setAttribute("tabindex", "-1");
  }
  row?.setAttribute("aria-selected", "true");
  row?.setAttribute("tabindex", "0");
}

function drawRow(session: Session, at: number, focusRow: number): HTMLElement {
  const now = session.now();
  const row = now.rows[at];
  return treeRow(session.facts, now, at, {
    selected: row !== undefined && isChosen(row, now),
    tabStop: at === focusRow,
    matched: row?.kind === "node" && now.matches.includes(row.node.id),
  });
}

function listen(
  scroller: HTMLElement,
  session: Session,
  hands: TreeHands,
  run: (action: TreeAction) => void,
): void {
  scroller.addEventListener("keydown", (event) => {
    const action = treeAction({
      key: event.key,
      ctrl: event.ctrlKey || event.metaKey,
      shift: event.shiftKey,
      alt: event.altKey,
    });
    if (action === undefined) return;
    event.preventDefault();
    run(action);
  });
  scroller.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const at = Number(
      event.target.closest("[data-row]")?.getAttribute("data-row") ?? "-1",
    );
    const row = session.now().rows[at];
    if (row === undefined) return;
    hands.moveTo(at);
    if (event.target.closest(".twisty") !== null && row.expanded !== undefined)
      toggle(hands, row);
  });
  scroller.addEventListener("dblclick", () => {
    const row = session.now().rows[hands.at()];
    if (row?.expanded !== undefined) toggle(hands, row);
  });
}

const ownHead: Readonly<Record<PanelChoice["bars"], StringKey>> = {
  time: "ownTime",
  cost: "ownCost",
  rows: "rows",
  blocks: "ownBlocks",
};

function headRow(now: PanelChoice): HTMLElement {
  const heads: readonly (readonly [string, string])[] = [
    ["operation-head", say("operation")],
    ["r col-estimated", say("rowsEstimated")],
    ["r col-actual", say("rows")],
    ["r col-off", say("offBy")],
    ["r col-loops", say("loops")],
    ["r col-cost", say(ownHead[now.bars])],
  ];
  return h(
    "div",
    { class: "plan-head", attributes: { role: "row", "aria-rowindex": "1" } },
    ...heads.map(([className, text]) =>
      h(
        "span",
        { class: className, attributes: { role: "columnheader" } },
        text,
      ),
    ),
  );
}

function clamp(at: number, count: number): number {
  return Math.max(0, Math.min(count - 1, at));
}
