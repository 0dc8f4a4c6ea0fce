import { formatCount, formatShare } from "../../src/core/format.ts";
import type { PlanNode } from "../../src/core/plan/plan.ts";
import { h, link } from "../dom.ts";
import { operationTitle } from "../layout/row-text.ts";
import type { Session } from "../session.ts";
import { say } from "../strings.ts";
import { barValue } from "./row-parts.ts";

// Five lines are read, ten are skimmed: the design's number.
const topCount = 5;
const kindCount = 6;

/** Nothing chosen: the most expensive operations, the sums by kind and by table. */
export function overview(
  session: Session,
  showNode: (nodeId: number) => void,
): readonly Node[] {
  const { facts } = session;
  const { plan } = facts.view;
  const { bars } = session.now();
  const title = bars === "cost" ? say("whereCostGoes") : say("whereTimeGoes");
  const top = topOperations(session);
  const intro =
    facts.model.nodes.length === 1
      ? say("oneOperation")
      : say(
          "nothingChosen",
          String(top.length),
          formatCount(facts.model.nodes.length),
        );
  return [
    h("h2", {}, bars === "time" || bars === "cost" ? title : say("operation")),
    h("p", { class: "does muted" }, intro),
    h(
      "table",
      { class: "mini lead" },
      h(
        "tbody",
        {},
        ...top.map(({ node, own }) =>
          h(
            "tr",
            {},
            h(
              "td",
              {},
              link(operationTitle(node), () => {
                showNode(node.id);
              }),
            ),
            ...amount(session, own),
          ),
        ),
      ),
    ),
    ...sums(session, say("byKind"), (node) => node.operator),
    ...sums(session, say("byTable"), (node) => node.relation?.name),
    ...lists(
      say("triggers"),
      plan.triggers.map(
        ({ name, relation, calls, totalMs }) =>
          `${name}${relation === undefined ? "" : ` on ${relation}`}: × ${formatCount(calls)}${totalMs === undefined ? "" : `, ${barValue("time", totalMs)}`}`,
      ),
    ),
    ...lists(say("planNotes"), plan.notes),
  ];
}

function topOperations(
  session: Session,
): readonly { node: PlanNode; own: number }[] {
  const { model, measures } = session.facts;
  const { bars } = session.now();
  return model.nodes
    .map((node) => ({ node, own: measures.own(bars, node.id) }))
    .sort((a, b) => b.own - a.own)
    .slice(0, topCount);
}

function amount(session: Session, own: number): readonly HTMLElement[] {
  const { bars } = session.now();
  return [
    h("td", {}, barValue(bars, own)),
    h("td", {}, formatShare(own / session.facts.measures.whole(bars))),
  ];
}

interface Sum {
  count: number;
  own: number;
}

function sums(
  session: Session,
  title: string,
  keyOf: (node: PlanNode) => string | undefined,
): readonly Node[] {
  const { model, measures } = session.facts;
  const { bars } = session.now();
  const byKey = new Map<string, Sum>();
  for (const node of model.nodes) {
    const key = keyOf(node);
    if (key === undefined) continue;
    const sum = byKey.get(key) ?? { count: 0, own: 0 };
    byKey.set(key, {
      count: sum.count + 1,
      own: sum.own + measures.own(bars, node.id),
    });
  }
  if (byKey.size < 2) return [];
  const ranked = [...byKey].sort(([, a], [, b]) => b.own - a.own);
  const rest = ranked.slice(kindCount).reduce<Sum>(
    (all, [, sum]) => ({
      count: all.count + sum.count,
      own: all.own + sum.own,
    }),
    { count: 0, own: 0 },
  );
  const shown = ranked.slice(0, kindCount);
  if (rest.count > 0) shown.push([say("everythingElse"), rest]);
  return [
    h("h3", {}, title),
    h(
      "table",
      { class: "mini sums" },
      h(
        "tbody",
        {},
        ...shown.map(([key, { count, own }]) =>
          h(
            "tr",
            {},
            h("td", { attributes: { title: key } }, key),
            h("td", { class: "muted" }, say("times", formatCount(count))),
            ...amount(session, own),
          ),
        ),
      ),
    ),
  ];
}

function lists(title: string, lines: readonly string[]): readonly Node[] {
  if (lines.length === 0) return [];
  return [
    h("h3", {}, title),
    h("ul", { class: "notes" }, ...lines.map((line) => h("li", {}, line))),
  ];
}
