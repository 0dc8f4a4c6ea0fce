import { formatCost, formatShare } from "../../src/core/format.ts";
import { sentenceParts } from "../../src/core/findings/sentence.ts";
import type { Sentence } from "../../src/core/findings/finding.ts";
import type { SuggestionView } from "../../src/protocol/messages.ts";
import { walk } from "../../src/core/plan/walk.ts";
import { h, link, percent } from "../dom.ts";
import type { NumberedFinding, PlanFacts } from "../session.ts";
import { say, translate } from "../strings.ts";
import { findingMark, severityHeat } from "./row-parts.ts";

// The design: at most three at first, ranked, each with one action.
const shownAtFirst = 3;

export interface FindingHands {
  readonly showNode: (nodeId: number) => void;
  readonly showSuggestion: (suggestionId: number) => void;
  readonly openRule: (rule: string) => void;
}

export function findingList(
  facts: PlanFacts,
  hands: FindingHands,
): HTMLElement {
  const list = h("ol", {
    class: "findings",
    attributes: { "aria-label": say("findings") },
  });
  const fill = (count: number): void => {
    list.replaceChildren(
      ...facts.findings
        .slice(0, count)
        .map((one) => findingRow(facts, one, hands)),
    );
    const hidden = facts.findings.length - count;
    if (facts.findings.length <= shownAtFirst) return;
    const more =
      hidden > 0
        ? link(say("moreFindings", String(hidden)), () => {
            fill(facts.findings.length);
          })
        : link(say("fewerFindings"), () => {
            fill(shownAtFirst);
          });
    list.append(h("li", { class: "finding more" }, more));
  };
  fill(shownAtFirst);
  list.hidden = facts.findings.length === 0;
  return list;
}

function findingRow(
  facts: PlanFacts,
  numbered: NumberedFinding,
  hands: FindingHands,
): HTMLElement {
  const { finding } = numbered;
  const { nodeId } = finding;
  const row = h(
    "li",
    { class: nodeId === undefined ? "finding" : "finding leads" },
    findingMark(numbered),
    sharePart(numbered),
    h("span", { class: "sentence" }, ...sentenceNodes(finding.sentence)),
    findingAction(facts, numbered, hands),
  );
  if (nodeId !== undefined) {
    row.addEventListener("click", (event) => {
      const { target } = event;
      if (target instanceof Element && target.closest("button") === null) {
        hands.showNode(nodeId);
      }
    });
  }
  return row;
}

function sharePart({ finding }: NumberedFinding): HTMLElement {
  const own = h("i", {
    class: `own ${severityHeat(finding.severity)}`,
    style: { width: percent(finding.share) },
  });
  return h(
    "div",
    { class: "part" },
    formatShare(finding.share),
    h("span", { class: "bar" }, own),
  );
}

/** Exactly one action: the index when there is one, else the page that explains the finding. */
export function findingAction(
  facts: PlanFacts,
  { finding }: NumberedFinding,
  hands: FindingHands,
): HTMLElement {
  const suggestion = suggestionFor(facts, finding.nodeId);
  const action =
    suggestion === undefined
      ? link(say("aboutFinding"), () => {
          hands.openRule(finding.rule);
        })
      : link(suggestionLabel(suggestion), () => {
          hands.showSuggestion(suggestion.id);
        });
  action.classList.add("go");
  return action;
}

function suggestionLabel({ costBefore, costAfter }: SuggestionView): string {
  return costBefore === undefined || costAfter === undefined
    ? say("showSuggestion")
    : say("showIndex", formatCost(costBefore), formatCost(costAfter));
}

/** The first suggestion for a table that the operation, or one below it, reads. */
function suggestionFor(
  facts: PlanFacts,
  nodeId: number | undefined,
): SuggestionView | undefined {
  const { suggestions } = facts.view;
  const node = nodeId === undefined ? undefined : facts.model.nodes[nodeId];
  if (node === undefined || suggestions.length === 0) return undefined;
  const tables = new Set<string>();
  for (const below of walk(node)) {
    if (below.relation !== undefined) tables.add(below.relation.name);
  }
  return suggestions.find(
    ({ table }) =>
      tables.has(table) || tables.has(table.split(".").at(-1) ?? table),
  );
}

/** Text stays text; strong parts become bold. */
export const sentenceNodes = (sentence: Sentence): readonly (Node | string)[] =>
  sentenceParts(sentence, translate).map(({ text, strong }) =>
    strong ? h("b", {}, text) : text,
  );
