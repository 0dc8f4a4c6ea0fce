import { iconButton } from "../controls.ts";
import { h } from "../dom.ts";
import { heatOf } from "../layout/measures.ts";
import { planLines } from "../layout/plan-lines.ts";
import type { Post } from "../post.ts";
import type { Session } from "../session.ts";
import { say } from "../strings.ts";
import type { PlanTab } from "./tab-view.ts";
import { virtualList } from "./virtual-list.ts";

const lineHeight = 18;

interface LineList {
  readonly label: string;
  readonly text: string;
  /** Class of a line, by its index. */
  readonly look: (at: number) => string;
  readonly nodeAt: (at: number) => number | undefined;
}

/** The plan as psql prints it: warm and hot lines carry a stripe. */
export function planTextView(
  session: Session,
  post: Post,
  text: string,
): PlanTab {
  const { nodeOfLine } = planLines(text, session.facts.model.nodes.length);
  const { measures } = session.facts;
  const kind = measures.bars[0] ?? "cost";
  return lineView(session, post, {
    label: say("planText"),
    text,
    nodeAt: (at) => nodeOfLine[at],
    look: (at) => {
      const id = nodeOfLine[at];
      if (id === undefined) return "";
      const heat = heatOf(measures.own(kind, id) / measures.whole(kind));
      return session.now().chosen === id ? `${heat} chosen` : heat;
    },
  });
}

export function planJsonView(session: Session, post: Post): PlanTab {
  const text = JSON.stringify(session.facts.view.plan.source, undefined, 2);
  return lineView(session, post, {
    label: say("planJson"),
    text,
    nodeAt: () => undefined,
    look: () => "",
  });
}

function lineView(session: Session, post: Post, lines: LineList): PlanTab {
  const all = lines.text.split("\n");
  const holder = h("div", { class: "rows" });
  const scroller = h(
    "div",
    {
      class: "grid text-grid",
      attributes: { tabindex: "0", role: "region", "aria-label": lines.label },
    },
    holder,
  );
  const list = virtualList({
    scroller,
    holder,
    headHeight: 0,
    count: () => all.length,
    rowHeight: () => lineHeight,
    pinned: () => undefined,
    draw: (at) => lineElement(session, lines, all[at] ?? "", at),
  });
  session.onChange((now, before) => {
    if (now.chosen !== before.chosen && scroller.isConnected) list.redraw();
  });
  const copy = iconButton("copy", say("copyAll"), () => {
    post("copy", { text: lines.text });
  });
  copy.classList.add("copy-all");
  return {
    element: h("div", { class: "with-copy" }, scroller, copy),
    layOut: list.redraw,
  };
}

function lineElement(
  session: Session,
  lines: LineList,
  text: string,
  at: number,
): HTMLElement {
  const nodeId = lines.nodeAt(at);
  return h(
    "div",
    {
      class: `line ${lines.look(at)}`,
      ...(nodeId === undefined
        ? {}
        : {
            onClick: () => {
              session.update({ chosen: nodeId, chosenGroup: undefined });
            },
          }),
    },
    h(
      "span",
      { class: "number", attributes: { "aria-hidden": "true" } },
      String(at + 1),
    ),
    h("span", {}, text),
  );
}
