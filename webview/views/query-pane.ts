import type { TextSpan } from "../../src/core/text-span.ts";
import { h, link } from "../dom.ts";
import { icon } from "../icons.ts";
import type { TextMark } from "../layout/marked-text.ts";
import { lineSpans, overlaps } from "../layout/marked-text.ts";
import { sqlTokens } from "../layout/sql-tokens.ts";
import type { Post } from "../post.ts";
import type { Session } from "../session.ts";
import { say } from "../strings.ts";
import { sqlPieces } from "./sql-text.ts";
import type { VirtualList } from "./virtual-list.ts";
import { virtualList } from "./virtual-list.ts";

const lineHeight = 18;
// More lines are scrolled to; the pane takes at most a third of the panel anyway.
const shownLines = 12;

export interface QueryPane {
  readonly element: HTMLElement;
  readonly layOut: () => void;
}

/** The statement under the tree; what the chosen operation evaluates is marked, its table dashed. */
export function queryPane(session: Session, post: Post): QueryPane {
  const { query } = session.facts.view;
  const lines = lineSpans(query.text);
  const height = Math.min(lines.length, shownLines) * lineHeight + 8;
  const holder = h("div", { class: "rows" });
  const scroller = h(
    "div",
    {
      class: "lines sql",
      attributes: { tabindex: "0", role: "region", "aria-label": say("query") },
      style: { height: `${height}px` },
    },
    holder,
  );
  let marks = marksOf(session);
  const draw = lineDrawer(session, lines);
  const list = virtualList({
    scroller,
    holder,
    headHeight: 0,
    count: () => lines.length,
    rowHeight: () => lineHeight,
    pinned: () => undefined,
    draw: (at) => draw(at, marks),
  });
  const note = h("span", { class: "muted" });
  const show = (): void => {
    marks = marksOf(session);
    note.textContent = noteOf(marks);
    list.redraw();
    showFirstMark(list, lines, marks);
  };
  session.onChange((now, before) => {
    if (now.chosen !== before.chosen) show();
  });
  return {
    element: pane(post, query.sourceLabel !== undefined, note, scroller),
    layOut: show,
  };
}

function lineDrawer(
  session: Session,
  lines: readonly TextSpan[],
): (at: number, marks: readonly TextMark[]) => HTMLElement {
  const { query } = session.facts.view;
  const tokens = sqlTokens(query.text);
  return (at, marks) => {
    const span = lines[at] ?? { start: 0, end: 0 };
    const here = marks.some((mark) => overlaps(mark.span, span));
    const inLine = tokens.filter((token) => overlaps(token.span, span));
    return h(
      "div",
      { class: here ? "line here" : "line" },
      h(
        "span",
        { class: "number", attributes: { "aria-hidden": "true" } },
        String(query.firstLine + at),
      ),
      h("span", {}, ...sqlPieces(query.text, span, inLine, marks)),
    );
  };
}

function noteOf(marks: readonly TextMark[]): string {
  if (marks.some((mark) => mark.kind === "condition"))
    return say("queryMarked");
  return marks.length > 0 ? say("queryTable") : "";
}

function marksOf(session: Session): readonly TextMark[] {
  const { chosen } = session.now();
  return session.facts.view.marks.filter((mark) => mark.nodeId === chosen);
}

function showFirstMark(
  list: VirtualList,
  lines: readonly TextSpan[],
  marks: readonly TextMark[],
): void {
  const mark = marks.find(({ kind }) => kind === "condition") ?? marks[0];
  if (mark === undefined) return;
  const at = lines.findIndex((line) => overlaps(line, mark.span));
  if (at >= 0) list.scrollTo(at);
}

function pane(
  post: Post,
  hasSource: boolean,
  note: HTMLElement,
  scroller: HTMLElement,
): HTMLElement {
  const openSource = link(say("openInEditor"), () => {
    post("openSource", {});
  });
  return h(
    "section",
    { class: "query", attributes: { "aria-label": say("query") } },
    resizer(scroller),
    h(
      "div",
      { class: "section-head" },
      toggle(scroller),
      note,
      h("span", { class: "spacer" }),
      hasSource && openSource,
    ),
    scroller,
  );
}

function toggle(scroller: HTMLElement): HTMLElement {
  const element = h(
    "button",
    {
      class: "section-toggle",
      attributes: {
        type: "button",
        "aria-expanded": "true",
        title: say("closeQuery"),
      },
    },
    icon("down"),
    say("query"),
  );
  element.addEventListener("click", () => {
    scroller.hidden = !scroller.hidden;
    element.setAttribute("aria-expanded", String(!scroller.hidden));
  });
  return element;
}

const smallestHeight = 36;
const step = 18;

/** A border that the pointer drags and the arrow keys move. */
function resizer(scroller: HTMLElement): HTMLElement {
  const bar = h("div", {
    class: "resizer",
    attributes: {
      role: "separator",
      "aria-orientation": "horizontal",
      "aria-label": say("resizeQuery"),
      tabindex: "0",
      "aria-valuenow": "50",
    },
  });
  const grow = (by: number): void => {
    const height = Math.max(smallestHeight, scroller.clientHeight + by);
    scroller.style.setProperty("height", `${height}px`);
    bar.setAttribute(
      "aria-valuenow",
      String(Math.min(100, Math.round((height / window.innerHeight) * 100))),
    );
  };
  bar.addEventListener("keydown", (event) => {
    if (event.key === "ArrowUp") grow(step);
    else if (event.key === "ArrowDown") grow(-step);
    else return;
    event.preventDefault();
  });
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
  });
  bar.addEventListener("pointermove", (event) => {
    if (bar.hasPointerCapture(event.pointerId)) grow(-event.movementY);
  });
  return bar;
}
