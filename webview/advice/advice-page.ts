import type { AdviceView } from "../../src/protocol/advice-messages.ts";
import { button } from "../controls.ts";
import { h, link } from "../dom.ts";
import { icon } from "../icons.ts";
import { remarksOf } from "../views/card-parts.ts";
import { environmentPill } from "../views/head.ts";
import { adviceActions } from "./actions.ts";
import { budgetSlider } from "./budget.ts";
import { costCurve } from "./curve.ts";
import { adviceFigures } from "./figures.ts";
import { indexTable } from "./index-table.ts";
import { queryList } from "./query-list.ts";
import type { AdvicePost, AdviceSession } from "./session.ts";
import { tell } from "./words.ts";

/** The page of one advice. */
export interface AdvicePage {
  readonly element: HTMLElement;
  /** Once it is in the document. */
  readonly layOut: () => void;
  readonly written: (path: string) => void;
}

/** Nothing was asked yet. */
export function emptyAdvice(): HTMLElement {
  return h(
    "main",
    { class: "state" },
    h("h1", { class: "screen-reader" }, tell("title")),
    h(
      "div",
      { class: "empty" },
      h(
        "p",
        {},
        tell("emptyBefore"),
        " ",
        h("b", {}, tell("emptyCommand")),
        " ",
        tell("emptyAfter"),
      ),
    ),
  );
}

function pageHead(view: AdviceView, post: AdvicePost): HTMLElement {
  const { connection } = view;
  return h(
    "header",
    { class: "head advice-head" },
    h(
      "div",
      { class: "statement" },
      icon("layers"),
      h("h1", {}, tell("title")),
    ),
    h(
      "div",
      { class: "actions" },
      button({
        label: tell("adviseAgain"),
        icon: "stopwatch",
        onPress: () => {
          post("adviseAgain", {});
        },
      }),
    ),
    h(
      "div",
      { class: "about" },
      environmentPill(connection.environment),
      h(
        "span",
        {},
        [connection.name, connection.server]
          .filter((part) => part !== "")
          .join(" · "),
      ),
      h("span", { class: "separator", attributes: { "aria-hidden": "true" } }),
      h("span", {}, view.source),
    ),
  );
}

function leftOutList(
  { leftOut }: AdviceView,
  post: AdvicePost,
): HTMLElement | undefined {
  if (leftOut.length === 0) return undefined;
  const rows = leftOut.map(({ id, name, reason }) =>
    h(
      "li",
      {},
      id === undefined
        ? h("b", {}, name)
        : link(name, () => {
            post("openQuery", { query: id });
          }),
      " ",
      h("span", { class: "muted" }, reason),
    ),
  );
  return h(
    "details",
    { class: "part-of-page left-out" },
    h(
      "summary",
      {},
      icon("right"),
      h("b", {}, tell("leftOut", String(leftOut.length))),
    ),
    h("ul", {}, ...rows),
  );
}

/** What the plans did not know of the source. */
function remarkList({ remarks }: AdviceView): HTMLElement | undefined {
  if (remarks.length === 0) return undefined;
  return remarksOf(remarks, "part-of-page left-out");
}

/** What the advice rests on, where the reader should know before trusting it. */
const noteList = ({ notes }: AdviceView): readonly HTMLElement[] =>
  notes.map((note) => h("p", { class: "advice-note" }, icon("info"), note));

const foot = (view: AdviceView): HTMLElement =>
  h(
    "footer",
    { class: "advice-foot muted small" },
    h("span", {}, view.searched),
    view.nothing === undefined && h("span", {}, tell("gainNote")),
  );

function nothingPage({
  title,
  detail,
}: NonNullable<AdviceView["nothing"]>): HTMLElement {
  return h(
    "div",
    { class: "empty nothing" },
    h("p", {}, icon("check"), h("b", {}, title)),
    h("p", { class: "detail" }, detail),
  );
}

/** Curve, slider and figures, and the indexes under them. */
const setParts = (
  session: AdviceSession,
  post: AdvicePost,
  actions: HTMLElement,
): readonly HTMLElement[] => [
  h(
    "section",
    { class: "top" },
    h("div", {}, costCurve(session), budgetSlider(session)),
    h("div", {}, adviceFigures(session), actions),
  ),
  h("div", { class: "index-list" }, indexTable(session, post)),
];

/** Head, curve with slider and figures, the indexes, every query before and after, what was left out. */
export function advicePage(
  session: AdviceSession,
  post: AdvicePost,
): AdvicePage {
  const { view } = session;
  const queries = queryList(session, post);
  const actions = adviceActions(session, post);
  const middle =
    view.nothing === undefined
      ? setParts(session, post, actions.element)
      : [nothingPage(view.nothing)];
  const element = h(
    "main",
    { class: "advice" },
    pageHead(view, post),
    ...noteList(view),
    ...middle,
    view.queries.length > 0 && queries.element,
    leftOutList(view, post),
    remarkList(view),
    foot(view),
  );
  return {
    element,
    layOut: queries.layOut,
    written: (path) => {
      actions.status.textContent = tell("written", path);
    },
  };
}
