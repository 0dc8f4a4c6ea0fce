import { sayText } from "../../src/core/words.ts";
import { formatCount, formatShare } from "../../src/core/format.ts";
import type { PlanNode, TriggerReport } from "../../src/core/plan/plan.ts";
import { h, link } from "../dom.ts";
import { operationTitle } from "../layout/row-text.ts";
import type { Session } from "../session.ts";
import { say, translate } from "../strings.ts";
import { barValue } from "./row-parts.ts";

// Five lines are read, ten are skimmed: the design's number.
const topCount = 5;
const kindCount = 6;

/** Nothing chosen: the most expensive operations, the sums by kind and by table. */
export function overview(
  session: Session,
  showNode: (nodeId: number) => void,
): readonly Node[] {
  const { plan } = session.facts.view;
  const top = topOperations(session);
  return [
    h("h2", {}, title(session)),
    h("p", { class: "does muted" }, introduction(session, top.length)),
    h(
      "table",
      { class: "mini lead" },
      h("tbody", {}, ...top.map((one) => topRow(session, one, showNode))),
    ),
    ...sums(session, say("byKind"), (node) => node.operator),
    ...sums(session, say("byTable"), (node) => node.relation?.name),
    ...lists(say("triggers"), plan.triggers.map(triggerText)),
    ...lists(
      say("planNotes"),
      plan.notes.map((note) => sayText(note, translate)),
    ),
  ];
}

function title(session: Session): string {
  const { bars } = session.now();
  if (bars === "time") return say("whereTimeGoes");
  return bars === "cost" ? say("whereCostGoes") : say("operation");
}

function introduction(session: Session, shown: number): string {
  const count = session.facts.model.nodes.length;
  return count === 1
    ? say("oneOperation")
    : say("nothingChosen", String(shown), formatCount(count));
}

function triggerText(trigger: TriggerReport): string {
  const { name, relation, calls, totalMs } = trigger;
  const what =
    relation === undefined ? name : say("operationOn", name, relation);
  const took = totalMs === undefined ? "" : `, ${barValue("time", totalMs)}`;
  return `${what}: ${say("times", formatCount(calls))}${took}`;
}

interface TopOperation {
  readonly node: PlanNode;
  readonly own: number;
}

function topRow(
  session: Session,
  { node, own }: TopOperation,
  showNode: (nodeId: number) => void,
): HTMLElement {
  const go = link(operationTitle(node), () => {
    showNode(node.id);
  });
  go.title = operationTitle(node);
  return h("tr", {}, h("td", {}, go), ...amount(session, own));
}

function topOperations(session: Session): readonly TopOperation[] {
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
  readonly key: string;
  readonly count: number;
  readonly own: number;
}

function sums(
  session: Session,
  heading: string,
  keyOf: (node: PlanNode) => string | undefined,
): readonly Node[] {
  const ranked = rankedSums(session, keyOf);
  if (ranked.length < 2) return [];
  const shown = ranked.slice(0, kindCount);
  if (ranked.length > kindCount) {
    const rest = ranked.slice(kindCount);
    shown.push({
      key: say("everythingElse"),
      count: rest.reduce((sum, { count }) => sum + count, 0),
      own: rest.reduce((sum, { own }) => sum + own, 0),
    });
  }
  const rows = shown.map(({ key, count, own }) =>
    h(
      "tr",
      {},
      h("td", { attributes: { title: key } }, key),
      h("td", { class: "muted" }, say("times", formatCount(count))),
      ...amount(session, own),
    ),
  );
  return [
    h("h3", {}, heading),
    h("table", { class: "mini sums" }, h("tbody", {}, ...rows)),
  ];
}

function rankedSums(
  session: Session,
  keyOf: (node: PlanNode) => string | undefined,
): readonly Sum[] {
  const { model, measures } = session.facts;
  const { bars } = session.now();
  const byKey = new Map<string, Sum>();
  for (const node of model.nodes) {
    const key = keyOf(node);
    if (key === undefined) continue;
    const sum = byKey.get(key);
    byKey.set(key, {
      key,
      count: (sum?.count ?? 0) + 1,
      own: (sum?.own ?? 0) + measures.own(bars, node.id),
    });
  }
  return [...byKey.values()].sort((a, b) => b.own - a.own);
}

function lists(title: string, lines: readonly string[]): readonly Node[] {
  if (lines.length === 0) return [];
  return [
    h("h3", {}, title),
    h("ul", { class: "notes" }, ...lines.map((line) => h("li", {}, line))),
  ];
}
