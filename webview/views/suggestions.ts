import {
  formatBytes,
  formatChange,
  formatCost,
  formatCount,
  formatMs,
} from "../../src/core/format.ts";
import type { PlanView, SuggestionView } from "../../src/protocol/messages.ts";
import { button } from "../controls.ts";
import { h, percent } from "../dom.ts";
import type { IconName } from "../icons.ts";
import { icon } from "../icons.ts";
import type { Post } from "../post.ts";
import type { Session } from "../session.ts";
import type { StringKey } from "../strings.ts";
import { say } from "../strings.ts";
import {
  alternatives,
  cardActions,
  migrationSection,
  otherIndexes,
  remarksOf,
  section,
} from "./card-parts.ts";

export interface SuggestionCards {
  readonly element: HTMLElement;
  readonly show: (suggestionId: number) => void;
  readonly written: (suggestionId: number, path: string) => void;
}

interface Card {
  readonly element: HTMLElement;
  readonly status: HTMLElement;
}

export function suggestionCards(session: Session, post: Post): SuggestionCards {
  const { suggestions, remarks, adviceNotes = [] } = session.facts.view;
  const cards = new Map(
    suggestions.map((one) => [one.id, suggestionCard(one, post)] as const),
  );
  const element = h("div", {
    class: "grid cards",
    attributes: {
      tabindex: "0",
      role: "region",
      "aria-label": say("suggestions"),
    },
  });
  if (session.facts.view.copy !== undefined)
    element.append(copyLine(session.facts.view.copy, post));
  if (session.facts.view.adviceComing === true) element.append(coming());
  else if (cards.size === 0) element.append(nothing());
  else element.append(...[...cards.values()].map((card) => card.element));
  element.append(
    ...adviceNotes.map((note) => h("p", { class: "muted" }, note)),
  );
  if (remarks.length > 0) element.append(remarksOf(remarks, "remarks"));
  return {
    element,
    show: (id) => {
      cards.get(id)?.element.scrollIntoView({ block: "start" });
    },
    written: (id, path) => {
      const status = cards.get(id)?.status;
      if (status !== undefined)
        status.textContent = say("migrationWritten", path);
    },
  };
}

function copyLine(
  copy: NonNullable<PlanView["copy"]>,
  post: Post,
): HTMLElement {
  const isOpen = copy === "unanswered";
  return h(
    "div",
    { class: "copy-line", attributes: { role: "status" } },
    icon("info"),
    h("span", {}, say(isOpen ? "copyUnanswered" : "copyComing")),
    isOpen &&
      button({
        label: say("allowCopy"),
        onPress: () => {
          post("askToCopy", {});
        },
      }),
  );
}

function coming(): HTMLElement {
  return h(
    "div",
    { class: "empty", attributes: { role: "status" } },
    h("p", {}, h("b", {}, say("adviceComing"))),
    h("p", { class: "muted" }, say("adviceComingNote")),
  );
}

function nothing(): HTMLElement {
  return h(
    "div",
    { class: "empty" },
    h("p", {}, icon("check"), h("b", {}, say("noSuggestions"))),
    h("p", { class: "muted" }, say("noSuggestionsNext")),
  );
}

function suggestionCard(one: SuggestionView, post: Post): Card {
  const titleId = `suggestion-${one.id}`;
  const status = h("span", {
    class: "written",
    attributes: { role: "status" },
  });
  const element = h(
    "article",
    { class: "card", attributes: { "aria-labelledby": titleId } },
    h(
      "header",
      {},
      icon("index"),
      h(
        "h2",
        { attributes: { id: titleId } },
        say("indexOn", one.table),
        " ",
        h("code", {}, keyWithPredicate(one)),
      ),
      proofSteps(one),
    ),
    h(
      "div",
      { class: "inside" },
      brings(one),
      costs(one),
      whyThisOrder(one),
      migrationSection(one, post),
      cardActions(one, post, status),
      otherIndexes(one),
      alternatives(one),
    ),
  );
  return { element, status };
}

function keyWithPredicate({ keyText, predicate }: SuggestionView): string {
  return predicate === undefined || keyText.includes(" WHERE ")
    ? keyText
    : `${keyText} WHERE ${predicate}`;
}

const proofs: Readonly<
  Record<
    SuggestionView["proof"],
    { level: number; words: StringKey; hint: StringKey }
  >
