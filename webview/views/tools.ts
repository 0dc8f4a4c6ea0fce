import type { FindField } from "../controls.ts";
import { findField, iconButton } from "../controls.ts";
import { h } from "../dom.ts";
import type { TreeAction } from "../layout/key-map.ts";
import type { BarKind } from "../layout/measures.ts";
import { operationTitle, predicateText } from "../layout/row-text.ts";
import type { PlanFacts, Session } from "../session.ts";
import type { StringKey } from "../strings.ts";
import { say } from "../strings.ts";

export interface Tools {
  readonly element: HTMLElement;
  readonly focusFind: () => void;
}

export interface ToolHands {
  readonly run: (action: TreeAction) => void;
  readonly showNode: (nodeId: number) => void;
  readonly backToTree: () => void;
}

/** Find, what the bars show, and the three jumps. */
export function toolBar(session: Session, hands: ToolHands): Tools {
  const { field, result } = find(session, hands);
  return {
    element: h(
      "div",
      { class: "tools" },
      h("div", { class: "find" }, field.element, result),
      segments(session),
      h(
        "span",
        { class: "wide" },
        iconButton("flame", say("goHottest"), () => {
          hands.run("hottest");
        }),
        iconButton("expand", say("openAll"), () => {
          hands.run("openAll");
        }),
        iconButton("collapse", say("closeToHotPath"), () => {
          hands.run("hotPath");
        }),
        iconButton("keyboard", say("showKeys"), () => {
          hands.run("keys");
        }),
      ),
    ),
    focusFind: field.focus,
  };
}

interface Found {
  readonly matches: readonly number[];
  /** Index of the match shown, -1 without one. */
  readonly at: number;
}

function find(
  session: Session,
  hands: ToolHands,
): { field: FindField; result: HTMLElement } {
  const result = h("span", {
    class: "find-result",
    attributes: { role: "status" },
  });
  const search = searcher(session.facts);
  let found: Found | undefined;
  const show = (next: Found | undefined): void => {
    found = next;
    result.textContent = next === undefined ? "" : foundText(next);
    go(hands, next?.matches[next.at]);
  };
  const field = findField({
    label: say("find"),
    onInput: (text) => {
      const matches = search(text);
      const tab = session.now().tab === "table" ? "table" : "tree";
      session.update({ matches, tab });
      const at = matches.length > 0 ? 0 : -1;
      show(text === "" ? undefined : { matches, at });
    },
    onNext: (backwards) => {
      if (found !== undefined) show(stepped(found, backwards ? -1 : 1));
    },
    onEscape: () => {
      field.clear();
      show(undefined);
      session.update({ matches: [] });
      hands.backToTree();
    },
  });
  return { field, result };
}

function foundText({ matches, at }: Found): string {
  return matches.length === 0
    ? say("foundNone")
    : say("found", String(at + 1), String(matches.length));
}

function stepped({ matches, at }: Found, by: 1 | -1): Found {
  const { length } = matches;
  return { matches, at: length === 0 ? -1 : (at + by + length) % length };
}

function go(hands: ToolHands, nodeId: number | undefined): void {
  if (nodeId !== undefined) hands.showNode(nodeId);
}

/** The texts are gathered at the first search, once. */
function searcher(facts: PlanFacts): (text: string) => readonly number[] {
  let texts: readonly string[] | undefined;
  return (text) => {
    const wanted = text.trim().toLowerCase();
    if (wanted === "") return [];
    texts ??= facts.model.nodes.map((node) =>
      `${operationTitle(node)} ${node.index ?? ""} ${predicateText(node) ?? ""}`.toLowerCase(),
    );
    return texts.flatMap((one, id) => (one.includes(wanted) ? [id] : []));
  };
}

const barNames: Readonly<Record<BarKind, StringKey>> = {
  time: "time",
  cost: "cost",
  rows: "rows",
  blocks: "blocks",
};

function segments(session: Session): HTMLElement {
  const group = h("div", {
    class: "segments",
    attributes: { role: "group", "aria-label": say("barsShow") },
  });
  const { bars } = session.facts.measures;
  const buttons = bars.map((kind) => ({
    kind,
    element: h(
      "button",
      {
        attributes: { type: "button" },
        onClick: () => {
          session.update({ bars: kind });
        },
      },
      say(barNames[kind]),
    ),
  }));
  const mark = (): void => {
    for (const { kind, element } of buttons) {
      element.setAttribute("aria-pressed", String(session.now().bars === kind));
    }
  };
  mark();
  session.onChange(mark);
  group.append(...buttons.map(({ element }) => element));
  group.hidden = bars.length < 2;
  return group;
}
