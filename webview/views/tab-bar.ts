import { h } from "../dom.ts";
import type { Session, Tab } from "../session.ts";
import { tabs } from "../session.ts";
import type { StringKey } from "../strings.ts";
import { say } from "../strings.ts";

const names: Readonly<Record<Tab, StringKey>> = {
  tree: "tree",
  table: "table",
  text: "text",
  json: "json",
  suggestions: "suggestions",
};

/** Arrow keys move between the tabs and show them, as the ARIA pattern has it. */
export function tabBar(session: Session): HTMLElement {
  const bar = h("div", {
    class: "tablist",
    attributes: { role: "tablist", "aria-label": say("views") },
  });
  const count = session.facts.view.suggestions.length;
  const buttons = new Map(
    tabs.map((tab) => [tab, tabButton(session, tab, count)] as const),
  );
  bar.append(...buttons.values());
  const mark = (): void => {
    for (const [tab, element] of buttons) {
      const on = session.now().tab === tab;
      element.setAttribute("aria-selected", String(on));
      element.tabIndex = on ? 0 : -1;
    }
  };
  mark();
  session.onChange(mark);
  bar.addEventListener("keydown", (event) => {
    const next = tabAfter(session.now().tab, event.key);
    if (next === undefined) return;
    event.preventDefault();
    session.update({ tab: next });
    buttons.get(next)?.focus();
  });
  return bar;
}

function tabButton(
  session: Session,
  tab: Tab,
  suggestions: number,
): HTMLButtonElement {
  const element = h(
    "button",
    {
      class: "tab",
      attributes: {
        type: "button",
        role: "tab",
        id: `tab-${tab}`,
        "aria-controls": "plan-view",
      },
      onClick: () => {
        session.update({ tab });
      },
    },
    say(names[tab]),
  );
  if (tab === "suggestions" && suggestions > 0) {
    element.append(h("span", { class: "count" }, String(suggestions)));
  }
  return element;
}

function tabAfter(tab: Tab, key: string): Tab | undefined {
  const at = tabs.indexOf(tab);
  switch (key) {
    case "ArrowRight":
      return tabs[(at + 1) % tabs.length];
    case "ArrowLeft":
      return tabs[(at - 1 + tabs.length) % tabs.length];
    case "Home":
      return tabs[0];
    case "End":
      return tabs.at(-1);
    default:
      return undefined;
  }
}