> = {
  measured: { level: 4, words: "measured", hint: "proofMeasured" },
  planner: { level: 3, words: "provenByPlanner", hint: "proofPlanner" },
  twin: { level: 2, words: "provenOnTwin", hint: "proofTwin" },
  heuristic: { level: 1, words: "heuristic", hint: "proofHeuristic" },
};

/** Four rising steps and words. */
export function proofSteps({
  proof: kind,
  proofDetail,
}: Pick<SuggestionView, "proof" | "proofDetail">): HTMLElement {
  const { level, words, hint } = proofs[kind];
  return h(
    "span",
    { class: `proof ${kind}`, attributes: { title: say(hint) } },
    h(
      "span",
      {
        class: "steps",
        attributes: {
          role: "img",
          "aria-label": say("proofLevel", String(level)),
        },
      },
      ...[1, 2, 3, 4].map((step) =>
        h("i", { class: step <= level ? "on" : "" }),
      ),
    ),
    say(words),
    proofDetail !== "" && h("span", { class: "muted" }, proofDetail),
  );
}

function brings({ costBefore, costAfter }: SuggestionView): HTMLElement {
  if (costBefore === undefined || costAfter === undefined) {
    return section(say("whatItBrings"), "", h("p", {}, say("costUnknown")));
  }
  const change =
    /\((.*)\)/.exec(formatChange(costBefore, costAfter))?.[1] ?? "";
  const most = Math.max(costBefore, costAfter, 1);
  const bar = (value: number, className: string): HTMLElement =>
    h(
      "span",
      { class: `fill ${className}` },
      h("i", { style: { width: percent(value / most) } }),
    );
  return section(
    say("whatItBrings"),
    "",
    h(
      "div",
      { class: "before-after" },
      h("span", { class: "muted" }, say("costBefore")),
      h("span", { class: "value" }, formatCost(costBefore)),
      bar(costBefore, "before"),
      h("span"),
      h("span", { class: "muted" }, say("costAfter")),
      h("span", { class: "value" }, formatCost(costAfter)),
      bar(costAfter, "after"),
      h("span", { class: "change" }, change),
    ),
  );
}

type Price = readonly [IconName, string, string];

/** What the build asks for; the rest of the sentence stands only where the file builds so. */
function buildPrice({ ddl, upkeep }: SuggestionView): readonly Price[] {
  const time =
    upkeep === undefined ? [] : [say("aboutSize", formatMs(upkeep.buildMs))];
  const how = /\bCONCURRENTLY\b/i.test(ddl) ? [say("buildConcurrent")] : [];
  const words = [...time, ...how].join(", ");
  return words === "" ? [] : [["stopwatch", say("build"), words]];
}

/** What writes pay, by the server's counters where it has some. */
function writePrice({ table, upkeep }: SuggestionView): string {
  const { entriesWritten, hotUpdatesAtRisk = 0 } = upkeep ?? {};
  const counted =
    entriesWritten === undefined
      ? []
      : [say("entriesCounted", formatCount(entriesWritten))];
  const hot =
    hotUpdatesAtRisk > 0
      ? [say("hotAtRisk", formatCount(hotUpdatesAtRisk))]
      : [];
  return [say("writesNote", table), ...counted, ...hot].join("; ");
}

function costs(one: SuggestionView): HTMLElement {
  const size =
    one.sizeBytes === undefined
      ? "–"
      : say("aboutSize", formatBytes(one.sizeBytes));
  const rows: readonly Price[] = [
    ["store", say("size"), size],
    ...buildPrice(one),
    ["write", say("writes"), writePrice(one)],
    ...(one.replaces.length === 0
      ? []
      : ([["index", say("replaces"), one.replaces.join(", ")]] as const)),
  ];
  return section(
    say("whatItCosts"),
    "",
    h(
      "dl",
      { class: "price" },
      ...rows.map(([glyph, name, value]) =>
        h("div", {}, h("dt", {}, icon(glyph), name), h("dd", {}, value)),
      ),
    ),
  );
}

function whyThisOrder({ keys, predicate, why }: SuggestionView): HTMLElement {
  const boxes = keys.map(({ text, role }) =>
    h("li", {}, h("code", {}, text), h("span", {}, role)),
  );
  if (predicate !== undefined) {
    boxes.push(
      h(
        "li",
        { class: "where" },
        h("code", {}, `WHERE ${predicate}`),
        h("span", {}, say("condition")),
      ),
    );
  }
  return section(
    say("whyOrder"),
    "full",
    h("ol", { class: "anatomy" }, ...boxes),
    h("p", { class: "why" }, why),
  );
}
