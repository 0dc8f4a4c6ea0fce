import { h } from "../dom.ts";
import type { TreeAction } from "../layout/key-map.ts";
import type { Post } from "../post.ts";
import { renderPlanText } from "../../src/core/plan/render-text.ts";
import type { Session, Tab } from "../session.ts";
import { tabs } from "../session.ts";
import type { DetailsPane } from "./details.ts";
import { detailsPane } from "./details.ts";
import type { FindingHands } from "./findings.ts";
import { findingList } from "./findings.ts";
import { foot } from "./foot.ts";
import { planHead } from "./head.ts";
import { showKeyList } from "./key-list.ts";
import { queryPane } from "./query-pane.ts";
import type { SuggestionCards } from "./suggestions.ts";
import { suggestionCards } from "./suggestions.ts";
import { tabBar } from "./tab-bar.ts";
import { tableView } from "./table-view.ts";
import type { PlanTab } from "./tab-view.ts";
import { planJsonView, planTextView } from "./text-view.ts";
import type { Tools } from "./tools.ts";
import { toolBar } from "./tools.ts";
import { rowAsText } from "./tree-row.ts";
import type { TreeView } from "./tree-view.ts";
import { treeView } from "./tree-view.ts";

export interface PlanPanel {
  readonly element: HTMLElement;
  /** After the element came into the page. */
  readonly layOut: () => void;
  readonly migrationWritten: (suggestionId: number, path: string) => void;
}

// Below this width rows take two lines; the same number as in panel.css.
const narrowBelow = 760;
const rowHeight = 22;
const narrowRowHeight = 38;

export function planPanel(session: Session, post: Post): PlanPanel {
  let width = Number.POSITIVE_INFINITY;
  const main = h("main", { class: "panel" });
  const parts = panelParts(session, post, main, () => width <= narrowBelow);
  const { tree, details, tools, cards, hands } = parts;
  const views = planViews(session, post, tree, cards.element);
  const body = h("div", { class: "body" }, views.element, details.element);
  const gap = h("span", { class: "spacer" });
  main.append(
    planHead(session.facts.view, post),
    findingList(session.facts, hands),
    h("div", { class: "tabs" }, tabBar(session), gap, tools.element),
    body,
    foot(session),
  );
  const standAlone = (): void => {
    body.classList.toggle("alone", session.now().tab === "suggestions");
  };
  standAlone();
  session.onChange((now, before) => {
    standAlone();
    if (now.chosen === before.chosen || now.chosen === undefined) return;
    post("selectNode", { nodeId: now.chosen });
  });
  const layOut = (): void => {
    width = main.clientWidth;
    views.layOut();
  };
  new ResizeObserver(() => {
    if (main.clientWidth <= narrowBelow !== width <= narrowBelow) layOut();
  }).observe(main);
  return { element: main, layOut, migrationWritten: cards.written };
}

interface Parts {
  readonly tree: TreeView;
  readonly details: DetailsPane;
  readonly tools: Tools;
  readonly cards: SuggestionCards;
  readonly hands: FindingHands;
}

function panelParts(
  session: Session,
  post: Post,
  main: HTMLElement,
  isNarrow: () => boolean,
): Parts {
  const cards = suggestionCards(session, post);
  const tree: TreeView = treeView({
    session,
    rowHeight: () => (isNarrow() ? narrowRowHeight : rowHeight),
    onAction: (action, at) => {
      const { focusFind } = tools;
      leaveTree(action, {
        session,
        post,
        main,
        at,
        find: focusFind,
        details: details.focus,
      });
    },
  });
  const hands = findingHands(session, post, tree, cards);
  const details = detailsPane(session, hands, tree.focus);
  const tools = toolBar(session, {
    run: tree.run,
    showNode: (nodeId) => {
      tree.showNode(nodeId, false);
    },
    backToTree: tree.focus,
  });
  return { tree, details, tools, cards, hands };
}

function findingHands(
  session: Session,
  post: Post,
  tree: TreeView,
  cards: SuggestionCards,
): FindingHands {
  return {
    showNode: (nodeId) => {
      session.update({ tab: "tree" });
      tree.showNode(nodeId, true);
    },
    showSuggestion: (id) => {
      session.update({ tab: "suggestions" });
      cards.show(id);
    },
    openRule: (rule) => {
      post("openRule", { rule });
    },
  };
}

/** Views are made when first shown: text and highlighting cost nothing before. */
function planViews(
  session: Session,
  post: Post,
  tree: TreeView,
  cards: HTMLElement,
): PlanTab {
  const made = new Map<Tab, PlanTab>();
  const makers: Readonly<Record<Tab, () => PlanTab>> = {
    tree: () => treeAndQuery(session, post, tree),
    table: () => tableView(session),
    text: () =>
      planTextView(session, post, renderPlanText(session.facts.view.plan)),
    json: () => planJsonView(session, post),
    suggestions: () => ({ element: cards, layOut: () => undefined }),
  };
  const holder = h("div", {
    class: "left",
    attributes: { role: "tabpanel", id: "plan-view" },
  });
  const layOut = (): void => {
    const { tab } = session.now();
    const view = made.get(tab) ?? makers[tab]();
    made.set(tab, view);
    holder.setAttribute("aria-labelledby", `tab-${tab}`);
    if (holder.firstChild !== view.element)
      holder.replaceChildren(view.element);
    view.layOut();
  };
  session.onChange((now, before) => {
    if (now.tab !== before.tab) layOut();
  });
  return { element: holder, layOut };
}

function treeAndQuery(session: Session, post: Post, tree: TreeView): PlanTab {
  const query = queryPane(session, post);
  return {
    element: h("div", { class: "tree-and-query" }, tree.element, query.element),
    layOut: () => {
      tree.layOut();
      query.layOut();
    },
  };
}

interface Leaving {
  readonly session: Session;
  readonly post: Post;
  readonly main: HTMLElement;
  readonly at: number;
  readonly find: () => void;
  readonly details: () => void;
}

function leaveTree(action: TreeAction, leaving: Leaving): void {
  const { session, post } = leaving;
  const tab = /^view(\d)$/.exec(action)?.[1];
  if (tab !== undefined) {
    const next = tabs[Number(tab) - 1];
    if (next !== undefined) session.update({ tab: next });
  } else if (action === "find") leaving.find();
  else if (action === "details") leaving.details();
  else if (action === "keys") showKeyList(leaving.main);
  else if (action === "back")
    session.update({ chosen: undefined, chosenGroup: undefined });
  else if (action === "copyRow") {
    post("copy", { text: rowAsText(session.facts, session.now(), leaving.at) });
  }
}
