import { formatCost, formatShare } from "../../src/core/format.ts";
import type {
  AdviceIndexView,
  AdviceView,
} from "../../src/protocol/advice-messages.ts";
import { button } from "../controls.ts";
import { h, link } from "../dom.ts";
import { section } from "../views/card-parts.ts";
import { sqlBlock } from "../views/sql-text.ts";
import { proofSteps } from "../views/suggestions.ts";
import { shareOfToday } from "./choice.ts";
import { changeWords, costBars, costWords } from "./query-bars.ts";
import type { AdvicePost } from "./session.ts";
import { tell } from "./words.ts";

// More rows than a person compares; the list of all queries is below.
const mostQueries = 12;

function servedQueries(
  { queries }: AdviceIndexView,
  post: AdvicePost,
): HTMLElement {
  const most = Math.max(...queries.map(({ before }) => before), 1);
  const rows = queries.slice(0, mostQueries).map((query) => {
    const open = link(query.name, () => {
      post("openQuery", { query: query.id });
    });
    open.classList.add("ellipsis");
    return h(
      "li",
      {},
      open,
      costBars(query, most),
      h("span", {}, costWords(query.before, query.after)),
      h("span", { class: "change" }, changeWords(query.before, query.after)),
    );
  });
  const rest = queries.length - rows.length;
  return h(
    "ul",
    { class: "served" },
    ...rows,
    rest > 0 && h("li", { class: "muted" }, tell("more", String(rest))),
  );
}

function actions({ id, ddl }: AdviceIndexView, post: AdvicePost): HTMLElement {
  const indexes = [id];
  return h(
    "div",
    { class: "acts full" },
    button({
      label: tell("writeOne"),
      icon: "file",
      onPress: () => {
        post("writeMigrations", { indexes });
      },
    }),
    button({
      label: tell("previewOne"),
      icon: "compare",
      onPress: () => {
        post("previewMigrations", { indexes });
      },
    }),
    button({
      label: tell("copyAll"),
      icon: "copy",
      onPress: () => {
        post("copy", { text: `${ddl};\n` });
      },
    }),
  );
}

const writeWords = (
  { upkeep, gain, table }: AdviceIndexView,
  view: AdviceView,
): string =>
  upkeep > 0
    ? tell(
        "writesPayFor",
        formatCost(upkeep),
        formatShare(shareOfToday(view, upkeep)),
        formatCost(gain),
      )
    : tell("writesNothing", table);

/** What stands under a row that was opened: the DDL, the reason, its price for writes, and the queries it serves. */
export function indexDetails(
  one: AdviceIndexView,
  view: AdviceView,
  post: AdvicePost,
): HTMLElement {
  return h(
    "div",
    { class: "inside" },
    h("div", { class: "full" }, sqlBlock(`${one.ddl};`)),
    section(tell("why"), "", h("p", {}, one.why)),
    section(tell("proof"), "", h("p", {}, proofSteps(one))),
    section(tell("writesPay"), "", h("p", {}, writeWords(one, view))),
    one.replaces.length > 0 &&
      section(tell("replaces"), "", h("p", {}, one.replaces.join(", "))),
    one.queries.length > 0 &&
      section(tell("servedQueries"), "full", servedQueries(one, post)),
    actions(one, post),
  );
}
